/** The guard: hands each caller's wish to its run, serves what is known, and ends in good order. */
import type { Bucket } from '../core/bucket.ts'
import type { SyncReport, TickReport } from '../core/report.ts'
import { told } from '../core/told.ts'
import { createCounters } from './counters.ts'
import { createDelivery } from './delivery.ts'
import type { Guard, GuardMetrics, Order, OrderOutcome, Unavailable, UnknownTarget } from './guard.ts'
import { withHistoryCache } from './history-cache.ts'
import { historyView } from './history-view.ts'
import { withIncidentCache } from './incident-cache.ts'
import type { GuardOptions, RunContext, Standing } from './run-context.ts'
import { foundOf, leftAlone, loadStandings, namedTargets } from './run-context.ts'
import { type FleetRun, runFleet } from './run-fleet.ts'
import { runOrder } from './run-order.ts'
import { secretChanged } from './secret-changed.ts'
import { shadowReport } from './shadow-view.ts'
import { testAlerts } from './test-alerts.ts'
import { viewOf, viewOfTrouble } from './view-of.ts'

export type { GuardOptions } from './run-context.ts'

export function createGuard(options: GuardOptions): Guard {
  const { policy, targets } = options
  const { clock } = options.ports
  const incidents = withIncidentCache(options.ports.store, { clock, targets })
  const ports = { ...options.ports, store: withHistoryCache(incidents, { clock, policy }) }
  const startedAt = ports.clock.now()
  const memory = { startedAt, lastReports: new Map(), recollections: new Map(), starts: new Map() }
  const counters = createCounters(ports.channels.map(({ id }) => id))
  const delivery = createDelivery({ ports, policy, counters, owner: ports.ids.owner() })
  const context: RunContext = { ...options, ports, memory, counters, delivery }
  const inFlight = new Set<Promise<unknown>>()

  /** Work that a shutdown waits for. */
  function tracked<Result>(work: Promise<Result>): Promise<Result> {
    inFlight.add(work)
    const forget = (): boolean => inFlight.delete(work)
    work.then(forget, forget)
    return work
  }

  return {
    tick: ({ targets, dryRun }) => tracked(tickReport(runFleet(context, { kind: 'tick', dryRun }, targets))),
    sync: ({ targets, dryRun }) => tracked(syncReport(runFleet(context, { kind: 'sync', dryRun }, targets))),
    order: (id, request) => tracked(toldOrder(context, id, request)),
    async targets() {
      const standings = await loadStandings(context)
      if ('kind' in standings) return standings
      return { kind: 'targets', targets: standings.map((standing) => view(context, standing)) }
    },
    async target(id) {
      const named = namedTargets(context, [id])
      if ('kind' in named) return named
      const standings = await loadStandings({ ...context, targets: named })
      if ('kind' in standings) return standings
      const [standing] = standings
      if (standing === undefined) throw new Error(`${id} is known and was not loaded`)
      return { kind: 'target', target: view(context, standing) }
    },
    async incidents(query) {
      const named = namedTargets(context, query.target === undefined ? undefined : [query.target])
      if ('kind' in named) return named
      const page = await ports.store.incidents(query)
      return page.kind === 'page' ? { ...page, incidents: page.incidents.map(told) } : page
    },
    async incident(id) {
      const found = await ports.store.incident(id)
      return found.kind === 'found' ? { ...found, incident: told(found.incident) } : found
    },
    async blackBox(id) {
      const found = await ports.store.blackBox(id)
      return found.kind === 'found' ? { kind: 'found', blackBox: told(found.blackBox) } : found
    },
    async history(target, { days }) {
      const named = namedTargets(context, [target])
      if ('kind' in named) return named
      const now = ports.clock.now()
      const since = now - days * DAY_MS
      const found = await ports.store.history({ target, since })
      if (found.kind === 'unavailable') return found
      const unwritten = memoryOf(context, target)
      const buckets = unwritten === undefined ? found.buckets : [...found.buckets, unwritten]
      return { kind: 'history', history: historyView(target, buckets, { since, now }) }
    },
    shadow: (query) => shadowReport(context, query),
    secretChanged: (secret) => tracked(secretChanged(context, secret)),
    testAlerts: ({ by }) => tracked(testAlerts(context, by)),
    metrics: () => metricsOf(context),
    async close({ timeoutMs }) {
      // What runs may end what it does, but begins nothing that would not fit any more.
      context.memory.closingAt = ports.clock.now() + timeoutMs
      await Promise.race([Promise.allSettled([...inFlight]), ports.clock.sleep(timeoutMs)])
      await ports.store.close()
    },
  }
}

/** On Cloud Run nothing goes on behind the answer: what an order gives people to read is on its way before it. */
async function toldOrder(context: RunContext, id: string, request: Order): Promise<OrderOutcome> {
  const outcome = await runOrder(context, id, request)
  const { ports, policy } = context
  await context.delivery.settle({ until: ports.clock.now() + 2 * policy.outbox.sendMs })
  return outcome
}

const DAY_MS = 24 * 3_600_000

function memoryOf({ memory }: RunContext, id: string): Bucket | undefined {
  return memory.recollections.get(id)?.unwritten
}

function view(context: RunContext, standing: Standing) {
  const { policy, ports, memory } = context
  const { target } = standing
  const now = ports.clock.now()
  const found = foundOf(standing, now)
  if (found === undefined) return viewOfTrouble(target, policy, leftAlone(standing))
  const last = memory.lastReports.get(target.id)
  return viewOf(target, policy, found.state, { now, last, unwritten: memoryOf(context, target.id) })
}

/** What this process last saw; nobody is asked. */
function metricsOf(context: RunContext): GuardMetrics {
  const { targets, memory, counters, policy } = context
  const seen = targets.flatMap((target) => {
    const last = memory.lastReports.get(target.id)
    if (last === undefined) return []
    const { at, latencyMs, state } = last
    const view = viewOf(target, policy, state, { now: at, last, unwritten: memoryOf(context, target.id) })
    return [{ view, lookedAt: at, ...(latencyMs === undefined ? {} : { latencyMs }) }]
  })
  return { startedAt: memory.startedAt, targets: seen, ...counters.read() }
}

async function tickReport(
  work: Promise<FleetRun | Unavailable | UnknownTarget>,
): Promise<{ kind: 'report'; report: TickReport } | Unavailable | UnknownTarget> {
  const outcome = await work
  if (outcome.kind !== 'run') return outcome
  const { at, durationMs, rows } = outcome
  return { kind: 'report', report: { at, durationMs, targets: rows.map(({ report }) => report) } }
}

async function syncReport(
  work: Promise<FleetRun | Unavailable | UnknownTarget>,
): Promise<{ kind: 'report'; report: SyncReport } | Unavailable | UnknownTarget> {
  const outcome = await work
  if (outcome.kind !== 'run') return outcome
  const { at, durationMs, rows } = outcome
  const targets = rows.map(({ report, watched }) => ({ ...report, secrets: watched?.secrets ?? [] }))
  return { kind: 'report', report: { at, durationMs, targets } }
}
