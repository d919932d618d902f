/** The guard as its callers (HTTP, tests) see it. Who may call what is http/'s business. */
import type { Refusal } from '../core/decision.ts'
import type { IncidentView, SyncReport, TargetReport, TargetView, TickReport } from '../core/report.ts'
import type { Request } from '../core/request.ts'

export type Unavailable = { readonly kind: 'unavailable'; readonly detail: string }
export type UnknownTarget = {
  readonly kind: 'unknown-target'
  readonly id: string
  readonly known: readonly string[]
}

export type Order = Exclude<Request, { kind: 'tick' } | { kind: 'sync' }>

export type OrderOutcome =
  /** `view` is the target after the order. */
  | { readonly kind: 'done'; readonly report: TargetReport; readonly view: TargetView }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly report: TargetReport }
  | UnknownTarget
  | Unavailable

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
  /** Takes no new work, finishes or hands back what is in flight, within `timeoutMs`. */
  close(options: { timeoutMs: number }): Promise<void>
}
