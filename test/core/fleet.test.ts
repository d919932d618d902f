/** The fleet's view: who fails, the brake when half of it fails at once, and who goes first afterwards. */
import { describe, expect, it } from 'vitest'
import type { Alarm, Brake, Member } from '../../src/core/fleet.ts'
import { alarmOf, heldByFleet, isSpentOn, memberOf, peersAnswering, viewFleet } from '../../src/core/fleet.ts'
import type { AlertState, TargetState } from '../../src/core/state.ts'
import { armed, HOUR, MINUTE, NOW, policy, SECOND } from './build.ts'

const well = (id: string): Member => ({ id, answers: true, gaveUp: false })
const ill = (id: string, agoMs: number, change: Partial<Member> = {}): Member => ({
  id,
  answers: false,
  failingSince: NOW - agoMs,
  gaveUp: false,
  ...change,
})

describe('the brake', () => {
  it.each<[string, readonly Member[], Brake]>([
    ['is off while all is well', [well('a'), well('b'), well('c')], { kind: 'off' }],
    ['is off for two targets, though both fail', [ill('a', 0), ill('b', 0)], { kind: 'off' }],
    ['is off when one of three fails', [ill('a', 0), well('b'), well('c')], { kind: 'off' }],
    [
      'is on when two of three fail, for ten minutes from when the second began to',
      [ill('a', 5 * MINUTE), ill('b', MINUTE), well('c')],
      { kind: 'held', since: NOW - MINUTE, until: NOW + 9 * MINUTE },
    ],
    [
      'is on at exactly half',
      [ill('a', MINUTE), ill('b', MINUTE), well('c'), well('d')],
      { kind: 'held', since: NOW - MINUTE, until: NOW + 9 * MINUTE },
    ],
    ['is off just below half', [ill('a', 0), ill('b', 0), well('c'), well('d'), well('e')], { kind: 'off' }],
    [
      'counts a target that has just begun to fail from now',
      [ill('a', MINUTE), { id: 'b', answers: false, gaveUp: false }, well('c')],
      { kind: 'held', since: NOW, until: NOW + 10 * MINUTE },
    ],
    [
      'counts targets that this tick does not name, by their state',
      [
        ill('a', MINUTE),
        { id: 'b', failingSince: NOW - 2 * MINUTE, gaveUp: false },
        { id: 'c', gaveUp: false },
      ],
      { kind: 'held', since: NOW - MINUTE, until: NOW + 9 * MINUTE },
    ],
    [
      "believes this tick's probe over the state",
      [ill('a', MINUTE), { id: 'b', answers: true, failingSince: NOW - MINUTE, gaveUp: false }, well('c')],
      { kind: 'off' },
    ],
    [
      'releases the one that failed first after ten minutes',
      [ill('b', 12 * MINUTE), ill('a', 10 * MINUTE), well('c')],
      { kind: 'one-at-a-time', since: NOW - 10 * MINUTE, released: 'b' },
    ],
    [
      'releases by name where they failed together',
      [ill('b', 10 * MINUTE), ill('a', 10 * MINUTE), well('c')],
      { kind: 'one-at-a-time', since: NOW - 10 * MINUTE, released: 'a' },
    ],
    [
      'passes over a target that was given up',
      [ill('a', HOUR, { gaveUp: true }), ill('b', 20 * MINUTE), well('c')],
      { kind: 'one-at-a-time', since: NOW - 20 * MINUTE, released: 'b' },
    ],
    [
      'releases nobody where all were given up',
      [ill('a', HOUR, { gaveUp: true }), ill('b', HOUR, { gaveUp: true }), well('c')],
      { kind: 'one-at-a-time', since: NOW - HOUR, released: '' },
    ],
  ])('%s', (_name, members, brake) => expect(viewFleet(policy, members, NOW).brake).toEqual(brake))

  it.each<[string, readonly Member[], string, ReturnType<typeof heldByFleet>]>([
    ['nobody while it is off', [well('a'), well('b'), well('c')], 'a', undefined],
    [
      'everybody while it is on',
      [ill('a', MINUTE), ill('b', MINUTE), well('c')],
      'a',
      { until: NOW + 9 * MINUTE, reason: '2 of 3 targets fail at once: destructive rungs are held' },
    ],
    ['not the one whose turn it is', [ill('a', HOUR), ill('b', HOUR), well('c')], 'a', undefined],
    [
      'the others afterwards',
      [ill('a', HOUR), ill('b', HOUR), well('c')],
      'b',
      { reason: '2 of 3 targets fail at once: a goes first' },
    ],
  ])('holds %s', (_name, members, id, expected) => {
    expect(heldByFleet(viewFleet(policy, members, NOW), id)).toEqual(expected)
  })
})

describe('nothing is left to try, and others need not wait for it, on a target', () => {
  const verdict = (change: Partial<NonNullable<TargetState['lastVerdict']>>) => ({
    lastVerdict: { verdict: 'unhealthy' as const, reason: 'bad', at: NOW, ...change },
  })
  it.each<[string, Partial<TargetState>, boolean]>([
    ['that was given up', { phase: 'gave-up' }, true],
    ['that is paused', { pause: { by: 'a', reason: 'b', since: NOW, until: NOW + SECOND } }, true],
    [
      'whose breaker is open',
      { breaker: { kind: 'open', since: NOW, rung: 'reset', reason: 'spent' } },
      true,
    ],
    ['that is not armed', { arming: { kind: 'unarmed', why: 'new', since: NOW } }, true],
    ['that a person stopped', verdict({ verdict: 'degraded', cause: 'stopped-by-person' }), true],
    ['behind a broken path', verdict({ verdict: 'degraded', cause: 'path-broken' }), true],
    ['that is frozen: something is', verdict({ cause: 'vm-frozen' }), false],
    ['whose pause is over: something is', { pause: { by: 'a', reason: 'b', since: NOW, until: NOW } }, false],
    ['that is well: something is', {}, false],
  ])('%s', (_name, change, expected) => expect(isSpentOn(armed(change), NOW)).toBe(expected))
})

describe("what the fleet's alert counts", () => {
  it.each<[string, readonly Member[], Alarm]>([
    [
      'all that fail',
      [ill('b', MINUTE), ill('a', 5 * MINUTE, { handedOver: true }), well('c')],
      { ids: ['a', 'b'], handedOver: 1, inHand: 0, since: NOW - MINUTE },
    ],
    [
      'not those that a person has in hand, though the brake does',
      [ill('a', 5 * MINUTE), ill('b', MINUTE, { inHand: true, handedOver: true }), well('c')],
      { ids: ['a'], handedOver: 0, inHand: 1 },
    ],
    [
      'nobody twice: one in hand that works is none of them',
      [{ ...well('a'), inHand: true }, well('b'), well('c')],
      { ids: [], handedOver: 0, inHand: 0 },
    ],
  ])('%s', (_name, members, expected) => {
    expect(alarmOf(policy, viewFleet(policy, members, NOW), NOW)).toEqual(expected)
  })
})

describe('of one target the others know', () => {
  const alert: AlertState = { thread: 'a', subject: 'incident', since: 1, number: 1, toldAt: 2, pressed: [] }
  const told = { failingSince: 1, alert }
  it.each<[string, Partial<TargetState>, Partial<Member>]>([
    ['that people were told', told, { failingSince: 1, alerted: true }],
    ['that its end was told', { alert: { ...alert, overAt: 3 } }, {}],
    [
      'when it was left as it is',
      { alert: { ...alert, leftBy: 'ada', leftAt: 3 } },
      { alerted: true, leftAt: 3 },
    ],
    ['nothing of one that was left, no one knows when', { alert: { ...alert, leftBy: 'ada' } }, {}],
    [
      'that it tells of the fleet, and when that was left',
      { fleetAlert: { ...alert, subject: 'fleet', leftBy: 'ada', leftAt: 3 } },
      { tellsSince: 2, tellsLeftAt: 3 },
    ],
    ['that it was given up', { phase: 'gave-up' }, { gaveUp: true, handedOver: true }],
    [
      'that it is paused',
      { pause: { by: 'a', reason: 'b', since: 1, until: NOW + 1 } },
      { gaveUp: true, restingSince: 1, inHand: true },
    ],
    ['that its pause is over', { pause: { by: 'a', reason: 'b', since: 1, until: NOW } }, {}],
    [
      'that a person stopped it',
      { lastVerdict: { verdict: 'degraded', cause: 'stopped-by-person', reason: 'r', at: 1 } },
      { gaveUp: true, inHand: true },
    ],
  ])('%s', (_name, change, expected) => {
    const member = memberOf('a', { state: armed(change), answers: undefined, now: NOW })
    expect(member).toEqual({ id: 'a', gaveUp: false, ...expected })
  })
})

describe('peers', () => {
  it('are the other targets that this tick has heard', () => {
    const view = viewFleet(policy, [well('a'), well('b'), ill('c', 0), { id: 'd', gaveUp: false }], NOW)
    expect(['a', 'b', 'c', 'd'].map((id) => peersAnswering(view, id))).toEqual([1, 1, 2, 2])
    expect([view.total, view.failing]).toEqual([4, 1])
  })
})
