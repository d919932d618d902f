/** An incident: opened when unhealthy is confirmed or a person recovers by hand; bounded, and readable years later. */
import type { Action } from './action.ts'
import type { Cause } from './state.ts'

export const INCIDENT_SCHEMA = 1
export const TIMELINE_MAX = 200

export const INCIDENT_STATES = ['open', 'acting', 'probation', 'closed', 'gave-up'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

export type TimelineEntry = {
  readonly at: number
  readonly kind: 'opened' | 'evidence' | 'action' | 'verified' | 'person' | 'waiting' | 'call' | 'closed'
  readonly text: string
}

export type Incident = {
  readonly schema: typeof INCIDENT_SCHEMA
  readonly id: string
  readonly target: string
  readonly openedAt: number
  readonly openedBy: 'guard' | 'person'
  readonly closedAt?: number
  readonly cause: Cause | 'manual'
  readonly state: IncidentState
  readonly timeline: readonly TimelineEntry[]
  /** Entries left out because the timeline was full. */
  readonly timelineDropped: number
  readonly actions: readonly Action[]
}
