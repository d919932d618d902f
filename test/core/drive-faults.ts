/** What may befall a VM of drive-machine.ts, or the guard that watches it, and who can mend it. */
import type { Action } from '../../src/core/action.ts'
import type { StopOperation } from '../../src/core/evidence.ts'

/** What a restart and a boot mend; what neither mends needs a person. */
export const FAULTS = {
  'workload-exits': 'restart',
  'workload-hangs': 'restart',
  'workload-exits-until-boot': 'boot',
  'workload-exits-for-good': 'person',
  'workload-hangs-for-good': 'person',
  'podman-wedged': 'boot',
  'vm-freezes': 'boot',
  'vm-preempted': 'boot',
  'vm-host-error': 'boot',
  'vm-stopped-by-person': 'person',
  'workload-stopped-by-person': 'person',
  'path-broken': 'person',
  'key-rejected': 'person',
  'guard-offline': 'person',
  /** Its network is, but not its way to Compute; and the VM has no kit that would beat. */
  'guard-cut-off': 'person',
} as const
export type Fault = keyof typeof FAULTS

export type Machine = {
  power: 'RUNNING' | 'TERMINATED'
  boot: number
  /** When sshd listens and the workload begins to start. */
  upAt: number
  frozenAt?: number
  lastStop?: StopOperation
  pathBroken: boolean
  keyRejected: boolean
  wedged: boolean
  workload: 'running' | 'failed' | 'hung' | 'stopped'
  startedAt: number
  invocation: number
  /** What would bring a failing workload back, and how it fails until then. */
  needs: 'restart' | 'boot' | 'person'
  failsAs: 'failed' | 'hung'
  lastActionId?: string
  /** The highest that it has seen since its boot: a lower one is refused. */
  fence: number
  /** Everything that was really done to it. */
  readonly done: { readonly action: Action; readonly at: number }[]
  /** When a person or the platform booted it or restarted its workload. */
  mendedAt?: number
}

/** The guard's own ways out. */
export type GuardPath = { offline: boolean; cutOff: boolean }

export function befall(machine: Machine, guard: GuardPath, fault: Fault, now: number): void {
  switch (fault) {
    case 'workload-exits':
    case 'workload-exits-until-boot':
    case 'workload-exits-for-good':
    case 'workload-hangs':
    case 'workload-hangs-for-good':
      machine.needs = FAULTS[fault]
      machine.failsAs = fault.startsWith('workload-exits') ? 'failed' : 'hung'
      machine.workload = machine.failsAs
      return
    case 'podman-wedged':
      machine.wedged = true
      machine.workload = 'hung'
      return
    case 'vm-freezes':
      machine.frozenAt = now
      return
    case 'vm-preempted':
    case 'vm-host-error':
    case 'vm-stopped-by-person': {
      const types = {
        'vm-preempted': 'compute.instances.preempted',
        'vm-host-error': 'compute.instances.hostError',
      }
      machine.power = 'TERMINATED'
      machine.lastStop =
        fault === 'vm-stopped-by-person'
          ? { type: 'stop', by: 'ada', at: now }
          : { type: types[fault], by: 'system', at: now }
      return
    }
    case 'workload-stopped-by-person':
      machine.workload = 'stopped'
      return
    case 'path-broken':
      machine.pathBroken = true
      return
    case 'key-rejected':
      machine.keyRejected = true
      machine.workload = 'failed'
      return
    case 'guard-offline':
      guard.offline = true
      return
    case 'guard-cut-off':
      guard.cutOff = true
      return
  }
}
