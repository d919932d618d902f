/**
 * Settling an action: what came back, whether it happened, whether it helped. An action without a known end is
 * looked for in the world's traces and never repeated blindly.
 */
import type { Action, ActionResult } from './action.ts'
import type { Draft } from './draft.ts'
import { inPhase, reported, toldIncident, withState } from './draft.ts'
import type { EffectResult, Observation } from './evidence.ts'
import type { FixedBy } from './incident.ts'
import { probationMsOf, recovered, withAction } from './incidents.ts'
import type { Policy } from './policy.ts'
import { seenBootId } from './reading.ts'
import type { LadderStep, TargetState } from './state.ts'
import { powerOf } from './verdict-vm.ts'

type When = { readonly policy: Policy; readonly now: number }

/** The rungs that Compute carries out. */
export function isPower(rung: Action['rung']): boolean {
  return rung === 'reset' || rung === 'start' || rung === 'resume'
}

export function isBoot(rung: Action['rung']): boolean {
  return isPower(rung) || rung === 'reboot'
}

export function describeAction({ rung, unit, attempt }: Action): string {
  const what = unit === undefined ? rung : `${rung} of ${unit}`
  return attempt === 1 ? what : `${what} (attempt ${attempt})`
}

/** Replaces the action in the state and in the incident. */
export function withCurrentAction(draft: Draft, action: Action): Draft {
  const incident = draft.incident
  const booked =
    incident === undefined || action.purpose === 'rollout' ? {} : { incident: withAction(incident, action) }
  return withState({ ...draft, ...booked }, { action })
}

/** Ends the action: the incident keeps its last form, the state forgets it. */
export function endAction(draft: Draft, action: Action): Draft {
  return withState(withCurrentAction(draft, action), { action: undefined })
}

/** Takes in what the effect gave back. Failed and skipped orders end here; the others have to be verified. */
export function absorbResult(
  draft: Draft,
  result: Extract<EffectResult, { kind: 'action' }>,
  when: When,
): Draft {
  const action = draft.state.action
  if (action === undefined || action.id !== result.actionId) return draft
  const told = toldIncident(reported(draft, reportedAction(action, result.result)), {
    at: result.at,
    kind: 'action',
    text: `${describeAction(action)}: ${describeResult(result.result)}`,
  })
  const known = { ...action, result: result.result }
  switch (result.result.kind) {
    case 'done':
    case 'unknown':
      return withCurrentAction(told, known)
    case 'skipped':
      return withoutLease(endAction(told, { ...known, status: 'not-happened', endedAt: when.now }))
    case 'failed':
      return result.result.stockOut === true ? outOfStock(told, known, when) : orderFailed(told, known, when)
  }
}

function reportedAction({ rung, unit }: Action, result: ActionResult): Draft['actions'][number] {
  const detail = [unit, result.detail].filter((part) => part !== undefined && part !== '').join(': ')
  return { rung, result: result.kind, ...(detail === '' ? {} : { detail }) }
}

function describeResult(result: ActionResult): string {
  return result.detail === undefined ? result.kind : `${result.kind}: ${result.detail}`
}

function withoutLease(draft: Draft): Draft {
  return withState(draft, { lease: undefined })
}

/** The zone had no room: it costs no budget, and the next try waits longer each time. */
function outOfStock(draft: Draft, action: Action, { policy, now }: When): Draft {
  const failures = (draft.state.stockOut?.failures ?? 0) + 1
  const waitMs = Math.min(policy.stockOut.firstMs * 2 ** (failures - 1), policy.stockOut.maxMs)
  const uses = draft.state.uses.filter((use) => !(use.rung === action.rung && use.at === action.issuedAt))
  const ended = endAction(draft, { ...action, status: 'not-happened', endedAt: now })
  return withoutLease(
    withState(ended, {
      uses,
      stockOut: { failures, until: now + waitMs },
      grace: undefined,
      graceSpent: false,
    }),
  )
}

function orderFailed(draft: Draft, action: Action, { now }: When): Draft {
  const ended = endAction(draft, { ...action, status: 'not-happened', endedAt: now })
  const ladder = action.purpose === 'rollout' ? draft.state.ladder : climbed(draft.state, action, false)
  return withoutLease(withState(ended, { ladder, ...(isBoot(action.rung) ? { grace: undefined } : {}) }))
}

/** A step of the ladder, as the next one's reason. Bounded by the budgets, and by force. */
export function climbed(state: TargetState, action: Action, verified: boolean): readonly LadderStep[] {
  const step: LadderStep = {
    rung: action.rung,
    ...(action.unit === undefined ? {} : { unit: action.unit }),
    cause: action.cause,
    at: action.issuedAt ?? action.intendedAt,
    ...(action.baseline.bootId === undefined ? {} : { bootId: action.baseline.bootId }),
    verified,
  }
  return [...state.ladder, step].slice(-32)
}

/** Proof that the action happened: another boot, an uptime shorter than the time since, a newer invocation. */
export function isProved(action: Action, observation: Observation, now: number): boolean {
  const { baseline } = action
  if (isBoot(action.rung)) {
    const bootId = seenBootId(observation)
    if (baseline.bootId !== undefined && bootId !== undefined) return bootId !== baseline.bootId
    const uptimeMs = observation.facts?.uptimeMs
    return uptimeMs !== undefined && action.issuedAt !== undefined && uptimeMs < now - action.issuedAt
  }
  const workloads = observation.workloads
  if (workloads === undefined || workloads.kind === 'unreadable') return false
  const unit = workloads.units.find((candidate) => candidate.unit === action.unit)
  if (unit?.invocationId === undefined || baseline.invocationId === undefined) return false
  return unit.invocationId !== baseline.invocationId
}

export type Ending =
  /** Not yet known; `reason` for people. */
  | { readonly kind: 'pending'; readonly reason: string }
  /** It did not happen: what to do is decided anew. */
  | { readonly kind: 'not-happened' }
  /** It happened, or must be taken to have, and the target is not well: the next rung is open. */
  | { readonly kind: 'did-not-help'; readonly proved: boolean }

/** What to think of an issued action while the target is not well. */
export function endingOf(
  state: TargetState,
  action: Action,
  observation: Observation,
  { innerGuardAtWork, policy, now }: When & { readonly innerGuardAtWork: boolean },
): Ending {
  const issuedAt = action.issuedAt ?? action.intendedAt
  if (wentDownSince(action, observation)) return { kind: 'did-not-help', proved: false }
  const proved = isProved(action, observation, now)
  const known = action.result?.kind === 'done' || proved || leftTrace(action, observation)
  if (!known && now - issuedAt < policy.graceMs) {
    const noTrace = observation.trace?.kind === 'no-trace' || attemptIsMissing(action, observation)
    const anewAt = issuedAt + policy.lease.durationMs + policy.lease.decideAnewAfterMs
    if (noTrace && now >= anewAt) return { kind: 'not-happened' }
    return { kind: 'pending', reason: `it is not known yet whether the ${describeAction(action)} happened` }
  }
  if (isBoot(action.rung)) {
    const until = state.grace?.until ?? issuedAt + policy.graceMs
    if (now < until) return { kind: 'pending', reason: `booting after the ${describeAction(action)}` }
  } else if (innerGuardAtWork || now - issuedAt < policy.verify.inTickMs) {
    return { kind: 'pending', reason: `${action.unit} is starting after the ${describeAction(action)}` }
  }
  return { kind: 'did-not-help', proved }
}

/** A VM that is down is not booting, whatever was ordered: unless all that is known is why it had to be started. */
function wentDownSince({ rung, issuedAt }: Action, { vm }: Observation): boolean {
  if (vm?.kind !== 'seen' || powerOf(vm.status) !== 'down' || !isBoot(rung)) return false
  return rung === 'reboot' || rung === 'reset' || (vm.lastStop?.at ?? 0) > (issuedAt ?? 0)
}

function leftTrace(action: Action, observation: Observation): boolean {
  return observation.trace?.kind === 'happened' || observation.facts?.lastActionId === action.id
}

/** SSH works, and the machine ran something else last. */
function attemptIsMissing(action: Action, observation: Observation): boolean {
  return (
    !isPower(action.rung) && observation.facts !== undefined && observation.facts.lastActionId !== action.id
  )
}

/** Restarts that are still owed after this action: a container that was recreated holds its new secrets. */
export function rolloutAfter(
  { rollout }: TargetState,
  action: Action,
  proved: boolean,
): TargetState['rollout'] {
  const happened = proved || action.result?.kind === 'done'
  if (rollout === undefined || !happened) return rollout
  const recreated = isBoot(action.rung) ? rollout.units : [action.unit]
  return { ...rollout, units: rollout.units.filter((unit) => !recreated.includes(unit)) }
}

/** The target is well again after the action. Without proof it is probation too, the action marked unproved. */
export function passed(draft: Draft, action: Action, observation: Observation, { policy, now }: When): Draft {
  const proved = isProved(action, observation, now)
  const status = proved ? 'proved' : 'unknown'
  const text = `well again ${Math.round((now - (action.issuedAt ?? now)) / 1000)} s after the ${describeAction(action)}, ${proved ? 'proved' : 'unproved'}`
  const ended = endAction(toldIncident(draft, { at: now, kind: 'verified', text }), {
    ...action,
    status,
    endedAt: now,
  })
  const settled = withState(ended, {
    lease: undefined,
    grace: undefined,
    graceSpent: false,
    rollout: rolloutAfter(draft.state, action, proved),
  })
  if (action.purpose === 'rollout') return settled
  const { incident } = settled
  const booked =
    incident === undefined ? {} : { incident: recovered(incident, fixedByAction(action, proved), now) }
  const onProbation = withState(
    { ...settled, ...booked },
    {
      ladder: climbed(settled.state, action, true),
      probationUntil: now + probationMsOf(policy, incident),
    },
  )
  return inPhase(onProbation, 'probation', text, now)
}

function fixedByAction({ id, rung, unit, by }: Action, proved: boolean): FixedBy {
  return { kind: 'action', actionId: id, rung, ...(unit === undefined ? {} : { unit }), by: by.kind, proved }
}
