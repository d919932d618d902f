/** The faults by name: what each does to a machine, in words, and what the guard should do about it. */
import type { NetworkFaults } from './network.ts'
import type { SimulatedMachine } from './simulated-machine.ts'

export const FAULT_NAMES = [
  'container-exits',
  'container-hangs',
  'container-unhealthy',
  'container-stopped-by-person',
  'podman-wedged',
  'vm-freezes',
  'vm-panics',
  'vm-preempted',
  'vm-stopped-by-person',
  'network-path-broken',
  'ssh-down',
  'ssh-key-rejected',
  'host-key-changed',
  'health-slow',
  'guard-offline',
  'secret-rotated',
  'boot-fails',
  'heal',
] as const
export type FaultName = (typeof FAULT_NAMES)[number]

export type FaultContext = {
  readonly machine: SimulatedMachine
  /** The workload that is hit; the machine's first one when absent. */
  readonly unit?: string
  readonly network: NetworkFaults
  /** Compute's emulator, for this machine: it records the operation and its user, and moves the power. */
  readonly platform: {
    stop(type: string, user: string): Promise<void>
    start(): Promise<void>
  }
  readonly secrets: {
    /** Adds a version to a secret that the machine uses. */
    rotate(machine: SimulatedMachine): Promise<void>
  }
}

export type Fault = {
  readonly name: FaultName
  /** What happens, in one line. */
  readonly says: string
  /** What the guard should do, in one line. */
  readonly expected: string
}

type Entry = Omit<Fault, 'name'> & {
  readonly apply: (context: FaultContext) => Promise<void> | void
}

/** An answer this late is later than any probe of the sandbox waits. */
const SLOW_ANSWER_MS = 3_000
const PERSON = 'alice@example.com'

const ENTRIES: Readonly<Record<FaultName, Entry>> = {
  'container-exits': {
    says: 'The container dies and systemd gives up on it (start-limit-hit).',
    expected: 'restart-workload of that unit, then healthy',
    apply: ({ machine, unit }) => machine.workload(unit).die('for-good'),
  },
  'container-hangs': {
    says: 'The process accepts connections and never answers; systemd and Podman see nothing wrong.',
    expected: 'restart-workload of that unit (workload-hung), then healthy',
    apply: ({ machine, unit }) => machine.workload(unit).hang(),
  },
  'container-unhealthy': {
    says: "The container's health command fails, and nothing on the VM acts on it.",
    expected: 'restart-workload of that unit once Podman says unhealthy, then healthy',
    apply: ({ machine, unit }) => machine.workload(unit).sicken('asleep'),
  },
  'container-stopped-by-person': {
    says: 'A person stops the unit with systemctl.',
    expected: 'degraded stopped-by-person: an alert, no action',
    apply: ({ machine, unit }) => machine.workload(unit).stop(),
  },
  'podman-wedged': {
    says: "Podman's commands hang and the health URL fails; SSH works.",
    expected: 'reboot over SSH (podman-wedged), then healthy',
    apply: ({ machine }) => machine.impose({ podman: 'wedged' }),
  },
  'vm-freezes': {
    says: 'The VM stands still after it ran out of memory: no port answers, the heartbeat stops, Compute says RUNNING.',
    expected: 'reset (vm-frozen, three witnesses), then healthy',
    apply: ({ machine }) => machine.freeze('frozen'),
  },
  'vm-panics': {
    says: 'The kernel panics, and says so on the serial console.',
    expected: 'reset (vm-frozen, three witnesses), then healthy; the panic is in the black box',
    apply: ({ machine }) => machine.freeze('panicked'),
  },
  'vm-preempted': {
    says: 'The platform takes a preemptible VM away.',
    expected: 'start (vm-down), then healthy',
    apply: ({ platform }) => platform.stop('compute.instances.preempted', 'system'),
  },
  'vm-stopped-by-person': {
    says: 'A person stops the VM.',
    expected: 'degraded stopped-by-person: an alert with a button, no action',
    apply: ({ platform }) => platform.stop('stop', PERSON),
  },
  'network-path-broken': {
    says: 'Packets to the VM are dropped on their way; the VM lives and its heartbeat goes on.',
    expected: 'degraded path-broken: an alert, no reset',
    apply: ({ machine }) => machine.impose({ network: 'dropped' }),
  },
  'ssh-down': {
    says: 'sshd refuses connections; the health URL is fine.',
    expected: 'degraded recovery-path-broken: an alert, no action',
    apply: ({ machine }) => machine.impose({ sshd: 'down' }),
  },
  'ssh-key-rejected': {
    says: "The VM no longer takes the guard's key, and the container is dead as well.",
    expected: 'unhealthy no-way-in: a person is called, no reset',
    apply({ machine, unit }) {
      machine.impose({ keys: 'rejected' })
      machine.workload(unit).die('for-good')
    },
  },
  'host-key-changed': {
    says: 'The VM shows another host key than it published, and the container is dead as well.',
    expected: 'unhealthy no-way-in: a person is called, no connection is trusted, no reset',
    apply({ machine, unit }) {
      machine.changeHostKey()
      machine.workload(unit).die('for-good')
    },
  },
  'health-slow': {
    says: 'One answer on the health URL comes later than the probe waits; the next ones are in time.',
    expected: 'no action: the next probe finds it healthy',
    apply: ({ machine }) => machine.impose({ slow: { answers: 1, delayMs: SLOW_ANSWER_MS } }),
  },
  'guard-offline': {
    says: "The guard's own network is gone: no target answers, and no control URL either.",
    expected: 'inconclusive guard-offline: no action',
    apply: ({ network }) => network.setGuard('offline'),
  },
  'secret-rotated': {
    says: 'Secret Manager gets a new version of a key that the workload uses.',
    expected: 'the new version is put and its unit restarted once',
    apply: ({ machine, secrets }) => secrets.rotate(machine),
  },
  'boot-fails': {
    says: 'The VM freezes, and after a reset its boot hangs before userland.',
    expected: 'reset within its budget, then gave-up and a person is called',
    apply({ machine }) {
      machine.setBoots('hang')
      machine.freeze('frozen')
    },
  },
  heal: {
    says: 'Undoes all of it: the VM has power, boots if it must, and its workloads run.',
    expected: 'healthy',
    async apply({ machine, network, platform }) {
      network.setGuard('online')
      machine.heal()
      if (machine.power() !== 'running') await platform.start()
    },
  },
}

export const FAULTS: readonly Fault[] = FAULT_NAMES.map((name) => ({
  name,
  says: ENTRIES[name].says,
  expected: ENTRIES[name].expected,
}))

export function isFaultName(name: string): name is FaultName {
  return FAULT_NAMES.some((known) => known === name)
}

/** Resolves once the fault shows at the machine's ports. */
export async function applyFault(name: FaultName, context: FaultContext): Promise<void> {
  await ENTRIES[name].apply(context)
  await context.machine.settled()
}
