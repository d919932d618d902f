/** A tick or a sync over the fleet: first probes, the fleet's view, then each target goes its own way. */
import { nothingSeen } from '../core/evidence.ts'
import type { FleetView } from '../core/fleet.ts'
import { plan } from '../core/plan.ts'
import type { TargetReport } from '../core/report.ts'
import type { Request } from '../core/request.ts'
import { ask } from './ask.ts'
import { settleBounded } from './bounded.ts'
import type { Bug } from './bug.ts'
import { bugEvent, bugReport, bugsError } from './bug.ts'
import type { TickEnd } from './counters.ts'
import type { Unavailable, UnknownTarget } from './guard.ts'
import { eventOf } from './journal-event.ts'
import { servePresses } from './presses.ts'
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
  watchAndRemember,
} from './run-context.ts'
import { storeUnreachable } from './store-unreachable.ts'
import type { Watch, Watched } from './watch.ts'

export type FleetRequest = Extract<Request, { kind: 'tick' | 'sync' }>

export type FleetRun = {
  readonly kind: 'run'
  readonly at: string
  readonly durationMs: number
  readonly rows: readonly FleetRow[]
}

type FleetRow = { readonly report: TargetReport; readonly watched?: Watched; readonly bug?: Bug }

/** So many targets are probed for the first time while one may be watched to its end. */
const FIRST_LOOKS_A_PLACE = 4

export async function runFleet(
  context: RunContext,
  request: FleetRequest,
  ids: readonly string[] | undefined,
): Promise<FleetRun | Unavailable | UnknownTarget> {
  const { ports } = context
  const named = namedTargets(context, ids)
  if ('kind' in named) return named
  const beganAt = ports.clock.now()
  const standings = await loadStandings(context)
  if ('kind' in standings) {
    countTick(context, request, { end: 'store-unavailable', beganAt })
    return storeUnreachable(context, request.kind, `${standings.detail}: nothing was done`)
  }
  const shared = shareFrom(context, beganAt)
  const { deadlineAt } = shared.moment()
  // Settled, so that a bug in it is thrown where it is waited for.
  const telling = Promise.allSettled([tellBeside(context, request, { standings, deadlineAt })])
  const chosen = standings.filter(({ target }) => named.includes(target))
  const inTurn = takeTurns(context, chosen, { request, isWhole: ids === undefined })
  const looked = await lookAtAll(context, inTurn, { request, shared })
  const fleet = fleetOf(context, standings, { answers: answersOf(looked), now: beganAt })
  const served = await serveAll(context, looked, { fleet, now: beganAt })
  // Whoever was served first: the reader sees the order of the configuration.
  const rows = chosen.flatMap(({ target }) => served.filter(({ report }) => report.id === target.id))
  const durationMs = ports.clock.now() - beganAt
  const reports = rows.map(({ report }) => report)
  ports.journal.write(eventOf(request, reports, { beganAt, durationMs, fleet }))
  context.counters.actions(reports)
  const lost = rows.map(({ watched }) => watched?.trouble).find((trouble) => trouble?.kind === 'unavailable')
  const told = [
    ...(await telling),
    ...(await Promise.allSettled([context.delivery.settle({ until: deadlineAt })])),
  ]
  const unavailable =
    lost === undefined ? undefined : await storeUnreachable(context, request.kind, lost.detail)
  const bugs = bugsIn(rows, told)
  // What was left alone, for its state is of a newer schema, is watched by nobody.
  const isWatched = rows.every(({ watched }) => watched !== undefined)
  const isWhole = ids === undefined && lost === undefined && bugs.length === 0 && isWatched
  const end = lost === undefined ? (isWhole ? 'complete' : 'partial') : 'store-unavailable'
  countTick(context, request, { end, beganAt })
  throwBugs(context, request, bugs)
  if (isWhole) await pingDeadMan(context, request)
  return unavailable ?? { kind: 'run', at: new Date(beganAt).toISOString(), durationMs, rows }
}

/** What was said before goes on being delivered, and buttons are heard, beside the watching: neither waits for the other. */
async function tellBeside(
  context: RunContext,
  { kind, ...request }: FleetRequest,
  { standings, deadlineAt }: { readonly standings: readonly Standing[]; readonly deadlineAt: number },
): Promise<void> {
  const { ports, delivery } = context
  if (kind !== 'tick' || request.dryRun || ports.channels.length === 0) return
  const now = ports.clock.now()
  for (const { target, loaded } of standings) {
    const writtenAt = loaded.kind === 'found' ? loaded.state.outboxDueAt : undefined
    if (writtenAt === undefined || delivery.doneUpTo(target.id) === writtenAt) continue
    if ((delivery.dueAt(target.id, writtenAt) ?? now) <= now) delivery.retry(target.id, writtenAt)
  }
  await servePresses(context, standings, { deadlineAt })
}

function countTick(
  { counters, ports }: RunContext,
  { kind, dryRun }: FleetRequest,
  { end, beganAt }: { readonly end: TickEnd; readonly beganAt: number },
): void {
  const at = ports.clock.now()
  if (kind === 'tick' && !dryRun) counters.tick(end, { at, durationMs: at - beganAt })
}

const PING_MS = 5_000

/** Only a tick that was complete says that the guard lives; that nobody heard it changes nothing here. */
async function pingDeadMan({ ports }: RunContext, { kind, dryRun }: FleetRequest): Promise<void> {
  if (kind !== 'tick' || dryRun || ports.deadMan === undefined) return
  if (await ports.deadMan.ping({ timeoutMs: PING_MS })) return
  const message = 'tick: the dead-man service did not take the ping'
  ports.journal.write({ severity: 'WARNING', message, fields: { event: 'dead-man' } })
}

/** Those of targets' runs, and those of telling people, which is nobody's run. */
function bugsIn(rows: readonly FleetRow[], told: readonly PromiseSettledResult<void>[]): readonly Bug[] {
  const ofTelling = told.flatMap((end) =>
    end.status === 'rejected' ? [{ id: 'alerts', error: end.reason }] : [],
  )
  return [...rows.flatMap(({ bug }) => (bug === undefined ? [] : [bug])), ...ofTelling]
}

/** Every bug is told by itself; thrown, so that the caller sees that the run was not complete. */
function throwBugs({ ports }: RunContext, { kind }: FleetRequest, bugs: readonly Bug[]): void {
  for (const bug of bugs) ports.journal.write(bugEvent(kind, bug))
  if (bugs.length > 0) throw bugsError(kind, bugs)
}

/**
 * Each whole run begins where the first places of the last one ended: in as many runs as it takes to give each target
 * one of the `targetsAtOnceMax` first places, none waits behind slow ones in all of them.
 */
function takeTurns(
  { policy, memory, targets }: RunContext,
  chosen: readonly Standing[],
  { request, isWhole }: { readonly request: FleetRequest; readonly isWhole: boolean },
): readonly Standing[] {
  const start = memory.starts.get(request.kind) ?? 0
  if (isWhole && !request.dryRun)
    memory.starts.set(request.kind, (start + policy.tick.targetsAtOnceMax) % targets.length)
  const early = new Set(targets.slice(0, start).map(({ id }) => id))
  return [
    ...chosen.filter(({ target }) => !early.has(target.id)),
    ...chosen.filter(({ target }) => early.has(target.id)),
  ]
}

/** A target and its first look, or the bug that ended it. */
type Looked = { readonly standing: Standing; readonly end: PromiseSettledResult<First> }

async function lookAtAll(
  context: RunContext,
  standings: readonly Standing[],
  asked: { readonly request: FleetRequest; readonly shared: Shared },
): Promise<readonly Looked[]> {
  // One probe each holds little; nobody is judged before all have been probed.
  const atOnceMax = context.policy.tick.targetsAtOnceMax * FIRST_LOOKS_A_PLACE
  const ends = await settleBounded(standings, { atOnceMax }, (standing) =>
    firstLook(context, standing, asked),
  )
  return together(standings, ends).map(([standing, end]) => ({ standing, end }))
}

function answersOf(looked: readonly Looked[]): ReadonlyMap<string, boolean> {
  return new Map(
    looked.flatMap(({ standing, end }) =>
      end.status === 'fulfilled' && end.value.answers !== undefined
        ? [[standing.target.id, end.value.answers]]
        : [],
    ),
  )
}

/** A bug ends its own target's run only: the report goes out when nobody acts any more. */
async function serveAll(
  context: RunContext,
  looked: readonly Looked[],
  { fleet, now }: { readonly fleet: FleetView; readonly now: number },
): Promise<readonly FleetRow[]> {
  const atOnceMax = context.policy.tick.targetsAtOnceMax
  const ends = await settleBounded(looked, { atOnceMax }, async ({ end }): Promise<FleetRow> => {
    if (end.status === 'rejected') throw end.reason
    const first = end.value
    return 'report' in first ? first : watchAndRemember(context, { ...first.run, fleet })
  })
  return together(looked, ends).map(([{ standing }, end]) => {
    if (end.status === 'fulfilled') return end.value
    const bug = { id: standing.target.id, error: end.reason }
    const phase = foundOf(standing, now)?.state.phase ?? 'unarmed'
    return { report: bugReport(bug, { phase }), bug }
  })
}

function together<Item, End>(
  items: readonly Item[],
  ends: readonly End[],
): readonly (readonly [Item, End])[] {
  return items.flatMap((item, index) => {
    const end = ends[index]
    return end === undefined ? [] : [[item, end] as const]
  })
}

type First = { readonly answers?: boolean } & ({ readonly run: Watch } | { readonly report: TargetReport })

/** A tick probes every target first: the fleet's view rests on it. */
async function firstLook(
  context: RunContext,
  standing: Standing,
  { request, shared }: { request: FleetRequest; shared: Shared },
): Promise<First> {
  const { target } = standing
  const { now } = shared.moment()
  const found = foundOf(standing, now)
  if (found === undefined) return { report: leftAlone(standing) }
  const run = beginWatch(context, { target, found, request, fleet: NO_FLEET, shared })
  if (request.kind !== 'tick') return { run }
  const start = nothingSeen(now)
  const queries = plan({ ...run, observation: start, peersAnswering: 0, moment: shared.moment() })
  const observation = await ask(queries, start, run)
  const answers = observation.http.at(-1)?.kind === 'ok'
  return { run: { ...run, observation }, answers }
}
