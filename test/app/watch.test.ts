/** The loop's bounds: they follow from the policy, so that no legal policy meets them. */
import { expect, it } from 'vitest'
import { hear } from '../../src/app/watch.ts'
import type { Action } from '../../src/core/action.ts'
import { nothingSeen } from '../../src/core/evidence.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import { aTarget, createQuietPorts } from '../fakes/quiet-ports.ts'
import { aState, NOON } from '../fakes/stored.ts'

const reboot: Action = {
  id: 'bot-1/reboot/1',
  incidentId: 'bot-1',
  rung: 'reboot',
  attempt: 1,
  cause: 'vm-frozen',
  purpose: 'recovery',
  by: { kind: 'guard' },
  force: false,
  status: 'issued',
  intendedAt: NOON,
  issuedAt: NOON,
  result: { kind: 'done' },
  baseline: {},
  fence: 1,
}

it.each([20, 100, 3_000])('a boot is waited for until the deadline, every %i ms', async (gapMs) => {
  const quiet = createQuietPorts()
  const policy = { ...DEFAULT_POLICY, verify: { ...DEFAULT_POLICY.verify, gapMs } }
  const deadlineAt = NOON + policy.tick.deadlineMs
  const lease = { owner: 'run-1', fence: 1, purpose: 'recovery', expiresAt: NOON + 120_000 } as const
  const state = aState({ action: reboot, lease })
  const ports = {
    ...quiet,
    probe: {
      ...quiet.probe,
      health: async () => ({ kind: 'refused', at: quiet.clock.now(), durationMs: 0 }) as const,
    },
  }
  const run = {
    target: aTarget(),
    policy,
    ports,
    request: { kind: 'tick', dryRun: false } as const,
    fleet: { total: 1, failing: 0, brake: { kind: 'off' } as const, members: [] },
    recollection: {},
    onNotices: () => {},
    moment: () => ({ now: quiet.clock.now(), deadlineAt, guardStartedAt: NOON, owner: 'run-1' }),
    canary: async () => ({ urlsAsked: 0, urlsOk: 0 }),
    state,
    version: null,
  }
  const { http } = await hear(run, nothingSeen(NOON), { state })
  expect(http.length).toBe(Math.floor((policy.tick.deadlineMs - policy.probe.timeoutMs) / gapMs))
})
