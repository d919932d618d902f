/**
 * `npm run bench [-- NAME…] [--json] [--quick]`: measures, prints tables and what they say of the targets.
 * Missing a target is a finding, and no failure; a proof that fails exits 1.
 */
import { coldStart } from './cold-start.ts'
import { firestoreCost } from './firestore-cost.ts'
import { fleetTick } from './fleet-tick.ts'
import { healthyTick } from './healthy-tick.ts'
import { imports } from './imports.ts'
import { loads } from './loads.ts'
import type { Benchmark, Result } from './result.ts'
import { ssh } from './ssh.ts'
import { describeMachine, resultText } from './text.ts'

const BENCHMARKS: readonly Benchmark[] = [
  coldStart,
  imports,
  healthyTick,
  fleetTick,
  loads,
  ssh,
  firestoreCost,
]

const words = process.argv.slice(2)
const flags = words.filter((word) => word.startsWith('-'))
const names = words.filter((word) => !word.startsWith('-'))
const unknown =
  flags.find((flag) => flag !== '--json' && flag !== '--quick') ??
  names.find((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name))
if (unknown !== undefined) {
  const known = BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(14)} ${about}`).join('\n')
  process.stderr.write(`No ${unknown} here. Known are --json, --quick, and:\n${known}\n`)
  process.exit(2)
}

const json = flags.includes('--json')
const effort = flags.includes('--quick') ? 'quick' : 'full'
const tell = (line: string) => process.stderr.write(`${line}\n`)
const machine = describeMachine()
if (!json) {
  const { processors, processor, memoryMb, system, node } = machine
  process.stdout.write(`${processors} × ${processor}, ${memoryMb} MB, ${system}, Node ${node}\n\n`)
}

const startedAt = performance.now()
const results: Result[] = []
for (const benchmark of BENCHMARKS) {
  if (names.length > 0 && !names.includes(benchmark.name)) continue
  const result = await benchmark.measure({ effort, tell })
  results.push(result)
  if (!json) process.stdout.write(`${resultText(result)}\n`)
}
const durationMs = Math.round(performance.now() - startedAt)
if (json) process.stdout.write(`${JSON.stringify({ machine, effort, durationMs, results }, null, 2)}\n`)
else process.stdout.write(`All in ${(durationMs / 1000).toFixed(0)} s\n`)

const failed = results
  .flatMap(({ findings }) => findings)
  .some(({ kind, holds }) => kind === 'proof' && !holds)
process.exitCode = failed ? 1 : 0
