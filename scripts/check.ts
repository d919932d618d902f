/**
 * What `npm test` runs: format and lint, types, and all tests that need no root, side by side. A step's output is
 * shown when it failed; the last line is the count alone, and the exit code says whether all is well.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countTests, type TestCount } from './count-tests.ts'

const root = dirname(import.meta.dirname)
const startedAt = performance.now()
const scratch = mkdtempSync(join(tmpdir(), 'nightguard-check-'))
const resultsPath = join(scratch, 'results.json')

type Step = { readonly name: string; readonly entry: string; readonly words: readonly string[] }
type Outcome = {
  readonly step: Step
  readonly code: number
  readonly output: string
  readonly seconds: number
}

/** `--wide`: the tests in browsers and of the benchmarks, alone. */
const isWide = process.argv.includes('--wide')

const ALL_STEPS: readonly Step[] = [
  { name: 'format and lint', entry: '@biomejs/biome/bin/biome', words: ['check', '.'] },
  { name: 'types', entry: 'typescript/bin/tsc', words: ['--noEmit'] },
  {
    name: 'tests',
    entry: 'vitest/vitest.mjs',
    words: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${resultsPath}`],
  },
]

const STEPS = isWide ? ALL_STEPS.filter(({ name }) => name === 'tests') : ALL_STEPS

function run(step: Step): Promise<Outcome> {
  const entry = fileURLToPath(new URL(`../node_modules/${step.entry}`, import.meta.url))
  const begin = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...step.words], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...(isWide ? { NIGHT_GUARD_TESTS: 'wide' } : {}),
        ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
      },
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      const output = Buffer.concat(chunks).toString()
      resolve({ step, code: code ?? 1, output, seconds: (performance.now() - begin) / 1_000 })
    })
  })
}

function show({ step, code, output, seconds }: Outcome): void {
  const mark = code === 0 ? 'ok    ' : 'FAILED'
  console.log(`${mark}  ${step.name} (${seconds.toFixed(1)} s)`)
  if (code !== 0) console.log(output)
}

function testCount(): TestCount | undefined {
  try {
    return countTests(JSON.parse(readFileSync(resultsPath, 'utf8')))
  } catch (error) {
    console.log(`The test results can't be read: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

const outcomes = await Promise.all(
  STEPS.map(async (step) => {
    const outcome = await run(step)
    show(outcome)
    return outcome
  }),
)
const count = testCount()
rmSync(scratch, { recursive: true, force: true })
for (const name of count?.skippedNames ?? []) console.log(`skipped  ${name}`)
for (const file of count?.brokenFiles ?? []) console.log(`broken   ${file}`)

// A step that failed for another reason than a test counts as one failure: the last line never hides it.
const otherFailures = outcomes.filter(
  ({ step, code }) => code !== 0 && (step.name !== 'tests' || (count?.failed ?? 0) === 0),
).length
const failed = (count?.failed ?? 0) + otherFailures
console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s in all`)
console.log(`${count?.passed ?? 0} passed, ${failed} failed, ${count?.skipped ?? 0} skipped`)
process.exitCode = failed === 0 && count !== undefined ? 0 : 1
