/** Runs of one process that overlap, and ticks that are not complete. */
import { describe, expect, it } from 'vitest'
import { createGuard } from '../../src/app/create-guard.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Target } from '../../src/core/target.ts'
import type { Store } from '../../src/ports/store.ts'
import { aTarget, createQuietPorts, type QuietPorts } from '../fakes/quiet-ports.ts'

const MINUTE = 60_000

function withSecret(): Target {
  const secrets = [{ secret: 's', version: 'latest', as: 's', type: 'mount' as const }]
  return { ...aTarget(), workloads: [{ unit: 'agent.service', container: 'agent', secrets }] }
}

describe('a sync that begins before some ticks and ends after them', () => {
  it('leaves what they have measured as it is: each look is counted once', async () => {
    const quiet = createQuietPorts()
    const held = Promise.withResolvers<void>()
    let holds = false
    const secretSource: QuietPorts['secretSource'] = {
      ...quiet.secretSource,
      async version(secret, wanted, limits) {
        if (holds) await held.promise
        return quiet.secretSource.version(secret, wanted, limits)
      },
    }
    const ports = { ...quiet, secretSource }
    const guard = createGuard({ targets: [withSecret()], policy: DEFAULT_POLICY, canaryUrls: [], ports })
    const tick = async () => {
      await guard.tick({ dryRun: false })
      await quiet.clock.sleep(MINUTE)
    }
    for (let looks = 0; looks < 4; looks += 1) await tick()
    holds = true
    const sync = guard.sync({ dryRun: false })
    holds = false
    for (let looks = 0; looks < 14; looks += 1) await tick()
    held.resolve()
    await sync
    for (let looks = 0; looks < 14; looks += 1) await tick()
    const view = await guard.target('bot')
    const days = view.kind === 'target' ? view.target.days : []
    expect(
      days.map(
        ({ healthy, degraded, unhealthy, inconclusive }) => healthy + degraded + unhealthy + inconclusive,
      ),
    ).toEqual([32])
  })
})

describe('a tick that leaves a target alone', () => {
  it('is not complete: the dead man hears nothing of it', async () => {
    const quiet = createQuietPorts()
    let pings = 0
    let newer = false
    const store: Store = {
      ...quiet.store,
      async load(targets) {
        const loaded = new Map(await quiet.store.load(targets))
        return newer ? loaded.set('bot', { kind: 'newer', schema: 99 }) : loaded
      },
    }
    const deadMan = {
      async ping() {
        pings += 1
        return true
      },
    }
    const ports = { ...quiet, store, deadMan }
    const targets = [aTarget(), aTarget('other')]
    const guard = createGuard({ targets, policy: DEFAULT_POLICY, canaryUrls: [], ports })
    await guard.tick({ dryRun: false })
    expect([pings, guard.metrics().ticks]).toEqual([1, { complete: 1, partial: 0, 'store-unavailable': 0 }])
    newer = true
    await guard.tick({ dryRun: false })
    expect([pings, guard.metrics().ticks]).toEqual([1, { complete: 1, partial: 1, 'store-unavailable': 0 }])
  })
})
