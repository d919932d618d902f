/** How a decision begins: the judgement of this look, and a draft that nothing was changed in yet. */
import type { Draft } from './draft.ts'
import type { Judgement } from './judgement.ts'
import { inconclusive } from './judgement.ts'
import { newestHttp } from './reading.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import { judge } from './verdict.ts'

export function draftOf(situation: Situation, judgement: Judgement = judgeNow(situation)): Draft {
  const { state, incident, policy, moment } = situation
  const draft: Draft = { state, judgement, actions: [] }
  if (incident === undefined) return draft
  if (state.incidentId === incident.id) return { ...draft, incident }
  const last = state.lastIncident
  const mayReopen = last?.id === incident.id && moment.now - last.closedAt <= policy.incident.reopenMs
  return mayReopen ? { ...draft, former: incident } : draft
}

/** A short probe of an idle target says little: while it fails, the last full verdict stands. */
export function judgeNow(situation: Situation): Judgement {
  const { state, observation, moment } = situation
  const http = newestHttp(observation)
  if (!isShortProbe(situation) || http === undefined || http.kind === 'ok' || http.kind === 'not-asked')
    return judge(situation)
  const last = state.lastVerdict
  if (last !== undefined && last.verdict !== 'healthy') {
    const { verdict, cause, reason } = last
    return { ...inconclusive(reason, cause), verdict, certainty: 'definitive' }
  }
  const why = isPaused(state, moment.now)
    ? 'the target is paused, nothing more is asked'
    : 'nothing more was asked'
  return inconclusive(`the health endpoint says ${http.kind}; ${why}`)
}

/** Where nothing is looked at: what the last look said. */
export function lastJudgement({ state: { lastVerdict } }: Situation): Judgement {
  if (lastVerdict === undefined) return inconclusive('not looked at yet')
  const { verdict, cause, reason } = lastVerdict
  return { ...inconclusive(reason, cause), verdict }
}

/** Nothing was asked that a verdict could rest on. */
export function isShortProbe({ observation }: Situation): boolean {
  return observation.ssh === undefined && observation.vm === undefined
}
