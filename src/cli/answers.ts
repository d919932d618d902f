/**
 * What the command reads of the service's answers: no more than it shows, and leniently, so that an older command
 * understands a newer service. The exact shapes are schemas/api*.ts.
 */
import { z } from 'zod'

const text = z.string().default('')
const time = z.union([z.string(), z.number()])

const evidence = z
  .record(z.string(), z.looseObject({ kind: text, detail: z.string().optional() }))
  .default({})

const gauge = z.looseObject({ mean: z.number(), max: z.number() }).optional()

const reported = z.looseObject({ rung: text, result: text, detail: z.string().optional() })

const targetReport = z.looseObject({
  id: text,
  verdict: text,
  cause: z.string().optional(),
  reason: text,
  phase: text,
  evidence,
  actions: z.array(reported).default([]),
  incidentId: z.string().optional(),
  trouble: z.string().optional(),
})

const secretOutcome = z.looseObject({
  name: text,
  secret: text,
  version: z.string().optional(),
  result: text,
  detail: z.string().optional(),
})

const run = { at: time, durationMs: z.number().default(0) }

export const tickAnswer = z.looseObject({ ...run, targets: z.array(targetReport) })
export const syncAnswer = z.looseObject({
  ...run,
  targets: z.array(targetReport.extend({ secrets: z.array(secretOutcome).default([]) })),
})

const share = z.number().optional()
const uptime = z.looseObject({ hours24: share, days7: share, days30: share, days90: share }).default({})

export const targetAnswer = z.looseObject({
  id: text,
  verdict: text,
  cause: z.string().optional(),
  reason: text,
  phase: text,
  phaseSince: time.optional(),
  armed: z.boolean().optional(),
  evidence,
  paused: z.looseObject({ by: text, reason: text, until: time }).optional(),
  breaker: z.looseObject({ kind: text, reason: z.string().optional() }).optional(),
  budgets: z
    .array(
      z.looseObject({
        rung: text,
        unit: z.string().optional(),
        used: z.number(),
        max: z.number(),
        windowMs: z.number(),
      }),
    )
    .default([]),
  incidentId: z.string().optional(),
  workloads: z
    .array(
      z.looseObject({
        unit: text,
        container: text,
        state: z.string().optional(),
        health: z.string().optional(),
      }),
    )
    .default([]),
  secrets: z
    .array(z.looseObject({ name: text, secret: text, wanted: text, applied: z.string().optional() }))
    .default([]),
  lastTickAt: time.optional(),
  mode: z.string().optional(),
  outlook: z
    .looseObject({ rung: text, unit: z.string().optional(), notBeforeAt: time.optional(), why: text })
    .optional(),
  uptime,
  trouble: z.string().optional(),
})
export const targetsAnswer = z.looseObject({ targets: z.array(targetAnswer) })
export const orderAnswer = z.looseObject({ report: targetReport, target: targetAnswer })

export const incidentAnswer = z.looseObject({
  id: text,
  target: text,
  openedAt: time,
  openedBy: text,
  closedAt: time.optional(),
  cause: text,
  state: text,
  timeline: z.array(z.looseObject({ at: time, kind: text, text })).default([]),
  timelineDropped: z.number().default(0),
})
export const incidentsAnswer = z.looseObject({
  incidents: z.array(incidentAnswer),
  next: z.string().optional(),
})

const point = z.looseObject({
  fromAt: time,
  healthy: z.number().default(0),
  degraded: z.number().default(0),
  unhealthy: z.number().default(0),
  inconclusive: z.number().default(0),
  latencyMs: gauge,
  memoryUsedMb: gauge,
  swapUsedMb: gauge,
  memoryStallPercent: gauge,
})
export const historyAnswer = z.looseObject({ target: text, points: z.array(point) })

const would = z.looseObject({
  at: time,
  rung: text,
  unit: z.string().optional(),
  cause: text,
  reason: text,
  incidentId: text,
  lastedMs: z.number().optional(),
})
export const shadowAnswer = z.looseObject({
  mode: text,
  fromAt: time,
  toAt: time,
  targets: z.array(
    z.looseObject({ id: text, outages: z.number().default(0), would: z.array(would).default([]) }),
  ),
  cut: z.boolean().default(false),
})

export const alertTestsAnswer = z.looseObject({
  results: z.array(z.looseObject({ channel: text, result: text, detail: z.string().optional() })),
})

export const problemAnswer = z.looseObject({
  title: text,
  detail: text,
  mend: z.string().optional(),
  errors: z.array(z.looseObject({ field: text, message: text })).default([]),
})

export type TargetReportAnswer = z.output<typeof targetReport>
export type TickAnswer = z.output<typeof tickAnswer>
export type SyncAnswer = z.output<typeof syncAnswer>
export type TargetAnswer = z.output<typeof targetAnswer>
export type OrderAnswer = z.output<typeof orderAnswer>
export type IncidentAnswer = z.output<typeof incidentAnswer>
export type IncidentsAnswer = z.output<typeof incidentsAnswer>
export type HistoryAnswer = z.output<typeof historyAnswer>
export type HistoryPointAnswer = z.output<typeof point>
export type ShadowAnswer = z.output<typeof shadowAnswer>
export type AlertTestsAnswer = z.output<typeof alertTestsAnswer>
export type ProblemAnswer = z.output<typeof problemAnswer>
