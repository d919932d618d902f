/**
 * Escalation: which rung comes next for a judgement that may be acted on, or why none does yet.
 * The least violent rung that fits is tried first; budgets, cooldown, fleet and rule 6 hold it back.
 */

import type { ActingRung } from './action.ts'
import { assertNever } from './assert-never.ts'
import { budgetFor, cooldownEndsAt } from './budget.ts'
import type { Observation } from './evidence.ts'
import type { FleetView } from './fleet.ts'
import { heldByFleet } from './fleet.ts'
import type { Judgement } from './judgement.ts'
import type { Policy } from './policy.ts'
import type { LadderStep, TargetState } from './state.ts'

export type NextRung =
  | { readonly kind: 'act'; readonly rung: ActingRung; readonly unit?: string }
  /** `tell`: it has lasted too long; a person is told, and the waiting goes on. */
  | { readonly kind: 'wait'; readonly reason: string; readonly until?: number; readonly tell?: true }
  /** `breaker`: a budget is spent, and only a person closes what opens now. */
  | { readonly kind: 'call-person'; readonly reason: string; readonly breaker?: ActingRung }

export type Escalation = {
  readonly policy: Policy
  readonly targetId: string
  readonly state: TargetState
  readonly fleet: FleetView
  readonly observation: Observation
  readonly now: number
}

/** The next rung for a confirmed judgement. */
export function nextRung(context: Escalation, judgement: Judgement): NextRung {
  const wanted = wantedRung(context, judgement)
  return wanted.kind === 'act' ? heldBack(context, wanted) : wanted
}

/** What the evidence and the ladder so far ask for, before anything holds it back. */
export function wantedRung(context: Escalation, judgement: Judgement): NextRung {
  const { remedy, reason } = judgement
  switch (remedy.kind) {
    case 'none':
      return { kind: 'wait', reason }
    case 'human':
      return { kind: 'call-person', reason }
    case 'wait':
      return remedy.callPersonAt !== undefined && context.now >= remedy.callPersonAt
        ? { kind: 'wait', reason: `${reason}, for too long`, tell: true }
        : {
            kind: 'wait',
            reason,
            ...(remedy.callPersonAt === undefined ? {} : { until: remedy.callPersonAt }),
          }
    case 'restart-workload':
      return restartOrReboot(context, remedy, reason)
    case 'reboot':
      return rebootOrReset(context, reason)
    case 'reset':
    case 'start':
    case 'resume':
      return remedy.notBefore !== undefined && context.now < remedy.notBefore
        ? { kind: 'wait', reason: `${reason}; ${remedy.kind} not yet`, until: remedy.notBefore }
        : { kind: 'act', rung: remedy.kind }
    default:
      return assertNever(remedy)
  }
}

/** A failed verification opens the next rung at once; the same cause after a reboot is beyond a machine's help. */
function restartOrReboot(
  context: Escalation,
  remedy: Extract<Judgement['remedy'], { kind: 'restart-workload' }>,
  reason: string,
): NextRung {
  const { ladder } = context.state
  const unit = remedy.units.find((candidate) => !failedBefore(ladder, candidate)) ?? remedy.units[0]
  if (unit === undefined) return { kind: 'call-person', reason }
  const restartFailed = remedy.units.every((candidate) => failedBefore(ladder, candidate))
  if (!restartFailed) return { kind: 'act', rung: 'restart-workload', unit }
  if (!remedy.allDown)
    return {
      kind: 'call-person',
      reason: `${reason}; a restart did not help, and a reboot would take the others down`,
    }
  if (ladder.some((step) => step.rung === 'reboot' || step.rung === 'reset'))
    return { kind: 'call-person', reason: `${reason}; neither a restart nor a reboot helped` }
  return { kind: 'act', rung: 'reboot' }
}

function failedBefore(ladder: readonly LadderStep[], unit: string): boolean {
  return ladder.some((step) => step.rung === 'restart-workload' && step.unit === unit && !step.verified)
}

/** Rule 6: while SSH works, reset is barred unless an issued reboot left `boot_id` unchanged for long enough. */
function rebootOrReset({ policy, state, observation, now }: Escalation, reason: string): NextRung {
  const rebooted = state.ladder.findLast((step) => step.rung === 'reboot')
  if (rebooted === undefined) return { kind: 'act', rung: 'reboot' }
  if (!bootIsUnchanged(state, observation))
    return { kind: 'call-person', reason: `${reason}; the same again after a reboot` }
  const unbarredAt = rebooted.at + policy.vm.bootUnchangedMs
  if (now < unbarredAt)
    return { kind: 'wait', reason: `${reason}; the reboot has not happened yet`, until: unbarredAt }
  if (state.ladder.some((step) => step.rung === 'reset'))
    return { kind: 'call-person', reason: `${reason}; neither a reboot nor a reset helped` }
  return { kind: 'act', rung: 'reset' }
}

function bootIsUnchanged(state: TargetState, observation: Observation): boolean {
  const before = state.ladder.findLast((step) => step.rung === 'reboot')?.bootId
  return before !== undefined && observation.facts?.bootId === before
}

/** Rule 6 for every road to a reset, a person's included. */
export function resetIsBarred({ policy, state, observation, now }: Escalation): boolean {
  if (observation.ssh?.kind !== 'ok') return false
  const rebooted = state.ladder.findLast((step) => step.rung === 'reboot')
  const unchanged = rebooted !== undefined && bootIsUnchanged(state, observation)
  return !(unchanged && now - rebooted.at >= policy.vm.bootUnchangedMs)
}

function heldBack(context: Escalation, wanted: Extract<NextRung, { kind: 'act' }>): NextRung {
  const { policy, state, fleet, targetId, now } = context
  if (wanted.rung === 'reset' && resetIsBarred(context))
    return { kind: 'wait', reason: 'SSH works: reset is barred' }
  if (wanted.rung === 'reboot' || wanted.rung === 'reset') {
    const held = heldByFleet(fleet, targetId)
    if (held !== undefined) return { kind: 'wait', ...held }
  }
  const budget = budgetFor(policy, state, wanted, now)
  if (budget.kind === 'spent')
    return {
      kind: 'call-person',
      reason: `${describe(wanted)} was used ${budget.used} times in ${Math.round(budget.limit.windowMs / 60_000)} min: the budget is spent`,
      breaker: wanted.rung,
    }
  const stockOut = state.stockOut
  if ((wanted.rung === 'start' || wanted.rung === 'resume') && stockOut !== undefined && now < stockOut.until)
    return { kind: 'wait', reason: 'the zone has no room for the VM', until: stockOut.until }
  const readyAt = cooldownEndsAt(policy, state, wanted)
  if (now < readyAt) return { kind: 'wait', reason: `${describe(wanted)} cools down`, until: readyAt }
  return wanted
}

function describe({ rung, unit }: { readonly rung: ActingRung; readonly unit?: string }): string {
  return unit === undefined ? rung : `${rung} of ${unit}`
}
