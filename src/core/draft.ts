/** A draft: a decision in the making. Each step of decide.ts takes one and gives a new one. */

import type { BlackBox } from './black-box.ts'
import type { Decision, Next, Refusal } from './decision.ts'
import type { Incident, TimelineEntry } from './incident.ts'
import { inState, tell } from './incidents.ts'
import type { Judgement } from './judgement.ts'
import { compact } from './remember.ts'
import type { ReportedAction, SyncedSecret } from './report.ts'
import type { Phase, TargetState } from './state.ts'

export type Draft = {
  readonly state: TargetState
  readonly incident?: Incident
  /** Closed so lately that the same trouble opens it again. */
  readonly former?: Incident
  readonly judgement: Judgement
  readonly actions: readonly ReportedAction[]
  readonly secrets?: readonly SyncedSecret[]
  readonly refusal?: Refusal
  readonly blackBox?: BlackBox
}

const REST: Next = { kind: 'rest' }

export function toDecision(draft: Draft, next: Next = REST): Decision {
  const { verdict, cause, reason } = draft.judgement
  return compact({
    state: compact(draft.state),
    incident: draft.incident,
    verdict: compact({ verdict, cause, reason }),
    next,
    actions: draft.actions,
    refusal: draft.refusal,
    secrets: draft.secrets,
    blackBox: draft.blackBox,
  } as Decision)
}

export function withState(
  draft: Draft,
  change: { readonly [K in keyof TargetState]?: TargetState[K] | undefined },
): Draft {
  return { ...draft, state: compact({ ...draft.state, ...change } as TargetState) }
}

/** The reason is kept from the tick that entered the phase, unless it says something new. */
export function inPhase(draft: Draft, phase: Phase, reason: string, now: number): Draft {
  if (draft.state.phase === phase) return withState(draft, { reason })
  return withState(draft, { phase, phaseSince: now, reason })
}

export function toldIncident(draft: Draft, entry: TimelineEntry): Draft {
  return draft.incident === undefined ? draft : { ...draft, incident: tell(draft.incident, entry) }
}

export function incidentInState(draft: Draft, state: Incident['state']): Draft {
  return draft.incident === undefined ? draft : { ...draft, incident: inState(draft.incident, state) }
}

export function reported(draft: Draft, action: ReportedAction): Draft {
  return { ...draft, actions: [...draft.actions, action] }
}
