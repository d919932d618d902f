/** What a run tells: the shapes of reports and of the views that the API serves. */
import type { ActingRung, ActionResult, Rung } from './action.ts'
import type { BlackBox } from './black-box.ts'
import type { PeriodSum } from './bucket.ts'
import type { Incident } from './incident.ts'
import type { Mode } from './policy.ts'
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

/** A workload as it was last seen over SSH, or by the kit. */
export type SeenWorkload = {
  readonly unit: string
  /** systemd's ActiveState and SubState, or the kit's word: `active (running)`. */
  readonly state: string
  readonly health?: string
}

/** What the guard would do next, and why. */
export type Outlook = {
  readonly rung: Rung | 'nothing'
  readonly unit?: string
  /** Not before. */
  readonly notBeforeAt?: number
  readonly why: string
}

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
  /** systemd's word: `active (running)`. */
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

/** Shares of looks that found the target working, 0 to 1; absent where there was no look. */
export type Uptime = {
  readonly hours24?: number
  readonly days7?: number
  readonly days30?: number
  readonly days90?: number
}

/** The looks of one day, `2026-11-23` in UTC. */
export type DayView = { readonly day: string } & Omit<PeriodSum, 'from'>

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
  readonly mode: Mode
  /** What the guard would do next, and why; absent when this process has not looked yet. */
  readonly outlook?: Told<Outlook>
  readonly uptime: Uptime
  /** Oldest first, 90 at most; days without a look are left out. */
  readonly days: readonly DayView[]
  /** The state could not be read. */
  readonly trouble?: string
}

export type IncidentView = Told<Incident>
export type BlackBoxView = Told<BlackBox>

/** Values of a gauge over a point's looks. */
export type GaugeView = { readonly mean: number; readonly max: number }

/** Some minutes of a target, for charts. */
export type HistoryPoint = {
  readonly fromAt: string
  readonly toAt: string
  readonly healthy: number
  readonly degraded: number
  readonly unhealthy: number
  readonly inconclusive: number
  readonly latencyMs?: GaugeView
  readonly memoryUsedMb?: GaugeView
  readonly swapUsedMb?: GaugeView
  readonly memoryStallPercent?: GaugeView
}

/** Oldest first; at most some hundred points, the longer ones where it goes back far. */
export type HistoryView = { readonly target: string; readonly points: readonly HistoryPoint[] }

/** What the guard would have done in shadow mode. */
export type ShadowReport = {
  readonly mode: Mode
  readonly fromAt: string
  readonly toAt: string
  readonly targets: readonly {
    readonly id: string
    readonly outages: number
    readonly would: readonly {
      readonly at: string
      readonly rung: ActingRung
      readonly unit?: string
      readonly cause: string
      readonly reason: string
      readonly incidentId: string
      /** How long the outage went on without it; absent while it lasts. */
      readonly lastedMs?: number
    }[]
  }[]
  /** There were more incidents than were looked through. */
  readonly cut: boolean
}

/** What became of a test alert on one channel. */
export type AlertTest = {
  readonly channel: string
  readonly result: 'sent' | 'failed'
  readonly detail?: string
}
