/**
 * The rules that always hold, second part: budgets and breaker (5), reset (6), grace (7), pause (10), people (11),
 * bounds and ends; and all of them together.
 */
import type { Action } from '../../src/core/action.ts'
import type { Observation } from '../../src/core/evidence.ts'
import type { Policy } from '../../src/core/policy.ts'
import { seenBootId } from '../../src/core/reading.ts'
import { isBoot } from '../../src/core/settle.ts'
import { stageOf } from '../../src/core/situation.ts'
import type { Rule } from './drive-happening.ts'

import type { Committed } from './drive-rules.ts'
import {
  isAutomatic,
  isDown,
  issuedIn,
  looksWell,
  must,
  perTarget,
  remembers,
  rule1,
  rule2,
  rule3,
  rule4,
} from './drive-rules.ts'

type Spent = {
  readonly id: string
  readonly kind: string
  readonly unit: string | undefined
  readonly at: number
}

function kindOf({ rung, purpose }: Action): string {
  if (purpose === 'rollout') return 'rollout'
  if (rung === 'reboot' || rung === 'reset') return 'destructive'
  return rung === 'restart-workload' ? rung : 'start'
}

export function rule5({ budgets }: Policy): Rule {
  const limits: Readonly<Record<string, readonly { max: number; windowMs: number }[]>> = {
    'restart-workload': [budgets.restartWorkload],
    destructive: budgets.destructive,
    start: [budgets.start],
    rollout: [budgets.rollout],
  }
  return perTarget(() => {
    let spent: readonly Spent[] = []
    const exceeded = (action: Action, now: number): boolean =>
      (limits[kindOf(action)] ?? []).some(
        ({ max, windowMs }) =>
          spent.filter(
            (use) =>
              use.kind === kindOf(action) &&
              now - use.at < windowMs &&
              (use.kind !== 'restart-workload' || use.unit === action.unit),
          ).length >= max,
      )
    return (happening) => {
      if (happening.kind === 'state-lost') spent = []
      if (happening.kind === 'returned' && happening.result.kind === 'action') {
        const { actionId, result } = happening.result
        if (result.kind === 'failed' && result.stockOut === true)
          spent = spent.filter(({ id }) => id !== actionId)
      }
      if (happening.kind !== 'committed' || !happening.wrote) return
      const { situation, decision } = happening
      const { request, moment } = situation
      if (situation.state.breaker.kind === 'open' && decision.state.breaker.kind === 'closed')
        must(
          request.kind === 'resume' && request.closeBreaker,
          'rule 5',
          `the breaker was closed by a ${request.kind}`,
        )
      const action = issuedIn(happening)
      if (action === undefined) return
      if (isAutomatic(action)) {
        must(situation.state.breaker.kind === 'closed', 'rule 5', `${action.id} while the breaker is open`)
        must(!exceeded(action, moment.now), 'rule 5', `${action.id} beyond its budget`)
      }
      spent = [...spent, { id: action.id, kind: kindOf(action), unit: action.unit, at: moment.now }]
    }
  })
}

export function rule6({ vm }: Policy): Rule {
  return perTarget(() => {
    let rebooted: Action | undefined
    let heard: Observation['ssh']
    return (happening) => {
      if (happening.kind === 'heard')
        heard = happening.heard.findLast(({ ssh }) => ssh !== undefined)?.ssh ?? heard
      const action = issuedIn(happening)
      if (action === undefined || happening.kind !== 'committed') return
      if (action.rung === 'reboot') rebooted = action
      const { observation, moment } = happening.situation
      const ssh = observation.ssh ?? heard
      if (action.rung !== 'reset' || action.force || ssh?.kind !== 'ok') return
      const since = moment.now - (rebooted?.issuedAt ?? moment.now)
      const unchanged = rebooted !== undefined && observation.facts?.bootId === rebooted.baseline.bootId
      must(unchanged && since >= vm.bootUnchangedMs, 'rule 6', `${action.id} while SSH works`)
    }
  })
}

export function rule7({ graceMs }: Policy): Rule {
  return perTarget(() => {
    let until = Number.NEGATIVE_INFINITY
    return (happening) => {
      if (happening.kind === 'state-lost') until = Number.NEGATIVE_INFINITY
      if (happening.kind !== 'committed' || !happening.wrote) return
      const { situation, decision } = happening
      const { state, observation, moment } = situation
      if (looksWell(happening) || didNotHappen(happening) || isDown(observation))
        until = Number.NEGATIVE_INFINITY
      const action = issuedIn(happening)
      const starts = action?.rung === 'start' || action?.rung === 'resume'
      if (action !== undefined && isAutomatic(action) && action.purpose === 'recovery' && !starts)
        must(moment.now >= until, 'rule 7', `${action.id} in the grace after a boot`)
      if (action !== undefined && isBoot(action.rung)) until = moment.now + graceMs
      const booted = seenBootId(observation)
      const isNew = booted !== undefined && state.bootId !== undefined && booted !== state.bootId
      const watched = remembers(happening) && !looksWell(happening) && decision.state.arming.kind === 'armed'
      if (watched && isNew && !state.graceSpent && action === undefined)
        until = Math.max(until, moment.now + graceMs)
    }
  })
}

/** The boot that the grace is for was called off. */
function didNotHappen({ situation, decision }: Committed): boolean {
  const ended = situation.state.action
  if (ended === undefined || !isBoot(ended.rung) || decision.state.action?.id === ended.id) return false
  return decision.incident?.actions.find(({ id }) => id === ended.id)?.status === 'not-happened'
}

export function rule10(): Rule {
  return (happening) => {
    if (happening.kind !== 'committed' || happening.decision.next.kind !== 'act') return
    const { state, moment } = happening.situation
    const paused = state.pause !== undefined && moment.now < state.pause.until
    must(!paused, 'rule 10', `${happening.decision.next.effect.kind} while paused`)
  }
}

export function rule11({ graceMs }: Policy): Rule {
  return (happening) => {
    if (happening.kind !== 'committed') return
    const { situation, decision } = happening
    const { request, state, moment } = situation
    if (request.kind !== 'recover' || stageOf(situation) !== 'watching') return
    const waitedMs = moment.now - (state.action?.issuedAt ?? moment.now)
    if (decision.refusal?.kind === 'in-flight')
      must(waitedMs < graceMs, 'rule 11', `a person is locked out by an order that is ${waitedMs} ms old`)
    const needsForce = state.breaker.kind === 'open' || looksWell(happening)
    if (request.force || !needsForce) return
    must(decision.next.kind === 'rest', 'rule 11', 'a recovery without the force that it needs')
    must(decision.refusal !== undefined, 'rule 11', 'a recovery that was neither done nor refused')
  }
}

export const BOUNDS = {
  failures: 16,
  uses: 200,
  ladder: 32,
  youngExcuses: 8,
  timeline: 200,
  actions: 50,
} as const

export function staysBounded(): Rule {
  return (happening) => {
    if (happening.kind !== 'committed' || !happening.wrote) return
    const { state, incident } = happening.decision
    must(state.failures.length <= BOUNDS.failures, 'bounds', 'failures')
    must(state.uses.length <= BOUNDS.uses, 'bounds', 'uses')
    must(state.ladder.length <= BOUNDS.ladder, 'bounds', 'ladder')
    must(state.youngExcuses.length <= BOUNDS.youngExcuses, 'bounds', 'youngExcuses')
    must((incident?.timeline.length ?? 0) <= BOUNDS.timeline, 'bounds', 'timeline')
    must((incident?.actions.length ?? 0) <= BOUNDS.actions, 'bounds', 'actions')
    const hole = holeIn(state, 'state') ?? holeIn(incident ?? {}, 'incident')
    must(hole === undefined, 'bounds', `${hole} does not survive JSON`)
  }
}

/** Where a value would come back from JSON as another: an undefined member, a number that is none. */
function holeIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? undefined : path
  if (typeof value !== 'object' || value === null) return value === undefined ? path : undefined
  for (const [name, member] of Object.entries(value)) {
    const hole = holeIn(member, `${path}.${name}`)
    if (hole !== undefined) return hole
  }
  return undefined
}

/** An issued action comes to an end: three looks after its grace and its lease it is settled, whatever they say. */
export function settlesActions({ graceMs, lease }: Policy): Rule {
  const overMs = graceMs + lease.durationMs + lease.decideAnewAfterMs
  return perTarget(() => {
    let count = 0
    return (happening) => {
      if (happening.kind !== 'committed') return
      const { situation, decision } = happening
      const { state, moment, request } = situation
      const action = decision.state.action
      if (action?.id !== state.action?.id) count = 0
      if (action?.issuedAt === undefined || action.status !== 'issued') return
      const paused = state.pause !== undefined && moment.now < state.pause.until
      if (request.kind !== 'tick' || stageOf(situation) !== 'watching' || paused) return
      const { verdict, cause } = decision.verdict
      // Nothing is known, or the VM's own guard is at work, which has a limit of its own.
      const waits = verdict === 'inconclusive' || cause === 'inner-guard-at-work'
      // A run that froze has no time to look.
      const looks = remembers(happening)
        ? !waits
        : state.relookAt !== undefined && moment.now < state.relookAt
      if (moment.now < action.issuedAt + overMs || !looks) return
      count += 1
      must(count < 3, 'liveness', `${action.id} is never settled`)
    }
  })
}

export function allRules(policy: Policy): readonly Rule[] {
  return [
    rule1(),
    rule2(),
    rule3(),
    rule4(policy),
    rule5(policy),
    rule6(policy),
    rule7(policy),
    rule10(),
    rule11(policy),
    staysBounded(),
    settlesActions(policy),
  ]
}
