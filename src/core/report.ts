/** What a run tells: the shapes of reports and of the views that the API serves. */
import type { ActionResult, Rung } from './action.ts'
import type { Incident } from './incident.ts'
import type { Arming, Breaker, Cause, Pause, Phase, VerdictKind } from './state.ts'
import type { Told } from './told.ts'

/** One line of a report: what was done, or would be. */
export type ReportedAction = {
  readonly rung: Rung | 'put-secret' | 'rollout'
  readonly result: ActionResult['kind']
  readonly detail?: string
}

/** A witness's word in brief: its kind, and a detail a person can read. */
export type EvidenceSummary = Readonly<Record<string, { readonly kind: string; readonly detail?: string }>>

export type TargetReport = {
  readonly id: string
  readonly verdict: VerdictKind
  readonly cause?: Cause
  readonly reason: string
  readonly phase: Phase
  readonly evidence: EvidenceSummary
  readonly actions: readonly ReportedAction[]
  readonly incidentId?: string
  /** The store, a lost race or a newer schema kept the guard from deciding: nothing was done. */
  readonly trouble?: string
}

/** Times are ISO 8601 in UTC. */
export type TickReport = {
  readonly at: string
  readonly durationMs: number
  readonly targets: readonly TargetReport[]
}

export type SyncedSecret = {
  readonly name: string
  readonly secret: string
  readonly version?: string
  readonly result: 'in-sync' | 'put' | 'would-put' | 'failed' | 'unavailable'
  readonly detail?: string
}

export type SyncReport = {
  readonly at: string
  readonly durationMs: number
  readonly targets: readonly (TargetReport & { readonly secrets: readonly SyncedSecret[] })[]
}

export type BudgetView = {
  readonly rung: string
  readonly unit?: string
  readonly used: number
  readonly max: number
  readonly windowMs: number
}

export type WorkloadView = {
  readonly unit: string
  readonly container: string
  readonly state?: string
  readonly health?: string
}

export type SecretView = {
  readonly name: string
  readonly secret: string
  readonly wanted: string
  readonly applied?: string
  readonly appliedAt?: string
}

export type TargetView = {
  readonly id: string
  readonly verdict: VerdictKind
  readonly cause?: Cause
  readonly reason: string
  readonly phase: Phase
  /** What the guard is doing, in words. */
  readonly phaseReason?: string
  readonly phaseSince?: string
  readonly armed: boolean
  readonly arming?: Told<Arming>
  readonly evidence: EvidenceSummary
  readonly paused?: Told<Pause>
  readonly breaker: Told<Breaker>
  readonly budgets: readonly BudgetView[]
  readonly incidentId?: string
  readonly workloads: readonly WorkloadView[]
  readonly secrets: readonly SecretView[]
  readonly lastTickAt?: string
  /** The state could not be read. */
  readonly trouble?: string
}

export type IncidentView = Told<Incident>
