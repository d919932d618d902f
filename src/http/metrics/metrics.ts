/**
 * The registry behind `/metrics`: one an app, filled at each scrape from what the guard remembers in memory. What each
 * metric means is in guard-metrics.ts and target-metrics.ts; what the process itself costs comes from prom-client.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Guard, GuardMetrics } from '../../app/guard.ts'
import type { Definition } from './definition.ts'
import { GUARD_METRICS } from './guard-metrics.ts'
import { TARGET_METRICS } from './target-metrics.ts'

export type Metrics = {
  readonly contentType: string
  /** The Prometheus text format, version 0.0.4. */
  text(): Promise<string>
}

/** Gauges whose names break Prometheus' own rules (`_total` is for counters); their parts by type stay. */
const ILL_NAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** Nothing is set up before the first scrape: a service that nobody scrapes pays nothing. */
export function createMetrics(options: { readonly guard: Guard; readonly version: string }): Metrics {
  let built: ReturnType<typeof build> | undefined
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    async text() {
      built ??= build(options.version)
      built.show(options.guard.metrics())
      return built.registry.metrics()
    },
  }
}

function build(version: string) {
  const registry = new Registry()
  let figures: GuardMetrics | undefined
  const info = new Gauge({
    name: 'nightguard_build_info',
    help: 'The version of this Night Guard; always 1.',
    labelNames: ['version'],
    registers: [registry],
  })
  info.set({ version }, 1)
  for (const definition of [...GUARD_METRICS, ...TARGET_METRICS]) {
    register(definition, { registry, figures: () => figures })
  }
  collectDefaultMetrics({ register: registry })
  for (const name of ILL_NAMED) registry.removeSingleMetric(name)
  return {
    registry,
    show(newest: GuardMetrics) {
      figures = newest
    },
  }
}

function register(
  definition: Definition,
  { registry, figures }: { registry: Registry; figures: () => GuardMetrics | undefined },
): void {
  const { name, help, kind, labels, read } = definition
  const shared = { name, help, labelNames: [...labels], registers: [registry] }
  const series = () => {
    const newest = figures()
    return newest === undefined ? [] : read(newest).filter(({ value }) => Number.isFinite(value))
  }
  if (kind === 'gauge') {
    new Gauge({
      ...shared,
      collect() {
        this.reset()
        // Without labels a reset leaves a 0 behind, which would say something.
        if (labels.length === 0) this.remove()
        for (const { labels: values = {}, value } of series()) this.set(values, value)
      },
    })
    return
  }
  new Counter({
    ...shared,
    collect() {
      this.reset()
      for (const { labels: values = {}, value } of series()) this.inc(values, Math.max(0, value))
    },
  })
}
