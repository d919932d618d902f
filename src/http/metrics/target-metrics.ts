/** The metrics of targets: what this process saw of each at its last look. It asks nobody for them. */
import type { GuardMetrics } from '../../app/guard.ts'
import type { BudgetView, TargetView, Uptime } from '../../core/report.ts'
import { PHASES, VERDICTS } from '../../core/state.ts'
import {
  type Definition,
  type Labels,
  label,
  OF_TARGET_MAX,
  type Series,
  seconds,
  secondsAt,
  TARGETS_MAX,
  windowName,
  zeroOrOne,
} from './definition.ts'

type Look = GuardMetrics['targets'][number]

const UPTIME_WINDOWS: Readonly<Record<keyof Uptime, string>> = {
  hours24: '24h',
  days7: '7d',
  days30: '30d',
  days90: '90d',
}

export const TARGET_METRICS: readonly Definition[] = [
  gauge({
    name: 'up',
    help: 'Whether the target worked (verdict healthy or degraded) at the last look of this process: 1 or 0; absent while nothing could be concluded.',
    read: ({ view: { verdict } }) =>
      verdict === 'inconclusive' ? [] : [{ value: zeroOrOne({ is: verdict !== 'unhealthy' }) }],
  }),
  gauge({
    name: 'verdict',
    help: 'The verdict of the last look of this process: 1 for the one that holds, 0 for the others.',
    labels: ['verdict'],
    read: ({ view }) => stateSet('verdict', VERDICTS, view.verdict),
  }),
  gauge({
    name: 'phase',
    help: 'What the guard was doing about the target at the last look of this process: 1 for the phase that holds, 0 for the others.',
    labels: ['phase'],
    read: ({ view }) => stateSet('phase', PHASES, view.phase),
  }),
  gauge({
    name: 'last_look_timestamp_seconds',
    help: 'When this process last looked at the target, in seconds since 1970.',
    read: ({ lookedAt }) => [{ value: seconds(lookedAt) }],
  }),
  gauge({
    name: 'probe_duration_seconds',
    help: "How long the target's health endpoint took to answer the last look of this process, in seconds; absent when it did not.",
    read: ({ latencyMs }) => (latencyMs === undefined ? [] : [{ value: seconds(latencyMs) }]),
  }),
  flag('armed', 'Whether the guard may act on the target, as this process last saw it', (view) => view.armed),
  flag(
    'paused',
    'Whether a person has paused the target, as this process last saw it',
    (view) => view.paused !== undefined,
  ),
  flag(
    'breaker_open',
    "Whether the target's breaker is open, so that only a person can go on, as this process last saw it",
    (view) => view.breaker.kind === 'open',
  ),
  flag(
    'incident_open',
    'Whether the target has an incident that is not closed, as this process last saw it',
    (view) => view.incidentId !== undefined,
  ),
  flag(
    'observe_only',
    'Whether the guard decides but does nothing (policy.mode is observe), as this process last saw it',
    (view) => view.mode === 'observe',
  ),
  flag(
    'trouble',
    "Whether the store, a lost race or a newer document kept this process from deciding at the target's last look",
    (view) => view.trouble !== undefined,
  ),
  gauge({
    name: 'budget_used',
    help: 'How often a rung (of a unit, where it has one) was used within the sliding window, as this process last saw it.',
    labels: ['rung', 'unit', 'window'],
    read: ({ view }) => budgets(view, ({ used }) => used),
  }),
  gauge({
    name: 'budget_max',
    help: 'How often a rung may be used within the sliding window.',
    labels: ['rung', 'unit', 'window'],
    read: ({ view }) => budgets(view, ({ max }) => max),
  }),
  gauge({
    name: 'uptime_ratio',
    help: 'Share of conclusive looks within the window that found the target working, 0 to 1, as this process last saw it; absent without any.',
    labels: ['window'],
    read: ({ view }) => uptimes(view.uptime),
  }),
  gauge({
    name: 'secret_applied',
    help: 'Whether a wanted secret has been put on the target, as this process last saw it: 1 or 0. The label is the name of the Podman secret.',
    labels: ['secret'],
    read: ({ view }) =>
      secrets(view).map(({ name, applied }) => ({
        labels: { secret: label(name) },
        value: zeroOrOne({ is: applied !== undefined }),
      })),
  }),
  gauge({
    name: 'secret_applied_timestamp_seconds',
    help: 'When the version of a secret that is on the target was put there, in seconds since 1970, as this process last saw it.',
    labels: ['secret'],
    read: ({ view }) =>
      secrets(view).flatMap(({ name, appliedAt }) =>
        appliedAt === undefined ? [] : [{ labels: { secret: label(name) }, value: secondsAt(appliedAt) }],
      ),
  }),
]

function gauge(options: {
  readonly name: string
  readonly help: string
  readonly labels?: readonly string[]
  /** The series of one target, without the target's own label. */
  readonly read: (look: Look) => readonly Series[]
}): Definition {
  const { name, help, labels = [], read } = options
  return {
    name: `nightguard_target_${name}`,
    help,
    kind: 'gauge',
    labels: ['target', ...labels],
    read: ({ targets }) =>
      targets.slice(0, TARGETS_MAX).flatMap((look) => {
        const target = label(look.view.id)
        return read(look).map((series) => ({ ...series, labels: { target, ...series.labels } }))
      }),
  }
}

function flag(name: string, help: string, is: (view: TargetView) => boolean): Definition {
  const read = ({ view }: Look) => [{ value: zeroOrOne({ is: is(view) }) }]
  return gauge({ name, help: `${help}: 1 or 0.`, read })
}

function stateSet(name: string, all: readonly string[], present: string): readonly Series[] {
  return all.map((state) => ({ labels: { [name]: state }, value: zeroOrOne({ is: state === present }) }))
}

function budgets(view: TargetView, read: (budget: BudgetView) => number): readonly Series[] {
  return view.budgets
    .slice(0, OF_TARGET_MAX)
    .map((budget) => ({ labels: budgetLabels(budget), value: read(budget) }))
}

function budgetLabels({ rung, unit = '', windowMs }: BudgetView): Labels {
  return { rung: label(rung), unit: label(unit), window: windowName(windowMs) }
}

function uptimes(uptime: Uptime): readonly Series[] {
  const names = Object.keys(UPTIME_WINDOWS) as (keyof Uptime)[]
  return names.flatMap((name) => {
    const value = uptime[name]
    return value === undefined ? [] : [{ labels: { window: UPTIME_WINDOWS[name] }, value }]
  })
}

function secrets(view: TargetView): TargetView['secrets'] {
  return view.secrets.slice(0, OF_TARGET_MAX)
}
