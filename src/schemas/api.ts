/**
 * What the HTTP API says of targets, ticks and syncs. Requests are in api-requests.ts, incidents in api-incident.ts,
 * charts and shadow mode in api-history.ts. The same schemas validate, type the routes and describe them.
 */
import { z } from 'zod'
import { RUNGS } from '../core/action.ts'
import { MODES } from '../core/policy.ts'
import type {
  BudgetView,
  DayView,
  EvidenceSummary,
  Outlook,
  ReportedAction,
  SecretView,
  SeenWorkload,
  SyncedSecret,
  SyncReport,
  TargetReport,
  TargetView,
  TickReport,
  Uptime,
  WorkloadView,
} from '../core/report.ts'
import {
  type Arming,
  type Breaker,
  CAUSES,
  type Fingerprint,
  type HostKey,
  type Pause,
  PHASES,
  VERDICTS,
} from '../core/state.ts'
import type { Told } from '../core/told.ts'
import { isoTime, maybe } from './api-parts.ts'

export const verdictSchema = z.enum(VERDICTS)
export const phaseSchema = z.enum(PHASES)
export const causeSchema = z.enum(CAUSES)

/** One entry a witness: `http`, `ssh`, `vm`, … */
export const evidenceSchema = z
  .record(z.string(), z.object({ kind: z.string(), detail: maybe(z.string()) }))
  .meta({ id: 'Evidence' }) satisfies z.ZodType<EvidenceSummary>

export const reportedActionSchema = z
  .object({
    rung: z.enum([...RUNGS, 'put-secret', 'rollout']),
    result: z.enum(['done', 'failed', 'skipped', 'unknown']),
    detail: maybe(z.string()),
  })
  .meta({ id: 'ReportedAction' }) satisfies z.ZodType<ReportedAction>

const seenWorkloadSchema = z.object({
  unit: z.string(),
  state: z.string(),
  health: maybe(z.string()),
}) satisfies z.ZodType<SeenWorkload>

/** What the guard would do next, and why. */
const outlookSchema = z
  .object({
    rung: z.enum([...RUNGS, 'nothing']),
    unit: maybe(z.string()),
    notBeforeAt: maybe(isoTime),
    why: z.string(),
  })
  .meta({ id: 'Outlook' }) satisfies z.ZodType<Told<Outlook>>

const targetReportShape = {
  id: z.string(),
  verdict: verdictSchema,
  cause: maybe(causeSchema),
  reason: z.string(),
  phase: phaseSchema,
  evidence: evidenceSchema,
  actions: z.array(reportedActionSchema).readonly(),
  incidentId: maybe(z.string()),
  workloads: maybe(z.array(seenWorkloadSchema).readonly()),
  outlook: maybe(outlookSchema),
  trouble: maybe(z.string()),
}

export const targetReportSchema = z
  .object(targetReportShape)
  .meta({ id: 'TargetReport' }) satisfies z.ZodType<TargetReport>

export const tickReportSchema = z
  .object({ at: isoTime, durationMs: z.number(), targets: z.array(targetReportSchema).readonly() })
  .meta({ id: 'TickReport' }) satisfies z.ZodType<TickReport>

export const syncedSecretSchema = z
  .object({
    name: z.string(),
    secret: z.string(),
    version: maybe(z.string()),
    result: z.enum(['in-sync', 'put', 'would-put', 'failed', 'unavailable']),
    detail: maybe(z.string()),
  })
  .meta({ id: 'SyncedSecret' }) satisfies z.ZodType<SyncedSecret>

export const syncReportSchema = z
  .object({
    at: isoTime,
    durationMs: z.number(),
    targets: z
      .array(z.object({ ...targetReportShape, secrets: z.array(syncedSecretSchema).readonly() }))
      .readonly(),
  })
  .meta({ id: 'SyncReport' }) satisfies z.ZodType<SyncReport>

const hostKeySchema = z.object({ type: z.string(), base64: z.string() }) satisfies z.ZodType<HostKey>

const fingerprintSchema = z.object({
  healthUrl: z.string(),
  ssh: z.string(),
  instanceId: maybe(z.string()),
  addresses: maybe(z.array(z.string()).readonly()),
  hostKeys: maybe(z.array(hostKeySchema).readonly()),
}) satisfies z.ZodType<Fingerprint>

const armingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('armed'), at: isoTime, by: z.string(), fingerprint: fingerprintSchema }),
  z.object({
    kind: z.literal('unarmed'),
    why: z.enum(['new', 'changed', 'replaced', 'state-lost']),
    since: isoTime,
  }),
]) satisfies z.ZodType<Told<Arming>>

const pauseSchema = z.object({
  by: z.string(),
  reason: z.string(),
  since: isoTime,
  until: isoTime,
}) satisfies z.ZodType<Told<Pause>>

const breakerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('closed') }),
  z.object({
    kind: z.literal('open'),
    since: isoTime,
    rung: z.enum(RUNGS).exclude(['human']),
    reason: z.string(),
  }),
]) satisfies z.ZodType<Told<Breaker>>

const budgetSchema = z.object({
  rung: z.string(),
  unit: maybe(z.string()),
  used: z.int(),
  max: z.int(),
  windowMs: z.number(),
}) satisfies z.ZodType<BudgetView>

const workloadSchema = z.object({
  unit: z.string(),
  container: z.string(),
  state: maybe(z.string()),
  health: maybe(z.string()),
}) satisfies z.ZodType<WorkloadView>

const secretSchema = z.object({
  name: z.string(),
  secret: z.string(),
  wanted: z.string(),
  applied: maybe(z.string()),
  appliedAt: maybe(isoTime),
}) satisfies z.ZodType<SecretView>

const share = z.number().min(0).max(1)

/** Shares of looks that found the target working; absent where there was no look. */
const uptimeSchema = z.object({
  hours24: maybe(share),
  days7: maybe(share),
  days30: maybe(share),
  days90: maybe(share),
}) satisfies z.ZodType<Uptime>

/** How many of a day's looks came to which verdict; the day is `2026-11-23` in UTC. */
const daySchema = z.object({
  day: z.string(),
  healthy: z.int(),
  degraded: z.int(),
  unhealthy: z.int(),
  inconclusive: z.int(),
}) satisfies z.ZodType<DayView>

export const targetSchema = z
  .object({
    id: z.string(),
    verdict: verdictSchema,
    cause: maybe(causeSchema),
    reason: z.string(),
    phase: phaseSchema,
    phaseReason: maybe(z.string()),
    phaseSince: maybe(isoTime),
    armed: z.boolean(),
    arming: maybe(armingSchema),
    evidence: evidenceSchema,
    paused: maybe(pauseSchema),
    breaker: breakerSchema,
    budgets: z.array(budgetSchema).readonly(),
    incidentId: maybe(z.string()),
    workloads: z.array(workloadSchema).readonly(),
    secrets: z.array(secretSchema).readonly(),
    lastTickAt: maybe(isoTime),
    mode: z.enum(MODES),
    outlook: maybe(outlookSchema),
    uptime: uptimeSchema,
    /** Oldest first, 90 at most; days without a look are left out. */
    days: z.array(daySchema).readonly(),
    trouble: maybe(z.string()),
  })
  .meta({ id: 'Target' }) satisfies z.ZodType<TargetView>

export const targetListSchema = z
  .object({ targets: z.array(targetSchema).readonly() })
  .meta({ id: 'TargetList' })

/** What an order (recover, arm, pause, resume) did, and the target after it. */
export const orderResultSchema = z
  .object({ report: targetReportSchema, target: targetSchema })
  .meta({ id: 'OrderResult' })

export const healthSchema = z.object({ status: z.literal('ok'), version: z.string() }).meta({ id: 'Health' })
