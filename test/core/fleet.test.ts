/** The fleet's view: who fails, the brake when half of it fails at once, and who goes first afterwards. */
import { describe, expect, it } from 'vitest'
import type { Brake, Member } from '../../src/core/fleet.ts'
import { heldByFleet, isSpentOn, peersAnswering, viewFleet } from '../../src/core/fleet.ts'
import type { TargetState } from '../../src/core/state.ts'
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

describe('peers', () => {
  it('are the other targets that this tick has heard', () => {
    const view = viewFleet(policy, [well('a'), well('b'), ill('c', 0), { id: 'd', gaveUp: false }], NOW)
    expect(['a', 'b', 'c', 'd'].map((id) => peersAnswering(view, id))).toEqual([1, 1, 2, 2])
    expect([view.total, view.failing]).toEqual([4, 1])
  })
})
