/** How long ambiguous evidence must stand before it is acted on; definitive evidence acts at once. */
import { describe, expect, it } from 'vitest'
import { isConfirmed, rememberFailure } from '../../src/core/confirmation.ts'
import type { Judgement } from '../../src/core/judgement.ts'
import { unhealthy } from '../../src/core/judgement.ts'
import type { Cause } from '../../src/core/state.ts'
import { armed, MINUTE, NOW, policy, SECOND } from './build.ts'

function suspicion(cause: Cause, certainty: Judgement['certainty'] = 'ambiguous'): Judgement {
  return unhealthy(certainty, cause, 'it looks bad', { kind: 'reset' })
}

const ago = (ms: number, cause: Cause = 'vm-frozen') => ({ at: NOW - ms, cause })

describe('ambiguous evidence is acted on', () => {
  it.each([
    ['never in the first tick', [], {}, 'vm-frozen', false],
    ['in the second of two ticks in a row', [ago(MINUTE)], {}, 'vm-frozen', true],
    ['not when the ticks came 44 s apart', [ago(44 * SECOND)], {}, 'vm-frozen', false],
    ['when they came 45 s apart', [ago(45 * SECOND)], {}, 'vm-frozen', true],
    ['when they came 150 s apart', [ago(150 * SECOND)], {}, 'vm-frozen', true],
    ['not when they came 151 s apart', [ago(151 * SECOND)], {}, 'vm-frozen', false],
    [
      'not with a healthy look between',
      [ago(MINUTE)],
      { lastHealthyAt: NOW - 30 * SECOND },
      'vm-frozen',
      false,
    ],
    [
      'with a healthy look before both',
      [ago(MINUTE)],
      { lastHealthyAt: NOW - 2 * MINUTE },
      'vm-frozen',
      true,
    ],
    ['not for another cause', [ago(MINUTE, 'podman-wedged')], {}, 'vm-frozen', false],
    ['for silence that looked like a broken path first', [ago(MINUTE, 'path-broken')], {}, 'vm-frozen', true],
    ['for silence whose heartbeat went from stale to absent', [ago(MINUTE)], {}, 'vm-unreachable', true],
    [
      'for the fourth tick within ten minutes, whatever was between',
      [ago(9 * MINUTE), ago(6 * MINUTE), ago(3 * MINUTE)],
      { lastHealthyAt: NOW - MINUTE },
      'vm-frozen',
      true,
    ],
    [
      'not for the third',
      [ago(6 * MINUTE), ago(3 * MINUTE)],
      { lastHealthyAt: NOW - MINUTE },
      'vm-frozen',
      false,
    ],
    [
      'not when the first of four is older than ten minutes',
      [ago(10 * MINUTE + 1), ago(6 * MINUTE), ago(3 * MINUTE)],
      { lastHealthyAt: NOW - MINUTE },
      'vm-frozen',
      false,
    ],
  ] as const)('%s', (_name, failures, change, cause, expected) => {
    const state = armed({ failures, ...change })
    expect(isConfirmed(policy, state, suspicion(cause), NOW)).toBe(expected)
  })

  it('never where no cause is known', () => {
    const { cause: _cause, ...nameless } = suspicion('vm-frozen')
    expect(isConfirmed(policy, armed({ failures: [ago(MINUTE)] }), nameless, NOW)).toBe(false)
  })
})

it('definitive evidence is acted on in the same tick', () => {
  expect(isConfirmed(policy, armed(), suspicion('workload-hung', 'definitive'), NOW)).toBe(true)
})

describe('a failure is remembered', () => {
  it.each([
    ['once a tick', [ago(MINUTE)], [ago(MINUTE), ago(0)]],
    ['once when ticks are doubled', [ago(44 * SECOND)], [ago(44 * SECOND)]],
    [
      'once when its cause only changed its name',
      [ago(10 * SECOND, 'path-broken')],
      [ago(10 * SECOND, 'path-broken')],
    ],
    [
      'beside another suspicion',
      [ago(10 * SECOND, 'podman-wedged')],
      [ago(10 * SECOND, 'podman-wedged'), ago(0)],
    ],
    ['for ten minutes', [ago(10 * MINUTE + 1), ago(10 * MINUTE)], [ago(10 * MINUTE), ago(0)]],
  ] as const)('%s', (_name, failures, expected) => {
    expect(rememberFailure(policy, armed({ failures }), 'vm-frozen', NOW)).toEqual(expected)
  })

  it('16 times at most', () => {
    const wide = { ...policy, confirmation: { ...policy.confirmation, gapMinMs: 1 } }
    const failures = Array.from({ length: 16 }, (_, index) => ago((16 - index) * SECOND))
    const after = rememberFailure(wide, armed({ failures }), 'vm-frozen', NOW)
    expect([after.length, after.at(-1)]).toEqual([16, ago(0)])
  })
})
