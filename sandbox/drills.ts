/** Drills: break the sandbox in every known way, and wait for the outcome that each fault must have. */
import type { Incident } from '../src/core/incident.ts'
import type { TargetView } from '../src/core/report.ts'
import type { FaultName } from './machines/faults.ts'
import { type Sandbox, startSandbox } from './sandbox.ts'

export type Drill = {
  readonly fault: FaultName
  /** In words, for the table. */
  readonly expected: string
  /** `mended`: healthy again by exactly these rungs. `refused`: this verdict and cause, and nothing was done. */
  readonly outcome:
    | { readonly kind: 'mended'; readonly rungs: readonly string[] }
    | {
        readonly kind: 'refused'
        readonly verdict: string
        readonly cause?: string
        readonly phase?: string
        readonly rungs?: readonly string[]
      }
    | { readonly kind: 'rotated'; readonly secret: string }
}

export const DRILLED = 'bot'

const mended = (...rungs: string[]): Drill['outcome'] => ({ kind: 'mended', rungs })

export const DRILLS: readonly Drill[] = [
  { fault: 'container-exits', expected: 'restarted', outcome: mended('restart-workload') },
  { fault: 'container-hangs', expected: 'restarted', outcome: mended('restart-workload') },
  { fault: 'container-unhealthy', expected: 'restarted', outcome: mended('restart-workload') },
  {
    fault: 'container-stopped-by-person',
    expected: 'left alone',
    outcome: { kind: 'refused', verdict: 'degraded', cause: 'stopped-by-person' },
  },
  { fault: 'podman-wedged', expected: 'rebooted', outcome: mended('reboot') },
  { fault: 'vm-freezes', expected: 'reset', outcome: mended('reset') },
  { fault: 'vm-panics', expected: 'reset', outcome: mended('reset') },
  { fault: 'vm-preempted', expected: 'started', outcome: mended('start') },
  {
    fault: 'vm-stopped-by-person',
    expected: 'left off',
    outcome: { kind: 'refused', verdict: 'degraded', cause: 'stopped-by-person' },
  },
  {
    fault: 'network-path-broken',
    expected: 'not reset',
    outcome: { kind: 'refused', verdict: 'degraded', cause: 'path-broken' },
  },
  {
    fault: 'ssh-down',
    expected: 'alert only',
    outcome: { kind: 'refused', verdict: 'degraded', cause: 'recovery-path-broken' },
  },
  {
    fault: 'ssh-key-rejected',
    expected: 'a person called',
    outcome: { kind: 'refused', verdict: 'unhealthy', cause: 'no-way-in', phase: 'gave-up' },
  },
  {
    fault: 'host-key-changed',
    expected: 'a person called',
    outcome: { kind: 'refused', verdict: 'unhealthy', cause: 'no-way-in', phase: 'gave-up' },
  },
  { fault: 'health-slow', expected: 'nothing done', outcome: mended() },
  {
    fault: 'guard-offline',
    expected: 'nothing done',
    outcome: { kind: 'refused', verdict: 'inconclusive', cause: 'guard-offline' },
  },
  {
    fault: 'secret-rotated',
    expected: 'put, restarted once',
    outcome: { kind: 'rotated', secret: 'telegram_bot_token' },
  },
  {
    fault: 'boot-fails',
    expected: 'reset once, a person called',
    outcome: {
      kind: 'refused',
      verdict: 'unhealthy',
      cause: 'vm-frozen',
      phase: 'gave-up',
      rungs: ['reset'],
    },
  },
]

export type Drilled = {
  readonly fault: FaultName
  readonly expected: string
  /** From the fault to the expected outcome; absent when it did not come in time. */
  readonly seconds?: number
  /** What was there instead. */
  readonly found: string
}

const ARMED_WITHIN_MS = 20_000
const OUTCOME_WITHIN_MS = 40_000
/** How long a refusal is watched for: nothing may be done afterwards either. */
const STAYS_FOR_MS = 5_000
const LOOK_EVERY_MS = 100

/** One drill in a sandbox of its own: fresh machines, a fresh store. */
export async function drill(wanted: Drill, tell: (line: string) => void): Promise<Drilled> {
  const sandbox = await startSandbox({ port: 0, scheduler: 'on', tell })
  try {
    await until(ARMED_WITHIN_MS, async () =>
      (await targetsOf(sandbox)).every((target) => target.armed && target.verdict === 'healthy'),
    )
    const brokenAt = Date.now()
    await post(sandbox, '/sandbox/faults', { target: DRILLED, fault: wanted.fault })
    const reached = await until(OUTCOME_WITHIN_MS, () => isReached(sandbox, wanted.outcome, brokenAt))
    const seconds = (Date.now() - brokenAt) / 1000
    const stays = reached && (await staysSo(sandbox, wanted.outcome, brokenAt))
    const found = await describe(sandbox)
    const { fault, expected } = wanted
    return { fault, expected, found, ...(stays ? { seconds } : {}) }
  } finally {
    await sandbox.close()
  }
}

async function isReached(sandbox: Sandbox, outcome: Drill['outcome'], brokenAt: number): Promise<boolean> {
  const target = await drilledTarget(sandbox)
  if (target.lastTickAt === undefined || Date.parse(target.lastTickAt) < brokenAt) return false
  const rungs = (await incidentsOf(sandbox)).flatMap(rungsIssued)
  switch (outcome.kind) {
    case 'mended':
      return target.verdict === 'healthy' && same(rungs, outcome.rungs)
    case 'refused':
      return (
        target.verdict === outcome.verdict &&
        target.cause === outcome.cause &&
        (outcome.phase === undefined || target.phase === outcome.phase) &&
        same(rungs, outcome.rungs ?? [])
      )
    case 'rotated': {
      const secret = target.secrets.find(({ name }) => name === outcome.secret)
      const machine = sandbox.world.machines.find(({ name }) => name === DRILLED)
      const inContainer = machine?.containerSecrets('bot.service').get(outcome.secret) ?? ''
      const settled = target.verdict === 'healthy' && target.phase === 'watching'
      return secret?.applied === '2' && inContainer.includes('rotated') && settled && rungs.length === 0
    }
  }
}

/** What is reached must last: nothing more is done. */
async function staysSo(sandbox: Sandbox, outcome: Drill['outcome'], brokenAt: number): Promise<boolean> {
  const endsAt = Date.now() + STAYS_FOR_MS
  const rungsOf = async () => (await incidentsOf(sandbox)).flatMap(rungsIssued).join()
  const before = await rungsOf()
  while (Date.now() < endsAt) {
    await pause()
    if ((await rungsOf()) !== before) return false
  }
  return outcome.kind === 'refused' ? isReached(sandbox, outcome, brokenAt) : true
}

function rungsIssued(incident: Incident): readonly string[] {
  return incident.actions.filter(({ issuedAt }) => issuedAt !== undefined).map(({ rung }) => rung)
}

async function describe(sandbox: Sandbox): Promise<string> {
  const { verdict, cause, phase } = await drilledTarget(sandbox)
  const rungs = (await incidentsOf(sandbox)).flatMap(rungsIssued)
  return `${cause ?? verdict}, ${phase}${rungs.length === 0 ? '' : `, ${rungs.join(' + ')}`}`
}

async function drilledTarget(sandbox: Sandbox): Promise<TargetView> {
  const found = (await targetsOf(sandbox)).find(({ id }) => id === DRILLED)
  if (found === undefined) throw new Error(`The sandbox does not watch ${DRILLED}`)
  return found
}

async function targetsOf({ url }: Sandbox): Promise<readonly TargetView[]> {
  const answer = await fetch(`${url}/api/targets`)
  if (!answer.ok) throw new Error(`GET /api/targets was answered with ${answer.status}`)
  const { targets } = (await answer.json()) as { targets: readonly TargetView[] }
  return targets
}

async function incidentsOf({ url }: Sandbox): Promise<readonly Incident[]> {
  const answer = await fetch(`${url}/api/incidents?target=${DRILLED}`)
  if (!answer.ok) throw new Error(`GET /api/incidents was answered with ${answer.status}`)
  const { incidents } = (await answer.json()) as { incidents: readonly Incident[] }
  return incidents
}

async function post({ url }: Sandbox, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`POST ${path} was answered with ${answer.status}: ${await answer.text()}`)
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.join() === other.join()
}

async function until(withinMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const endsAt = Date.now() + withinMs
  while (Date.now() < endsAt) {
    if (await condition()) return true
    await pause()
  }
  return false
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
}
