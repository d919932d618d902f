/**
 * What a connection and one whole look over SSH cost on loopback, against a simulated machine in another process,
 * whose Podman answers at once: the guard's own share. Beside it, in turns, one connection and one command.
 */
import { z } from 'zod'
import { startChild } from './child.ts'
import { configText } from './fleet.ts'
import type { Benchmark, Effort, Result } from './result.ts'
import { openStage } from './stage.ts'
import { median, ratioOf, type Spread, spreadOf } from './statistics.ts'
import { figure, spread } from './text.ts'

type Pace = { readonly warmUp: number; readonly rounds: number; readonly block: number }
const PACE: Readonly<Record<Effort, Pace>> = {
  full: { warmUp: 10, rounds: 10, block: 5 },
  quick: { warmUp: 1, rounds: 2, block: 1 },
}

const timedSchema = z.object({ wallMs: z.array(z.number()), cpuMs: z.array(z.number()) })
type Timed = z.infer<typeof timedSchema>

type Measured = {
  readonly firstWallMs: number
  readonly firstCpuMs: number
  readonly look: { readonly wallMs: Spread; readonly cpuMs: Spread }
  readonly command: { readonly wallMs: Spread; readonly cpuMs: Spread }
  readonly wallRatio: Spread
  readonly cpuRatio: Spread
}

export const ssh: Benchmark = {
  name: 'ssh',
  about: 'one connection and one whole look over SSH',
  async measure({ effort, tell }) {
    tell('ssh')
    const { warmUp, rounds, block } = PACE[effort]
    const stage = await openStage({ machines: 1 })
    const looker = startChild('./ssh-client.ts')
    const bare = startChild('./ssh-client.ts')
    try {
      const { world } = stage
      const [machine] = world.machines
      const watch = { targets: 1, secrets: 'in-sync', runtime: 'plain' } as const
      const config = configText(world, { ...watch, storePath: ':memory:' })
      const input = { config, privateKey: world.privateKey, hostKey: machine?.hostKey }
      const look = (times: number) => looker.ask('look', { ...input, times }, timedSchema)
      const command = (times: number) => bare.ask('command', { ...input, times }, timedSchema)
      const first = await look(1)
      await look(warmUp)
      await command(warmUp)
      const blocks: { look: Timed; command: Timed }[] = []
      for (let round = 0; round < rounds; round += 1) {
        blocks.push({ look: await look(block), command: await command(block) })
      }
      return resultOf(summed(first, blocks))
    } finally {
      await Promise.all([looker.end(), bare.end()])
      await stage.end()
    }
  },
}

function summed(first: Timed, blocks: readonly { look: Timed; command: Timed }[]): Measured {
  const all = (who: 'look' | 'command', field: keyof Timed) =>
    spreadOf(blocks.flatMap((block) => block[who][field]))
  const ratio = (field: keyof Timed) =>
    ratioOf(
      blocks.map(({ look }) => median(look[field])),
      { to: blocks.map(({ command }) => median(command[field])) },
    )
  return {
    firstWallMs: median(first.wallMs),
    firstCpuMs: median(first.cpuMs),
    look: { wallMs: all('look', 'wallMs'), cpuMs: all('look', 'cpuMs') },
    command: { wallMs: all('command', 'wallMs'), cpuMs: all('command', 'cpuMs') },
    wallRatio: ratio('wallMs'),
    cpuRatio: ratio('cpuMs'),
  }
}

function resultOf(measured: Measured): Result {
  const { firstWallMs, firstCpuMs, look, command, wallRatio, cpuRatio } = measured
  return {
    name: 'ssh',
    tables: [
      {
        title: 'SSH on loopback: medians (quartiles)',
        columns: ['', 'wall, ms', 'CPU, ms'],
        rows: [
          ['first connection and look, libraries loaded by it', figure(firstWallMs), figure(firstCpuMs)],
          ['connection and look: five commands side by side', spread(look.wallMs), spread(look.cpuMs)],
          ['node-ssh alone: connection and one command', spread(command.wallMs), spread(command.cpuMs)],
          ['look ÷ node-ssh alone', spread(wallRatio), spread(cpuRatio)],
        ],
      },
    ],
    findings: [],
    figures: measured,
  }
}
