/**
 * The loop: one for a tick, a sync and a person's order; they differ in `request` only. Look, decide, write down,
 * carry out, look again. Losing the commit's race means: report, do not act.
 */
import { decide } from '../core/decide.ts'
import type { Decision } from '../core/decision.ts'
import type { Observation } from '../core/evidence.ts'
import { nothingSeen } from '../core/evidence.ts'
import type { FleetView } from '../core/fleet.ts'
import { peersAnswering } from '../core/fleet.ts'
import type { Incident } from '../core/incident.ts'
import { plan } from '../core/plan.ts'
import type { EvidenceSummary, ReportedAction, SyncedSecret } from '../core/report.ts'
import type { Moment, Recollection, Request } from '../core/request.ts'
import type { Situation } from '../core/situation.ts'
import type { TargetState } from '../core/state.ts'
import { summarise } from '../core/summary.ts'
import type { Version } from '../ports/store.ts'
import type { Asking } from './ask.ts'
import { ask } from './ask.ts'
import { execute } from './execute.ts'

/** More rounds than any decision needs: a few for an action, two for each unit of a rollout. */
const ROUNDS_MAX = 40
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
}

export type Watched = {
  readonly decision: Decision
  readonly actions: readonly ReportedAction[]
  readonly secrets?: readonly SyncedSecret[]
  readonly evidence: EvidenceSummary
  readonly observation: Observation
  /** Why the run ended before its decision was carried out. */
  readonly trouble?: { readonly kind: 'conflict' | 'unavailable'; readonly detail: string }
}

export async function watch(run: Watch): Promise<Watched> {
  let { state, version, incident } = run
  let observation = run.observation ?? nothingSeen(run.moment().now)
  let evidence: EvidenceSummary = {}
  let secrets: readonly SyncedSecret[] | undefined
  const actions: ReportedAction[] = []
  for (let round = 0; ; round += 1) {
    observation = await hear(run, observation, { state, incident })
    evidence = { ...evidence, ...summarise(observation) }
    const decision = decide(situationOf(run, observation, { state, incident }))
    actions.push(...decision.actions)
    secrets = mergeSecrets(secrets, decision.secrets)
    const told = { decision, actions, evidence, observation, ...(secrets === undefined ? {} : { secrets }) }
    if (isDryRun(run.request)) return told
    const written = await write(run, decision, { state, version, incident })
    if (written.kind !== 'written') return { ...told, trouble: written }
    version = written.version
    state = decision.state
    incident = decision.incident
    if (decision.next.kind === 'rest') return told
    if (round === ROUNDS_MAX) throw new Error(`${run.target.id}: the loop did not come to rest`)
    if (decision.next.kind === 'act') {
      const result = await execute(decision.next.effect, { ...run, lease: state.lease })
      observation = { ...nothingSeen(run.moment().now), result }
    } else if (observation.result !== undefined) {
      observation = nothingSeen(run.moment().now)
    }
  }
}

/** A later word on a secret replaces the earlier one. */
function mergeSecrets(
  known: readonly SyncedSecret[] | undefined,
  news: readonly SyncedSecret[] | undefined,
): readonly SyncedSecret[] | undefined {
  if (known === undefined || news === undefined) return news ?? known
  return known.map((row) => news.find(({ name }) => name === row.name) ?? row)
}

type Known = { readonly state: TargetState; readonly incident: Incident | undefined }

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

/** Asks until the plan has no more questions. */
export async function hear(run: Watch, start: Observation, known: Known): Promise<Observation> {
  let observation = start
  for (let asked = 0; asked < QUESTIONS_MAX; asked += 1) {
    const queries = plan(situationOf(run, observation, known))
    if (queries.length === 0) return observation
    observation = await ask(queries, observation, run)
  }
  throw new Error(`${run.target.id}: the plan did not come to an end`)
}

function isDryRun(request: Request): boolean {
  return (request.kind === 'tick' || request.kind === 'sync' || request.kind === 'recover') && request.dryRun
}

type Written =
  | { readonly kind: 'written'; readonly version: Version }
  | { readonly kind: 'conflict' | 'unavailable'; readonly detail: string }

/** A tick with nothing new writes nothing. */
async function write(
  { ports, target }: Watch,
  decision: Decision,
  before: Known & { readonly version: Version },
): Promise<Written> {
  const incident = same(decision.incident, before.incident) ? undefined : decision.incident
  if (incident === undefined && same(decision.state, before.state))
    return { kind: 'written', version: before.version }
  const outcome = await ports.store.commit({
    target: target.id,
    expectedVersion: before.version,
    state: decision.state,
    ...(incident === undefined ? {} : { incident }),
  })
  switch (outcome.kind) {
    case 'committed':
      return { kind: 'written', version: outcome.version }
    case 'conflict':
      return { kind: 'conflict', detail: 'another run wrote first: nothing was done' }
    case 'unavailable':
      return { kind: 'unavailable', detail: outcome.detail }
  }
}

function same(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
