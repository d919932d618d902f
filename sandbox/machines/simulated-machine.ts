/**
 * One simulated VM behind real loopback sockets: an SSH server, a health endpoint, a serial console and guest
 * attributes. Compute's emulator drives its power; faults.ts names what can go wrong with it.
 */
import type { Machine } from '../machine.ts'
import { createDoor, type Door, type DoorState } from './door.ts'
import { createHealthServer } from './health-server.ts'
import { createMachineBody, FINE, type MachineBody } from './machine-body.ts'
import { runLine } from './machine-shell.ts'
import type { SimulatedMachineOptions } from './options.ts'
import type { Phase, Stillness } from './power.ts'
import type { SecretStore } from './secret-store.ts'
import { printContainerOutOfMemory } from './serial-console.ts'
import type { ShellHost } from './shell-host.ts'
import { type Conditions, type MachineSnapshot, secretSnapshot, workloadSnapshot } from './snapshot.ts'
import { createSshKeyPair, type SshKeyPair } from './ssh-keys.ts'
import { createSshServer, type SshServer } from './ssh-server.ts'
import type { Workload } from './workload.ts'

export type SimulatedMachine = Machine & {
  readonly sshPort: number
  readonly healthPort: number
  /** The key that it published; after `changeHostKey` it shows another one. */
  readonly hostKey: SshKeyPair
  readonly podmanSecrets: SecretStore
  phase(): Phase
  still(): Stillness
  /** The named unit's, or the first one. Throws for a unit that the machine doesn't have. */
  workload(unit?: string): Workload
  /** What the unit's running container copied when it was created: name → value. */
  containerSecrets(unit: string): ReadonlyMap<string, string>
  suspend(): Promise<void>
  freeze(how: Exclude<Stillness, 'no'>): void
  setBoots(how: 'complete' | 'hang'): void
  impose(conditions: Partial<Conditions>): void
  changeHostKey(): void
  /** The unit's container logs a line, which journald forwards to the serial console. */
  says(text: string, unit?: string): void
  /** The unit's container uses up its memory: the kernel kills it and says so. */
  eatMemory(unit?: string): void
  /** A person's hold file. */
  hold(wish: 'held' | 'free'): void
  /** Undoes every fault of a machine that has power; what was down comes up by itself. */
  heal(): void
  /** Resolves when the ports behave as the state says; a change takes some milliseconds. */
  settled(): Promise<void>
  /** The whole machine at one look, without any secret's value. */
  snapshot(): MachineSnapshot
  close(): Promise<void>
}

/** Resolves with a machine that is up, its workloads running and its ports open. */
export async function createSimulatedMachine(options: SimulatedMachineOptions): Promise<SimulatedMachine> {
  const original = createSshKeyPair(`root@${options.name}`)
  let shown = original
  // Nothing is to be done for a change before the ports are there, nor after they are gone.
  let onChange = (): void => undefined
  const body = createMachineBody(options, {
    publishedHostKey: () => shown.base64,
    onChange: () => onChange(),
  })
  const health = await openHealthDoor(body, options.healthPort ?? 0)
  const host = shellHostOf(body, health.door.port)
  const serverFor = (hostKey: SshKeyPair): SshServer =>
    createSshServer({
      user: options.user,
      authorizedKey: options.authorizedKey,
      hostKey,
      keysAccepted: () => body.conditions().keys === 'accepted',
      run: (exec) => runLine(host, exec),
    })
  let server = serverFor(shown)
  const ssh = await createDoor({
    port: options.sshPort ?? 0,
    onConnection: (socket) => server.accept(socket),
  })
  onChange = reconcilerOf(body, { ssh, health: health.door })
  onChange()
  return {
    ...machineFace(options, body),
    sshPort: ssh.port,
    healthPort: health.door.port,
    hostKey: original,
    ...faultHandles(body, (hostKey) => {
      shown = hostKey ?? original
      server = serverFor(shown)
    }),
    async settled() {
      await Promise.all([ssh.settled(), health.door.settled()])
    },
    async close() {
      onChange = () => undefined
      body.timers.cancelAll()
      await Promise.all([ssh.close(), health.close()])
    },
  }
}

/** Brings the ports to what the body says, and treats the connections that are open as the change demands. */
function reconcilerOf(body: MachineBody, doors: { ssh: Door; health: Door }): () => void {
  let now: { readonly ssh: DoorState; readonly health: DoorState } = { ssh: 'open', health: 'open' }
  const adjust = (door: Door, { from, to }: { from: DoorState; to: DoorState }): void => {
    if (from === to) return
    if (to === 'silent') door.hang()
    // A machine that comes back knows nothing of the old connections.
    else if (from === 'silent') door.cut('reset')
    else if (to === 'refused' && body.power.phase() === 'halting') door.cut('end')
    void door.set(to)
  }
  return () => {
    const next = body.doors()
    const before = now
    now = next
    adjust(doors.ssh, { from: before.ssh, to: next.ssh })
    adjust(doors.health, { from: before.health, to: next.health })
  }
}

async function openHealthDoor(
  body: MachineBody,
  port: number,
): Promise<{ readonly door: Door; close(): Promise<void> }> {
  const server = createHealthServer({
    answer: () => (body.reachable() ? body.healthAnswer() : { kind: 'hangs' }),
    delayMs() {
      const { answers, delayMs } = body.conditions().slow
      if (answers === 0) return 0
      body.impose({ slow: { answers: answers - 1, delayMs } })
      return delayMs
    },
    after: body.timers.after,
  })
  const door = await createDoor({ port, onConnection: server.accept })
  return {
    door,
    async close() {
      server.close()
      await door.close()
    },
  }
}

function shellHostOf(body: MachineBody, healthPort: number): ShellHost {
  return {
    ...body,
    healthPort,
    now: body.clock.now,
    bootId: body.power.bootId,
    uptimeMs: body.power.uptimeMs,
    vitalsNow: body.vitals.now,
    kernelLog: body.serial.kernelLog,
    wedged: () => body.conditions().podman === 'wedged',
    reboot: body.power.reboot,
  }
}

/** The machine as Compute's emulator, tests and pages see it. */
function machineFace(options: SimulatedMachineOptions, body: MachineBody) {
  const { power } = body
  const now = (order: () => void): (() => Promise<void>) => {
    return () => {
      order()
      return Promise.resolve()
    }
  }
  const workload = (unit?: string): Workload => workloadOf(body, unit)
  return {
    name: options.name,
    zone: options.zone,
    instanceId: options.instanceId,
    internalAddress: options.internalAddress,
    power: power.power,
    start: now(() => power.power() === 'stopped' && power.boot()),
    resume: now(() => power.power() === 'suspended' && power.resume()),
    reset: now(() => power.power() === 'running' && reset(body)),
    stop: now(() => power.power() !== 'stopped' && power.cut()),
    suspend: now(() => power.power() === 'running' && power.suspend()),
    serial: body.serial.text,
    guestAttributes: () => body.attributes,
    podmanSecrets: body.secrets,
    phase: power.phase,
    still: power.still,
    workload,
    containerSecrets: (unit: string) => workload(unit).current()?.secrets ?? new Map<string, string>(),
    snapshot: (): MachineSnapshot => ({
      name: options.name,
      at: body.clock.now(),
      power: power.power(),
      phase: power.phase(),
      still: power.still(),
      bootId: power.bootId(),
      uptimeMs: power.uptimeMs(),
      conditions: body.conditions(),
      workloads: body.workloads.map(workloadSnapshot),
      secrets: body.secrets.all().map(secretSnapshot),
      vitals: body.vitals.now(),
    }),
  }
}

function reset(body: MachineBody): void {
  body.tell('is reset')
  body.power.boot()
}

/** What faults.ts turns. `showHostKey` without a key shows the published one again. */
function faultHandles(body: MachineBody, showHostKey: (hostKey?: SshKeyPair) => void) {
  const { power } = body
  return {
    freeze: power.freeze,
    setBoots: power.setBoots,
    says: (text: string, unit?: string) => says(body, { text, unit }),
    eatMemory: (unit?: string) => eatMemory(body, unit),
    impose: body.impose,
    hold: body.run.hold,
    changeHostKey() {
      showHostKey(createSshKeyPair('root@somebody-else'))
      body.tell('shows another SSH host key')
    },
    heal() {
      power.setBoots('complete')
      showHostKey()
      body.run.hold('free')
      body.impose(FINE)
      if (power.power() !== 'running') return
      if (power.still() === 'frozen') power.thaw()
      else if (power.still() === 'panicked' || power.phase() === 'kernel') power.boot()
      if (power.phase() === 'up') for (const workload of body.workloads) mend(workload)
    },
  }
}

function workloadOf({ workloads }: MachineBody, unit = workloads[0]?.options.unit): Workload {
  const found = workloads.find(({ options }) => options.unit === unit)
  if (found === undefined) throw new RangeError(`The machine has no unit ${unit ?? ''}`)
  return found
}

/** Podman's journald driver names a container's lines after the container. */
function says(body: MachineBody, { text, unit }: { text: string; unit: string | undefined }): void {
  const workload = workloadOf(body, unit)
  const tag = `${workload.container}[${workload.current()?.pid ?? 1}]`
  body.serial.program(body.power.uptimeMs(), { tag, text })
}

function eatMemory(body: MachineBody, unit: string | undefined): void {
  const workload = workloadOf(body, unit)
  const container = workload.current()
  if (container === undefined) return
  const { id, pid } = container
  printContainerOutOfMemory(body.serial, { uptimeMs: body.power.uptimeMs(), container: id, pid })
  workload.die('once')
}

function mend(workload: Workload): void {
  const container = workload.current()
  workload.resetFailed()
  const fine = container !== undefined && !container.hung && !container.sick
  if (!fine) void workload.restart()
}
