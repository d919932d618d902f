/** The guard: runs the loop over the fleet for whoever asks, keeps the last reports, tells the journal. */

import { nothingSeen } from '../core/evidence.ts'
import type { FleetView, Member } from '../core/fleet.ts'
import { viewFleet } from '../core/fleet.ts'
import type { Incident } from '../core/incident.ts'
import { plan } from '../core/plan.ts'
import type { Policy } from '../core/policy.ts'
import type { SyncReport, TargetReport, TickReport } from '../core/report.ts'
import type { Moment, Recollection, Request } from '../core/request.ts'
import type { TargetState } from '../core/state.ts'
import { newState } from '../core/state-new.ts'
import type { Target } from '../core/target.ts'
import type { Loaded, Version } from '../ports/store.ts'
import { ask, onceACanary } from './ask.ts'
import { mapBounded } from './bounded.ts'
import type { Guard, Order, OrderOutcome, Unavailable, UnknownTarget } from './guard.ts'
import { eventOf } from './journal-event.ts'
import type { Ports } from './ports.ts'
import { reportOf } from './report-of.ts'
import { viewOf, viewOfTrouble } from './view-of.ts'
import type { Watch, Watched } from './watch.ts'
import { watch } from './watch.ts'

export type GuardOptions = {
  readonly targets: readonly Target[]
  readonly policy: Policy
  readonly canaryUrls: readonly string[]
  readonly ports: Ports
}

type FleetRequest = Extract<Request, { kind: 'tick' | 'sync' }>
type Standing = { readonly target: Target; readonly loaded: Loaded }
type Found = { readonly state: TargetState; readonly version: Version; readonly incident?: Incident }

export function createGuard(options: GuardOptions): Guard {
  const { targets, policy, ports } = options
  const startedAt = ports.clock.now()
  const lastReports = new Map<string, { readonly at: number; readonly report: TargetReport }>()
  const recollections = new Map<string, Recollection>()
  const inFlight = new Set<Promise<unknown>>()
  let closingAt: number | undefined

  /** One run's clock: its deadline moves closer when the service is told to end. */
  function momentsFrom(beganAt: number): () => Moment {
    const owner = ports.ids.owner()
    const deadlineAt = beganAt + policy.tick.deadlineMs
    return () => ({
      now: ports.clock.now(),
      deadlineAt: Math.min(deadlineAt, closingAt ?? deadlineAt),
      guardStartedAt: startedAt,
      owner,
    })
  }

  function known(ids: readonly string[] | undefined): readonly Target[] | UnknownTarget {
    if (ids === undefined) return targets
    const missing = ids.find((id) => !targets.some((target) => target.id === id))
    if (missing !== undefined)
      return { kind: 'unknown-target', id: missing, known: targets.map(({ id }) => id) }
    return targets.filter(({ id }) => ids.includes(id))
  }

  async function loadAll(): Promise<readonly Standing[] | Unavailable> {
    const loaded = await ports.store.load(targets.map(({ id }) => id))
    const standings: Standing[] = []
    for (const target of targets) {
      const found = loaded.get(target.id) ?? { kind: 'absent', lost: false, version: null }
      if (found.kind === 'unavailable') return found
      standings.push({ target, loaded: found })
    }
    return standings
  }

  function begin(target: Target, found: Found, request: Request, fleet: FleetView, shared: Shared): Watch {
    return {
      target,
      policy,
      ports,
      request,
      fleet,
      recollection: recollections.get(target.id) ?? {},
      canary: shared.canary,
      moment: shared.moment,
      state: found.state,
      version: found.version,
      ...(found.incident === undefined ? {} : { incident: found.incident }),
    }
  }

  function sharedFrom(beganAt: number): Shared {
    const timeoutMs = policy.probe.timeoutMs
    return { moment: momentsFrom(beganAt), canary: onceACanary(options.canaryUrls, ports, { timeoutMs }) }
  }

  async function runFleet(request: FleetRequest, ids: readonly string[] | undefined) {
    const named = known(ids)
    if ('kind' in named) return named
    const beganAt = ports.clock.now()
    const standings = await loadAll()
    if ('kind' in standings) return tellUnavailable(request.kind, standings)
    const shared = sharedFrom(beganAt)
    const chosen = standings.filter(({ target }) => named.includes(target))
    const atOnce = { atOnceMax: policy.tick.targetsAtOnceMax }
    const prepared = await mapBounded(chosen, atOnce, (standing) => firstLook(standing, request, shared))
    const fleet = viewFleet(
      policy,
      standings.map((standing) => memberOf(standing, prepared)),
      beganAt,
    )
    const reports = await mapBounded(prepared, atOnce, async (first): Promise<FleetRow> => {
      if (first.kind === 'newer') return { report: first.report }
      const run = { ...first.run, fleet }
      const watched = await watch(run)
      const at = ports.clock.now()
      const report = reportOf(run.target.id, watched)
      recollections.set(run.target.id, recollect(run.recollection, watched, at))
      lastReports.set(run.target.id, { at, report })
      return { report, watched }
    })
    const durationMs = ports.clock.now() - beganAt
    ports.journal.write(
      eventOf(
        request,
        reports.map(({ report }) => report),
        { beganAt, durationMs, fleet },
      ),
    )
    const lost = reports.find(({ watched }) => watched?.trouble?.kind === 'unavailable')?.watched?.trouble
    if (lost !== undefined) return tellUnavailable(request.kind, { kind: 'unavailable', detail: lost.detail })
    return { kind: 'rows' as const, at: new Date(beganAt).toISOString(), durationMs, rows: reports }
  }

  /** A tick probes every target first: the fleet's view rests on it. */
  async function firstLook(
    { target, loaded }: Standing,
    request: FleetRequest,
    shared: Shared,
  ): Promise<First> {
    const beganAt = shared.moment().now
    const found = foundOf(target, loaded, beganAt)
    if (found === undefined) return { kind: 'newer', id: target.id, report: newerReport(target, loaded) }
    const run = begin(target, found, request, NO_FLEET, shared)
    if (request.kind !== 'tick') return { kind: 'run', id: target.id, run }
    const situation = {
      ...run,
      observation: nothingSeen(beganAt),
      peersAnswering: 0,
      moment: shared.moment(),
    }
    const observation = await ask(plan(situation), situation.observation, run)
    const answers = observation.http.at(-1)?.kind === 'ok'
    return { kind: 'run', id: target.id, run: { ...run, observation }, answers }
  }

  function tellUnavailable(kind: string, unavailable: Unavailable): Unavailable {
    const message = `${kind}: the store can't be reached, nothing was done: ${unavailable.detail}`
    ports.journal.write({ severity: 'CRITICAL', message, fields: {} })
    return unavailable
  }

  async function order(id: string, request: Order): Promise<OrderOutcome> {
    const named = known([id])
    if ('kind' in named) return named
    const beganAt = ports.clock.now()
    const standings = await loadAll()
    if ('kind' in standings) return tellUnavailable(request.kind, standings)
    const standing = standings.find(({ target }) => target.id === id)
    if (standing === undefined) throw new Error(`${id} is known and was not loaded`)
    const found = foundOf(standing.target, standing.loaded, beganAt)
    if (found === undefined)
      return { kind: 'unavailable', detail: newerReport(standing.target, standing.loaded).reason }
    const fleet = viewFleet(
      policy,
      standings.map((row) => memberOf(row, [])),
      beganAt,
    )
    const run = begin(standing.target, found, request, fleet, sharedFrom(beganAt))
    const watched = await watch(run)
    const report = reportOf(id, watched)
    lastReports.set(id, { at: ports.clock.now(), report })
    const durationMs = ports.clock.now() - beganAt
    ports.journal.write(eventOf(request, [report], { beganAt, durationMs, fleet }))
    if (watched.trouble?.kind === 'unavailable')
      return { kind: 'unavailable', detail: watched.trouble.detail }
    const { trouble } = watched
    const refusal =
      trouble === undefined
        ? watched.decision.refusal
        : { kind: 'in-flight' as const, detail: trouble.detail }
    if (refusal !== undefined) return { kind: 'refused', refusal, report }
    const seen = { at: ports.clock.now(), report }
    return { kind: 'done', report, view: viewOf(standing.target, policy, watched.decision.state, seen) }
  }

  function view({ target, loaded }: Standing) {
    const seen = lastReports.get(target.id)
    const found = foundOf(target, loaded, ports.clock.now())
    if (found === undefined) return viewOfTrouble(target, newerReport(target, loaded))
    return viewOf(target, policy, found.state, seen ?? { at: ports.clock.now() })
  }

  /** Work that a shutdown waits for. */
  function tracked<Result>(work: Promise<Result>): Promise<Result> {
    inFlight.add(work)
    const forget = (): boolean => inFlight.delete(work)
    work.then(forget, forget)
    return work
  }

  return {
    tick: ({ targets: ids, dryRun }) => tracked(tickOf(runFleet({ kind: 'tick', dryRun }, ids))),
    sync: ({ targets: ids, dryRun }) => tracked(syncOf(runFleet({ kind: 'sync', dryRun }, ids))),
    order: (id, request) => tracked(order(id, request)),
    async targets() {
      const standings = await loadAll()
      return 'kind' in standings ? standings : { kind: 'targets', targets: standings.map(view) }
    },
    async target(id) {
      const named = known([id])
      if ('kind' in named) return named
      const standings = await loadAll()
      if ('kind' in standings) return standings
      const standing = standings.find(({ target }) => target.id === id)
      if (standing === undefined) throw new Error(`${id} is known and was not loaded`)
      return { kind: 'target', target: view(standing) }
    },
    async incidents(query) {
      const named = query.target === undefined ? targets : known([query.target])
      if ('kind' in named) return named
      return ports.store.incidents(query)
    },
    incident: (id) => ports.store.incident(id),
    async close({ timeoutMs }) {
      // What runs may end what it does, but begins nothing that would not fit any more.
      closingAt = ports.clock.now() + timeoutMs
      await Promise.race([Promise.allSettled([...inFlight]), ports.clock.sleep(timeoutMs)])
      await ports.store.close()
    },
  }
}

type Shared = { readonly moment: () => Moment; readonly canary: Watch['canary'] }
type FleetRow = { readonly report: TargetReport; readonly watched?: Watched }
type First =
  | { readonly kind: 'run'; readonly id: string; readonly run: Watch; readonly answers?: boolean }
  | { readonly kind: 'newer'; readonly id: string; readonly report: TargetReport }

type Rows = {
  readonly kind: 'rows'
  readonly at: string
  readonly durationMs: number
  readonly rows: readonly FleetRow[]
}

const NO_FLEET: FleetView = { total: 0, failing: 0, brake: { kind: 'off' }, members: [] }

async function tickOf(
  work: Promise<Rows | Unavailable | UnknownTarget>,
): Promise<{ kind: 'report'; report: TickReport } | Unavailable | UnknownTarget> {
  const outcome = await work
  if (outcome.kind !== 'rows') return outcome
  const { at, durationMs, rows } = outcome
  return { kind: 'report', report: { at, durationMs, targets: rows.map(({ report }) => report) } }
}

async function syncOf(
  work: Promise<Rows | Unavailable | UnknownTarget>,
): Promise<{ kind: 'report'; report: SyncReport } | Unavailable | UnknownTarget> {
  const outcome = await work
  if (outcome.kind !== 'rows') return outcome
  const { at, durationMs, rows } = outcome
  const targets = rows.map(({ report, watched }) => ({ ...report, secrets: watched?.secrets ?? [] }))
  return { kind: 'report', report: { at, durationMs, targets } }
}

/** The state to go on from; undefined for a document of a newer schema, which is left alone. */
function foundOf(target: Target, loaded: Loaded, now: number): Found | undefined {
  switch (loaded.kind) {
    case 'found': {
      const { state, version, incident } = loaded
      return { state, version, ...(incident === undefined ? {} : { incident }) }
    }
    case 'absent':
      return { state: newState(target, loaded.lost ? 'state-lost' : 'new', now), version: null }
    case 'broken':
      return { state: newState(target, 'state-lost', now), version: loaded.version }
    case 'newer':
    case 'unavailable':
      return undefined
  }
}

function newerReport({ id }: Target, loaded: Loaded): TargetReport {
  const reason =
    loaded.kind === 'newer'
      ? `its state was written by a newer Night Guard (schema ${loaded.schema}): left alone, nothing is done`
      : 'its state could not be read'
  return { id, verdict: 'inconclusive', reason, phase: 'unarmed', evidence: {}, actions: [], trouble: reason }
}

function memberOf({ target, loaded }: Standing, prepared: readonly First[]): Member {
  const first = prepared.find(({ id }) => id === target.id)
  const answers = first?.kind === 'run' ? first.answers : undefined
  const state = loaded.kind === 'found' ? loaded.state : undefined
  return {
    id: target.id,
    ...(answers === undefined ? {} : { answers }),
    ...(state?.failingSince === undefined ? {} : { failingSince: state.failingSince }),
    gaveUp: state?.phase === 'gave-up',
  }
}

function recollect(
  before: Recollection,
  { observation, evidence, secrets }: Watched,
  at: number,
): Recollection {
  const polled = secrets !== undefined || observation.secretVersions !== undefined
  return {
    ...before,
    ...(polled ? { secretsPolledAt: at } : {}),
    ...('ssh' in evidence ? { sshAskedAt: at } : {}),
  }
}
