/** Which rung comes next, and what holds it back. */
import { describe, expect, it } from 'vitest'
import type { NextRung } from '../../src/core/escalation.ts'
import { nextRung } from '../../src/core/escalation.ts'
import type { Observation } from '../../src/core/evidence.ts'
import type { FleetView } from '../../src/core/fleet.ts'
import { viewFleet } from '../../src/core/fleet.ts'
import type { Remedy } from '../../src/core/judgement.ts'
import { unhealthy } from '../../src/core/judgement.ts'
import type { LadderStep, TargetState } from '../../src/core/state.ts'
import { armed, facts, HOUR, MINUTE, NOW, observe, policy, ssh } from './build.ts'

type Context = { readonly seen?: Partial<Observation>; readonly fleet?: FleetView }
type Row = [string, Remedy, Partial<TargetState>, NextRung, Context?]

const step = (rung: LadderStep['rung'], change: Partial<LadderStep> = {}): LadderStep => ({
  rung,
  cause: 'workload-hung',
  at: NOW - 2 * MINUTE,
  bootId: 'boot-1',
  verified: false,
  ...change,
})
const restarted = step('restart-workload', { unit: 'bot.service' })
const restart = (allDown = true, ...units: string[]): Remedy => ({
  kind: 'restart-workload',
  units: units.length === 0 ? ['bot.service'] : units,
  allDown,
})
const inside = { ssh: ssh('ok'), facts }
const alone = viewFleet(policy, [{ id: 'bot', gaveUp: false }], NOW)

function next(remedy: Remedy, state: Partial<TargetState>, context: Context = {}): NextRung {
  const { seen = {}, fleet = alone } = context
  return nextRung(
    { policy, targetId: 'bot', state: armed(state), fleet, observation: observe(seen), now: NOW },
    unhealthy('definitive', 'workload-hung', 'it is bad', remedy),
  )
}

const call = (reason: string): NextRung => ({ kind: 'call-person', reason })
const act = (rung: Extract<NextRung, { kind: 'act' }>['rung'], unit?: string): NextRung => ({
  kind: 'act',
  rung,
  ...(unit === undefined ? {} : { unit }),
})

describe('the ladder', () => {
  it.each<Row>([
    ['begins with a restart of the unit', restart(), {}, act('restart-workload', 'bot.service')],
    [
      'goes to the next unit that failed',
      restart(true, 'bot.service', 'api.service'),
      { ladder: [restarted] },
      act('restart-workload', 'api.service'),
    ],
    [
      'reboots when the restart failed its verification and all is down',
      restart(),
      { ladder: [restarted] },
      act('reboot'),
    ],
    [
      'calls a person when it failed and not all is down',
      restart(false),
      { ladder: [restarted] },
      call('it is bad; a restart did not help, and a reboot would take the others down'),
    ],
    [
      'calls a person for the same cause after a reboot',
      restart(),
      { ladder: [restarted, step('reboot')] },
      call('it is bad; neither a restart nor a reboot helped'),
    ],
    [
      'restarts again what a restart had mended',
      restart(),
      { ladder: [{ ...restarted, verified: true }] },
      act('restart-workload', 'bot.service'),
    ],
    [
      'calls a person where there is no unit to restart',
      { kind: 'restart-workload', units: [], allDown: true },
      {},
      call('it is bad'),
    ],
    ['reboots a VM whose Podman is wedged', { kind: 'reboot' }, {}, act('reboot'), { seen: inside }],
    [
      'waits for a reboot that has not happened yet',
      { kind: 'reboot' },
      { ladder: [step('reboot')] },
      { kind: 'wait', reason: 'it is bad; the reboot has not happened yet', until: NOW + 3 * MINUTE },
      { seen: inside },
    ],
    [
      'resets when a reboot left the boot unchanged for five minutes',
      { kind: 'reboot' },
      { ladder: [step('reboot', { at: NOW - 5 * MINUTE })] },
      act('reset'),
      { seen: inside },
    ],
    [
      'calls a person when the reboot happened and it is the same again',
      { kind: 'reboot' },
      { ladder: [step('reboot', { bootId: 'boot-0' })] },
      call('it is bad; the same again after a reboot'),
      { seen: inside },
    ],
    [
      'calls a person when the reset did not help either',
      { kind: 'reboot' },
      { ladder: [step('reboot', { at: NOW - 9 * MINUTE }), step('reset')] },
      call('it is bad; neither a reboot nor a reset helped'),
      { seen: inside },
    ],
    ['resets a frozen VM', { kind: 'reset' }, {}, act('reset')],
    [
      'waits with a reset that is not to be before a time',
      { kind: 'reset', notBefore: NOW + 1 },
      {},
      { kind: 'wait', reason: 'it is bad; reset not yet', until: NOW + 1 },
    ],
    ['resets at that time', { kind: 'reset', notBefore: NOW }, {}, act('reset')],
    ['starts a VM that is down', { kind: 'start' }, {}, act('start')],
    [
      'waits with a start while the platform may do it',
      { kind: 'start', notBefore: NOW + MINUTE },
      {},
      { kind: 'wait', reason: 'it is bad; start not yet', until: NOW + MINUTE },
    ],
    ['resumes a VM that is suspended', { kind: 'resume' }, {}, act('resume')],
    ['calls a person where only one can help', { kind: 'human' }, {}, call('it is bad')],
    ['waits where somebody else is at it', { kind: 'wait' }, {}, { kind: 'wait', reason: 'it is bad' }],
    [
      'waits until a person is to be told',
      { kind: 'wait', callPersonAt: NOW + 1 },
      {},
      { kind: 'wait', reason: 'it is bad', until: NOW + 1 },
    ],
    [
      'tells a person then, and waits on',
      { kind: 'wait', callPersonAt: NOW },
      {},
      { kind: 'wait', reason: 'it is bad, for too long', tell: true },
    ],
    ['does nothing where nothing is to be done', { kind: 'none' }, {}, { kind: 'wait', reason: 'it is bad' }],
  ])('%s', (_name, remedy, state, expected, context) =>
    expect(next(remedy, state, context)).toEqual(expected),
  )
})

const half = (id: string, agoMs: number) => ({ id, answers: false, failingSince: NOW - agoMs, gaveUp: false })
const braked = (agoMs: number) =>
  viewFleet(
    policy,
    [half('api', agoMs), half('bot', agoMs), { id: 'cat', answers: true, gaveUp: false }],
    NOW,
  )
const uses = (rung: 'reset' | 'start' | 'restart-workload', ...agoMs: number[]): Partial<TargetState> => ({
  uses: agoMs.map((ago) => ({
    rung,
    at: NOW - ago,
    ...(rung === 'restart-workload' ? { unit: 'bot.service' } : {}),
  })),
})

describe('a rung is held back', () => {
  it.each<Row>([
    [
      'reset: while SSH works',
      { kind: 'reset' },
      {},
      { kind: 'wait', reason: 'SSH works: reset is barred' },
      { seen: inside },
    ],
    [
      'reset: not when an issued reboot left the boot unchanged for 5 min',
      { kind: 'reset' },
      { ladder: [step('reboot', { at: NOW - 5 * MINUTE })] },
      act('reset'),
      { seen: inside },
    ],
    [
      'reset: still when it left it unchanged for less',
      { kind: 'reset' },
      { ladder: [step('reboot', { at: NOW - 5 * MINUTE + 1 })] },
      { kind: 'wait', reason: 'SSH works: reset is barred' },
      { seen: inside },
    ],
    [
      'reset: still when the boot before the reboot is not known',
      { kind: 'reset' },
      { ladder: [{ ...step('reboot', { at: NOW - HOUR }), bootId: undefined as never }] },
      { kind: 'wait', reason: 'SSH works: reset is barred' },
      { seen: inside },
    ],
    [
      'reset: by the fleet, until its hold ends',
      { kind: 'reset' },
      {},
      {
        kind: 'wait',
        until: NOW + 9 * MINUTE,
        reason: '2 of 3 targets fail at once: destructive rungs are held',
      },
      { fleet: braked(MINUTE) },
    ],
    [
      'reboot: by the fleet, while another goes first',
      { kind: 'reboot' },
      {},
      { kind: 'wait', reason: '2 of 3 targets fail at once: api goes first' },
      { fleet: braked(HOUR) },
    ],
    ['start: not by the fleet', { kind: 'start' }, {}, act('start'), { fleet: braked(MINUTE) }],
    [
      'restart: not by the fleet',
      restart(),
      {},
      act('restart-workload', 'bot.service'),
      { fleet: braked(MINUTE) },
    ],
    [
      'reset: by its budget, which opens the breaker',
      { kind: 'reset' },
      uses('reset', 2 * HOUR, HOUR),
      {
        kind: 'call-person',
        reason: 'reset was used 2 times in 360 min: the budget is spent',
        breaker: 'reset',
      },
    ],
    [
      'restart: by its budget',
      restart(),
      uses('restart-workload', 50 * MINUTE, 40 * MINUTE, 30 * MINUTE),
      {
        kind: 'call-person',
        reason: 'restart-workload of bot.service was used 3 times in 60 min: the budget is spent',
        breaker: 'restart-workload',
      },
    ],
    [
      'reset: by its cooldown',
      { kind: 'reset' },
      uses('reset', MINUTE),
      { kind: 'wait', reason: 'reset cools down', until: NOW + 4 * MINUTE },
    ],
    [
      "restart: by its unit's cooldown",
      restart(),
      uses('restart-workload', MINUTE),
      { kind: 'wait', reason: 'restart-workload of bot.service cools down', until: NOW + 4 * MINUTE },
    ],
    [
      'reboot: not by the cooldown of a restart that failed',
      restart(),
      { ...uses('restart-workload', MINUTE), ladder: [restarted] },
      act('reboot'),
    ],
    [
      'start: by a stock-out',
      { kind: 'start' },
      { stockOut: { failures: 1, until: NOW + 1 } },
      { kind: 'wait', reason: 'the zone has no room for the VM', until: NOW + 1 },
    ],
    [
      'resume: by a stock-out',
      { kind: 'resume' },
      { stockOut: { failures: 1, until: NOW + 1 } },
      { kind: 'wait', reason: 'the zone has no room for the VM', until: NOW + 1 },
    ],
    [
      'start: not when the wait is over',
      { kind: 'start' },
      { stockOut: { failures: 1, until: NOW } },
      act('start'),
    ],
  ])('%s', (_name, remedy, state, expected, context) =>
    expect(next(remedy, state, context)).toEqual(expected),
  )
})
