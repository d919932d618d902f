/** That the benchmarks run and hand back what they promise. How long things take is never asserted here. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { findFirestoreEmulator } from '../emulators/firestore-emulator.ts'

const PROGRAM = fileURLToPath(new URL('../../bench/run.ts', import.meta.url))
const TIMEOUT_MS = 60_000
const firestore = findFirestoreEmulator()
const firestoreNote =
  firestore.kind === 'found' ? '' : ` (SKIPPED, no Firestore emulator: ${firestore.reason})`
vi.setConfig({ testTimeout: TIMEOUT_MS })

const resultSchema = z.object({
  name: z.string(),
  tables: z.array(
    z.object({ title: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.string())) }),
  ),
  findings: z.array(z.object({ kind: z.enum(['target', 'proof']), what: z.string(), holds: z.boolean() })),
})
const outputSchema = z.object({ effort: z.literal('quick'), results: z.array(resultSchema) })

function run(...words: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...words], { timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

async function expectToRun(names: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run('--json', '--quick', ...names)
  expect(code, stderr).toBe(0)
  const { results } = outputSchema.parse(JSON.parse(stdout))
  expect(results.map(({ name }) => name)).toEqual(names)
  const tables = results.flatMap((result) => result.tables)
  const uneven = tables.filter(({ columns, rows }) => rows.some((row) => row.length !== columns.length))
  expect(uneven).toEqual([])
  const findings = results.flatMap((result) => result.findings)
  expect(findings.filter(({ kind, holds }) => kind === 'proof' && !holds)).toEqual([])
}

describe.runIf(process.platform === 'linux')('The benchmarks', () => {
  it.concurrent.each([[['cold-start', 'imports', 'ssh']], [['healthy-tick', 'fleet-tick', 'loads']]])(
    '%j run, each row is as wide as its table, and every proof holds',
    expectToRun,
  )

  it.runIf(firestore.kind === 'found')(
    `firestore-cost runs, on days that are short${firestoreNote}`,
    { concurrent: true },
    () => expectToRun(['firestore-cost']),
  )

  it('name what they know when asked for another one', async () => {
    const { code, stdout, stderr } = await run('no-such-benchmark')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('No no-such-benchmark here.')
  })
})
