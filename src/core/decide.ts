/** The decision: what to remember, what to do next and what to tell, from the state and what was seen. Pure. */
import { announce } from './alerts.ts'
import { assertNever } from './assert-never.ts'
import { draftOf, judgeNow, lastJudgement } from './decide-draft.ts'
import type { Decision } from './decision.ts'
import type { Draft } from './draft.ts'
import { inPhase, toDecision, withState } from './draft.ts'
import { afterLastLook } from './issue.ts'
import { inconclusive } from './judgement.ts'
import { decideManual } from './manual.ts'
import { decideOrder } from './orders.ts'
import { outlookOf } from './outlook.ts'
import { decidePress } from './press.ts'
import { recorded } from './record.ts'
import { remember, works } from './remember.ts'
import { afterPuts, nextRollout } from './rollout.ts'
import { absorbResult, passed } from './settle.ts'
import type { Situation, Stage } from './situation.ts'
import { foreignLease, stageOf } from './situation.ts'
import { decideWatching } from './watching.ts'

export function decide(situation: Situation): Decision {
  const stage = stageOf(situation)
  const decision = decideAt(stage, situation)
  // Where another run is at work, or an order was refused, nothing is written: nothing is told either.
  const mayWrite = stage !== 'foreign' && decision.refusal === undefined
  const told = mayWrite ? announce(decision, situation) : decision
  const whole = recorded(told, situation, { mayWrite })
  return whole.next.kind === 'rest' ? { ...whole, outlook: outlookOf(whole, situation) } : whole
}

function decideAt(stage: Stage, situation: Situation): Decision {
  const { request } = situation
  switch (stage) {
    case 'order':
      if (request.kind === 'press')
        return decidePress(draftOf(situation, lastJudgement(situation)), request, situation)
      if (request.kind !== 'arm' && request.kind !== 'pause' && request.kind !== 'resume')
        throw new Error(`${request.kind} is no order`)
      return decideOrder(situation, request)
    case 'foreign':
      return decideForeign(situation)
    case 'last-look': {
      const { draft, next } = afterLastLook(draftOf(situation), situation)
      return toDecision(draft, next)
    }
    case 'result':
      return decideResult(situation)
    case 'verifying':
      return decideVerifying(situation)
    case 'watching':
      return request.kind === 'recover' ? decideManual(situation, request) : decideWatching(situation)
    default:
      return assertNever(stage)
  }
}

/** Another run is at work on the target: say so, write nothing. */
function decideForeign(situation: Situation): Decision {
  const { state, moment } = situation
  const lease = foreignLease(state, moment)
  const detail = `another run (${lease?.purpose ?? 'unknown'}) is at work on it until ${new Date(lease?.expiresAt ?? 0).toISOString()} at the latest`
  return toDecision({ ...draftOf(situation), refusal: { kind: 'in-flight', detail } })
}

function decideResult(situation: Situation): Decision {
  const { policy, moment, observation } = situation
  const result = observation.result
  const nothingJudged = inconclusive('an order has just been carried out')
  const draft = withLastVerdict(draftOf(situation, nothingJudged), situation)
  if (result === undefined) return toDecision(draft)
  if (result.kind === 'puts') return afterPuts(draft, result, situation)
  const absorbed = absorbResult(draft, result, { policy, now: moment.now })
  const stillOurs = absorbed.state.action !== undefined
  return toDecision(absorbed, stillOurs ? { kind: 'look' } : { kind: 'rest' })
}

/** Right after an order nothing was judged anew: the report keeps the verdict that led to it. */
function withLastVerdict(draft: Draft, { state }: Situation): Draft {
  const last = state.lastVerdict
  if (last === undefined) return draft
  const { verdict, cause, reason } = last
  return { ...draft, judgement: { ...inconclusive(reason, cause), verdict } }
}

/** In the tick of the action: well again, or to be looked at in the next tick. */
function decideVerifying(situation: Situation): Decision {
  const { policy, observation, moment, state } = situation
  const action = state.action
  if (action === undefined) throw new Error('Verifying needs an action')
  const judgement = judgeNow(situation)
  if (works(situation, judgement)) {
    const remembered = draftOf({ ...situation, state: remember(situation, judgement) }, judgement)
    const settled = passed(remembered, action, observation, { policy, now: moment.now })
    // A restart that may not have happened stays owed, and is tried again in the next tick at the soonest.
    const isDone = settled.state.rollout?.units.includes(action.unit ?? '') !== true
    return action.purpose === 'rollout' && isDone ? nextRollout(settled, situation) : toDecision(settled)
  }
  const draft = withLastVerdict(draftOf(situation, judgement), situation)
  // The end is known, or it isn't: then the lease stays until it ends by itself, and nobody acts meanwhile.
  const known = action.result?.kind === 'done'
  const free = known ? withState(draft, { lease: undefined }) : draft
  const waiting = inPhase(
    free,
    action.rung === 'restart-workload' ? 'recovering' : 'grace',
    'not well yet: looked at again in the next tick',
    moment.now,
  )
  return toDecision(waiting)
}
