/**
 * Watching: a tick or a sync has heard its witnesses. Works: arm, prove, close, sync. Doesn't: settle what was
 * done, wait where somebody else is at work, confirm, and climb the ladder.
 */

import { isConfirmed } from './confirmation.ts'
import { draftOf, isShortProbe, judgeNow } from './decide-draft.ts'
import type { Decision, Next } from './decision.ts'
import type { Draft } from './draft.ts'
import { incidentInState, inPhase, reported, toDecision, toldIncident, withState } from './draft.ts'
import type { NextRung } from './escalation.ts'
import { nextRung } from './escalation.ts'
import { close, openIncident } from './incidents.ts'
import { actionFits, intend } from './issue.ts'
import type { Judgement } from './judgement.ts'
import { httpWorks } from './reading.ts'
import { remember, works } from './remember.ts'
import { planRollout } from './rollout.ts'
import { climbed, describeAction, endAction, endingOf, isBoot, passed } from './settle.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import { describeUnarmed } from './state-new.ts'

export function decideWatching(situation: Situation): Decision {
  const judgement = judgeNow(situation)
  // A short probe that fails as it did before is no news.
  if (isShortProbe(situation) && !httpWorks(situation.observation))
    return toDecision(draftOf(situation, judgement))
  const remembered = remember(situation, judgement)
  const draft = draftOf({ ...situation, state: remembered }, judgement)
  if (works(situation, judgement)) return whenItWorks(draft, situation)
  if (judgement.verdict === 'inconclusive') return whenNobodyKnows(draft, situation)
  return whenItFails(draft, situation)
}

function whenItWorks(draft: Draft, situation: Situation): Decision {
  const { policy, observation, moment } = situation
  const { now } = moment
  const pending = draft.state.action
  const settled =
    pending === undefined
      ? draft
      : pending.status === 'intended'
        ? abandoned(draft, now)
        : passed(draft, pending, observation, { policy, now })
  const next = afterHealth(settled, situation)
  return planRollout(next, situation)
}

/** An intended action that was never issued did not happen: issuing is written down first. */
export function abandoned(draft: Draft, now: number): Draft {
  const action = draft.state.action
  if (action === undefined) return draft
  const told = toldIncident(draft, {
    at: now,
    kind: 'action',
    text: `${describeAction(action)} was never issued`,
  })
  return withState(endAction(told, { ...action, status: 'not-happened', endedAt: now }), { lease: undefined })
}

function afterHealth(draft: Draft, { policy, moment }: Situation): Draft {
  const { now } = moment
  const { state, incident } = draft
  if (incident !== undefined) {
    const until = state.probationUntil ?? now + policy.probationMs
    if (now < until) {
      const probation = withState(incidentInState(draft, 'probation'), { probationUntil: until })
      return inPhase(probation, 'probation', `well again; on probation until it has lasted`, now)
    }
    const minutes = Math.round((now - incident.openedAt) / 60_000)
    const closed = close(incident, {
      text: `closed: well since its probation began; ${minutes} min in all`,
      now,
    })
    const free = withState(
      { ...draft, incident: closed },
      {
        incidentId: undefined,
        probationUntil: undefined,
        calledPerson: undefined,
        ladder: [],
      },
    )
    return inPhase(free, 'watching', draft.judgement.reason, now)
  }
  const calm = withState(draft, {
    incidentId: undefined,
    probationUntil: undefined,
    calledPerson: undefined,
    ladder: [],
  })
  if (state.arming.kind === 'unarmed') return inPhase(calm, 'unarmed', describeUnarmed(state.arming), now)
  // The words of the tick that found it: figures that change with every look are no news.
  const { verdict, reason } = state.lastVerdict ?? draft.judgement
  return inPhase(calm, 'watching', verdict === 'healthy' ? 'healthy' : reason, now)
}

/** Nothing is concluded; a guard that is cut off for long calls a person once it can. */
function whenNobodyKnows(draft: Draft, situation: Situation): Decision {
  const { policy, moment } = situation
  const offlineSince = draft.state.offlineSince
  const lasts = offlineSince !== undefined && moment.now - offlineSince >= policy.guard.offlineAlertMs
  return toDecision(lasts ? callPerson(draft, draft.judgement.reason, moment.now) : draft)
}

function whenItFails(draft: Draft, situation: Situation): Decision {
  const settled = settlePending(draft, situation)
  if (settled.kind === 'pending') return toDecision(settled.draft)
  const unanswered = settled.draft
  const held = holdsOff(unanswered, situation)
  if (held !== undefined) return withSecretsAtLeast(idleLater(held, situation), situation)
  const { policy, fleet, observation, target, moment } = situation
  const { judgement } = unanswered
  if (!stands(unanswered, situation))
    return toDecision(inPhase(unanswered, 'suspect', `${judgement.reason}; to be confirmed`, moment.now))
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

/** Recovery goes first; where it may not act, or has given up, a workload that fails for want of a secret gets it. */
function withSecretsAtLeast(draft: Draft, situation: Situation): Decision {
  const { arming, phase } = draft.state
  const { observation, request } = situation
  const nothingElse = arming.kind === 'unarmed' || (phase === 'gave-up' && request.kind === 'sync')
  return nothingElse && observation.ssh?.kind === 'ok' ? planRollout(draft, situation) : toDecision(draft)
}

type Settled = { readonly kind: 'pending' | 'settled'; readonly draft: Draft }

function settlePending(draft: Draft, situation: Situation): Settled {
  const { policy, observation, moment } = situation
  const { now } = moment
  const action = draft.state.action
  if (action === undefined) return { kind: 'settled', draft }
  if (action.status === 'intended') return { kind: 'settled', draft: abandoned(draft, now) }
  const innerGuardAtWork = draft.judgement.cause === 'inner-guard-at-work'
  const ending = endingOf(draft.state, action, observation, { policy, now, innerGuardAtWork })
  switch (ending.kind) {
    case 'pending': {
      const phase = draft.state.grace === undefined ? 'recovering' : 'grace'
      return { kind: 'pending', draft: inPhase(draft, phase, ending.reason, now) }
    }
    case 'not-happened': {
      const text = `${describeAction(action)} left no trace: it did not happen`
      const told = toldIncident(draft, { at: now, kind: 'action', text })
      const ended = endAction(told, { ...action, status: 'not-happened', endedAt: now })
      return {
        kind: 'settled',
        draft: withState(ended, {
          lease: undefined,
          ...(isBoot(action.rung) ? { grace: undefined, graceSpent: false } : {}),
        }),
      }
    }
    case 'did-not-help': {
      const text = `${describeAction(action)} did not help`
      const told = toldIncident(draft, { at: now, kind: 'verified', text })
      const ended = endAction(told, { ...action, status: ending.proved ? 'proved' : 'unknown', endedAt: now })
      const ladder = action.purpose === 'rollout' ? draft.state.ladder : climbed(draft.state, action, false)
      const graceOver = isBoot(action.rung) ? { grace: undefined } : {}
      return { kind: 'settled', draft: withState(ended, { ladder, lease: undefined, ...graceOver }) }
    }
  }
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
      const open = judgement.remedy.kind === 'wait' ? draft : opened(draft, judgement, now)
      return { draft: inPhase(open, 'waiting', `${rung.reason}${until}`, now), next: rest }
    }
    case 'call-person': {
      const broken =
        rung.breaker === undefined
          ? draft
          : withState(draft, {
              breaker: { kind: 'open', since: now, rung: rung.breaker, reason: rung.reason },
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
      if (situation.request.kind === 'tick' && situation.request.dryRun)
        return { draft: reported(open, wouldDo(rung)), next: rest }
      const wish = { rung: rung.rung, unit: rung.unit, by: { kind: 'guard' as const }, force: false }
      return { draft: intend(open, wish, situation), next: { kind: 'look' } }
    }
  }
}

export function wouldDo({
  rung,
  unit,
}: {
  readonly rung: Extract<NextRung, { kind: 'act' }>['rung']
  readonly unit?: string
}) {
  return {
    rung,
    result: 'skipped' as const,
    detail: `dry run: would ${rung}${unit === undefined ? '' : ` ${unit}`}`,
  }
}

/** The incident that stands open, or a new one. */
export function opened(draft: Draft, judgement: Judgement, now: number): Draft {
  const { state, incident } = draft
  const entry = {
    at: now,
    kind: 'evidence' as const,
    text: `${judgement.cause ?? judgement.verdict}: ${judgement.reason}`,
  }
  if (incident !== undefined) {
    const again = incident.state === 'probation' ? withState(draft, { probationUntil: undefined }) : draft
    return toldIncident(incident.state === 'probation' ? incidentInState(again, 'open') : again, entry)
  }
  const cause = judgement.cause ?? 'manual'
  const fresh = openIncident({ target: state.target, cause, by: 'guard' }, { text: entry.text, now })
  return withState({ ...draft, incident: fresh }, { incidentId: fresh.id })
}

function gaveUp(draft: Draft, reason: string, now: number): Draft {
  return inPhase(incidentInState(callPerson(draft, reason, now), 'gave-up'), 'gave-up', reason, now)
}

/** Once an outage: the report and the incident say that a person is needed. */
function callPerson(draft: Draft, reason: string, now: number): Draft {
  if (draft.state.calledPerson !== undefined) return draft
  const told = toldIncident(draft, { at: now, kind: 'call', text: `a person is called: ${reason}` })
  const called = withState(told, { calledPerson: { at: now, reason } })
  return reported(called, { rung: 'human', result: 'done', detail: reason })
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
