/** Views of the past: uptimes and days from the state's sums, points for charts from the roll-ups. */

import type { Bucket, Gauge, PeriodSum } from '../core/bucket.ts'
import { addBuckets, addToSums, dayOf, uptimeOf } from '../core/history.ts'
import type { Policy } from '../core/policy.ts'
import type { DayView, GaugeView, HistoryPoint, HistoryView, Uptime } from '../core/report.ts'
import type { TargetState } from '../core/state.ts'

const DAY_MS = 24 * 3_600_000
/** Enough for a chart; longer spans have longer points. */
const POINTS_MAX = 360

export function pastOf(
  state: TargetState,
  { policy, unwritten, now }: { policy: Policy; unwritten: Bucket | undefined; now: number },
): { readonly uptime: Uptime; readonly days: readonly DayView[] } {
  const fresh = [state.unrolled, unwritten].filter((bucket) => bucket !== undefined)
  const { hours, days } = fresh.reduce<Pick<TargetState, 'hours' | 'days'>>(
    (sums, bucket) => addToSums(sums, bucket, policy),
    state,
  )
  return {
    uptime: {
      ...share('hours24', hours, now - DAY_MS),
      ...share('days7', days, now - 7 * DAY_MS),
      ...share('days30', days, now - 30 * DAY_MS),
      ...share('days90', days, now - 90 * DAY_MS),
    },
    days: days.map(({ from, ...looks }) => ({ day: dayOf(from), ...looks })),
  }
}

function share(name: keyof Uptime, periods: readonly PeriodSum[], since: number): Uptime {
  const uptime = uptimeOf(periods, since)
  return uptime === undefined ? {} : { [name]: uptime }
}

/** Buckets as points, oldest first; neighbours are added up until there are few enough. */
export function historyView(
  target: string,
  buckets: readonly Bucket[],
  { since, now }: { readonly since: number; readonly now: number },
): HistoryView {
  const pointMs = Math.max(1, (now - since) / POINTS_MAX)
  const merged = new Map<number, Bucket>()
  for (const bucket of buckets.toSorted((one, other) => one.from - other.from)) {
    if (bucket.to < since) continue
    const slot = Math.floor((bucket.from - since) / pointMs)
    merged.set(slot, addBuckets(merged.get(slot), bucket))
  }
  return { target, points: [...merged.values()].map(pointOf) }
}

function pointOf({ from, to, looks, ...gauges }: Bucket): HistoryPoint {
  return {
    fromAt: new Date(from).toISOString(),
    toAt: new Date(to).toISOString(),
    ...looks,
    ...gaugeView('latencyMs', gauges.latencyMs),
    ...gaugeView('memoryUsedMb', gauges.memoryUsedMb),
    ...gaugeView('swapUsedMb', gauges.swapUsedMb),
    ...gaugeView('memoryStallPercent', gauges.memoryStallPercent),
  }
}

function gaugeView(name: string, gauge: Gauge | undefined): Readonly<Record<string, GaugeView>> {
  if (gauge === undefined) return {}
  return { [name]: { mean: Math.round((gauge.sum / gauge.count) * 10) / 10, max: gauge.max } }
}
