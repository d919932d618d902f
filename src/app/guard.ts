/** The guard as its callers (HTTP, tests) see it. Who may call what is http/'s business. */
import type { Refusal } from '../core/decision.ts'
import type {
  AlertTest,
  BlackBoxView,
  HistoryView,
  IncidentView,
  ShadowReport,
  SyncReport,
  TargetReport,
  TargetView,
  TickReport,
} from '../core/report.ts'
import type { Request } from '../core/request.ts'

export type Unavailable = { readonly kind: 'unavailable'; readonly detail: string }
export type UnknownTarget = {
  readonly kind: 'unknown-target'
  readonly id: string
  readonly known: readonly string[]
}

export type Order = Exclude<Request, { kind: 'tick' } | { kind: 'sync' } | { kind: 'press' }>

export type OrderOutcome =
  /** `view` is the target after the order. */
  | { readonly kind: 'done'; readonly report: TargetReport; readonly view: TargetView }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly report: TargetReport }
  | UnknownTarget
  | Unavailable

/** Counted since the process began. */
export type GuardMetrics = {
  readonly startedAt: number
  /** The last look at each target that this process has had. */
  readonly targets: readonly {
    readonly view: TargetView
    readonly lookedAt: number
    readonly latencyMs?: number
  }[]
  readonly lastCompleteTickAt?: number
  readonly lastTickDurationMs?: number
  readonly ticks: Readonly<Record<'complete' | 'partial' | 'store-unavailable', number>>
  /** By rung and result. */
  readonly actions: readonly {
    readonly target: string
    readonly rung: string
    readonly result: string
    readonly count: number
  }[]
  /** By channel and result. */
  readonly deliveries: readonly {
    readonly channel: string
    readonly result: 'sent' | 'failed' | 'rejected'
    readonly count: number
  }[]
  readonly notices: readonly { readonly kind: string; readonly count: number }[]
}

export type Guard = {
  tick(options: {
    targets?: readonly string[]
    dryRun: boolean
  }): Promise<{ kind: 'report'; report: TickReport } | UnknownTarget | Unavailable>
  sync(options: {
    targets?: readonly string[]
    dryRun: boolean
  }): Promise<{ kind: 'report'; report: SyncReport } | UnknownTarget | Unavailable>
  order(target: string, order: Order): Promise<OrderOutcome>
  targets(): Promise<{ kind: 'targets'; targets: readonly TargetView[] } | Unavailable>
  target(id: string): Promise<{ kind: 'target'; target: TargetView } | UnknownTarget | Unavailable>
  incidents(query: {
    target?: string
    limit: number
    cursor?: string
  }): Promise<
    | { kind: 'page'; incidents: readonly IncidentView[]; next?: string }
    | { kind: 'bad-cursor'; detail: string }
    | UnknownTarget
    | Unavailable
  >
  incident(id: string): Promise<{ kind: 'found'; incident: IncidentView } | { kind: 'absent' } | Unavailable>
  blackBox(id: string): Promise<{ kind: 'found'; blackBox: BlackBoxView } | { kind: 'absent' } | Unavailable>
  /** The last `days` days of a target, in points. */
  history(
    target: string,
    options: { days: number },
  ): Promise<{ kind: 'history'; history: HistoryView } | UnknownTarget | Unavailable>
  /** What would have been done in the last `days` days. */
  shadow(options: { days: number }): Promise<{ kind: 'shadow'; report: ShadowReport } | Unavailable>
  /** Syncs the targets that use the secret; with none, nothing is done. */
  secretChanged(
    secret: string,
  ): Promise<{ kind: 'synced'; targets: readonly string[] } | { kind: 'busy'; detail: string } | Unavailable>
  /** Sends a test notice through every channel, now, and waits for it. */
  testAlerts(options: { by: string }): Promise<{ kind: 'tested'; results: readonly AlertTest[] }>
  /** What this process has counted and last seen; asks nobody. */
  metrics(): GuardMetrics
  /** Takes no new work, finishes or hands back what is in flight, within `timeoutMs`. */
  close(options: { timeoutMs: number }): Promise<void>
}
