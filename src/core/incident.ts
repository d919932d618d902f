/** An incident: opened when unhealthy is confirmed or a person recovers by hand; bounded, and readable years later. */
import type { ActingRung, Action } from './action.ts'
import type { BlackBoxReference } from './black-box.ts'
import type { Cause } from './state.ts'

export const INCIDENT_SCHEMA = 2
export const TIMELINE_MAX = 200

export const INCIDENT_STATES = ['open', 'acting', 'probation', 'closed', 'gave-up'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

export const TIMELINE_KINDS = [
  'opened',
  'evidence',
  'action',
  /** What would have been done, were the guard not to observe only. */
  'would',
  'black-box',
  'verified',
  'person',
  'waiting',
  'call',
  'alert',
  'closed',
] as const
export type TimelineKind = (typeof TIMELINE_KINDS)[number]

/** What ended the outage, as far as can be told. */
export type FixedBy =
  | {
      readonly kind: 'action'
      readonly actionId: string
      readonly rung: ActingRung
      readonly unit?: string
      readonly by: 'guard' | 'person'
      readonly proved: boolean
    }
  /** Podman and systemd on the VM. */
  | { readonly kind: 'inner-guard' }
  /** Nobody that the guard knows of. */
  | { readonly kind: 'unknown' }

/** In shadow mode: what would have been done. */
export type WouldAct = {
  readonly at: number
  readonly rung: ActingRung
  readonly unit?: string
  readonly cause: string
  readonly reason: string
}

export const WOULD_MAX = 50

export type TimelineEntry = {
  readonly at: number
  readonly kind: TimelineKind
  readonly text: string
}

export type Incident = {
  readonly schema: typeof INCIDENT_SCHEMA
  readonly id: string
  readonly target: string
  /** The first look that found it failing; `openedAt` is when that was confirmed. */
  readonly beganAt: number
  readonly openedAt: number
  readonly openedBy: 'guard' | 'person'
  /** The first well look of the probation that it is in, or was closed after. */
  readonly recoveredAt?: number
  readonly closedAt?: number
  readonly cause: Cause | 'manual'
  readonly state: IncidentState
  readonly timeline: readonly TimelineEntry[]
  /** Entries left out because the timeline was full. */
  readonly timelineDropped: number
  readonly actions: readonly Action[]
  readonly fixedBy?: FixedBy
  /** How often it fell ill again, on probation or soon after it was closed: one incident, not many. */
  readonly relapses: number
  readonly blackBoxes: readonly BlackBoxReference[]
  readonly would: readonly WouldAct[]
  /** How many notices its thread has had: the next one is numbered after it. */
  readonly notices: number
}
