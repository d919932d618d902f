/** What a healthy tick costs: one HTTP request a target and one read of the store; no write, no Google, no SSH. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Ports } from '../../src/app/ports.ts'
import { healthyLine, type Service, startArmed, startService } from './harness.ts'

type Calls = { loads: number; commits: number; probes: number; shells: number }

/** Counts what goes through the guard's ports; what it does stays the real adapters'. */
function counting(): { calls: Calls; wrap: (ports: Ports) => Ports } {
  const calls: Calls = { loads: 0, commits: 0, probes: 0, shells: 0 }
  const counted = <Arguments extends readonly unknown[], Result>(
    name: keyof Calls,
    work: (...args: Arguments) => Result,
  ) => {
    return (...args: Arguments): Result => {
      calls[name] += 1
      return work(...args)
    }
  }
  return {
    calls,
    wrap: ({ store, probe, shell, ...ports }) => ({
      ...ports,
      store: { ...store, load: counted('loads', store.load), commit: counted('commits', store.commit) },
      probe: { ...probe, health: counted('probes', probe.health) },
      shell: { ...shell, look: counted('shells', shell.look) },
    }),
  }
}

function googleCalls({ world }: Service): number {
  const counts = [world.compute.requests, world.secretManager.requests]
  return counts.flatMap((requests) => [...requests.values()]).reduce((sum, count) => sum + count, 0)
}

/** Changes with every write of another connection, and with nothing else. */
function fileVersion(path: string): () => number {
  const database = new DatabaseSync(path)
  onTestFinished(() => database.close())
  return () => Number(database.prepare('PRAGMA data_version').get()?.['data_version'])
}

describe('a healthy tick', () => {
  it('asks each target once, reads the store once, and does nothing else', async () => {
    const { calls, wrap } = counting()
    const service = await startArmed({ wrap })
    const version = fileVersion(service.storePath)
    const before = { google: googleCalls(service), file: version(), ...calls }
    const ticks = 20
    for (let tick = 0; tick < ticks; tick += 1) {
      expect((await service.tick()).targets).toEqual(['bot', 'crawler', 'mailer'].map(healthyLine))
    }
    expect({
      google: googleCalls(service) - before.google,
      file: version() - before.file,
      loads: calls.loads - before.loads,
      commits: calls.commits - before.commits,
      probes: calls.probes - before.probes,
      shells: calls.shells - before.shells,
    }).toEqual({ google: 0, file: 0, loads: ticks, commits: 0, probes: 3 * ticks, shells: 0 })
  })

  it('the first tick of a fresh process on targets that are armed needs no Compute and no SSH', async () => {
    const one = await startArmed()
    const { calls, wrap } = counting()
    const compute = [...one.world.compute.requests.values()].join()
    const fresh = await startService({ world: one.world, storePath: one.storePath, wrap })
    expect((await fresh.tick()).targets.map(({ verdict }) => verdict)).toEqual(Array(3).fill('healthy'))
    expect({ ...calls, compute: [...one.world.compute.requests.values()].join() }).toEqual({
      loads: 1,
      commits: 0,
      probes: 3,
      shells: 0,
      compute,
    })
  })
})

describe('a target that nothing can be done for', () => {
  it.each(['container-stopped-by-person', 'vm-stopped-by-person'] as const)(
    '%s: after the first look, one short probe a tick, and no write',
    async (fault) => {
      const { calls, wrap } = counting()
      const service = await startArmed({ wrap, policy: { relookMs: '1h' } })
      await service.world.breakIt(fault, { machine: 'bot' })
      await service.tick()
      const before = { google: googleCalls(service), ...calls }
      for (const _tick of [1, 2, 3]) await service.tick()
      expect({
        google: googleCalls(service) - before.google,
        commits: calls.commits - before.commits,
        probes: calls.probes - before.probes,
        shells: calls.shells - before.shells,
      }).toEqual({ google: 0, commits: 0, probes: 9, shells: 0 })
    },
  )
})
