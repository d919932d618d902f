/** What the core answers: what to remember, what to do next, and what to tell. */
import type { Effect } from './action.ts'
import type { BlackBox } from './black-box.ts'
import type { Bucket, Rollup } from './bucket.ts'
import type { Incident } from './incident.ts'
import type { Notice } from './notice.ts'
import type { Outlook, ReportedAction, SyncedSecret } from './report.ts'
import type { Cause, TargetState, VerdictKind } from './state.ts'

export type Verdict = {
  readonly verdict: VerdictKind
  readonly cause?: Cause
  /** One sentence for a person. */
  readonly reason: string
}

/** Why a person's order was not carried out. */
export type Refusal = {
  readonly kind:
    | 'in-flight'
    | 'breaker-open'
    | 'healthy'
    | 'barred'
    | 'not-applicable'
    | 'unknown-unit'
    | 'paused'
    /** Another run wrote first: asking again may do. */
    | 'lost-race'
    /** The guard observes only. */
    | 'observing'
    /** A button that was pressed before, or has expired. */
    | 'expired'
  readonly detail: string
}

export type Next =
  /** Nothing more in this run. */
  | { readonly kind: 'rest' }
  /** Plan and decide again on the state just committed, with the evidence so far. */
  | { readonly kind: 'look' }
  | { readonly kind: 'act'; readonly effect: Effect }

export type Decision = {
  readonly state: TargetState
  readonly incident?: Incident
  readonly verdict: Verdict
  readonly next: Next
  readonly actions: readonly ReportedAction[]
  readonly refusal?: Refusal
  /** What became of each wanted secret, where this run looked at them. */
  readonly secrets?: readonly SyncedSecret[]
  /** What people are to be told: goes into the outbox with the state. */
  readonly notices?: readonly Notice[]
  /** Goes into the store with the state. */
  readonly blackBox?: BlackBox
  readonly rollup?: Rollup
  /** What the guard would do next; only where nothing more is done in this run. */
  readonly outlook?: Outlook
  /** Measured, and worth no write yet: the process remembers it. */
  readonly unwritten?: Bucket
}
