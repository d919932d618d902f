/**
 * The loop: one for a tick, a sync and a person's order; they differ in `request` only. Look, decide, write down,
 * carry out, look again. Losing the commit's race means: report, do not act.
 */

import type { Bucket } from '../core/bucket.ts'
import { decide } from '../core/decide.ts'
import type { Decision } from '../core/decision.ts'
import type { Observation } from '../core/evidence.ts'
import { nothingSeen } from '../core/evidence.ts'
import type { FleetView } from '../core/fleet.ts'
import { peersAnswering } from '../core/fleet.ts'
import { withKnownKeys } from '../core/host-keys.ts'
import type { Incident } from '../core/incident.ts'
import type { Notice } from '../core/notice.ts'
import { plan } from '../core/plan.ts'
import type { Policy } from '../core/policy.ts'
import type { EvidenceSummary, ReportedAction, SyncedSecret } from '../core/report.ts'
import type { Moment, Recollection, Request } from '../core/request.ts'
import { same } from '../core/same.ts'
import type { Situation } from '../core/situation.ts'
import { holdsLease } from '../core/situation.ts'
import type { TargetState } from '../core/state.ts'
import { summarise } from '../core/summary.ts'
import type { Version } from '../ports/store.ts'
import type { Asking } from './ask.ts'
import { ask } from './ask.ts'
import { execute } from './execute.ts'

/** More rounds than any decision needs, beside two for each unit of a rollout. */
const ROUNDS_MAX = 40
/** More questions than any plan has, beside the probes of a boot or of a verification. */
const QUESTIONS_MAX = 64

export type Watch = Asking & {
  readonly request: Request
  readonly fleet: FleetView
  readonly recollection: Recollection
  readonly moment: () => Moment
  readonly state: TargetState
  readonly version: Version
  readonly incident?: Incident
  /** What the first look of a tick has already heard. */
  readonly observation?: Observation
  /** Notices stand in the outbox since then. */
  readonly onNotices: (notices: readonly Notice[], writtenAt: number) => void
}

export type Watched = {
  readonly decision: Decision
  readonly actions: readonly ReportedAction[]
  readonly secrets?: readonly SyncedSecret[]
  readonly evidence: EvidenceSummary
  readonly observation: Observation
  /** Why the run ended before its decision was carried out. */
  readonly trouble?: { readonly kind: 'conflict' | 'unavailable'; readonly detail: string }
  /** Measured and not written: the process goes on remembering it. */
  readonly unwritten?: Bucket
}

export async function watch(run: Watch): Promise<Watched> {
  let book: Book = run
  let observation = run.observation ?? nothingSeen(run.moment().now)
  let told: Told = { actions: [], evidence: {} }
  const roundsMax = ROUNDS_MAX + 2 * run.target.workloads.length
  for (let round = 0; round <= roundsMax; round += 1) {
    observation = await hear(run, observation, book)
    const decision = decide(situationOf(run, observation, book))
    const written = await write(run, decision, book)
    if (written.kind === 'conflict' && mustKnow(run, book.state, observation)) {
      const own = await loadOwn(run, book.state)
      if (own !== undefined) {
        book = own
        continue
      }
    }
    told = tell(told, { decision, observation, written })
    if (written.kind !== 'written') {
      // What was not written down is not so: the report shows what stands.
      const standing = { ...decision, state: book.state }
      const kept = run.recollection.unwritten
      const unwritten = kept === undefined ? {} : { unwritten: kept }
      return { ...told, ...unwritten, observation, decision: standing, ...troubleOf(written, observation) }
    }
    book = { ...decision, version: written.version }
    if (decision.next.kind === 'rest') {
      const { unwritten } = decision
      return { ...told, ...(unwritten === undefined ? {} : { unwritten }), observation, decision }
    }
    if (decision.next.kind === 'act') {
      const target = withKnownKeys(run.target, book.state)
      const result = await execute(decision.next.effect, { ...run, target, lease: book.state.lease })
      observation = { ...nothingSeen(run.moment().now), result }
    } else if (observation.result !== undefined) {
      observation = nothingSeen(run.moment().now)
    }
  }
  throw new Error(`${run.target.id}: the loop did not come to rest`)
}

type Told = Pick<Watched, 'actions' | 'evidence' | 'secrets'>

function tell(
  { actions, evidence, secrets }: Told,
  round: { readonly decision: Decision; readonly observation: Observation; readonly written: Written },
): Told {
  const { decision, observation, written } = round
  const rows = mergeSecrets(secrets, decision.secrets)
  // What a lost race would have done was not done; what an order gave back has happened all the same.
  const lost = written.kind === 'conflict' || written.kind === 'unavailable'
  const isSo = !lost || observation.result !== undefined
  return {
    actions: isSo ? [...actions, ...decision.actions] : actions,
    evidence: { ...evidence, ...summarise(observation) },
    ...(rows === undefined ? {} : { secrets: rows }),
  }
}

/**
 * Whoever else wrote meanwhile (a person's pause, a button): an order that was given must have its end noted, and one that
 * is intended must be decided anew on what stands now, or its lease would lock the target until it ends.
 */
function mustKnow({ moment }: Watch, state: TargetState, { result }: Observation): boolean {
  if (result !== undefined || state.action?.status === 'issued') return true
  return state.action?.status === 'intended' && holdsLease(state, moment())
}

/** The state as somebody else has left it, if the lease is still ours and the action the one that we know. */
async function loadOwn({ ports, target, moment }: Watch, { action }: TargetState): Promise<Book | undefined> {
  const found = (await ports.store.load([target.id])).get(target.id)
  if (found?.kind !== 'found' || !holdsLease(found.state, moment())) return undefined
  return found.state.action?.id === action?.id ? found : undefined
}

function troubleOf(
  written: Exclude<Written, { kind: 'written' }>,
  { result }: Observation,
): Pick<Watched, 'trouble'> {
  if (written.kind === 'dry-run') return {}
  const { kind, detail } = written
  const consequence =
    result === undefined ? 'nothing was done' : 'what the last order gave back could not be noted'
  return { trouble: { kind, detail: `${detail}: ${consequence}` } }
}

/** A later word on a secret replaces the earlier one; why it had to be put still stands beside that it was. */
function mergeSecrets(
  known: readonly SyncedSecret[] | undefined,
  news: readonly SyncedSecret[] | undefined,
): readonly SyncedSecret[] | undefined {
  if (known === undefined || news === undefined) return news ?? known
  return known.map((row) => ({ ...row, ...news.find(({ name }) => name === row.name) }))
}

/** What is written down of the target. */
type Book = { readonly state: TargetState; readonly version: Version; readonly incident?: Incident }
type Known = Pick<Book, 'state' | 'incident'>

function situationOf(run: Watch, observation: Observation, { state, incident }: Known): Situation {
  const { policy, target, fleet, request, recollection } = run
  return {
    policy,
    target,
    state,
    observation,
    fleet,
    request,
    recollection,
    peersAnswering: peersAnswering(fleet, target.id),
    moment: run.moment(),
    ...(incident === undefined ? {} : { incident }),
  }
}

/**
 * Waiting for a boot or for an action's effect, a plan asks once every `verify.gapMs`, as long as the run's deadline
 * lets it; so the bound follows from the policy, and only a plan that can't end meets it.
 */
function questionsMax({ tick, verify }: Policy): number {
  return Math.ceil(tick.deadlineMs / verify.gapMs) + QUESTIONS_MAX
}

/** Asks until the plan has no more questions. */
export async function hear(run: Watch, start: Observation, known: Known): Promise<Observation> {
  let observation = start
  const askedMax = questionsMax(run.policy)
  for (let asked = 0; asked < askedMax; asked += 1) {
    const queries = plan(situationOf(run, observation, known))
    if (queries.length === 0) return observation
    observation = await ask(queries, observation, { ...run, target: withKnownKeys(run.target, known.state) })
  }
  throw new Error(`${run.target.id}: the plan did not come to an end`)
}

export function isDryRun(request: Request): boolean {
  return (request.kind === 'tick' || request.kind === 'sync' || request.kind === 'recover') && request.dryRun
}

type Written =
  | { readonly kind: 'written'; readonly version: Version }
  | { readonly kind: 'dry-run' }
  | { readonly kind: 'conflict' | 'unavailable'; readonly detail: string }

/** A tick with nothing new writes nothing. */
async function write(
  { ports, target, request, onNotices }: Watch,
  decision: Decision,
  before: Book,
): Promise<Written> {
  if (isDryRun(request)) return { kind: 'dry-run' }
  const { state, notices, rollup, blackBox } = decision
  const incident = same(decision.incident, before.incident) ? undefined : decision.incident
  if (incident === undefined && same(state, before.state)) return { kind: 'written', version: before.version }
  // With nobody to tell, nothing is put where nobody would take it out.
  const tells = ports.channels.length > 0 && notices !== undefined
  const outcome = await ports.store.commit({
    target: target.id,
    expectedVersion: before.version,
    state,
    ...(incident === undefined ? {} : { incident }),
    ...(tells ? { notices } : {}),
    ...(rollup === undefined ? {} : { rollup }),
    ...(blackBox === undefined ? {} : { blackBox }),
  })
  switch (outcome.kind) {
    case 'committed':
      if (tells && state.outboxDueAt !== undefined) onNotices(notices, state.outboxDueAt)
      return { kind: 'written', version: outcome.version }
    case 'conflict':
      return { kind: 'conflict', detail: 'another run wrote first' }
    case 'unavailable':
      return { kind: 'unavailable', detail: outcome.detail }
  }
}
