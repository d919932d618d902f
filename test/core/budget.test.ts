/** How often a rung may be used in a sliding window, and how long it cools down. */
import { describe, expect, it } from 'vitest'
import type { ActingRung } from '../../src/core/action.ts'
import { budgetFor, budgetViews, cooldownEndsAt, spend } from '../../src/core/budget.ts'
import type { Use } from '../../src/core/state.ts'
import { armed, HOUR, MINUTE, NOW, policy } from './build.ts'

const used = (rung: Use['rung'], agoMs: number, unit?: string): Use => ({
  rung,
  at: NOW - agoMs,
  ...(unit === undefined ? {} : { unit }),
})
const restart = (agoMs: number, unit = 'bot.service') => used('restart-workload', agoMs, unit)

describe('the budget', () => {
  it.each<[string, readonly Use[], ActingRung | 'rollout', 'left' | 'spent']>([
    ['of restarts: two in an hour leave one', [restart(50 * MINUTE), restart(0)], 'restart-workload', 'left'],
    [
      'of restarts: three in an hour spend it',
      [restart(59 * MINUTE), restart(30 * MINUTE), restart(0)],
      'restart-workload',
      'spent',
    ],
    [
      'of restarts slides: an hour later one is left',
      [restart(HOUR), restart(30 * MINUTE), restart(0)],
      'restart-workload',
      'left',
    ],
    [
      'of restarts slides: a millisecond before it is not',
      [restart(HOUR - 1), restart(30 * MINUTE), restart(0)],
      'restart-workload',
      'spent',
    ],
    [
      "of restarts is a unit's own",
      [restart(3, 'api.service'), restart(2, 'api.service'), restart(1, 'api.service')],
      'restart-workload',
      'left',
    ],
    [
      'of restarts does not count rollouts',
      [used('rollout', 3, 'bot.service'), restart(2), restart(1)],
      'restart-workload',
      'left',
    ],
    [
      'of reboot and reset is one: one of each in 6 h spend it',
      [used('reboot', 5 * HOUR), used('reset', HOUR)],
      'reset',
      'spent',
    ],
    [
      'of reboot and reset is one: for the reboot too',
      [used('reset', 5 * HOUR), used('reset', HOUR)],
      'reboot',
      'spent',
    ],
    ['of reboot and reset slides at 6 h', [used('reboot', 6 * HOUR), used('reset', HOUR)], 'reset', 'left'],
    [
      'of reboot and reset: three in 24 h spend it',
      [used('reset', 23 * HOUR), used('reset', 13 * HOUR), used('reset', 7 * HOUR)],
      'reset',
      'spent',
    ],
    [
      'of reboot and reset slides at 24 h',
      [used('reset', 24 * HOUR), used('reset', 13 * HOUR), used('reset', 7 * HOUR)],
      'reset',
      'left',
    ],
    [
      'of start and resume is one: six in 24 h spend it',
      Array.from({ length: 6 }, (_, hour) => used(hour % 2 === 0 ? 'start' : 'resume', (hour + 1) * HOUR)),
      'resume',
      'spent',
    ],
    [
      'of start and resume: five leave one',
      Array.from({ length: 5 }, (_, hour) => used('start', (hour + 1) * HOUR)),
      'start',
      'left',
    ],
    [
      'of start does not count resets',
      [used('reset', 1), used('reset', 2), used('reset', 3)],
      'start',
      'left',
    ],
    [
      'of rollouts: six an hour spend it, whatever the units',
      Array.from({ length: 6 }, (_, index) => used('rollout', index, `u${index}.service`)),
      'rollout',
      'spent',
    ],
    [
      'of rollouts: five leave one',
      Array.from({ length: 5 }, (_, index) => used('rollout', index)),
      'rollout',
      'left',
    ],
  ])('%s', (_name, uses, rung, expected) => {
    const unit = rung === 'restart-workload' ? 'bot.service' : undefined
    expect(budgetFor(policy, armed({ uses }), { rung, unit }, NOW).kind).toBe(expected)
  })

  it('says which limit is spent', () => {
    const uses = [used('reboot', 5 * HOUR), used('reset', HOUR)]
    expect(budgetFor(policy, armed({ uses }), { rung: 'reset' }, NOW)).toEqual({
      kind: 'spent',
      limit: { max: 2, windowMs: 6 * HOUR },
      used: 2,
    })
  })

  it('is shown for each unit and each limit', () => {
    const uses = [restart(MINUTE), used('reboot', 7 * HOUR), used('resume', HOUR), used('rollout', MINUTE)]
    expect(budgetViews(policy, armed({ uses }), ['bot.service', 'api.service'], NOW)).toEqual([
      { rung: 'restart-workload', unit: 'bot.service', used: 1, max: 3, windowMs: HOUR },
      { rung: 'restart-workload', unit: 'api.service', used: 0, max: 3, windowMs: HOUR },
      { rung: 'reboot or reset', used: 0, max: 2, windowMs: 6 * HOUR },
      { rung: 'reboot or reset', used: 1, max: 3, windowMs: 24 * HOUR },
      { rung: 'start or resume', used: 1, max: 6, windowMs: 24 * HOUR },
      { rung: 'rollout', used: 1, max: 6, windowMs: HOUR },
    ])
  })
})

describe('uses', () => {
  it('are forgotten when no window reaches them any more', () => {
    const uses = [used('reset', 24 * HOUR), used('reset', 24 * HOUR - 1)]
    expect(spend(policy, uses, used('reset', 0))).toEqual([used('reset', 24 * HOUR - 1), used('reset', 0)])
  })

  it('are kept as often as any limit of their rung can count them, per unit', () => {
    const uses = [
      ...Array.from({ length: 9 }, (_, index) => used('reset', 90 - index)),
      ...Array.from({ length: 9 }, (_, index) => restart(80 - index, 'api.service')),
    ]
    expect(spend(policy, uses, restart(0))).toEqual([
      used('reset', 84),
      used('reset', 83),
      used('reset', 82),
      restart(74, 'api.service'),
      restart(73, 'api.service'),
      restart(72, 'api.service'),
      restart(0),
    ])
  })
})

describe('the cooldown', () => {
  const bot = { rung: 'restart-workload', unit: 'bot.service' } as const
  it.each<[string, readonly Use[], { rung: ActingRung; unit?: string }, number, number?]>([
    ['of a rung that was not used: none', [], bot, 0],
    ['after the first use: 5 min', [restart(MINUTE)], bot, NOW + 4 * MINUTE],
    ['after the second: 10 min', [restart(20 * MINUTE), restart(MINUTE)], bot, NOW + 9 * MINUTE],
    [
      'after the third: 20 min',
      [restart(40 * MINUTE), restart(20 * MINUTE), restart(MINUTE)],
      bot,
      NOW + 19 * MINUTE,
    ],
    [
      'after the fourth: 20 min still',
      [restart(50 * MINUTE), restart(40 * MINUTE), restart(20 * MINUTE), restart(MINUTE)],
      bot,
      NOW + 19 * MINUTE,
    ],
    ['is of one unit', [restart(MINUTE)], { ...bot, unit: 'api.service' }, 0],
    ['is of one rung: a reboot does not hold up a reset', [used('reboot', MINUTE)], { rung: 'reset' }, 0],
    [
      'is not lengthened by uses before an hour of health',
      [restart(3 * HOUR), restart(MINUTE)],
      bot,
      NOW + 4 * MINUTE,
      NOW - 2 * HOUR,
    ],
  ])('%s', (_name, uses, wanted, expected, cooldownResetAt) => {
    const state = armed({ uses, ...(cooldownResetAt === undefined ? {} : { cooldownResetAt }) })
    expect(cooldownEndsAt(policy, state, wanted)).toBe(expected)
  })
})
