/**
 * The registry behind `/metrics`: one an app, filled at each scrape from what the guard remembers in memory. What each
 * metric means is in guard-metrics.ts and target-metrics.ts; what the process itself costs comes from prom-client.
 */
import type { Registry } from 'prom-client'
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

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8'

type Library = typeof import('prom-client')

/** Nothing is loaded before the first scrape: a service that nobody scrapes starts without it. */
export function createMetrics(options: { readonly guard: Guard; readonly version: string }): Metrics {
  let figures: GuardMetrics | undefined
  let registry: Promise<Registry> | undefined
  return {
    contentType: TEXT_FORMAT,
    async text() {
      registry ??= import('prom-client').then((library) =>
        registryOf(library, { version: options.version, figures: () => figures }),
      )
      const loaded = await registry
      figures = options.guard.metrics()
      return loaded.metrics()
    },
  }
}

type Figures = () => GuardMetrics | undefined

function registryOf(
  library: Library,
  options: { readonly version: string; readonly figures: Figures },
): Registry {
  const { Registry, Gauge, collectDefaultMetrics } = library
  const registry = new Registry()
  const info = new Gauge({
    name: 'nightguard_build_info',
    help: 'The version of this Night Guard; always 1.',
    labelNames: ['version'],
    registers: [registry],
  })
  info.set({ version: options.version }, 1)
  for (const definition of [...GUARD_METRICS, ...TARGET_METRICS]) {
    register(library, definition, { registry, figures: options.figures })
  }
  collectDefaultMetrics({ register: registry })
  for (const name of ILL_NAMED) registry.removeSingleMetric(name)
  return registry
}

function register(
  { Counter, Gauge }: Library,
  { name, help, kind, labels, read }: Definition,
  { registry, figures }: { readonly registry: Registry; readonly figures: Figures },
): void {
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
