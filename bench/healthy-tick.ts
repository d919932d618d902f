/**
 * What one healthy tick costs: wall and CPU time, store writes and memory, by the number of targets and with or
 * without secrets, beside bare GETs of the same endpoints in turns. Ticks in trouble are the drills' business.
 */
import { z } from 'zod'
import { type Child, startChild } from './child.ts'
import { healthUrl } from './fleet.ts'
import type { Benchmark, Effort, Finding, Result } from './result.ts'
import { openStage, type Stage, type Watch } from './stage.ts'
import { median, ratioOf, type Spread, spreadOf } from './statistics.ts'
import { figure, megabytes, spread } from './text.ts'

const WATCHES: readonly Watch[] = [
  { targets: 1, secrets: 'none', runtime: 'plain' },
  { targets: 3, secrets: 'none', runtime: 'plain' },
  { targets: 50, secrets: 'none', runtime: 'plain' },
  { targets: 1, secrets: 'in-sync', runtime: 'plain' },
  { targets: 3, secrets: 'in-sync', runtime: 'plain' },
  { targets: 3, secrets: 'polled', runtime: 'plain' },
  { targets: 1, secrets: 'none', runtime: 'tuned' },
  { targets: 3, secrets: 'in-sync', runtime: 'tuned' },
]
const QUICK_WATCHES: readonly Watch[] = [
  { targets: 1, secrets: 'none', runtime: 'plain' },
  { targets: 1, secrets: 'in-sync', runtime: 'tuned' },
]
const SECRETS_WORDS = {
  none: 'no secrets',
  'in-sync': '2 secrets each, in sync',
  polled: '2 secrets each, polled',
} as const

/** `young` ticks follow the first one of a process; `rounds` blocks of ticks and of GETs take turns. */
type Pace = {
  readonly young: number
  readonly warmUp: number
  readonly rounds: number
  readonly block: number
}
const PACE: Readonly<Record<Effort, Pace>> = {
  full: { young: 19, warmUp: 80, rounds: 10, block: 20 },
  quick: { young: 2, warmUp: 1, rounds: 2, block: 2 },
}
const BARE_WARM_UP: Readonly<Record<Effort, number>> = { full: 500, quick: 2 }
const WANTED = { cpuMs: 100, wallMs: 300, rssMb: 110 }
const BYTES_PER_MB = 1_000_000

const bareSchema = z.object({ wallMs: z.array(z.number()), cpuMs: z.array(z.number()) })

type Measured = {
  readonly watch: Watch
  readonly firstWallMs: number
  readonly firstCpuMs: number
  readonly youngWallMs: number
  readonly youngCpuMs: number
  readonly wallMs: Spread
  readonly cpuMs: Spread
  /** Of the median block to its neighbour. */
  readonly wallRatio: Spread
  readonly cpuRatio: Spread
  readonly bareWallMs: number
  readonly bareCpuMs: number
  readonly ticks: number
  readonly storeLoads: number
  readonly storeWrites: number
  readonly computeCalls: number
  readonly secretManagerCalls: number
  readonly payloadReads: number
  readonly rssAtFirstTickBytes: number
  /** After 100 ticks, warm-up and all. */
  readonly rssBytes: number
}

export const healthyTick: Benchmark = {
  name: 'healthy-tick',
  about: 'wall and CPU time, store writes and memory of a tick that finds all well',
  async measure({ effort, tell }) {
    const watches = effort === 'full' ? WATCHES : QUICK_WATCHES
    const stage = await openStage({ machines: Math.max(...watches.map(({ targets }) => targets)) })
    const bare = startChild('./bare-get.ts')
    try {
      // Its own warm-up: all services are compared with the same process.
      const urls = stage.world.machines.slice(0, 1).map(healthUrl)
      await bare.ask('run', { urls, rounds: BARE_WARM_UP[effort] }, bareSchema)
      const measured: Measured[] = []
      for (const watch of watches) {
        tell(`healthy-tick: ${nameOf(watch)}`)
        measured.push(await measureOne(watch, { stage, bare, pace: PACE[effort] }))
      }
      return resultOf(measured)
    } finally {
      await bare.end()
      await stage.end()
    }
  },
}

async function measureOne(
  watch: Watch,
  { stage, bare, pace }: { readonly stage: Stage; readonly bare: Child; readonly pace: Pace },
): Promise<Measured> {
  const urls = stage.world.machines.slice(0, watch.targets).map(healthUrl)
  const get = (rounds: number) => bare.ask('run', { urls, rounds }, bareSchema)
  const service = await stage.startService(watch)
  const before = await stage.asked()
  const ticks = async (times: number) => {
    const wallMs: number[] = []
    while (wallMs.length < times) wallMs.push(await service.tick())
    const counted = await service.counted()
    return { wallMs, cpuMs: counted.cpuMs, counted }
  }
  const first = await ticks(1)
  const young = await ticks(pace.young)
  const warm = await ticks(pace.warmUp)
  const blocks: { tick: Awaited<ReturnType<typeof ticks>>; bare: z.infer<typeof bareSchema> }[] = []
  for (let round = 0; round < pace.rounds; round += 1) {
    blocks.push({ tick: await ticks(pace.block), bare: await get(pace.block) })
  }
  const { loads, commits } = await service.counted()
  const after = await stage.asked()
  await service.end()
  const medians = (field: 'wallMs' | 'cpuMs') => ({
    tick: blocks.map(({ tick }) => median(tick[field])),
    bare: blocks.map((block) => median(block.bare[field])),
  })
  const wall = medians('wallMs')
  const cpu = medians('cpuMs')
  return {
    watch,
    firstWallMs: median(first.wallMs),
    firstCpuMs: median(first.cpuMs),
    youngWallMs: median(young.wallMs),
    youngCpuMs: median(young.cpuMs),
    wallMs: spreadOf(blocks.flatMap(({ tick }) => tick.wallMs)),
    cpuMs: spreadOf(blocks.flatMap(({ tick }) => tick.cpuMs)),
    wallRatio: ratioOf(wall.tick, { to: wall.bare }),
    cpuRatio: ratioOf(cpu.tick, { to: cpu.bare }),
    bareWallMs: median(wall.bare),
    bareCpuMs: median(cpu.bare),
    ticks: 1 + pace.young + pace.warmUp + pace.rounds * pace.block,
    storeLoads: loads,
    storeWrites: commits,
    computeCalls: after.compute - before.compute,
    secretManagerCalls: after.secretManager - before.secretManager,
    payloadReads: after.payloads - before.payloads,
    rssAtFirstTickBytes: first.counted.rssBytes,
    rssBytes: warm.counted.rssBytes,
  }
}

function nameOf({ targets, secrets, runtime }: Watch): string {
  const name = `${targets} ${targets === 1 ? 'target' : 'targets'}, ${SECRETS_WORDS[secrets]}`
  return runtime === 'tuned' ? `${name}, tuned` : name
}

function resultOf(measured: readonly Measured[]): Result {
  return {
    name: 'healthy-tick',
    tables: [
      {
        title: 'A healthy tick, POST /tick with a token over HTTP, warm: medians (quartiles)',
        columns: ['', 'wall, ms', 'CPU, ms', 'bare GETs: wall, CPU', 'wall ÷ bare', 'CPU ÷ bare'],
        rows: measured.map((one) => [
          nameOf(one.watch),
          spread(one.wallMs),
          spread(one.cpuMs),
          `${figure(one.bareWallMs)}, ${figure(one.bareCpuMs)}`,
          spread(one.wallRatio),
          spread(one.cpuRatio),
        ]),
      },
      {
        title: 'A young process, and what the ticks touched',
        columns: [
          '',
          'tick 1: wall, CPU',
          'ticks 2–20: wall, CPU',
          'RSS after 1, 100 ticks, MB',
          'ticks',
          'store writes',
          'Compute calls',
          'Secret Manager calls, payloads',
        ],
        rows: measured.map((one) => [
          nameOf(one.watch),
          `${figure(one.firstWallMs)}, ${figure(one.firstCpuMs)}`,
          `${figure(one.youngWallMs)}, ${figure(one.youngCpuMs)}`,
          `${megabytes(one.rssAtFirstTickBytes)}, ${megabytes(one.rssBytes)}`,
          String(one.ticks),
          String(one.storeWrites),
          String(one.computeCalls),
          `${one.secretManagerCalls}, ${one.payloadReads}`,
        ]),
        notes: [
          'In sync: the first tick of a process asks for the versions, the next one to do so comes 5 minutes later.',
          'Polled: every tick asks for the versions. Tuned: compile cache filled, --max-semi-space-size=1.',
        ],
      },
    ],
    findings: measured.flatMap(findingsOf),
    figures: measured,
  }
}

function findingsOf(one: Measured): readonly Finding[] {
  const name = nameOf(one.watch)
  const most = (what: string, value: number, limit: { wanted: number; unit: string }): Finding => ({
    kind: 'target',
    what: `${name}: ${what}`,
    wanted: `≤ ${limit.wanted} ${limit.unit}`,
    measured: `${value.toFixed(1)} ${limit.unit}`,
    holds: value <= limit.wanted,
  })
  const { storeWrites, computeCalls, payloadReads } = one
  return [
    most('CPU of a tick', one.cpuMs.median, { wanted: WANTED.cpuMs, unit: 'ms' }),
    most('wall time of a tick', one.wallMs.median, { wanted: WANTED.wallMs, unit: 'ms' }),
    most('RSS after 100 ticks', one.rssBytes / BYTES_PER_MB, { wanted: WANTED.rssMb, unit: 'MB' }),
    {
      kind: 'proof',
      what: `${name}: store writes, Compute calls, secret payloads in ${one.ticks} healthy ticks`,
      wanted: '0, 0, 0',
      measured: `${storeWrites}, ${computeCalls}, ${payloadReads}`,
      holds: storeWrites + computeCalls + payloadReads === 0,
    },
  ]
}
