/** A tick or a sync over the fleet: first probes, the fleet's view, then each target goes its own way. */
import { nothingSeen } from '../core/evidence.ts'
import { plan } from '../core/plan.ts'
import type { TargetReport } from '../core/report.ts'
import type { Request } from '../core/request.ts'
import { ask } from './ask.ts'
import { mapBounded } from './bounded.ts'
import type { Unavailable, UnknownTarget } from './guard.ts'
import { eventOf } from './journal-event.ts'
import type { RunContext, Shared, Standing } from './run-context.ts'
import {
  beginWatch,
  fleetOf,
  foundOf,
  leftAlone,
  loadStandings,
  NO_FLEET,
  namedTargets,
  shareFrom,
  storeUnreachable,
  watchAndRemember,
} from './run-context.ts'
import type { Watch, Watched } from './watch.ts'

export type FleetRequest = Extract<Request, { kind: 'tick' | 'sync' }>

export type FleetRun = {
  readonly kind: 'run'
  readonly at: string
  readonly durationMs: number
  readonly rows: readonly FleetRow[]
}

type FleetRow = { readonly report: TargetReport; readonly watched?: Watched }

export async function runFleet(
  context: RunContext,
  request: FleetRequest,
  ids: readonly string[] | undefined,
): Promise<FleetRun | Unavailable | UnknownTarget> {
  const { policy, ports } = context
  const named = namedTargets(context, ids)
  if ('kind' in named) return named
  const beganAt = ports.clock.now()
  const standings = await loadStandings(context)
  if ('kind' in standings)
    return storeUnreachable(context, request.kind, `${standings.detail}: nothing was done`)
  const shared = shareFrom(context, beganAt)
  const chosen = standings.filter(({ target }) => named.includes(target))
  const atOnce = { atOnceMax: policy.tick.targetsAtOnceMax }
  const firsts = await mapBounded(chosen, atOnce, (standing) =>
    firstLook(context, standing, { request, shared }),
  )
  const answers = new Map(
    firsts.flatMap((first) => (first.answers === undefined ? [] : [[first.id, first.answers]])),
  )
  const fleet = fleetOf(context, standings, { answers, now: beganAt })
  const rows = await mapBounded(
    firsts,
    atOnce,
    (first): Promise<FleetRow> =>
      'report' in first
        ? Promise.resolve({ report: first.report })
        : watchAndRemember(context, { ...first.run, fleet }),
  )
  const durationMs = ports.clock.now() - beganAt
  const reports = rows.map(({ report }) => report)
  ports.journal.write(eventOf(request, reports, { beganAt, durationMs, fleet }))
  const lost = rows.map(({ watched }) => watched?.trouble).find((trouble) => trouble?.kind === 'unavailable')
  if (lost !== undefined) return storeUnreachable(context, request.kind, lost.detail)
  return { kind: 'run', at: new Date(beganAt).toISOString(), durationMs, rows }
}

type First = { readonly id: string; readonly answers?: boolean } & (
  | { readonly run: Watch }
  | { readonly report: TargetReport }
)

/** A tick probes every target first: the fleet's view rests on it. */
async function firstLook(
  context: RunContext,
  standing: Standing,
  { request, shared }: { request: FleetRequest; shared: Shared },
): Promise<First> {
  const { target } = standing
  const { now } = shared.moment()
  const found = foundOf(standing, now)
  if (found === undefined) return { id: target.id, report: leftAlone(standing) }
  const run = beginWatch(context, { target, found, request, fleet: NO_FLEET, shared })
  if (request.kind !== 'tick') return { id: target.id, run }
  const start = nothingSeen(now)
  const queries = plan({ ...run, observation: start, peersAnswering: 0, moment: shared.moment() })
  const observation = await ask(queries, start, run)
  const answers = observation.http.at(-1)?.kind === 'ok'
  return { id: target.id, run: { ...run, observation }, answers }
}
