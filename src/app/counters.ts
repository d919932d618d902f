/** Counting: what this process has done since it began, for /metrics. Nothing rests on it. */
import type { TargetReport } from '../core/report.ts'
import type { GuardMetrics } from './guard.ts'

/** How a tick ended. */
export type TickEnd = keyof GuardMetrics['ticks']

export type Counters = {
  tick(end: TickEnd, times: { readonly at: number; readonly durationMs: number }): void
  actions(reports: readonly TargetReport[]): void
  delivery(channel: string, result: GuardMetrics['deliveries'][number]['result']): void
  notice(kind: string): void
  read(): Omit<GuardMetrics, 'startedAt' | 'targets'>
}

/** `channels`: counted from 0, so that a first failure is an increase. */
export function createCounters(channels: readonly string[]): Counters {
  const ticks = { complete: 0, partial: 0, 'store-unavailable': 0 }
  // As many keys as targets × rungs × results, channels × results: bounded by the configuration.
  const actions = new Map<string, GuardMetrics['actions'][number]>()
  const deliveries = new Map<string, GuardMetrics['deliveries'][number]>()
  for (const channel of channels)
    for (const result of ['sent', 'failed', 'rejected'] as const)
      deliveries.set(JSON.stringify({ channel, result }), { channel, result, count: 0 })
  const notices = new Map<string, GuardMetrics['notices'][number]>()
  let last: { readonly completeAt?: number; readonly durationMs?: number } = {}

  return {
    tick(end, { at, durationMs }) {
      ticks[end] += 1
      last = { ...last, durationMs, ...(end === 'complete' ? { completeAt: at } : {}) }
    },
    actions(reports) {
      for (const { id, actions: done } of reports)
        for (const { rung, result } of done) count(actions, { target: id, rung, result })
    },
    delivery: (channel, result) => count(deliveries, { channel, result }),
    notice: (kind) => count(notices, { kind }),
    read: () => ({
      ...(last.completeAt === undefined ? {} : { lastCompleteTickAt: last.completeAt }),
      ...(last.durationMs === undefined ? {} : { lastTickDurationMs: last.durationMs }),
      ticks: { ...ticks },
      actions: [...actions.values()],
      deliveries: [...deliveries.values()],
      notices: [...notices.values()],
    }),
  }
}

function count<Row extends { readonly count: number }>(
  rows: Map<string, Row>,
  key: Omit<Row, 'count'>,
): void {
  const name = JSON.stringify(key)
  const known = rows.get(name)
  rows.set(name, { ...key, count: (known?.count ?? 0) + 1 } as Row)
}
