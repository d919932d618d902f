/**
 * Issuing: an action is intended and written down first, then looked at once more, then issued and written down
 * again, and only then carried out. Whoever loses the commit's race does nothing.
 */
import type { ActingRung, Action, ActionBy, Baseline } from './action.ts'
import { actionWorstCaseMs, lastLookWorstCaseMs } from './action-timing.ts'
import type { BlackBox } from './black-box.ts'
import { BLACK_BOX_SCHEMA } from './black-box.ts'
import { spend } from './budget.ts'
import type { Next, Refusal } from './decision.ts'
import type { Draft } from './draft.ts'
import { incidentInState, inPhase, reported, toldIncident, withState } from './draft.ts'
import { resetIsBarred } from './escalation.ts'
import type { Observation, UnitEvidence } from './evidence.ts'
import { attemptNumber, withBlackBox } from './incidents.ts'
import { httpWorks, innerGuardLimitMs, newestHttp, readUnit, seenBootId } from './reading.ts'
import { describeAction, endAction, isBoot, isPower, withCurrentAction } from './settle.ts'
import type { Situation } from './situation.ts'
import { fits, isPaused } from './situation.ts'
import type { Lease, TargetState } from './state.ts'
import { describeUnarmed } from './state-new.ts'
import type { Workload } from './target.ts'

export type Wish = {
  readonly rung: ActingRung
  readonly unit?: string | undefined
  readonly by: ActionBy
  readonly force: boolean
}

/** Enough time for the last look and the action, at their worst? */
export function actionFits({ policy, moment, observation }: Situation, rung: ActingRung): boolean {
  const behindWorkingHttp = httpWorks(observation)
  const looksMs = lastLookWorstCaseMs(policy, { rung, behindWorkingHttp })
  return fits(moment, looksMs + actionWorstCaseMs(policy, rung))
}

/**
 * Takes the lease: a higher fence than any before, so that machines can refuse an older owner. Where the state was
 * lost, the machine knows better what was used.
 */
export function leased(draft: Draft, purpose: Lease['purpose'], situation: Situation): Draft {
  const { policy, moment, observation } = situation
  const fence = Math.max(draft.state.fence, observation.facts?.fence ?? 0) + 1
  const lease: Lease = {
    owner: moment.owner,
    fence,
    purpose,
    expiresAt: moment.now + policy.lease.durationMs,
  }
  return withState(draft, { fence, lease })
}

/** Writes the wish down, with what the machine was before. The draft must have an incident. */
export function intend(draft: Draft, wish: Wish, situation: Situation): Draft {
  const { moment, observation } = situation
  const { incident } = draft
  if (incident === undefined) throw new Error('An action needs an incident to stand in')
  const held = leased(draft, wish.by.kind === 'guard' ? 'recovery' : 'manual', situation)
  const attempt = attemptNumber(incident, wish)
  const action: Action = {
    id: [incident.id, wish.rung, ...(wish.unit === undefined ? [] : [wish.unit]), attempt].join('.'),
    incidentId: incident.id,
    rung: wish.rung,
    ...(wish.unit === undefined ? {} : { unit: wish.unit }),
    attempt,
    cause: draft.judgement.cause ?? 'manual',
    purpose: 'recovery',
    by: wish.by,
    force: wish.force,
    status: 'intended',
    intendedAt: moment.now,
    baseline: baselineOf(draft.state, observation, wish.unit),
    fence: held.state.fence,
  }
  return incidentInState(withCurrentAction(held, action), 'acting')
}

export function baselineOf(state: TargetState, observation: Observation, unit: string | undefined): Baseline {
  const bootId = seenBootId(observation) ?? state.bootId
  const workloads = observation.workloads
  const units = workloads === undefined || workloads.kind === 'unreadable' ? [] : workloads.units
  const found = units.find((candidate) => candidate.unit === unit)
  const serial = observation.vm?.kind === 'seen' ? observation.vm.serial : undefined
  return {
    ...(bootId === undefined ? {} : { bootId }),
    ...(found?.invocationId === undefined ? {} : { invocationId: found.invocationId }),
    ...(found?.container === undefined ? {} : { containerId: found.container.id }),
    ...(serial === undefined ? {} : { serialNext: serial.next }),
  }
}

/** Decides after the last look: issue it, or leave it and say why. */
export function afterLastLook(draft: Draft, situation: Situation): { draft: Draft; next: Next } {
  const action = draft.state.action
  if (action === undefined) throw new Error('The last look needs an intended action')
  const objection = objectionTo(action, situation)
  if (objection !== undefined)
    return { draft: withdraw(draft, action, objection, situation), next: { kind: 'rest' } }
  const issued = issue(withKeptBox(draft, action, situation), action, situation)
  const issuedAction = issued.state.action
  if (issuedAction === undefined) throw new Error('An issued action must be in the state')
  return { draft: issued, next: { kind: 'act', effect: { kind: 'act', action: issuedAction } } }
}

/** What was heard for the black box goes into the store with the word that the action is issued. */
function withKeptBox(draft: Draft, action: Action, { target, observation, moment }: Situation): Draft {
  const { incident } = draft
  const { blackBox: heard } = observation
  if (heard === undefined || incident === undefined) return draft
  const blackBox: BlackBox = {
    schema: BLACK_BOX_SCHEMA,
    id: action.id,
    incidentId: incident.id,
    target: target.id,
    at: heard.at,
    before: action.rung,
    sections: heard.sections,
  }
  const kept = heard.sections.filter(({ kind }) => kind === 'text').map(({ name }) => name)
  const text = kept.length === 0 ? 'black box: nothing could be had' : `black box kept: ${kept.join(', ')}`
  const pointed = { ...draft, blackBox, incident: withBlackBox(incident, blackBox) }
  return toldIncident(pointed, { at: moment.now, kind: 'black-box', text })
}

function objectionTo(action: Action, situation: Situation): Refusal | undefined {
  const { policy, state, observation, moment } = situation
  const not = (kind: Refusal['kind'], detail: string): Refusal => ({ kind, detail })
  const changed = changedMeanwhile(action, situation)
  if (changed !== undefined) return changed
  const http = newestHttp(observation)
  if (http === undefined || http.at < action.intendedAt)
    return not('not-applicable', 'the last look could not be taken in time')
  if (http.kind === 'not-asked') return not('not-applicable', `the last look failed: ${http.detail}`)
  if (isHealthyAgain(action, situation) && !action.force)
    return not('healthy', 'it was healthy at the last look')
  // Compute's word in the last look is new; what the wish rests on is as old as the wish at least.
  const seenAt = Math.min(observation.witnessedAt ?? observation.startedAt, action.intendedAt)
  if (moment.now - seenAt > policy.lease.observationFreshMs)
    return not('not-applicable', 'the evidence has grown old')
  if ((state.lease?.expiresAt ?? 0) - moment.now < policy.lease.issueRemainingMs)
    return not('not-applicable', 'the lease is about to end')
  if (!fits(moment, actionWorstCaseMs(policy, action.rung)))
    return not('not-applicable', 'too little of this run is left to carry it out')
  return isPower(action.rung) ? objectionByCompute(action, situation) : undefined
}

/** A person's word that came between the wish and its issue. */
function changedMeanwhile({ by, force }: Action, { state, moment }: Situation): Refusal | undefined {
  if (isPaused(state, moment.now))
    return { kind: 'paused', detail: `a person has paused it meanwhile: ${state.pause?.by ?? ''}` }
  if (by.kind === 'guard' && state.arming.kind === 'unarmed')
    return { kind: 'not-applicable', detail: describeUnarmed(state.arming) }
  if (state.breaker.kind === 'open' && !force) return { kind: 'breaker-open', detail: state.breaker.reason }
  return undefined
}

/** Where the endpoint works, only a look over SSH that is newer than the wish says that one unit is down all the same. */
function isHealthyAgain({ rung, unit, intendedAt }: Action, situation: Situation): boolean {
  const { observation, target } = situation
  if (!httpWorks(observation)) return false
  const { ssh, workloads } = observation
  const isNew = ssh !== undefined && ssh.at >= intendedAt
  if (rung !== 'restart-workload' || !isNew || workloads?.kind !== 'ok') return true
  const found = workloads.units.find((candidate) => candidate.unit === unit)
  const workload = target.workloads.find((candidate) => candidate.unit === unit)
  const reading = readUnit(found)
  return reading !== 'failed' && !(reading === 'at-work' && isOverdue(workload, found, situation))
}

/** A unit that the VM's own guard did not bring up in its time is no better for still being tried. */
function isOverdue(
  workload: Workload | undefined,
  unit: UnitEvidence | undefined,
  { policy, state, moment }: Situation,
): boolean {
  if (workload === undefined || state.innerGuardSince === undefined) return false
  return moment.now - state.innerGuardSince > innerGuardLimitMs(policy, workload, unit)
}

function objectionByCompute(action: Action, situation: Situation): Refusal | undefined {
  const { state, observation, moment, policy, fleet, target } = situation
  const vm = observation.vm
  const not = (detail: string): Refusal => ({ kind: 'not-applicable', detail })
  if (vm === undefined || vm.kind !== 'seen' || vm.at < action.intendedAt)
    return not('Compute did not confirm what the VM is')
  const armedId = state.arming.kind === 'armed' ? state.arming.fingerprint.instanceId : undefined
  if (armedId !== undefined && armedId !== vm.instanceId)
    return not('it is another instance than the armed one')
  if (vm.operationRunning !== undefined) return not(`an operation is running on it: ${vm.operationRunning}`)
  const wanted = statusesFor(action.rung)
  if (!wanted.includes(vm.status))
    return not(`the VM is ${vm.status}, ${action.rung} needs ${wanted.join(' or ')}`)
  const context = { policy, targetId: target.id, state, fleet, observation, now: moment.now }
  if (action.rung === 'reset' && !action.force && resetIsBarred(context))
    return { kind: 'barred', detail: 'SSH works: reset is barred' }
  return undefined
}

function statusesFor(rung: ActingRung): readonly string[] {
  if (rung === 'start') return ['TERMINATED', 'STOPPED']
  return rung === 'resume' ? ['SUSPENDED'] : ['RUNNING']
}

function withdraw(draft: Draft, action: Action, refusal: Refusal, { moment }: Situation): Draft {
  const text = `${describeAction(action)} was left undone: ${refusal.detail}`
  const ended = endAction(draft, { ...action, status: 'not-happened', endedAt: moment.now })
  const told = toldIncident(
    reported(ended, { rung: action.rung, result: 'skipped', detail: refusal.detail }),
    { at: moment.now, kind: 'action', text },
  )
  const free = incidentInState(withState(told, { lease: undefined }), 'open')
  const settled = inPhase(free, 'suspect', text, moment.now)
  return action.by.kind === 'person' ? { ...settled, refusal } : settled
}

function issue(draft: Draft, action: Action, { policy, moment }: Situation): Draft {
  const { now } = moment
  const issued: Action = { ...action, status: 'issued', issuedAt: now }
  const lease = draft.state.lease
  const spent = withState(withCurrentAction(draft, issued), {
    uses: spend(policy, draft.state.uses, {
      rung: action.rung,
      ...(action.unit === undefined ? {} : { unit: action.unit }),
      at: now,
    }),
    // The inner guard gets its time anew after our own restart; a boot has its grace from here.
    innerGuardSince: undefined,
    // What was ordered is followed: an idle target gets full looks again.
    relookAt: undefined,
    ...(lease === undefined ? {} : { lease: { ...lease, expiresAt: now + policy.lease.durationMs } }),
    ...(isBoot(action.rung)
      ? { grace: { since: now, until: now + policy.graceMs, why: describeAction(action) }, graceSpent: true }
      : {}),
  })
  const told = toldIncident(spent, { at: now, kind: 'action', text: `${describeAction(action)} issued` })
  return inPhase(told, 'recovering', `${describeAction(action)} issued`, now)
}
