/**
 * The inside of a simulated VM: everything but its sockets. It says how its ports should behave; opening and
 * closing them is simulated-machine.ts's work.
 */
import { createTimers, realClock, type SimulationClock, type Timers } from './clock.ts'
import type { DoorState } from './door.ts'
import { kitAnswer, processAnswer } from './health-server.ts'
import { type MachineTiming, SANDBOX_TIMING, type SimulatedMachineOptions } from './options.ts'
import { createPower, type Power } from './power.ts'
import { createRunDirectory, type RunDirectory } from './run-directory.ts'
import { createSecretStore, type SecretStore } from './secret-store.ts'
import { createSerialConsole, type SerialConsole } from './serial-console.ts'
import type { HealthAnswer } from './shell-host.ts'
import type { Conditions } from './snapshot.ts'
import { createVitals, type WanderingVitals } from './vitals.ts'
import { createWorkload, type Workload } from './workload.ts'

export const HEARTBEAT_ATTRIBUTE = 'nightguard/heartbeat'
export const HOST_KEY_ATTRIBUTE = 'hostkeys/ssh-ed25519'

export const FINE: Conditions = {
  network: 'up',
  sshd: 'running',
  keys: 'accepted',
  podman: 'works',
  metadata: 'works',
  slow: { answers: 0, delayMs: 0 },
}

export type MachineBody = {
  readonly clock: SimulationClock
  readonly timers: Timers
  readonly timing: MachineTiming
  readonly serial: SerialConsole
  readonly attributes: Map<string, string>
  readonly secrets: SecretStore
  readonly run: RunDirectory
  readonly vitals: WanderingVitals
  readonly workloads: readonly Workload[]
  readonly power: Power
  conditions(): Conditions
  impose(conditions: Partial<Conditions>): void
  tell(text: string): void
  /** What the health URL gives, asked on the machine itself. */
  healthAnswer(): HealthAnswer
  /** Whether packets from outside arrive. */
  reachable(): boolean
  /** How the ports should look now. */
  doors(): { readonly ssh: DoorState; readonly health: DoorState }
}

export type BodyContext = {
  /** What the machine publishes at each boot: the blob in base64. */
  readonly publishedHostKey: () => string
  /** Something changed that may show on the ports. */
  readonly onChange: () => void
}

type Parts = Omit<MachineBody, 'power' | 'healthAnswer' | 'reachable' | 'doors'>

/** Begins as a machine that has been up for a while: its workloads run. */
export function createMachineBody(options: SimulatedMachineOptions, context: BodyContext): MachineBody {
  const parts = createParts(options, context.onChange)
  const beat = (): void => heartbeat(parts, power)
  const onUp = (): void => {
    parts.attributes.set(HOST_KEY_ATTRIBUTE, context.publishedHostKey())
    beat()
    parts.timers.every(parts.timing.heartbeatMs, beat)
  }
  const power: Power = createPower({
    ...parts,
    name: options.name,
    onPowerLoss() {
      for (const workload of parts.workloads) workload.powerLoss()
      parts.run.clear()
    },
    onUp() {
      // A reboot ends what a boot mends; broken networks, keys and metadata paths outlive it.
      parts.impose({ podman: 'works', sshd: 'running' })
      for (const workload of parts.workloads) workload.start('boot')
      onUp()
    },
    onChange: context.onChange,
  })
  for (const workload of parts.workloads) workload.start('at-once')
  onUp()
  const answering = answeringOf(options, parts.workloads)
  return {
    ...parts,
    power,
    healthAnswer: () => healthAnswer(parts, { power, answering }),
    reachable: () => reachable(parts, power),
    doors: () => doors(parts, { power, answering }),
  }
}

function createParts(options: SimulatedMachineOptions, onChange: () => void): Parts {
  const clock = options.clock ?? realClock()
  const timing = { ...SANDBOX_TIMING, ...options.timing }
  const timers = createTimers(clock)
  const secrets = createSecretStore()
  for (const secret of options.secrets ?? []) secrets.put(secret, clock.now())
  let conditions = FINE
  const tell = (text: string): void =>
    options.onEvent?.({ at: clock.now(), text: `vm ${options.name}: ${text}` })
  return {
    clock,
    timers,
    timing,
    serial: createSerialConsole(),
    attributes: new Map(),
    secrets,
    run: createRunDirectory(timers),
    vitals: createVitals(options.seed ?? 1),
    workloads: options.workloads.map((workload) =>
      createWorkload(workload, { timers, timing, secrets, now: clock.now, tell, changed: onChange }),
    ),
    conditions: () => conditions,
    impose(change) {
      conditions = { ...conditions, ...change }
      onChange()
    },
    tell,
  }
}

function heartbeat({ attributes, clock, conditions, vitals }: Parts, power: Power): void {
  vitals.step()
  if (conditions().metadata === 'broken') return
  const at = new Date(clock.now()).toISOString()
  attributes.set(HEARTBEAT_ATTRIBUTE, JSON.stringify({ bootId: power.bootId(), at }))
}

/** The workload whose process answers the URL itself; none when the kit does. */
function answeringOf(options: SimulatedMachineOptions, workloads: readonly Workload[]): Workload | undefined {
  const by = options.healthBy ?? 'kit'
  if (by === 'kit') return undefined
  const found = workloads.find((workload) => workload.options.unit === by)
  if (found === undefined) throw new RangeError(`${options.name} has no unit ${by}`)
  return found
}

type Outlook = { readonly power: Power; readonly answering: Workload | undefined }

function healthAnswer(parts: Parts, { power, answering }: Outlook): HealthAnswer {
  if (power.phase() !== 'up') return { kind: 'refuses' }
  const wedged = parts.conditions().podman === 'wedged'
  // A wedged storage or runtime takes the container's own process with it.
  if (answering !== undefined) return wedged ? { kind: 'hangs' } : processAnswer(answering)
  return kitAnswer({
    bootId: power.bootId(),
    uptimeMs: power.uptimeMs(),
    wedged,
    workloads: parts.workloads,
    vitals: parts.vitals.now(),
    secrets: parts.secrets,
  })
}

function reachable(parts: Parts, power: Power): boolean {
  return (
    parts.conditions().network === 'up' &&
    power.power() === 'running' &&
    power.still() === 'no' &&
    power.phase() !== 'kernel'
  )
}

function doors(parts: Parts, { power, answering }: Outlook): { ssh: DoorState; health: DoorState } {
  if (!reachable(parts, power)) return { ssh: 'silent', health: 'silent' }
  if (power.phase() !== 'up') return { ssh: 'refused', health: 'refused' }
  const listens = answering === undefined || answering.current() !== undefined
  return {
    ssh: parts.conditions().sshd === 'running' ? 'open' : 'refused',
    health: listens ? 'open' : 'refused',
  }
}
