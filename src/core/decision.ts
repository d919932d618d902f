/** What the core answers: what to remember, what to do next, and what to tell. */
import type { ActionResult, Effect, Rung } from './action.ts'
import type { Incident } from './incident.ts'
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
  readonly detail: string
}

/** One line of a report: what was done, or would be. */
export type ReportedAction = {
  readonly rung: Rung | 'put-secret' | 'rollout'
  readonly result: ActionResult['kind']
  readonly detail?: string
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
}
