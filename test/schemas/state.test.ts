import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import type { TargetState } from '../../src/core/state.ts'
import { readState } from '../../src/schemas/state.ts'
import { readDocument } from '../../src/schemas/state-parts.ts'
import { aBucket, aState, NOON } from '../fakes/stored.ts'

const ACTION: Action = {
  id: 'bot-1/reset/1',
  incidentId: 'bot-1',
  rung: 'reset',
  attempt: 1,
  cause: 'vm-frozen',
  purpose: 'recovery',
  by: { kind: 'person', who: 'me@example.com', reason: 'stuck' },
  force: true,
  status: 'issued',
  intendedAt: NOON,
  issuedAt: NOON + 1,
  endedAt: NOON + 2,
  result: { kind: 'failed', detail: 'no room', stockOut: true },
  baseline: { bootId: 'b', invocationId: 'i', containerId: 'c', serialNext: 7 },
  fence: 3,
}

/** A state with everything in it that the type knows. */
const FULL: TargetState = aState({
  arming: {
    kind: 'armed',
    at: NOON,
    by: 'me',
    fingerprint: { healthUrl: 'http://a/', ssh: 'u@a:22', instanceId: '1', addresses: ['10.0.0.2'] },
  },
  lastVerdict: { verdict: 'unhealthy', cause: 'vm-frozen', reason: 'Silent', at: NOON },
  healthySince: 1,
  failingSince: 2,
  failures: [{ at: NOON, cause: 'vm-unreachable' }],
  innerGuardSince: 3,
  silentSince: 4,
  transitionSince: 5,
  unclearSince: 6,
  sshCheckedAt: 6,
  youngExcuses: [7],
  heartbeat: { at: 8, bootId: 'b', seenAt: 9 },
  serialNext: 10,
  bootId: 'b',
  grace: { since: 11, until: 12, why: 'it boots' },
  probationUntil: 13,
  action: ACTION,
  lease: { owner: 'o', fence: 3, purpose: 'manual', expiresAt: 14 },
  uses: [{ rung: 'rollout', unit: 'a.service', at: 15 }],
  ladder: [{ rung: 'reboot', cause: 'podman-wedged', at: 16, verified: false }],
  stockOut: { failures: 1, until: 17 },
  breaker: { kind: 'open', since: 18, rung: 'reset', reason: 'spent' },
  pause: { by: 'me', reason: 'r', since: 19, until: 20 },
  incidentId: 'bot-1',
  calledPerson: { at: 21, reason: 'r' },
  relookAt: 22,
  sshTrouble: { kind: 'auth-failed', since: 23, detail: 'd' },
  applied: [{ name: 'n', secret: 's', version: '3', at: 24 }],
  syncTrouble: { since: 25, detail: 'd' },
  rollout: { id: 'r', startedAt: 26, units: ['a.service'], before: [], expectedDownUntil: 27 },
  lastHealthyAt: 28,
  cooldownResetAt: 29,
  secretsSupplied: true,
  servedByKit: true,
  lastIncident: { id: 'bot-0', closedAt: 30 },
  alert: {
    thread: 'bot-1',
    subject: 'incident',
    cause: 'vm-frozen',
    since: 31,
    number: 2,
    toldAt: 32,
    calledAt: 33,
    storyTold: 4,
    remindAt: 34,
    offeredAt: 35,
    pressed: ['recover', 'leave-off'],
    leftBy: 'me',
  },
  outboxDueAt: 36,
  unrolled: aBucket(),
  hours: [{ from: 37, healthy: 60, degraded: 0, unhealthy: 1, inconclusive: 2 }],
  days: [{ from: 38, healthy: 1_440, degraded: 1, unhealthy: 0, inconclusive: 0 }],
})

describe('A stored state', () => {
  it.each([
    ['a new one', aState()],
    ['one with everything in it', FULL],
  ])('comes back as it was: %s', (_, state) => {
    expect(readState(JSON.parse(JSON.stringify(state)))).toEqual({ kind: 'read', document: state })
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'It has no schema number'],
    ['a text', 'x', 'It has no schema number'],
    ['without schema', { ...aState(), schema: undefined }, 'It has no schema number'],
    ['older than any', { ...aState(), schema: 0 }, 'It has no schema number'],
    ['with a field too many', { ...aState(), extra: 1 }, '✖ Unrecognized key: "extra"'],
    [
      'with an unknown phase',
      { ...aState(), phase: 'dancing' },
      '✖ Invalid option: expected one of "unarmed"|"watching"|"suspect"|"waiting"|"recovering"|"grace"|"probation"|"gave-up"\n  → at phase',
    ],
    [
      'with a time that is none',
      { ...aState(), phaseSince: 'noon' },
      '✖ Invalid input: expected number, received string\n  → at phaseSince',
    ],
    [
      'with an action cut short',
      { ...FULL, action: { ...ACTION, fence: undefined } },
      '✖ Invalid input: expected number, received undefined\n  → at action.fence',
    ],
  ])('is broken, with the reason, when it is %s', (_, document, detail) => {
    expect(readState(document)).toEqual({ kind: 'broken', detail })
  })

  it('of a newer schema is told apart, whatever else is in it', () => {
    expect(readState({ schema: 3, everything: 'else' })).toEqual({ kind: 'newer', schema: 3 })
  })

  it('of the first schema gets the sums and the alerts that it could not have', () => {
    const { hours: _hours, days: _days, ...old } = aState({ incidentId: 'bot-1', fence: 7 })
    expect(readState({ ...old, schema: 1 })).toEqual({
      kind: 'read',
      document: aState({ incidentId: 'bot-1', fence: 7, hours: [], days: [] }),
    })
  })

  it.each([{ schema: 1 }, { schema: 1, target: 5 }, { schema: 1, ...[] }])(
    'of the first schema is broken when it is %j',
    (document) => {
      expect(readState(document)).toMatchObject({ kind: 'broken' })
    },
  )

  it('of an older schema is lifted step by step, and broken where a step is missing', () => {
    const { schema: _, ...rest } = aState()
    const how = { schema: { safeParse: (data: unknown) => ({ success: true, data }) } as never, current: 3 }
    const migrations = {
      1: (document: unknown) => ({ ...(document as object), one: true }),
      2: (document: unknown) => ({ ...(document as object), two: true, schema: 3 }),
    }
    expect(readDocument({ ...rest, schema: 1 }, { ...how, migrations })).toEqual({
      kind: 'read',
      document: { ...rest, one: true, two: true, schema: 3 },
    })
    expect(readDocument({ schema: 1 }, { ...how, migrations: { 1: migrations[1] } })).toEqual({
      kind: 'broken',
      detail: 'Nothing lifts a document of schema 2 to 3',
    })
  })
})
