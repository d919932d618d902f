/** Asking from outside, over HTTP. Judging what was answered is core/verdict.ts. */
import type { HttpEvidence } from '../core/evidence.ts'
import type { HealthCheck } from '../core/target.ts'

/** Asks over HTTP whether something lives. Never throws for what the other side does. */
export type Probe = {
  /** One request, no retry; `timeoutMs` bounds all of it, the body included. */
  health(check: HealthCheck, options: { timeoutMs: number }): Promise<HttpEvidence>
  /** True when the URL gave any HTTP answer below 500 in time. */
  reachable(url: string, options: { timeoutMs: number }): Promise<boolean>
}
