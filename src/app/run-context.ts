/** What all runs of one process share: ports, policy, the clock's bounds, and what may be forgotten at no harm. */

import type { Observation } from '../core/evidence.ts'
import { type FleetView, memberOf, viewFleet } from '../core/fleet.ts'
import type { Incident } from '../core/incident.ts'
import type { Policy } from '../core/policy.ts'
import { newestHttp } from '../core/reading.ts'
import type { Outlook, SeenWorkload, TargetReport } from '../core/report.ts'
import type { Moment, Recollection, Request } from '../core/request.ts'
import type { TargetState } from '../core/state.ts'
import { newState } from '../core/state-new.ts'
import { workloadsOf } from '../core/summary.ts'
import type { Target } from '../core/target.ts'
import type { Loaded, Version } from '../ports/store.ts'
import { onceACanary } from './ask.ts'
import type { Counters } from './counters.ts'
import type { Delivery } from './delivery.ts'
import type { Unavailable, UnknownTarget } from './guard.ts'
import type { Ports } from './ports.ts'
import { reportOf } from './report-of.ts'
import type { Watch, Watched } from './watch.ts'
import { isDryRun, watch } from './watch.ts'

export type GuardOptions = {
  readonly targets: readonly Target[]
  readonly policy: Policy
  readonly canaryUrls: readonly string[]
  readonly ports: Ports
}

export type LastReport = {
  readonly at: number
  readonly report: TargetReport
  readonly outlook?: Outlook
  readonly workloads?: readonly SeenWorkload[]
  readonly latencyMs?: number
  /** The state after it, for whoever must not ask the store. */
  readonly state: TargetState
}

/** One process's memory; nothing in it is needed for safety. */
export type Memory = {
  readonly startedAt: number
  readonly lastReports: Map<string, LastReport>
  readonly recollections: Map<string, Recollection>
  /** Where the next whole run of a kind begins in the list of targets. */
  readonly starts: Map<Request['kind'], number>
  /** When people were last told, past the outbox, that the store can't be reached. */
  storeAlertAt?: number
  /** Set when the service is told to end: no deadline is later than this. */
  closingAt?: number
}

export type RunContext = GuardOptions & {
  readonly memory: Memory
  readonly delivery: Delivery
  readonly counters: Counters
}

/** What the targets of one run share: one owner, one deadline, one canary. */
export type Shared = { readonly moment: () => Moment; readonly canary: Watch['canary'] }

export function shareFrom(
  { policy, ports, canaryUrls, memory }: RunContext,
  beganAt: number,
  deadlineAt = beganAt + policy.tick.deadlineMs,
): Shared {
  const owner = ports.ids.owner()
  return {
    moment: () => ({
      now: ports.clock.now(),
      deadlineAt: Math.min(deadlineAt, memory.closingAt ?? deadlineAt),
      guardStartedAt: memory.startedAt,
      owner,
    }),
    canary: onceACanary(canaryUrls, ports, { timeoutMs: policy.probe.timeoutMs }),
  }
}

/** A target and what the store has of it. */
export type Standing = { readonly target: Target; readonly loaded: Exclude<Loaded, Unavailable> }

export async function loadStandings({
  targets,
  ports,
}: RunContext): Promise<readonly Standing[] | Unavailable> {
  const loaded = await ports.store.load(targets.map(({ id }) => id))
  const standings: Standing[] = []
  for (const target of targets) {
    const found = loaded.get(target.id) ?? { kind: 'absent', lost: false, version: null }
    if (found.kind === 'unavailable') return found
    standings.push({ target, loaded: found })
  }
  return standings
}

/** The named targets; all when none is named. */
export function namedTargets(
  { targets }: GuardOptions,
  ids: readonly string[] | undefined,
): readonly Target[] | UnknownTarget {
  if (ids === undefined) return targets
  const known = targets.map(({ id }) => id)
  const missing = ids.find((id) => !known.includes(id))
  if (missing !== undefined) return { kind: 'unknown-target', id: missing, known }
  return targets.filter(({ id }) => ids.includes(id))
}

export type Found = { readonly state: TargetState; readonly version: Version; readonly incident?: Incident }

/** The state to go on from; undefined for a document of a newer schema, which is left alone. */
export function foundOf({ target, loaded }: Standing, now: number): Found | undefined {
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
      return undefined
  }
}

export function leftAlone({ target: { id }, loaded }: Standing): TargetReport {
  const schema = loaded.kind === 'newer' ? ` (schema ${loaded.schema})` : ''
  const reason = `its state was written by a newer Night Guard${schema}: left alone, nothing is done`
  return { id, verdict: 'inconclusive', reason, phase: 'unarmed', evidence: {}, actions: [], trouble: reason }
}

/** `answers`: what the first probes of this run said, by target; the others stand as they were stored. */
export function fleetOf(
  { policy }: RunContext,
  standings: readonly Standing[],
  { answers, now }: { answers: ReadonlyMap<string, boolean>; now: number },
): FleetView {
  const members = standings.map(({ target: { id }, loaded }) =>
    memberOf(id, {
      state: loaded.kind === 'found' ? loaded.state : undefined,
      answers: answers.get(id),
      now,
    }),
  )
  return viewFleet(policy, members, now)
}

export function beginWatch(
  { policy, ports, memory, delivery, counters }: RunContext,
  {
    target,
    found,
    request,
    fleet,
    shared,
  }: {
    target: Target
    found: Found
    request: Request
    fleet: FleetView
    shared: Shared
  },
): Watch {
  const doneUpTo = delivery.doneUpTo(target.id)
  const recollection: Recollection = {
    ...memory.recollections.get(target.id),
    ...(doneUpTo === undefined ? {} : { outboxDone: doneUpTo }),
  }
  const onNotices: Watch['onNotices'] = (notices, writtenAt) => {
    for (const { kind } of notices) counters.notice(kind)
    delivery.kick(target.id, writtenAt)
  }
  return { target, policy, ports, request, fleet, recollection, onNotices, ...shared, ...found }
}

/** Watches one target to the end, and keeps what the process remembers of it; a dry run leaves no trace. */
export async function watchAndRemember(
  { ports, memory }: RunContext,
  run: Watch,
): Promise<{ readonly watched: Watched; readonly report: TargetReport }> {
  const watched = await watch(run)
  const at = ports.clock.now()
  const report = reportOf(run.target.id, watched)
  if (isDryRun(run.request)) return { watched, report }
  // A pause has looked at nothing, and who stood aside knows less than who acted.
  if ('http' in report.evidence && report.trouble === undefined) {
    const last = memory.lastReports.get(run.target.id)
    memory.lastReports.set(run.target.id, lastReportOf({ watched, report, last }, at))
  }
  // Another run of this target may have ended meanwhile: what it has remembered stands.
  const known = memory.recollections.get(run.target.id) ?? {}
  memory.recollections.set(run.target.id, recollect(known, watched, { at, request: run.request }))
  return { watched, report }
}

/** A short probe asks one witness: beside its word, the verdict that stands shows what the others said. */
function withEarlierWords(report: TargetReport, last: LastReport | undefined): TargetReport {
  const stands = last?.report.verdict === report.verdict && last.report.cause === report.cause
  if (!stands || report.verdict === 'healthy') return report
  return { ...report, evidence: { ...last.report.evidence, ...report.evidence } }
}

type Looked = {
  readonly watched: Watched
  readonly report: TargetReport
  readonly last: LastReport | undefined
}

function lastReportOf({ watched: { decision, observation }, report, last }: Looked, at: number): LastReport {
  const http = newestHttp(observation)
  const { outlook } = decision
  return {
    at,
    report: withEarlierWords(report, last),
    state: decision.state,
    ...(outlook === undefined ? {} : { outlook }),
    ...seenWorkloads(observation, last),
    ...(http?.kind === 'ok' || http?.kind === 'answers-bad' ? { latencyMs: http.durationMs } : {}),
  }
}

/** What was last seen of them stands until they are seen again. */
function seenWorkloads(
  observation: Observation,
  last: LastReport | undefined,
): Pick<LastReport, 'workloads'> {
  const fresh = workloadsOf(observation)
  if (fresh !== undefined) return { workloads: fresh }
  return last?.workloads === undefined ? {} : { workloads: last.workloads }
}

function recollect(
  { unwritten: known, ...before }: Recollection,
  { observation, evidence, secrets, unwritten }: Watched,
  { at, request }: { readonly at: number; readonly request: Request },
): Recollection {
  const polled = secrets !== undefined || observation.secretVersions !== undefined
  // Only a tick measures; an order must not lose what a tick has measured before it.
  const measured = request.kind === 'tick' ? unwritten : known
  return {
    ...before,
    ...(measured === undefined ? {} : { unwritten: measured }),
    ...(polled ? { secretsPolledAt: at } : {}),
    ...('ssh' in evidence ? { sshAskedAt: at } : {}),
  }
}

/** Nothing is decided before the fleet's view is there. */
export const NO_FLEET: FleetView = { total: 0, failing: 0, brake: { kind: 'off' }, members: [] }
