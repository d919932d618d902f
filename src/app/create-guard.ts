/** The guard: hands each caller's wish to its run, serves what is known, and ends in good order. */
import type { SyncReport, TickReport } from '../core/report.ts'
import { told } from '../core/told.ts'
import type { Guard, Unavailable, UnknownTarget } from './guard.ts'
import type { GuardOptions, RunContext, Standing } from './run-context.ts'
import { foundOf, leftAlone, loadStandings, namedTargets } from './run-context.ts'
import { type FleetRun, runFleet } from './run-fleet.ts'
import { runOrder } from './run-order.ts'
import { viewOf, viewOfTrouble } from './view-of.ts'

export type { GuardOptions } from './run-context.ts'

export function createGuard(options: GuardOptions): Guard {
  const { ports } = options
  const startedAt = ports.clock.now()
  const memory = { startedAt, lastReports: new Map(), recollections: new Map(), starts: new Map() }
  const context: RunContext = { ...options, memory }
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
    order: (id, request) => tracked(runOrder(context, id, request)),
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
    async close({ timeoutMs }) {
      // What runs may end what it does, but begins nothing that would not fit any more.
      context.memory.closingAt = ports.clock.now() + timeoutMs
      await Promise.race([Promise.allSettled([...inFlight]), ports.clock.sleep(timeoutMs)])
      await ports.store.close()
    },
  }
}

function view({ policy, ports, memory }: RunContext, standing: Standing) {
  const now = ports.clock.now()
  const found = foundOf(standing, now)
  if (found === undefined) return viewOfTrouble(standing.target, leftAlone(standing))
  const last = memory.lastReports.get(standing.target.id)
  return viewOf(standing.target, policy, found.state, { now, last })
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
