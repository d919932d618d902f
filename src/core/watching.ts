/**
 * Watching: a tick or a sync has heard its witnesses. Where the target works: arm it, prove what was done, close the
 * incident, sync. Where it does not: failing.ts.
 */
import { draftOf, isShortProbe, judgeNow } from './decide-draft.ts'
import type { Decision } from './decision.ts'
import type { Draft } from './draft.ts'
import { inPhase, toDecision, withState } from './draft.ts'
import { whenItFails } from './failing.ts'
import { close, probationMsOf, recovered } from './incidents.ts'
import { callPerson } from './outage.ts'
import { abandoned } from './pending.ts'
import { httpWorks, readHeartbeat } from './reading.ts'
import { remember, works } from './remember.ts'
import { planRollout } from './rollout.ts'
import { passed } from './settle.ts'
import type { Situation } from './situation.ts'
import { describeUnarmed } from './state-new.ts'

export function decideWatching(situation: Situation): Decision {
  const judgement = judgeNow(situation)
  // A short probe that fails as it did before is no news.
  if (isShortProbe(situation) && !httpWorks(situation.observation)) {
    const same = draftOf(situation, judgement)
    return toDecision(heartbeatStopped(situation) ? withState(same, { relookAt: undefined }) : same)
  }
  const remembered = remember(situation, judgement)
  const draft = draftOf({ ...situation, state: remembered }, judgement)
  if (works(situation, judgement)) return whenItWorks(draft, situation)
  if (judgement.verdict === 'inconclusive') return whenNobodyKnows(draft, situation)
  return whenItFails(draft, situation)
}

/** Then the next tick looks in full, whatever time it is. */
function heartbeatStopped({ policy, state, observation, moment }: Situation): boolean {
  if (observation.heartbeat === undefined) return false
  return readHeartbeat(policy, state, observation, moment.now) === 'stale'
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

function afterHealth(draft: Draft, { policy, moment, state: before }: Situation): Draft {
  const { now } = moment
  const { state, incident } = draft
  if (incident !== undefined) {
    const until = state.probationUntil ?? now + probationMsOf(policy, incident)
    if (now < until) {
      const fixedBy = { kind: before.innerGuardSince === undefined ? 'unknown' : 'inner-guard' } as const
      const well = recovered(incident, fixedBy, now)
      const probation = withState({ ...draft, incident: well }, { probationUntil: until })
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
        lastIncident: { id: incident.id, closedAt: now },
        probationUntil: undefined,
        calledPerson: undefined,
        ladder: [],
      },
    )
    return inPhase(free, 'watching', draft.judgement.reason, now)
  }
  const calm = withState(draft, {
    incidentId: undefined,
    // While it is named, each look reads it: no longer than it may be opened again.
    lastIncident: draft.former === undefined ? undefined : state.lastIncident,
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
  const unclearSince = draft.state.unclearSince
  const lasts = unclearSince !== undefined && moment.now - unclearSince >= policy.guard.offlineAlertMs
  return toDecision(lasts ? callPerson(draft, draft.judgement.reason, moment.now) : draft)
}
