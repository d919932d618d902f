/** The outlook: what the guard would do next, and why; for people, nothing rests on it. */

import { judgeNow } from './decide-draft.ts'
import type { Decision } from './decision.ts'
import { nextRung } from './escalation.ts'
import type { Outlook } from './report.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import { describeUnarmed } from './state-new.ts'

/** Of a run that is at rest; a run that goes on has no outlook yet. */
export function outlookOf(decision: Decision, situation: Situation): Outlook {
  const { state, verdict } = decision
  const { now } = situation.moment
  if (isPaused(state, now))
    return nothing(`paused by ${state.pause?.by ?? 'a person'}: watched, not acted on`, state.pause?.until)
  if (state.arming.kind === 'unarmed') return nothing(describeUnarmed(state.arming))
  if (state.action !== undefined) return nothing(state.reason)
  if (state.phase === 'gave-up') return { rung: 'human', why: state.reason }
  if (state.phase === 'probation') return nothing(state.reason, state.probationUntil)
  if (verdict.verdict === 'healthy') return nothing('it is well')
  return whenUnwell(decision, situation)
}

function nothing(why: string, notBeforeAt?: number): Outlook {
  return { rung: 'nothing', why, ...(notBeforeAt === undefined ? {} : { notBeforeAt }) }
}

function whenUnwell({ state }: Decision, situation: Situation): Outlook {
  const { policy, target, fleet, observation, moment } = situation
  const judgement = judgeNow(situation)
  if (judgement.remedy.kind === 'none') return nothing(judgement.reason)
  const next = nextRung(
    { policy, targetId: target.id, state, fleet, observation, now: moment.now },
    judgement,
  )
  switch (next.kind) {
    case 'act':
      return {
        rung: next.rung,
        ...(next.unit === undefined ? {} : { unit: next.unit }),
        why: state.phase === 'suspect' || state.phase === 'waiting' ? state.reason : judgement.reason,
      }
    case 'wait':
      return nothing(next.reason, next.until)
    case 'call-person':
      return { rung: 'human', why: next.reason }
  }
}
