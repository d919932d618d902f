/** An outage's book-keeping: the incident that stands open, the person who is called once, what a dry run would do. */
import type { Draft } from './draft.ts'
import { incidentInState, inPhase, reported, toldIncident, withState } from './draft.ts'
import type { NextRung } from './escalation.ts'
import { openIncident, reopen } from './incidents.ts'
import type { Judgement } from './judgement.ts'
import type { TargetState } from './state.ts'

/** The incident that stands open, or a new one. */
export function opened(draft: Draft, judgement: Judgement, now: number): Draft {
  const { state, incident } = draft
  const entry = {
    at: now,
    kind: 'evidence' as const,
    text: `${judgement.cause ?? judgement.verdict}: ${judgement.reason}`,
  }
  if (incident?.state === 'probation')
    return withState({ ...draft, incident: reopen(incident, entry) }, { probationUntil: undefined })
  if (incident !== undefined) return toldIncident(draft, entry)
  if (draft.former !== undefined) {
    const { former, ...rest } = draft
    return withState(
      { ...rest, incident: reopen(former, entry) },
      { incidentId: former.id, lastIncident: undefined },
    )
  }
  const cause = judgement.cause ?? 'manual'
  const fresh = openIncident(
    { target: state.target, cause, by: 'guard', beganAt: state.failingSince ?? now },
    { text: entry.text, now },
  )
  return withState({ ...draft, incident: fresh }, { incidentId: fresh.id })
}

/** A person is told that the guard gave up even where one was called for something less before. */
export function gaveUp(draft: Draft, reason: string, now: number): Draft {
  const called =
    draft.state.calledPerson?.final === true ? draft : call(draft, { at: now, reason, final: true })
  return inPhase(incidentInState(called, 'gave-up'), 'gave-up', reason, now)
}

/** Once an outage: the report and the incident say that a person is needed. */
export function callPerson(draft: Draft, reason: string, now: number): Draft {
  if (draft.state.calledPerson !== undefined) return draft
  return call(draft, { at: now, reason })
}

function call(draft: Draft, calledPerson: NonNullable<TargetState['calledPerson']>): Draft {
  const { at, reason } = calledPerson
  const told = toldIncident(draft, { at, kind: 'call', text: `a person is called: ${reason}` })
  return reported(withState(told, { calledPerson }), { rung: 'human', result: 'done', detail: reason })
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
