/** An action that an earlier look left behind, while the target is not well: still pending, or settled one way. */
import type { Draft } from './draft.ts'
import { inPhase, toldIncident, withState } from './draft.ts'
import { climbed, describeAction, endAction, endingOf, isBoot, rolloutAfter } from './settle.ts'
import type { Situation } from './situation.ts'

type Settled = { readonly kind: 'pending' | 'settled'; readonly draft: Draft }

export function settlePending(draft: Draft, situation: Situation): Settled {
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
      return {
        kind: 'settled',
        draft: withState(ended, {
          ladder,
          lease: undefined,
          rollout: rolloutAfter(draft.state, action, ending.proved),
          ...graceOver,
        }),
      }
    }
  }
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
