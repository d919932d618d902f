/**
 * The loop of src/app/watch.ts as a generator: it stops at each point where the real one awaits (each question,
 * each commit, each effect), so that runs can be interleaved, frozen and killed there. Scheduling them and playing
 * the world is drive-stage.ts's work.
 */
import type { Effect } from '../../src/core/action.ts'
import { decide } from '../../src/core/decide.ts'
import type { Decision } from '../../src/core/decision.ts'
import type { EffectResult, Observation } from '../../src/core/evidence.ts'
import { nothingSeen } from '../../src/core/evidence.ts'
import type { FleetView } from '../../src/core/fleet.ts'
import { peersAnswering, viewFleet } from '../../src/core/fleet.ts'
import type { Incident } from '../../src/core/incident.ts'
import { plan } from '../../src/core/plan.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Query } from '../../src/core/query.ts'
import type { Moment, Recollection, Request } from '../../src/core/request.ts'
import { same } from '../../src/core/same.ts'
import type { Situation } from '../../src/core/situation.ts'
import { holdsLease } from '../../src/core/situation.ts'
import type { Lease, TargetState } from '../../src/core/state.ts'
import type { Target } from '../../src/core/target.ts'

const ROUNDS_MAX = 40
const QUESTIONS_MAX = 64

/** What one question brings; the new parts of an observation. */
export type Heard = Partial<Omit<Observation, 'startedAt'>>
/** The number of a stored document; null when there is none. */
export type Version = number | null

/** What is written down of a target. */
export type Book = { readonly state: TargetState; readonly version: Version; readonly incident?: Incident }

export type Step =
  | { readonly kind: 'ask'; readonly queries: readonly Query[] }
  /** The first look of a tick is over: the fleet's view is due. */
  | { readonly kind: 'fleet'; readonly answers: boolean }
  | {
      readonly kind: 'commit'
      readonly expected: Version
      readonly situation: Situation
      readonly decision: Decision
      /** Nothing is written, and so no race can be lost. */
      readonly unchanged: boolean
    }
  /** Somebody else wrote after we had acted: what stands now? */
  | { readonly kind: 'load' }
  | { readonly kind: 'effect'; readonly effect: Effect; readonly lease: Lease | undefined }

export type Answer =
  | { readonly kind: 'heard'; readonly heard: readonly Heard[] }
  | { readonly kind: 'fleet'; readonly fleet: FleetView }
  | { readonly kind: 'committed'; readonly version: Version }
  | { readonly kind: 'conflict' | 'unavailable' }
  | { readonly kind: 'loaded'; readonly book: Book | undefined }
  | { readonly kind: 'result'; readonly result: EffectResult }

export type Run = {
  readonly target: Target
  readonly policy: Policy
  readonly request: Request
  readonly recollection: Recollection
  readonly moment: () => Moment
  readonly state: TargetState
  readonly version: Version
  readonly incident?: Incident
  /** For orders and syncs, which take no first look. */
  readonly fleet?: FleetView
}

export type Ended = { readonly decision: Decision; readonly observation: Observation; readonly lost: boolean }

type Known = Pick<Book, 'state' | 'incident'>
type Driven<Result> = Generator<Step, Result, Answer>

export function* driveWatch(run: Run): Driven<Ended> {
  let book: Book = run
  let observation = nothingSeen(run.moment().now)
  let fleet = run.fleet ?? viewFleet(run.policy, [], run.moment().now)
  if (run.request.kind === 'tick') {
    observation = yield* ask(run, plan(situationOf(run, fleet, observation, book)), observation)
    fleet = expectKind(
      yield { kind: 'fleet', answers: observation.http.at(-1)?.kind === 'ok' },
      'fleet',
    ).fleet
  }
  for (let round = 0; round <= ROUNDS_MAX; round += 1) {
    observation = yield* hear(run, fleet, observation, book)
    const situation = situationOf(run, fleet, observation, book)
    const decision = decide(situation)
    const isOld = decision.incident === undefined || same(decision.incident, book.incident)
    const unchanged = isOld && same(decision.state, book.state)
    const written = yield { kind: 'commit', expected: book.version, situation, decision, unchanged }
    if (written.kind === 'conflict' && mustKnow(run, book.state, observation)) {
      const { book: found } = expectKind(yield { kind: 'load' }, 'loaded')
      if (found !== undefined && isOwn(run, book.state, found.state)) {
        book = found
        continue
      }
    }
    if (written.kind === 'conflict' || written.kind === 'unavailable')
      return { decision, observation, lost: true }
    book = { ...decision, version: expectKind(written, 'committed').version }
    if (decision.next.kind === 'rest') return { decision, observation, lost: false }
    if (decision.next.kind === 'act') {
      const answer = yield { kind: 'effect', effect: decision.next.effect, lease: book.state.lease }
      observation = { ...nothingSeen(run.moment().now), result: expectKind(answer, 'result').result }
    } else if (observation.result !== undefined) {
      observation = nothingSeen(run.moment().now)
    }
  }
  throw new Error('The loop did not come to rest')
}

function mustKnow({ moment }: Run, state: TargetState, { result }: Observation): boolean {
  if (result !== undefined || state.action?.status === 'issued') return true
  return state.action?.status === 'intended' && holdsLease(state, moment())
}

function isOwn({ moment }: Run, known: TargetState, found: TargetState): boolean {
  return holdsLease(found, moment()) && found.action?.id === known.action?.id
}

function* hear(run: Run, fleet: FleetView, start: Observation, known: Known): Driven<Observation> {
  let observation = start
  for (let asked = 0; asked < QUESTIONS_MAX; asked += 1) {
    const queries = plan(situationOf(run, fleet, observation, known))
    if (queries.length === 0) return observation
    observation = yield* ask(run, queries, observation)
  }
  throw new Error('The plan did not come to an end')
}

function* ask(run: Run, queries: readonly Query[], observation: Observation): Driven<Observation> {
  const { heard } = expectKind(yield { kind: 'ask', queries }, 'heard')
  const merged = heard.map((one, index) => withPatience(one, queries[index], run)).reduce(merge, observation)
  const beyondHttp = queries.some(({ kind }) => kind !== 'http')
  return beyondHttp ? { ...merged, witnessedAt: run.moment().now } : merged
}

function withPatience(heard: Heard, query: Query | undefined, { policy }: Run): Heard {
  const patient = query?.kind === 'shell' && query.connectMs > policy.ssh.connectMs
  return patient && heard.ssh !== undefined ? { ...heard, ssh: { ...heard.ssh, patient } } : heard
}

/** As src/app/ask.ts does it: a newer look over SSH replaces the older one whole, but for the secrets. */
function merge(observation: Observation, heard: Heard): Observation {
  const { http = [], ...others } = heard
  if (heard.ssh === undefined) return { ...observation, ...others, http: [...observation.http, ...http] }
  const { ssh: _ssh, facts: _facts, workloads: _workloads, inside: _inside, ...rest } = observation
  return { ...rest, ...others, http: [...observation.http, ...http] }
}

function situationOf(
  { policy, target, request, recollection, moment }: Run,
  fleet: FleetView,
  observation: Observation,
  { state, incident }: Known,
): Situation {
  return {
    policy,
    target,
    state,
    observation,
    fleet,
    request,
    recollection,
    peersAnswering: peersAnswering(fleet, target.id),
    moment: moment(),
    ...(incident === undefined ? {} : { incident }),
  }
}

type AnswerOf<Kind extends Answer['kind']> = Extract<Answer, { readonly kind: Kind }>

function expectKind<Kind extends Answer['kind']>(answer: Answer, kind: Kind): AnswerOf<Kind> {
  if (answer.kind !== kind) throw new Error(`The stage answered ${answer.kind}, ${kind} was expected`)
  return answer as AnswerOf<Kind>
}
