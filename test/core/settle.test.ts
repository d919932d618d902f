/** What is thought of an issued action: proved, pending, not happened, of no help. */
import { describe, expect, it } from 'vitest'
import type { Action } from '../../src/core/action.ts'
import { draftOf } from '../../src/core/decide-draft.ts'
import type { Observation } from '../../src/core/evidence.ts'
import { absorbResult, endingOf, isProved, passed } from '../../src/core/settle.ts'
import type { TargetState } from '../../src/core/state.ts'
import {
  armed,
  facts,
  heartbeat,
  http,
  kit,
  MINUTE,
  NOW,
  observe,
  policy,
  SECOND,
  situation,
  ssh,
  unit,
  vm,
} from './build.ts'

const reset: Action = {
  id: 'bot-1.reset.1',
  incidentId: 'bot-1',
  rung: 'reset',
  attempt: 1,
  cause: 'vm-frozen',
  purpose: 'recovery',
  by: { kind: 'guard' },
  force: false,
  status: 'issued',
  intendedAt: NOW - MINUTE - SECOND,
  issuedAt: NOW - MINUTE,
  baseline: { bootId: 'boot-1' },
  fence: 1,
}
const restart: Action = {
  ...reset,
  id: 'bot-1.restart-workload.bot.service.1',
  rung: 'restart-workload',
  unit: 'bot.service',
  baseline: { bootId: 'boot-1', invocationId: 'inv-1' },
}
const unknownBefore = { baseline: {} }
const newBoot = { ...facts, bootId: 'boot-2', uptimeMs: 20 * SECOND }
const units = (...list: ReturnType<typeof unit>[]) => ({ workloads: { kind: 'ok' as const, units: list } })

describe('an action is proved', () => {
  it.each<[string, Action, Partial<Observation>, boolean]>([
    ['by another boot id over SSH', reset, { facts: newBoot }, true],
    [
      'by another boot id in the heartbeat',
      reset,
      { heartbeat: { ...heartbeat.fresh, bootId: 'boot-2' } },
      true,
    ],
    ["by another boot id in the kit's report", reset, { http: [http.ok(kit({ bootId: 'boot-2' }))] }, true],
    ['not by the same boot id', reset, { facts }, false],
    [
      'not by the same boot id with a short uptime: a clock may lie',
      reset,
      { facts: { ...facts, uptimeMs: 1 } },
      false,
    ],
    [
      'by an uptime shorter than the time since, where the boot before is not known',
      { ...reset, ...unknownBefore },
      { facts: { ...facts, uptimeMs: MINUTE - 1 } },
      true,
    ],
    [
      'not by a longer uptime',
      { ...reset, ...unknownBefore },
      { facts: { ...facts, uptimeMs: MINUTE } },
      false,
    ],
    ['not by health alone', reset, { http: [http.ok()] }, false],
    ['by a newer InvocationID', restart, units(unit({ invocationId: 'inv-2' })), true],
    [
      'by a newer InvocationID though Podman hangs',
      restart,
      { workloads: { kind: 'wedged', detail: 'x', units: [unit({ invocationId: 'inv-2' })] } },
      true,
    ],
    ['not by the same InvocationID', restart, units(unit()), false],
    ["not by another unit's", restart, units(unit({ unit: 'api.service', invocationId: 'inv-2' })), false],
    [
      'not where the InvocationID before is not known',
      { ...restart, ...unknownBefore },
      units(unit({ invocationId: 'inv-2' })),
      false,
    ],
    ['not by what can not be read', restart, { workloads: { kind: 'unreadable', detail: 'x' } }, false],
    ['not by a new boot, when it is a restart', restart, { facts: newBoot }, false],
  ])('%s', (_name, action, seen, expected) => expect(isProved(action, observe(seen), NOW)).toBe(expected))
})

describe('while the target is not well, an action', () => {
  const done = { result: { kind: 'done' as const } }
  const long = (base: Action, agoMs: number): Action => ({ ...base, issuedAt: NOW - agoMs })
  it.each<
    [
      string,
      Action,
      Partial<Observation>,
      string,
      { readonly state?: Partial<TargetState>; readonly innerGuardAtWork?: boolean }?,
    ]
  >([
    ['of a boot is pending in its grace', { ...reset, ...done }, {}, 'pending'],
    ['of a boot did not help after it', { ...long(reset, 5 * MINUTE), ...done }, {}, 'did-not-help'],
    [
      'of a boot did not help after it, and is proved',
      { ...long(reset, 5 * MINUTE), ...done },
      { facts: newBoot },
      'did-not-help proved',
    ],
    [
      'of a boot that ended in a power-off did not help, in its grace already',
      { ...reset, rung: 'reboot', ...done },
      { vm: vm({ status: 'TERMINATED' }) },
      'did-not-help',
    ],
    [
      'of a start is pending while the old stop is the last',
      { ...reset, rung: 'start', ...done },
      { vm: vm({ status: 'TERMINATED', lastStop: { type: 'x', by: 'y', at: NOW - 2 * MINUTE } }) },
      'pending',
    ],
    [
      'of a start did not help when the VM was stopped anew',
      { ...reset, rung: 'start', ...done },
      { vm: vm({ status: 'TERMINATED', lastStop: { type: 'x', by: 'y', at: NOW - SECOND } }) },
      'did-not-help',
    ],
    [
      'of a restart did not help after its window',
      { ...restart, ...done },
      { ssh: ssh('ok'), facts },
      'did-not-help',
    ],
    ['of a restart is pending in its window', { ...long(restart, 24 * SECOND), ...done }, {}, 'pending'],
    [
      'of a restart is pending while the inner guard starts it',
      { ...restart, ...done },
      {},
      'pending',
      { innerGuardAtWork: true },
    ],
    ['of which nothing is known is pending', reset, {}, 'pending'],
    [
      'of which nothing is known is taken to have happened after five minutes',
      long(reset, 5 * MINUTE),
      {},
      'did-not-help',
    ],
    [
      'that left no trace is pending until 60 s after its lease',
      long(reset, 3 * MINUTE - 1),
      { trace: { kind: 'no-trace' } },
      'pending',
    ],
    [
      'that left no trace did not happen then',
      long(reset, 3 * MINUTE),
      { trace: { kind: 'no-trace' } },
      'not-happened',
    ],
    [
      'that left a trace happened',
      long(reset, 3 * MINUTE),
      { trace: { kind: 'happened', done: false, detail: 'x' } },
      'pending',
    ],
    [
      'over SSH that the VM does not know did not happen then',
      long(restart, 3 * MINUTE),
      { facts: { ...facts, lastActionId: 'other' } },
      'not-happened',
    ],
    [
      'over SSH that the VM ran last happened',
      long(restart, 3 * MINUTE),
      { facts: { ...facts, lastActionId: restart.id } },
      'did-not-help',
    ],
    ['over SSH of which the VM can not be asked is pending', long(restart, 3 * MINUTE), {}, 'pending'],
  ])('%s', (_name, action, seen, expected, { state = {}, innerGuardAtWork = false } = {}) => {
    const ending = endingOf(armed(state), action, observe(seen), { policy, now: NOW, innerGuardAtWork })
    const words = ending.kind === 'did-not-help' && ending.proved ? `${ending.kind} proved` : ending.kind
    expect(words).toBe(expected)
  })
})

describe('healthy again', () => {
  it.each([
    ['with proof', { facts: newBoot }, 'proved'],
    ['without proof', {}, 'unknown'],
  ] as const)('%s: probation, the action %s', (_name, seen, status) => {
    const observation = observe({ http: [http.ok()], ...seen })
    const draft = draftOf(situation({ observation, state: armed({ action: reset }) }))
    const { state } = passed(draft, reset, observation, { policy, now: NOW })
    expect({ phase: state.phase, action: state.action, until: state.probationUntil }).toEqual({
      phase: 'probation',
      until: NOW + 5 * MINUTE,
    })
    expect(state.reason).toBe(
      `well again 60 s after the reset, ${status === 'proved' ? 'proved' : 'unproved'}`,
    )
    expect(state.ladder).toEqual([
      { rung: 'reset', cause: 'vm-frozen', at: NOW - MINUTE, bootId: 'boot-1', verified: true },
    ])
  })
})

describe('a result', () => {
  it('of another action than the one in hand changes nothing', () => {
    const draft = draftOf(
      situation({ observation: observe({ http: [http.silent] }), state: armed({ action: reset }) }),
    )
    const result = { kind: 'action', actionId: 'another', result: { kind: 'done' }, at: NOW } as const
    expect(absorbResult(draft, result, { policy, now: NOW })).toBe(draft)
  })
})
