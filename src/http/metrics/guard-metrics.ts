/** The metrics of the guard itself: ticks, actions, notices and deliveries, counted since this process began. */
import type { GuardMetrics } from '../../app/guard.ts'
import { NOTICE_KINDS } from '../../core/notice.ts'
import { COUNTED_MAX, type Definition, label, type Series, seconds, TARGETS_MAX } from './definition.ts'

const DELIVERY_RESULTS = ['sent', 'failed', 'rejected'] as const

export const GUARD_METRICS: readonly Definition[] = [
  {
    name: 'nightguard_started_timestamp_seconds',
    help: 'When this process began, in seconds since 1970; the counters below count from then.',
    kind: 'gauge',
    labels: [],
    read: ({ startedAt }) => [{ value: seconds(startedAt) }],
  },
  {
    name: 'nightguard_last_complete_tick_timestamp_seconds',
    help: 'When this process last completed a tick over all targets, in seconds since 1970; absent before the first one.',
    kind: 'gauge',
    labels: [],
    read: ({ lastCompleteTickAt: at }) => (at === undefined ? [] : [{ value: seconds(at) }]),
  },
  {
    name: 'nightguard_last_tick_duration_seconds',
    help: 'How long the last tick of this process took, in seconds; absent before the first one.',
    kind: 'gauge',
    labels: [],
    read: ({ lastTickDurationMs: ms }) => (ms === undefined ? [] : [{ value: seconds(ms) }]),
  },
  {
    name: 'nightguard_ticks_total',
    help: 'Ticks of this process since it began, by outcome: complete, partial (of some targets only, or one could not be handled), store-unavailable.',
    kind: 'counter',
    labels: ['outcome'],
    read: ({ ticks }) =>
      Object.entries(ticks).map(([outcome, value]) => ({ labels: { outcome: label(outcome) }, value })),
  },
  {
    name: 'nightguard_actions_total',
    help: 'Actions of this process since it began, by target, rung and result.',
    kind: 'counter',
    labels: ['target', 'rung', 'result'],
    read: ({ actions }) =>
      actions.slice(0, COUNTED_MAX).map(({ target, rung, result, count }) => ({
        labels: { target: label(target), rung: label(rung), result: label(result) },
        value: count,
      })),
  },
  {
    name: 'nightguard_notices_total',
    help: 'Notices to people that this process has written since it began, by kind.',
    kind: 'counter',
    labels: ['kind'],
    read: notices,
  },
  {
    name: 'nightguard_deliveries_total',
    help: 'Tries of this process to get a notice through a channel since it began, by channel and result: sent, failed (tried again), rejected (given up).',
    kind: 'counter',
    labels: ['channel', 'result'],
    read: deliveries,
  },
  {
    name: 'nightguard_targets_left_out',
    help: `Targets that are watched but not in these metrics, for there are more than ${TARGETS_MAX}.`,
    kind: 'gauge',
    labels: [],
    read: ({ targets }) => [{ value: Math.max(0, targets.length - TARGETS_MAX) }],
  },
]

/** Each kind from the start, at 0: what appears only with its first event has no rate at that event. */
function notices({ notices: counted }: GuardMetrics): readonly Series[] {
  return NOTICE_KINDS.map((kind) => ({
    labels: { kind },
    value: sum(counted.filter((notice) => notice.kind === kind)),
  }))
}

function deliveries({ deliveries: counted }: GuardMetrics): readonly Series[] {
  const channels = [...new Set(counted.slice(0, COUNTED_MAX).map(({ channel }) => channel))]
  return channels.flatMap((channel) =>
    DELIVERY_RESULTS.map((result) => ({
      labels: { channel: label(channel), result },
      value: sum(counted.filter((delivery) => delivery.channel === channel && delivery.result === result)),
    })),
  )
}

function sum(counted: readonly { readonly count: number }[]): number {
  return counted.reduce((total, { count }) => total + count, 0)
}
