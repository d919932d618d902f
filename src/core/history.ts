/**
 * History: looks added up. A tick measures; measurements wait in the process and in the state, and are appended to the
 * day's roll-up now and then. Sums by hour and day stay in the state, so that a page with uptimes costs no read.
 */
import type { Bucket, Gauge, Looks, PeriodSum } from './bucket.ts'
import type { Observation } from './evidence.ts'
import type { Policy } from './policy.ts'
import { newestHttp } from './reading.ts'
import type { VerdictKind } from './state.ts'

export const ROLLUP_SCHEMA = 1

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** One more than a day: the oldest is counted in part. */
const HOURS_KEPT = 25

const GAUGES = ['latencyMs', 'memoryUsedMb', 'swapUsedMb', 'memoryStallPercent'] as const

/** One look. */
export function measure(verdict: VerdictKind, observation: Observation, now: number): Bucket {
  const http = newestHttp(observation)
  const kit = http !== undefined && 'kit' in http ? http.kit : undefined
  const answered = http?.kind === 'ok' || http?.kind === 'answers-bad'
  return {
    from: now,
    to: now,
    looks: { healthy: 0, degraded: 0, unhealthy: 0, inconclusive: 0, [verdict]: 1 },
    ...gauge('latencyMs', answered ? http.durationMs : undefined),
    ...gauge('memoryUsedMb', kit?.memory?.usedMb),
    ...gauge('swapUsedMb', kit?.swap?.usedMb),
    ...gauge('memoryStallPercent', kit?.memoryStallPercent),
  }
}

function gauge(name: (typeof GAUGES)[number], value: number | undefined): Partial<Bucket> {
  if (value === undefined || !Number.isFinite(value)) return {}
  const rounded = Math.round(value * 10) / 10
  return { [name]: { count: 1, sum: rounded, max: rounded } }
}

export function addBuckets(one: Bucket | undefined, other: Bucket): Bucket {
  if (one === undefined) return other
  const gauges = GAUGES.flatMap((name) => {
    const sum = addGauges(one[name], other[name])
    return sum === undefined ? [] : [[name, sum] as const]
  })
  return {
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    looks: addLooks(one.looks, other.looks),
    ...Object.fromEntries(gauges),
  }
}

function addGauges(one: Gauge | undefined, other: Gauge | undefined): Gauge | undefined {
  if (one === undefined || other === undefined) return one ?? other
  const sum = Math.round((one.sum + other.sum) * 10) / 10
  return { count: one.count + other.count, sum, max: Math.max(one.max, other.max) }
}

export function addLooks(one: Looks, other: Looks): Looks {
  return {
    healthy: one.healthy + other.healthy,
    degraded: one.degraded + other.degraded,
    unhealthy: one.unhealthy + other.unhealthy,
    inconclusive: one.inconclusive + other.inconclusive,
  }
}

/**
 * Appended when its time has come, and at the end of its day. A look stands for a tick, and ticks do not come to the
 * second: ten looks are ten minutes.
 */
export function rollupIsDue({ history, tick }: Policy, { from }: Bucket, now: number): boolean {
  return now - from >= history.everyMs - 1.5 * tick.everyMs || dayOf(from) !== dayOf(now)
}

/** `2026-11-23`. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

type Sums = { readonly hours: readonly PeriodSum[]; readonly days: readonly PeriodSum[] }

/** Adds a bucket to the sums of its hour and its day, and forgets what is too old. */
export function addToSums({ hours, days }: Sums, bucket: Bucket, { history }: Policy): Sums {
  return {
    hours: addToPeriods(hours, bucket, { lengthMs: HOUR_MS, kept: HOURS_KEPT }),
    days: addToPeriods(days, bucket, { lengthMs: DAY_MS, kept: history.daysKept }),
  }
}

function addToPeriods(
  periods: readonly PeriodSum[],
  { from, looks }: Bucket,
  { lengthMs, kept }: { readonly lengthMs: number; readonly kept: number },
): readonly PeriodSum[] {
  const begin = Math.floor(from / lengthMs) * lengthMs
  const known = periods.find((period) => period.from === begin)
  const others = periods.filter((period) => period !== known && period.from > begin - kept * lengthMs)
  const sum = { from: begin, ...(known === undefined ? looks : addLooks(known, looks)) }
  return [...others, sum].sort((one, other) => one.from - other.from).slice(-kept)
}

/**
 * The share of looks since `since` that found the target working, 0 to 1; looks that nothing was concluded from don't
 * count. Undefined when there is none.
 */
export function uptimeOf(periods: readonly PeriodSum[], since: number): number | undefined {
  const counted = periods.filter(({ from }) => from >= since)
  const up = counted.reduce((sum, { healthy, degraded }) => sum + healthy + degraded, 0)
  const down = counted.reduce((sum, { unhealthy }) => sum + unhealthy, 0)
  return up + down === 0 ? undefined : up / (up + down)
}
