/** Asking: carries the plan's queries to the ports, side by side, and adds what is heard to the observation. */
import { lookWorstCaseMs } from '../core/action-timing.ts'
import { assertNever } from '../core/assert-never.ts'
import type { CanaryEvidence, HttpEvidence, Observation, SecretVersionEvidence } from '../core/evidence.ts'
import type { Policy } from '../core/policy.ts'
import type { Query } from '../core/query.ts'
import type { Target } from '../core/target.ts'
import { askBlackBox } from './ask-black-box.ts'
import { mapBounded } from './bounded.ts'
import type { Ports } from './ports.ts'

export type Asking = {
  readonly target: Target
  readonly policy: Policy
  readonly ports: Ports
  /** Asked once a run, however many targets want to know. */
  readonly canary: () => Promise<CanaryEvidence>
}

const SECRETS_AT_ONCE_MAX = 8

export async function ask(
  queries: readonly Query[],
  observation: Observation,
  asking: Asking,
): Promise<Observation> {
  // A witness that throws is a bug: it is told when the others have ended, so that nothing goes on behind the reply.
  const heard = await mapBounded(queries, { atOnceMax: queries.length }, (query) => askOne(query, asking))
  const merged = heard.reduce<Observation>(merge, observation)
  const beyondHttp = queries.some(({ kind }) => kind !== 'http')
  return beyondHttp ? { ...merged, witnessedAt: asking.ports.clock.now() } : merged
}

type Heard = Partial<Omit<Observation, 'startedAt'>>

/** A newer look over SSH replaces the older one whole: half of it may no longer be true. */
function merge(observation: Observation, heard: Heard): Observation {
  const { http = [], ...others } = heard
  const {
    ssh: _ssh,
    facts: _facts,
    workloads: _workloads,
    inside: _inside,
    presentSecrets: _present,
    ...rest
  } = observation
  const base = heard.ssh === undefined ? observation : { ...rest, ...keepSecrets(observation) }
  return { ...base, ...others, http: [...observation.http, ...http] }
}

function keepSecrets({ presentSecrets }: Observation): Pick<Observation, 'presentSecrets'> {
  return presentSecrets === undefined ? {} : { presentSecrets }
}

async function askOne(query: Query, asking: Asking): Promise<Heard> {
  const { target, policy, ports } = asking
  const computeLimits = { timeoutMs: policy.compute.callMs }
  switch (query.kind) {
    case 'http':
      return { http: await probeSeveralTimes(query, asking) }
    case 'shell':
      return lookInside(query, asking)
    case 'vm': {
      const from = query.serialFrom === undefined ? {} : { serialFrom: query.serialFrom }
      return { vm: await ports.virtualMachine.look(target, from, computeLimits) }
    }
    case 'heartbeat':
      return { heartbeat: await ports.virtualMachine.heartbeat(target, computeLimits) }
    case 'trace': {
      const requestId = ports.ids.requestId(query.actionId)
      return { trace: await ports.virtualMachine.trace(target, requestId, computeLimits) }
    }
    case 'black-box':
      return { blackBox: await askBlackBox(query, asking) }
    case 'canary':
      return { canary: await asking.canary() }
    case 'secret-versions':
      return { secretVersions: await askVersions(query, asking) }
    default:
      return assertNever(query)
  }
}

async function lookInside(
  { questions, connectMs }: Extract<Query, { kind: 'shell' }>,
  { target, policy, ports }: Asking,
): Promise<Heard> {
  const { ssh } = policy
  const patient = connectMs > ssh.connectMs
  const deadlineMs = lookWorstCaseMs(policy, { patient })
  const look = await ports.shell.look(target, questions, { connectMs, commandMs: ssh.commandMs, deadlineMs })
  return patient ? { ...look, ssh: { ...look.ssh, patient: true } } : look
}

async function probeSeveralTimes(
  { timeoutMs, times, afterMs }: Extract<Query, { kind: 'http' }>,
  { target, ports }: Asking,
): Promise<readonly HttpEvidence[]> {
  const heard: HttpEvidence[] = []
  while (heard.length < times) {
    if (afterMs > 0) await ports.clock.sleep(afterMs)
    const evidence = await ports.probe.health(target.health, { timeoutMs })
    heard.push(evidence)
    if (evidence.kind === 'ok') break
  }
  return heard
}

async function askVersions(
  { uses }: Extract<Query, { kind: 'secret-versions' }>,
  { policy, ports }: Asking,
): Promise<readonly SecretVersionEvidence[]> {
  const wanted = new Map(uses.map(({ secret, version }) => [`${secret}@${version}`, { secret, version }]))
  return mapBounded([...wanted.values()], { atOnceMax: SECRETS_AT_ONCE_MAX }, ({ secret, version }) =>
    ports.secretSource.version(secret, version, { timeoutMs: policy.compute.callMs }),
  )
}

/** The canary of one run: control URLs, asked at most once. */
export function onceACanary(
  urls: readonly string[],
  { probe }: Pick<Ports, 'probe'>,
  { timeoutMs }: { timeoutMs: number },
): () => Promise<CanaryEvidence> {
  let asked: Promise<CanaryEvidence> | undefined
  return () => {
    asked ??= Promise.all(urls.map((url) => probe.reachable(url, { timeoutMs }))).then((answers) => ({
      urlsAsked: answers.length,
      urlsOk: answers.filter(Boolean).length,
    }))
    return asked
  }
}
