/**
 * Failing: settle what was done, wait where somebody else is at work or nothing may be done, confirm, and climb the
 * ladder one rung.
 */
import { isConfirmed } from './confirmation.ts'
import type { Decision, Next } from './decision.ts'
import type { Draft } from './draft.ts'
import { inPhase, reported, toDecision, toldIncident, withState } from './draft.ts'
import type { NextRung } from './escalation.ts'
import { nextRung } from './escalation.ts'
import { actionFits, intend } from './issue.ts'
import type { Judgement } from './judgement.ts'
import { observed } from './observe.ts'
import { callPerson, gaveUp, opened, wouldDo } from './outage.ts'
import { settlePending } from './pending.ts'
import { planRollout } from './rollout.ts'
import { missingNames } from './secret-plan.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import { describeUnarmed } from './state-new.ts'

export function whenItFails(draft: Draft, situation: Situation): Decision {
  const settled = settlePending(draft, situation)
  if (settled.kind === 'pending') return toDecision(settled.draft)
  const unanswered = settled.draft
  const held = holdsOff(unanswered, situation)
  if (held !== undefined) return withSecretsAtLeast(idleLater(held, situation), situation)
  const { policy, fleet, observation, target, moment } = situation
  const { judgement } = unanswered
  if (!stands(unanswered, situation))
    return toDecision(inPhase(unanswered, 'suspect', `${judgement.reason}; to be confirmed`, moment.now))
  const supplied = supplyMissingSecrets(unanswered, situation)
  if (supplied !== undefined) return supplied
  const context = {
    policy,
    targetId: target.id,
    state: unanswered.state,
    fleet,
    observation,
    now: moment.now,
  }
  const { draft: next, next: step } = climb(unanswered, nextRung(context, judgement), situation)
  return toDecision(step.kind === 'rest' ? idleLater(next, situation) : next, step)
}

/** No rung mends a container that can't be created for want of a secret: the secret is put, its unit restarted. */
function supplyMissingSecrets(draft: Draft, situation: Situation): Decision | undefined {
  const { target, observation, moment } = situation
  const { judgement } = draft
  if (judgement.cause !== 'workload-failed' && judgement.cause !== 'inner-guard-at-work') return undefined
  const units = target.workloads.map(({ unit }) => unit)
  const missing = missingNames(target, units, observation.presentSecrets)
  if (missing.length === 0 || observation.secretVersions === undefined) return undefined
  // Once an outage: what can't be put, or does not help, must not keep the ladder from being climbed.
  if (draft.state.secretsSupplied === true) return undefined
  const text = `${missing.join(', ')} is missing on the VM: put again`
  const told = toldIncident(opened(draft, judgement, moment.now), { at: moment.now, kind: 'evidence', text })
  const planned = planRollout(withState(told, { secretsSupplied: true }), situation)
  return planned.next.kind === 'act' ? planned : undefined
}

/**
 * Recovery goes first; where it may not act, has given up, or a person stopped a workload, secrets are put all the same.
 * A sync that has to wait says so.
 */
function withSecretsAtLeast(draft: Draft, situation: Situation): Decision {
  const { arming, phase } = draft.state
  const { observation, request } = situation
  const asked = request.kind === 'sync'
  const stopped = draft.judgement.cause === 'stopped-by-person' && observation.facts?.held !== true
  const nothingElse = arming.kind === 'unarmed' || stopped || (phase === 'gave-up' && asked)
  if (nothingElse && observation.ssh?.kind === 'ok') return planRollout(draft, situation)
  const detail = `recovery goes first: ${draft.judgement.reason}`
  return toDecision(asked ? reported(draft, { rung: 'rollout', result: 'skipped', detail }) : draft)
}

/** Why nothing may be done now, whatever the evidence says; undefined when something may. */
function holdsOff(draft: Draft, situation: Situation): Draft | undefined {
  const { moment, request } = situation
  const { state, judgement } = draft
  const { now } = moment
  if (judgement.remedy.kind === 'none')
    return inPhase(draft, unarmedOr(draft, 'watching'), judgement.reason, now)
  if (state.arming.kind === 'unarmed') {
    const reason = `${judgement.reason}; ${describeUnarmed(state.arming)}`
    const called = stands(draft, situation) ? callPersonOf(draft, judgement, reason, now) : draft
    return inPhase(called, 'unarmed', reason, now)
  }
  if (isPaused(state, now)) return inPhase(draft, 'watching', `paused: ${judgement.reason}`, now)
  if (state.breaker.kind === 'open' && judgement.remedy.kind !== 'wait' && stands(draft, situation))
    return gaveUp(opened(draft, judgement, now), `the breaker is open: ${judgement.reason}`, now)
  const rollout = state.rollout
  if (rollout !== undefined && now < rollout.expectedDownUntil)
    return inPhase(draft, 'waiting', 'restarting for new secrets: this is expected', now)
  if (request.kind === 'sync')
    return state.phase === 'watching' ? inPhase(draft, 'suspect', judgement.reason, now) : draft
  return inGrace(draft, situation)
}

/** Judged by the failures before this look: its own is no second witness. */
function stands({ judgement }: Draft, { policy, state, moment }: Situation): boolean {
  return isConfirmed(policy, state, judgement, moment.now)
}

function unarmedOr(draft: Draft, phase: 'watching' | 'suspect') {
  return draft.state.arming.kind === 'unarmed' ? ('unarmed' as const) : phase
}

function inGrace(draft: Draft, { moment }: Situation): Draft | undefined {
  const { now } = moment
  const { remedy, reason } = draft.judgement
  // A VM that is down is not booting.
  if (remedy.kind === 'start' || remedy.kind === 'resume') return undefined
  const { grace } = draft.state
  if (grace === undefined || now >= grace.until) return undefined
  return inPhase(draft, 'grace', `booting (${grace.why}); ${reason}`, now)
}

function climb(draft: Draft, rung: NextRung, situation: Situation): { draft: Draft; next: Next } {
  const { judgement } = draft
  const { now } = situation.moment
  const rest: Next = { kind: 'rest' }
  switch (rung.kind) {
    case 'wait': {
      const until =
        rung.until === undefined ? '' : `, until ${new Date(rung.until).toISOString()} at the latest`
      const told = rung.tell === true ? callPerson(opened(draft, judgement, now), rung.reason, now) : draft
      const open = judgement.remedy.kind === 'wait' ? told : opened(told, judgement, now)
      return { draft: inPhase(open, 'waiting', `${rung.reason}${until}`, now), next: rest }
    }
    case 'call-person': {
      const broken =
        rung.breaker === undefined
          ? draft
          : withState(draft, {
              breaker: { kind: 'open', since: now, rung: rung.breaker, reason: rung.reason },
              calledPerson: undefined,
            })
      return { draft: gaveUp(opened(broken, judgement, now), rung.reason, now), next: rest }
    }
    case 'act': {
      const open = opened(draft, judgement, now)
      if (!actionFits(situation, rung.rung))
        return {
          draft: inPhase(open, 'waiting', `${rung.rung} needs more time than this tick has left`, now),
          next: rest,
        }
      if (situation.policy.mode === 'observe') return { draft: observed(open, rung, situation), next: rest }
      if (situation.request.kind === 'tick' && situation.request.dryRun)
        return { draft: reported(open, wouldDo(rung)), next: rest }
      const wish = { rung: rung.rung, unit: rung.unit, by: { kind: 'guard' as const }, force: false }
      return { draft: intend(open, wish, situation), next: { kind: 'look' } }
    }
  }
}

function callPersonOf(draft: Draft, judgement: Judgement, reason: string, now: number): Draft {
  const waits = judgement.remedy.kind === 'none' || judgement.remedy.kind === 'wait'
  return waits ? draft : callPerson(draft, reason, now)
}

/** Where nothing is left to do for long, the full look is taken now and then only: a tick must cost next to nothing. */
function idleLater(draft: Draft, { policy, moment }: Situation): Draft {
  const { state, judgement } = draft
  const { now } = moment
  const settled = state.phase === 'gave-up' || state.phase === 'unarmed' || judgement.remedy.kind === 'none'
  const lasts = now - (state.failingSince ?? now) >= policy.idleAfterMs
  const stopped = judgement.cause === 'stopped-by-person' || state.phase === 'gave-up'
  if (!settled || !(stopped || lasts)) return withState(draft, { relookAt: undefined })
  if (state.relookAt !== undefined && now < state.relookAt) return draft
  return withState(draft, { relookAt: now + policy.relookMs })
}
