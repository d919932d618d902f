/**
 * What a tick over a large fleet costs: wall time, CPU time a target and memory, for 200 and 1,000 healthy targets on
 * loopback with their history, beside bare GETs of the same endpoints in turns.
 */
import { z } from 'zod'
import { startChild } from './child.ts'
import { fleetConfigText, healthUrl } from './fleet.ts'
import { fillStore } from './fleet-store.ts'
import type { Benchmark, Effort, Finding, Result } from './result.ts'
import { openStage } from './stage.ts'
import { median, ratioOf, type Spread, spreadOf } from './statistics.ts'
import { figure, megabytes, spread } from './text.ts'

const SIZES: Readonly<Record<Effort, readonly number[]>> = { full: [200, 1_000], quick: [5] }
type Pace = { readonly warmUp: number; readonly rounds: number; readonly block: number }
const PACE: Readonly<Record<Effort, Pace>> = {
  full: { warmUp: 15, rounds: 6, block: 4 },
  quick: { warmUp: 1, rounds: 2, block: 1 },
}
const CPU_WANTED_MS = 1
const BYTES_PER_MB = 1_000_000

const portsSchema = z.object({ ports: z.array(z.int()) })
const bareSchema = z.object({ wallMs: z.array(z.number()), cpuMs: z.array(z.number()) })

type Measured = {
  readonly targets: number
  readonly wallMs: Spread
  /** Of one target in one tick. */
  readonly cpuMs: Spread
  readonly bareCpuMs: number
  readonly cpuRatio: Spread
  readonly rssBytes: number
  readonly ticks: number
  readonly storeWrites: number
}

export const fleetTick: Benchmark = {
  name: 'fleet-tick',
  about: 'wall time, CPU time a target and memory of a tick over 200 and 1,000 healthy targets',
  async measure({ effort, tell }) {
    const measured: Measured[] = []
    for (const targets of SIZES[effort]) {
      tell(`fleet-tick: ${targets} targets`)
      measured.push(await measureFleet(targets, PACE[effort]))
    }
    return resultOf(measured)
  },
}

async function measureFleet(targets: number, pace: Pace): Promise<Measured> {
  const stage = await openStage({ machines: 1 })
  const endpoints = startChild('./endpoints.ts')
  const bare = startChild('./bare-get.ts')
  try {
    const { ports } = await endpoints.ask('open', { count: targets }, portsSchema)
    const urls = ports.map((healthPort) => healthUrl({ healthPort }))
    const service = await stage.serveFleet({
      targets,
      config: (storePath) => fleetConfigText(ports, { storePath }),
      fill: fillStore,
    })
    const ticks = async (times: number) => {
      const wallMs: number[] = []
      while (wallMs.length < times) wallMs.push(await service.tick())
      return { wallMs, counted: await service.counted() }
    }
    await ticks(pace.warmUp)
    const blocks: { tick: Awaited<ReturnType<typeof ticks>>; bare: z.infer<typeof bareSchema> }[] = []
    for (let round = 0; round < pace.rounds; round += 1)
      blocks.push({
        tick: await ticks(pace.block),
        bare: await bare.ask('run', { urls, rounds: pace.block }, bareSchema),
      })
    const last = await service.counted()
    await service.end()
    const tickCpu = blocks.map(({ tick }) => median(tick.counted.cpuMs) / targets)
    const bareCpu = blocks.map((block) => median(block.bare.cpuMs) / targets)
    return {
      targets,
      wallMs: spreadOf(blocks.flatMap(({ tick }) => tick.wallMs)),
      cpuMs: spreadOf(blocks.flatMap(({ tick }) => tick.counted.cpuMs.map((ms) => ms / targets))),
      bareCpuMs: median(bareCpu),
      cpuRatio: ratioOf(tickCpu, { to: bareCpu }),
      rssBytes: last.rssBytes,
      ticks: pace.warmUp + pace.rounds * pace.block,
      storeWrites: last.commits,
    }
  } finally {
    await Promise.all([bare.end(), endpoints.end(), stage.end()])
  }
}

function resultOf(measured: readonly Measured[]): Result {
  return {
    name: 'fleet-tick',
    tables: [
      {
        title: 'A tick over a healthy fleet with 90 days of history: medians (quartiles)',
        columns: [
          'targets',
          'wall, ms',
          'CPU a target, ms',
          'bare GET, CPU, ms',
          'CPU ÷ bare',
          'RSS, MB',
          'ticks',
          'store writes',
        ],
        rows: measured.map((one) => [
          String(one.targets),
          spread(one.wallMs),
          spread(one.cpuMs),
          figure(one.bareCpuMs),
          spread(one.cpuRatio),
          megabytes(one.rssBytes),
          String(one.ticks),
          String(one.storeWrites),
        ]),
        notes: [
          'Elsewhere, on such a machine: blackbox_exporter 0.67 ms of CPU a probe and 30 MB (no state, no decision),',
          'Uptime Kuma 2.5.3 6.8 ms a check and 170 MB.',
        ],
      },
    ],
    findings: measured.map(
      ({ targets, cpuMs }): Finding => ({
        kind: 'target',
        what: `${targets} targets: CPU of one target in a tick, state and decision included`,
        wanted: `≤ ${CPU_WANTED_MS} ms`,
        measured: `${cpuMs.median.toFixed(2)} ms`,
        holds: cpuMs.median <= CPU_WANTED_MS,
      }),
    ),
    figures: measured.map((one) => ({ ...one, rssMb: one.rssBytes / BYTES_PER_MB })),
  }
}
