/** What the HTTP API says of a target's past, and of what shadow mode would have done. Times are ISO 8601 in UTC. */
import { z } from 'zod'
import { RUNGS } from '../core/action.ts'
import { MODES } from '../core/policy.ts'
import type { GaugeView, HistoryPoint, HistoryView, ShadowReport } from '../core/report.ts'
import { isoTime, maybe } from './api-parts.ts'

const gaugeSchema = z
  .object({ mean: z.number(), max: z.number() })
  .meta({ id: 'Gauge' }) satisfies z.ZodType<GaugeView>

/** Some minutes: how many looks came to which verdict, and what was measured. */
const historyPointSchema = z
  .object({
    fromAt: isoTime,
    toAt: isoTime,
    healthy: z.int(),
    degraded: z.int(),
    unhealthy: z.int(),
    inconclusive: z.int(),
    latencyMs: maybe(gaugeSchema),
    memoryUsedMb: maybe(gaugeSchema),
    swapUsedMb: maybe(gaugeSchema),
    /** The share of time in which all tasks stalled for memory, in percent. */
    memoryStallPercent: maybe(gaugeSchema),
  })
  .meta({ id: 'HistoryPoint' }) satisfies z.ZodType<HistoryPoint>

/** Points oldest first. */
export const historySchema = z
  .object({ target: z.string(), points: z.array(historyPointSchema).readonly() })
  .meta({ id: 'History' }) satisfies z.ZodType<HistoryView>

const wouldHaveSchema = z.object({
  at: isoTime,
  rung: z.enum(RUNGS).exclude(['human']),
  unit: maybe(z.string()),
  cause: z.string(),
  reason: z.string(),
  incidentId: z.string(),
  /** Milliseconds that the outage went on without it; absent while it lasts. */
  lastedMs: maybe(z.number()),
})

/** `cut`: there were more incidents than were looked through. */
export const shadowSchema = z
  .object({
    mode: z.enum(MODES),
    fromAt: isoTime,
    toAt: isoTime,
    targets: z
      .array(z.object({ id: z.string(), outages: z.int(), would: z.array(wouldHaveSchema).readonly() }))
      .readonly(),
    cut: z.boolean(),
  })
  .meta({ id: 'ShadowReport' }) satisfies z.ZodType<ShadowReport>
