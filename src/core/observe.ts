/** Shadow mode: what would have been done is written into the incident, once an outage, and nothing is done. */
import type { Draft } from './draft.ts'
import { inPhase, reported, toldIncident } from './draft.ts'
import type { NextRung } from './escalation.ts'
import { withWould } from './incidents.ts'
import { wouldDo } from './outage.ts'
import type { Situation } from './situation.ts'

/** The ladder is not climbed further: what the rung would have changed is not known. */
export function observed(
  draft: Draft,
  { rung, unit }: Extract<NextRung, { kind: 'act' }>,
  { moment }: Situation,
): Draft {
  const { judgement, incident, state } = draft
  const { now } = moment
  const what = unit === undefined ? rung : `${rung} of ${unit}`
  const waiting = inPhase(draft, 'waiting', `observing only: ${what} would be next, nothing is done`, now)
  const since = state.failingSince ?? now
  const isTold = incident?.would.some((row) => row.rung === rung && row.unit === unit && row.at >= since)
  if (incident === undefined || isTold === true) return waiting
  const named = unit === undefined ? {} : { unit }
  const { cause = 'manual', reason } = judgement
  const booked = { ...waiting, incident: withWould(incident, { at: now, rung, ...named, cause, reason }) }
  const told = toldIncident(booked, {
    at: now,
    kind: 'would',
    text: `observing only: would have done ${what}`,
  })
  return reported(told, wouldDo({ rung, ...named }))
}
