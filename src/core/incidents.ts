/** Keeping an incident's book: opened, told, acted on, closed. Bounded, whatever happens. */
import type { Action } from './action.ts'
import type { BlackBox } from './black-box.ts'
import { BLACK_BOXES_MAX } from './black-box.ts'
import type { FixedBy, Incident, IncidentState, TimelineEntry, WouldAct } from './incident.ts'
import { INCIDENT_SCHEMA, TIMELINE_MAX, WOULD_MAX } from './incident.ts'
import type { Policy } from './policy.ts'

const ACTIONS_MAX = 50

/** Deterministic, so that a repeated decision opens the same incident: the target and the moment. */
export function incidentIdFor(target: string, openedAt: number): string {
  return `${target}-${openedAt.toString(36)}`
}

export function openIncident(
  {
    target,
    cause,
    by,
    beganAt,
  }: { target: string; cause: Incident['cause']; by: Incident['openedBy']; beganAt: number },
  { text, now }: { text: string; now: number },
): Incident {
  return {
    schema: INCIDENT_SCHEMA,
    id: incidentIdFor(target, now),
    target,
    beganAt,
    openedAt: now,
    openedBy: by,
    cause,
    state: 'open',
    timeline: [{ at: now, kind: 'opened', text }],
    timelineDropped: 0,
    actions: [],
    relapses: 0,
    blackBoxes: [],
    would: [],
    notices: 0,
  }
}

/** Adds an entry; the same words twice in a row are one. The opening stays, the oldest after it give way. */
export function tell(incident: Incident, entry: TimelineEntry): Incident {
  const last = incident.timeline.at(-1)
  if (last?.kind === entry.kind && last.text === entry.text) return incident
  const timeline = [...incident.timeline, entry]
  if (timeline.length <= TIMELINE_MAX) return { ...incident, timeline }
  return { ...incident, timeline: timeline.toSpliced(1, 1), timelineDropped: incident.timelineDropped + 1 }
}

export function inState(incident: Incident, state: IncidentState): Incident {
  return incident.state === state ? incident : { ...incident, state }
}

/** It is ill again: the same incident, once more open. */
export function reopen(incident: Incident, entry: TimelineEntry): Incident {
  const { closedAt: _closed, recoveredAt: _recovered, fixedBy: _fixed, ...rest } = incident
  return tell({ ...rest, state: 'open', relapses: incident.relapses + 1 }, { ...entry, kind: 'opened' })
}

/** Well again, and on probation; the first word on what did it stands. */
export function recovered(incident: Incident, fixedBy: FixedBy, now: number): Incident {
  return {
    ...incident,
    state: 'probation',
    recoveredAt: incident.recoveredAt ?? now,
    fixedBy: incident.fixedBy ?? fixedBy,
  }
}

/** After some relapses a target has to stay well for longer before it is believed. */
export function probationMsOf(
  { probationMs, incident: { relapsesMax, relapsedProbationMs } }: Policy,
  incident?: Incident,
): number {
  const isFlapping = incident !== undefined && incident.relapses > relapsesMax
  return isFlapping ? Math.max(probationMs, relapsedProbationMs) : probationMs
}

/** In shadow mode: what would have been done now. */
export function withWould(incident: Incident, would: WouldAct): Incident {
  return { ...incident, would: [...incident.would, would].slice(-WOULD_MAX) }
}

/** Points to a black box that was kept; the oldest pointers give way. */
export function withBlackBox(incident: Incident, { id, at, before }: BlackBox): Incident {
  return { ...incident, blackBoxes: [...incident.blackBoxes, { id, at, before }].slice(-BLACK_BOXES_MAX) }
}

export function close(incident: Incident, { text, now }: { text: string; now: number }): Incident {
  return { ...tell(incident, { at: now, kind: 'closed', text }), state: 'closed', closedAt: now }
}

/** Puts the action's present form into the incident. */
export function withAction(incident: Incident, action: Action): Incident {
  const others = incident.actions.filter(({ id }) => id !== action.id)
  return { ...incident, actions: bounded([...others, action]) }
}

/** The oldest give way, but for the newest of each rung and unit: the next attempt is numbered after it. */
function bounded(actions: readonly Action[]): readonly Action[] {
  if (actions.length <= ACTIONS_MAX) return actions
  const hasNewer = ({ rung, unit }: Action, index: number): boolean =>
    actions.slice(index + 1).some((newer) => newer.rung === rung && newer.unit === unit)
  return actions.toSpliced(Math.max(0, actions.findIndex(hasNewer)), 1)
}

/** 1 for the first use of this rung (and unit) in the incident; never one that was given before. */
export function attemptNumber(
  incident: Incident,
  { rung, unit }: { rung: string; unit?: string | undefined },
): number {
  const earlier = incident.actions.filter((action) => action.rung === rung && action.unit === unit)
  return Math.max(0, ...earlier.map(({ attempt }) => attempt)) + 1
}
