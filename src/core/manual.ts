/**
 * A person's recovery: the same lease, the same record, the same last look. It skips thresholds and cooldown;
 * `force` is needed on a healthy target, on an open breaker and for a reset while SSH works.
 */
import type { ActingRung } from './action.ts'
import { budgetFor } from './budget.ts'
import { draftOf, judgeNow } from './decide-draft.ts'
import type { Decision, Refusal } from './decision.ts'
import type { Draft } from './draft.ts'
import { reported, toDecision, toldIncident, withState } from './draft.ts'
import { resetIsBarred, wantedRung } from './escalation.ts'
import { openIncident, reopen } from './incidents.ts'
import { actionFits, intend } from './issue.ts'
import type { Judgement, Remedy } from './judgement.ts'
import { wouldDo } from './outage.ts'
import { abandoned } from './pending.ts'
import { works } from './remember.ts'
import type { Request } from './request.ts'
import { endAction } from './settle.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'

type Recover = Extract<Request, { kind: 'recover' }>
type Chosen =
  | { readonly kind: 'chosen'; readonly rung: ActingRung; readonly unit?: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export function decideManual(situation: Situation, request: Recover): Decision {
  const judgement = judgeNow(situation)
  const draft = draftOf(situation, judgement)
  const early = earlyRefusal(situation, request, judgement)
  if (early !== undefined) return toDecision({ ...draft, refusal: early })
  const chosen = choose(situation, request, judgement)
  if (chosen.kind === 'refused') return toDecision({ ...draft, refusal: chosen.refusal })
  const late = lateRefusal(situation, request, chosen)
  if (late !== undefined) return toDecision({ ...draft, refusal: late })
  if (request.dryRun)
    return toDecision(
      reported(
        draft,
        wouldDo({ rung: chosen.rung, ...(chosen.unit === undefined ? {} : { unit: chosen.unit }) }),
      ),
    )
  const open = openedByPerson(cleared(draft, situation.moment.now), request, judgement, situation.moment.now)
  const by = { kind: 'person' as const, who: request.by, reason: request.reason }
  const wish = { rung: chosen.rung, unit: chosen.unit, by, force: request.force }
  return toDecision(intend(open, wish, situation), { kind: 'look' })
}

/** What a run that crashed had in mind never happened; of an order that is long over nobody knows any more. */
function cleared(draft: Draft, now: number): Draft {
  const { action } = draft.state
  if (action === undefined) return draft
  return action.status === 'issued'
    ? endAction(draft, { ...action, status: 'unknown', endedAt: now })
    : abandoned(draft, now)
}

/** An order is waited for no longer than a boot may take: evidence that never settles it must not lock a person out. */
function isInFlight({ state: { action }, policy, moment }: Situation): boolean {
  if (action?.status !== 'issued') return false
  const { lease, graceMs } = policy
  const overMs = Math.max(graceMs, lease.durationMs + lease.decideAnewAfterMs)
  return moment.now < (action.issuedAt ?? action.intendedAt) + overMs
}

function refuse(kind: Refusal['kind'], detail: string): Refusal {
  return { kind, detail }
}

function earlyRefusal(situation: Situation, request: Recover, judgement: Judgement): Refusal | undefined {
  const { state, target, moment } = situation
  const { action } = state
  if (situation.policy.mode === 'observe' && !request.dryRun)
    return refuse('observing', 'policy.mode is observe: everything is decided and recorded, nothing is done')
  if (isPaused(state, moment.now))
    return refuse('paused', `paused by ${state.pause?.by}: ${state.pause?.reason}; resume it first`)
  if (action !== undefined && isInFlight(situation))
    return refuse(
      'in-flight',
      `${action.rung} was issued ${new Date(action.issuedAt ?? 0).toISOString()} and is still being verified`,
    )
  if (request.unit !== undefined && !target.workloads.some(({ unit }) => unit === request.unit))
    return refuse(
      'unknown-unit',
      `no workload ${request.unit}; known: ${target.workloads.map(({ unit }) => unit).join(', ')}`,
    )
  if (request.force) return undefined
  if (state.breaker.kind === 'open') return refuse('breaker-open', state.breaker.reason)
  if (works(situation, judgement)) return refuse('healthy', `it works: ${judgement.reason}`)
  return undefined
}

function choose(situation: Situation, request: Recover, judgement: Judgement): Chosen {
  switch (request.action) {
    case 'auto':
      return chooseByEvidence(situation, onlyUnit(judgement, request.unit))
    case 'start':
      return withoutUnit(request, chooseStart(situation))
    case 'restart-workload': {
      const suggested = judgement.remedy.kind === 'restart-workload' ? judgement.remedy.units[0] : undefined
      const unit =
        request.unit ?? suggested ?? situation.target.health.unit ?? situation.target.workloads[0]?.unit
      if (unit === undefined)
        return { kind: 'refused', refusal: refuse('not-applicable', 'no workload is configured') }
      return { kind: 'chosen', rung: 'restart-workload', unit }
    }
    case 'reboot':
    case 'reset':
      return withoutUnit(request, { kind: 'chosen', rung: request.action })
  }
}

/** A named unit must not be left unheard: only a restart is of one unit. */
function withoutUnit({ action, unit }: Recover, chosen: Chosen): Chosen {
  if (unit === undefined) return chosen
  return {
    kind: 'refused',
    refusal: refuse('not-applicable', `${action} is of the whole VM, not of ${unit}`),
  }
}

function onlyUnit(judgement: Judgement, unit: string | undefined): Judgement {
  const { remedy } = judgement
  if (unit === undefined) return judgement
  if (remedy.kind === 'restart-workload' && remedy.units.includes(unit))
    return { ...judgement, remedy: { ...remedy, units: [unit] } }
  return { ...judgement, reason: `${unit} is not what fails (${judgement.reason})`, remedy: { kind: 'none' } }
}

function chooseByEvidence(situation: Situation, judgement: Judgement): Chosen {
  const { policy, target, state, fleet, observation, moment } = situation
  // A person who asks to recover a VM that a person stopped wants it up.
  if (
    judgement.cause === 'stopped-by-person' &&
    observation.vm?.kind === 'seen' &&
    observation.vm.status !== 'RUNNING'
  )
    return chooseStart(situation)
  const context = { policy, targetId: target.id, state, fleet, observation, now: moment.now }
  const wanted = wantedRung(context, { ...judgement, remedy: atOnce(judgement.remedy) })
  if (wanted.kind === 'act')
    return { kind: 'chosen', rung: wanted.rung, ...(wanted.unit === undefined ? {} : { unit: wanted.unit }) }
  return {
    kind: 'refused',
    refusal: refuse(
      'not-applicable',
      `the evidence asks for no action: ${wanted.reason}; name one to have it done`,
    ),
  }
}

/** A person's word skips the thresholds: what the guard would wait for need not have lasted. */
function atOnce(remedy: Remedy): Remedy {
  return 'notBefore' in remedy ? { kind: remedy.kind } : remedy
}

function chooseStart({ observation }: Situation): Chosen {
  const status = observation.vm?.kind === 'seen' ? observation.vm.status : 'unknown'
  if (status === 'TERMINATED' || status === 'STOPPED') return { kind: 'chosen', rung: 'start' }
  if (status === 'SUSPENDED') return { kind: 'chosen', rung: 'resume' }
  return {
    kind: 'refused',
    refusal: refuse('not-applicable', `the VM is ${status}: only one that is down can be started`),
  }
}

function lateRefusal(
  situation: Situation,
  request: Recover,
  { rung, unit }: Extract<Chosen, { kind: 'chosen' }>,
): Refusal | undefined {
  const { policy, target, state, fleet, observation, moment } = situation
  const context = { policy, targetId: target.id, state, fleet, observation, now: moment.now }
  const overSsh = rung === 'restart-workload' || rung === 'reboot'
  if (overSsh && observation.ssh?.kind !== 'ok')
    return refuse('not-applicable', `${rung} goes over SSH, which says ${observation.ssh?.kind ?? 'nothing'}`)
  if (!actionFits(situation, rung))
    return refuse('not-applicable', 'too little of this run is left to carry it out')
  if (request.force) return undefined
  if (rung === 'reset' && resetIsBarred(context))
    return refuse('barred', 'SSH works: reboot is the gentler way; force a reset if you must')
  const budget = budgetFor(policy, state, { rung, unit }, moment.now)
  if (budget.kind === 'spent')
    return refuse(
      'breaker-open',
      `${rung} was used ${budget.used} times in ${Math.round(budget.limit.windowMs / 60_000)} min: the budget is spent`,
    )
  return undefined
}

function openedByPerson(draft: Draft, request: Recover, judgement: Judgement, now: number): Draft {
  const text = `${request.by} asks for ${request.action}: ${request.reason}`
  const entry = { at: now, kind: 'person' as const, text }
  const { incident } = draft
  // It had been well again, and is ill once more.
  if (incident?.state === 'probation' && judgement.verdict === 'unhealthy')
    return withState({ ...draft, incident: reopen(incident, entry) }, { probationUntil: undefined })
  if (incident !== undefined) return toldIncident(draft, entry)
  const cause = judgement.verdict === 'unhealthy' ? (judgement.cause ?? 'manual') : 'manual'
  const fresh = openIncident(
    { target: draft.state.target, cause, by: 'person', beganAt: draft.state.failingSince ?? now },
    { text, now },
  )
  return withState({ ...draft, incident: fresh }, { incidentId: fresh.id })
}
