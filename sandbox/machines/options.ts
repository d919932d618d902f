/** What a simulated machine is made from, and how long its things take. The defaults are the sandbox's. */
import type { SimulationClock } from './clock.ts'

export type MachineTiming = {
  /** From power on to userland up. */
  readonly bootMs: number
  /** From `systemctl reboot` to the kernel's restart. */
  readonly haltMs: number
  /** `systemctl restart` of a unit, until it is active again. */
  readonly restartMs: number
  /** The kit's heartbeat. */
  readonly heartbeatMs: number
  /** The units' RestartSec. */
  readonly restartDelayMs: number
  /** The units' StartLimitBurst: failed starts in a row before systemd gives up. */
  readonly startLimitBurst: number
  /** One Podman command. */
  readonly podmanMs: number
  /** How long a fenced order waits for the lock; FENCED_SCRIPT says 5 s. */
  readonly lockWaitMs: number
}

export const SANDBOX_TIMING: MachineTiming = {
  bootMs: 3_000,
  haltMs: 300,
  restartMs: 600,
  heartbeatMs: 1_000,
  restartDelayMs: 300,
  startLimitBurst: 3,
  podmanMs: 20,
  lockWaitMs: 5_000,
}

export type ContainerHealthOptions = {
  readonly intervalMs: number
  readonly retries: number
  /** What the health command prints when it fails; Podman keeps it in its health log. */
  readonly failureOutput?: string
}

export type ContainerSecretUse = {
  /** The Podman secret's name. */
  readonly name: string
  readonly type: 'mount' | 'env'
  /** The variable's name, for `env`. */
  readonly env?: string
}

export type WorkloadOptions = {
  /** With its suffix: `agent.service`. */
  readonly unit: string
  /** Quadlet's name unless told otherwise: `systemd-agent`. */
  readonly container?: string
  readonly image?: string
  readonly memoryMb?: number
  /** Words behind the container's command: `ps` and `systemctl status` show them to everybody. */
  readonly arguments?: readonly string[]
  /** Plain variables of the container, as a careless person sets them: Podman shows their values. */
  readonly environment?: Readonly<Record<string, string>>
  /** Absent: the container has no health check. */
  readonly health?: ContainerHealthOptions
  /** What the container copies when it is created; a missing one makes the start fail, as with Podman. */
  readonly secrets?: readonly ContainerSecretUse[]
}

export type InitialSecret = {
  readonly name: string
  readonly value: string
  readonly labels?: Readonly<Record<string, string>>
}

export type MachineEvent = { readonly at: number; readonly text: string }

export type SimulatedMachineOptions = {
  readonly name: string
  readonly zone: string
  /** Numeric, as a string. */
  readonly instanceId: string
  readonly internalAddress: string
  /** The login user; it may use sudo. */
  readonly user: string
  /** The public key that may log in, in OpenSSH's one-line format. */
  readonly authorizedKey: string
  readonly workloads: readonly WorkloadOptions[]
  /** Who answers the health URL: the kit for all workloads, or one unit's own process. */
  readonly healthBy?: 'kit' | (string & {})
  /** Podman secrets that are there from the beginning. */
  readonly secrets?: readonly InitialSecret[]
  /** 0 or absent: the system picks a free one. Both stay the same for the machine's life. */
  readonly sshPort?: number
  readonly healthPort?: number
  /** Of the numbers that wander (memory, load, …). */
  readonly seed?: number
  readonly clock?: SimulationClock
  readonly timing?: Partial<MachineTiming>
  readonly onEvent?: (event: MachineEvent) => void
}
