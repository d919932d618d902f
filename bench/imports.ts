/** What each import adds, in the order in which the service loads them: where a cold start goes. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Benchmark } from './result.ts'
import { median, spreadOf } from './statistics.ts'
import { megabytes, spread } from './text.ts'

const RUNS = { full: 7, quick: 1 }
const TIMEOUT_MS = 30_000
const stepsSchema = z.array(z.object({ name: z.string(), wallMs: z.number(), rssBytes: z.number() }))
type Steps = z.infer<typeof stepsSchema>

export const imports: Benchmark = {
  name: 'imports',
  about: 'what each import adds to the start',
  async measure({ effort, tell }) {
    const runs: Steps[] = []
    for (let run = 0; run < RUNS[effort]; run += 1) {
      tell(`imports: ${run + 1} of ${RUNS[effort]}`)
      runs.push(await timeImports())
    }
    const names = (runs[0] ?? []).map(({ name }) => name)
    const steps = names.map((name, index) => ({
      name,
      wallMs: spreadOf(runs.flatMap((run) => run[index]?.wallMs ?? [])),
      rssBytes: median(runs.flatMap((run) => run[index]?.rssBytes ?? [])),
    }))
    return {
      name: 'imports',
      tables: [
        {
          title: 'Imports, each after those above it: medians (quartiles)',
          columns: ['', 'ms', 'RSS, MB'],
          rows: steps.map(({ name, wallMs, rssBytes }) => [name, spread(wallMs), megabytes(rssBytes)]),
        },
      ],
      findings: [],
      figures: steps,
    }
  },
}

async function timeImports(): Promise<Steps> {
  const program = fileURLToPath(new URL('./time-imports.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: TIMEOUT_MS })
  return stepsSchema.parse(JSON.parse(stdout))
}
