/** A machine at one look, for tests and pages: plain data, without any secret's value. */
import type { MachinePower } from '../machine.ts'
import type { ContainerHealth } from './container.ts'
import type { Phase, Stillness } from './power.ts'
import type { StoredSecret } from './secret-store.ts'
import type { Vitals } from './vitals.ts'
import type { UnitState, Workload } from './workload.ts'

/** What a fault may do to a machine, beside what it does to a workload. */
export type Conditions = {
  readonly network: 'up' | 'dropped'
  readonly sshd: 'running' | 'down'
  readonly keys: 'accepted' | 'rejected'
  readonly podman: 'works' | 'wedged'
  /** The way from the VM to its metadata server, which the heartbeat takes. */
  readonly metadata: 'works' | 'broken'
  /** The next answers on the health port come late. */
  readonly slow: { readonly answers: number; readonly delayMs: number }
}

export type WorkloadSnapshot = UnitState & {
  readonly unit: string
  readonly containerId?: string
  readonly health?: ContainerHealth['status']
  readonly hung: boolean
}

export type MachineSnapshot = {
  readonly name: string
  readonly at: number
  readonly power: MachinePower
  readonly phase: Phase
  readonly still: Stillness
  readonly bootId: string
  readonly uptimeMs: number
  readonly conditions: Conditions
  readonly workloads: readonly WorkloadSnapshot[]
  readonly secrets: readonly {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
  }[]
  readonly vitals: Vitals
}

export function workloadSnapshot(workload: Workload): WorkloadSnapshot {
  const container = workload.current()
  return {
    unit: workload.options.unit,
    ...workload.state(),
    hung: container?.hung === true,
    ...(container === undefined ? {} : { containerId: container.id }),
    ...(container?.health === undefined ? {} : { health: container.health.status }),
  }
}

export function secretSnapshot({ name, labels }: StoredSecret): MachineSnapshot['secrets'][number] {
  return { name, labels }
}
