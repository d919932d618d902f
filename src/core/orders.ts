/** A person's word that needs no evidence: arm, pause, resume. */
import { draftOf, lastJudgement } from './decide-draft.ts'
import type { Decision } from './decision.ts'
import type { Draft } from './draft.ts'
import { incidentInState, inPhase, toDecision, toldIncident, withState } from './draft.ts'
import type { Request } from './request.ts'
import type { Situation } from './situation.ts'
import type { Fingerprint, TargetState } from './state.ts'
import { configuredFingerprint } from './state-new.ts'

type Order = Extract<Request, { kind: 'arm' | 'pause' | 'resume' }>

export function decideOrder(situation: Situation, order: Order): Decision {
  const { moment } = situation
  const draft = draftOf(situation, lastJudgement(situation))
  const told = (text: string) => ({
    at: moment.now,
    kind: 'person' as const,
    text: `${text} by ${order.by}: ${order.reason}`,
  })
  switch (order.kind) {
    case 'arm':
      return toDecision(toldIncident(arm(draft, situation, order.by), told('armed')))
    case 'pause': {
      const pause = {
        by: order.by,
        reason: order.reason,
        since: moment.now,
        until: moment.now + order.minutes * 60_000,
      }
      return toDecision(toldIncident(withState(draft, { pause }), told(`paused for ${order.minutes} min`)))
    }
    case 'resume':
      return toDecision(
        toldIncident(
          resume(draft, situation, order),
          told(order.closeBreaker ? 'resumed, breaker closed' : 'resumed'),
        ),
      )
  }
}

/** Rule 14: what was lost is not guessed at, so a person's word then waits for the first healthy look. */
function arm(draft: Draft, { target, moment }: Situation, by: string): Draft {
  const { arming, healthySince } = draft.state
  if (arming.kind === 'unarmed' && arming.why === 'state-lost' && healthySince === undefined)
    return withState(draft, {
      arming: { kind: 'unarmed', why: 'new', since: moment.now },
      reason: `confirmed by ${by}: acted on once it is seen healthy`,
      relookAt: undefined,
    })
  const known = draft.state.arming.kind === 'armed' ? draft.state.arming.fingerprint : undefined
  const configured = configuredFingerprint(target)
  // A person's word holds for the machine as it is now: its id, and the host keys, are learnt at the next look.
  const same = known !== undefined && known.healthUrl === configured.healthUrl && known.ssh === configured.ssh
  const { hostKeys: _keys, ...fingerprint }: Fingerprint = same ? known : configured
  const armed = withState(draft, {
    arming: { kind: 'armed', at: moment.now, by, fingerprint },
    relookAt: undefined,
  })
  if (draft.state.phase !== 'unarmed') return armed
  // The person who was called has come: from now on it is acted on.
  return inPhase(withState(armed, { calledPerson: undefined }), 'watching', `armed by ${by}`, moment.now)
}

/** Ends a pause; the breaker closes only when it is asked for by name. Either way everything is looked at anew. */
function resume(draft: Draft, { moment }: Situation, order: Extract<Order, { kind: 'resume' }>): Draft {
  const resumed = withState(draft, { pause: undefined, relookAt: undefined })
  if (!order.closeBreaker) return leaveGaveUp(resumed, moment.now)
  return leaveGaveUp(withState(resumed, { breaker: { kind: 'closed' } }), moment.now)
}

/** A person has looked: what was given up is tried again, unless the breaker still stands. */
function leaveGaveUp(draft: Draft, now: number): Draft {
  const { state } = draft
  if (state.phase !== 'gave-up' || state.breaker.kind === 'open') return draft
  const fresh: Partial<TargetState> = { ladder: [] }
  const free = withState(draft, { ...fresh, calledPerson: undefined })
  return inPhase(incidentInState(free, 'open'), 'suspect', 'resumed by a person', now)
}
