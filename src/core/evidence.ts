/**
 * Evidence: one witness's word, as its adapter parsed it. Judging it is verdict.ts's work; nothing here
 * decides. All times are epoch milliseconds by the guard's clock unless a field says otherwise.
 */
import type { ActionResult, SecretPut } from './action.ts'
import type { BlackBoxEvidence } from './black-box.ts'
import type { HostKey } from './state.ts'

export type HttpEvidence =
  | { readonly kind: 'ok'; readonly at: number; readonly durationMs: number; readonly kit?: KitReport }
  | {
      /** Something lives and answers, but not what was expected: status, body or TLS. */
      readonly kind: 'answers-bad'
      readonly at: number
      readonly durationMs: number
      readonly detail: string
      readonly status?: number
      readonly kit?: KitReport
    }
  | { readonly kind: 'refused'; readonly at: number; readonly durationMs: number }
  | { readonly kind: 'silent'; readonly at: number; readonly durationMs: number }
  | {
      /** The guard's own side failed (name resolution, a forbidden address): no word about the target. */
      readonly kind: 'not-asked'
      readonly at: number
      readonly durationMs: number
      readonly detail: string
    }

/** The health body when the kit serves it. Hostile input: it may raise suspicion, never alone cause an action. */
export type KitReport = {
  readonly status: string
  readonly bootId?: string
  readonly uptimeSeconds?: number
  readonly workloads: readonly { readonly unit: string; readonly state: string; readonly health?: string }[]
  readonly memory?: { readonly totalMb: number; readonly usedMb: number }
  readonly swap?: { readonly totalMb: number; readonly usedMb: number }
  /** PSI: the share of the last minute in which all tasks stalled for memory, in percent. */
  readonly memoryStallPercent?: number
  readonly disk?: { readonly totalMb: number; readonly usedMb: number }
}

export type HeartbeatEvidence =
  | { readonly kind: 'seen' /** by the VM's clock */; readonly at: number; readonly bootId: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unavailable'; readonly detail: string }

export const SSH_KINDS = [
  'ok',
  'refused',
  'silent',
  'banner-timeout',
  'auth-failed',
  'host-key-changed',
  'gate-refused',
  'not-asked',
] as const
export type SshKind = (typeof SSH_KINDS)[number]

export type SshEvidence = {
  readonly kind: SshKind
  readonly at: number
  readonly durationMs: number
  readonly detail?: string
  /** The host key that the machine proved to have, when SSH got that far. */
  readonly hostKey?: HostKey
  /** True when the long connect time-out was used. */
  readonly patient?: boolean
}

/** The health URL asked on the VM itself. */
export type InsideEvidence =
  | { readonly kind: 'ok' }
  | { readonly kind: 'fails'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }

export type UnitEvidence = {
  readonly unit: string
  /** systemd's LoadState: loaded, masked, not-found, bad-setting, error. */
  readonly load: string
  /** systemd's ActiveState: active, reloading, inactive, failed, activating, deactivating, … */
  readonly active: string
  readonly sub: string
  /** systemd's Result: success, exit-code, signal, start-limit-hit, … */
  readonly result: string
  readonly invocationId?: string
  /** systemd's TimeoutStartUSec, where it is finite. */
  readonly startTimeoutMs?: number
  readonly container?: ContainerEvidence
}

export type ContainerEvidence = {
  readonly id: string
  readonly running: boolean
  readonly exitCode?: number
  readonly health?: 'starting' | 'healthy' | 'unhealthy'
  readonly failingStreak?: number
}

export type WorkloadsEvidence =
  | { readonly kind: 'ok'; readonly units: readonly UnitEvidence[] }
  /** Podman's commands hang; systemd may have answered. */
  | { readonly kind: 'wedged'; readonly detail: string; readonly units: readonly UnitEvidence[] }
  | { readonly kind: 'unreadable'; readonly detail: string }

export type MachineFacts = {
  readonly bootId: string
  readonly uptimeMs: number
  /** The kit's hold file: a person asked for peace. */
  readonly held: boolean
  /** The highest fence that the machine has seen, and the attempt that it ran last. */
  readonly fence?: number
  readonly lastActionId?: string
}

/** Present Podman secrets by name; `source` and `version` are our labels, absent on one that we did not write. */
export type PresentSecret = { readonly name: string; readonly source?: string; readonly version?: string }
export type PresentSecrets =
  | { readonly kind: 'ok'; readonly secrets: readonly PresentSecret[] }
  | { readonly kind: 'unreadable'; readonly detail: string }

export const VM_STATUSES = [
  'PROVISIONING',
  'STAGING',
  'RUNNING',
  'PENDING',
  'PENDING_STOP',
  'STOPPING',
  'STOPPED',
  'TERMINATED',
  'SUSPENDING',
  'SUSPENDED',
  'REPAIRING',
  'DEPROVISIONING',
  'UNKNOWN',
] as const
export type VmStatus = (typeof VM_STATUSES)[number]

export type StopOperation = {
  /** Compute's operationType: `stop`, `suspend`, `compute.instances.preempted`, `…hostError`, `…guestTerminate`. */
  readonly type: string
  readonly by: string
  readonly at: number
}

export type VmEvidence =
  | {
      readonly kind: 'seen'
      readonly at: number
      readonly status: VmStatus
      /** The numeric instance id, as a string. */
      readonly instanceId: string
      readonly addresses: readonly string[]
      /** An operation on the instance that is not DONE yet. */
      readonly operationRunning?: string
      /** Looked up only when the VM is down; absent: none was found. */
      readonly lastStop?: StopOperation
      /** The serial console's next byte, and whether a kernel began to boot since the byte that was asked from. */
      readonly serial?: { readonly next: number; readonly booted: boolean }
    }
  | { readonly kind: 'not-found'; readonly at: number }
  | { readonly kind: 'unavailable'; readonly at: number; readonly detail: string }

export type CanaryEvidence = { readonly urlsAsked: number; readonly urlsOk: number }

/** A secret's metadata, which is free to read; the payload is not. */
export type SecretVersionEvidence =
  | {
      readonly kind: 'version'
      readonly secret: string
      readonly wanted: string
      /** The version's number. */
      readonly version: string
      /** Set when `latest` was disabled or destroyed and an older ENABLED version was taken. */
      readonly insteadOf?: { readonly version: string; readonly state: string }
    }
  | {
      readonly kind: 'unavailable'
      readonly secret: string
      readonly wanted: string
      readonly detail: string
      /** True for a passing failure of the source; false for a secret or version that isn't there or usable. */
      readonly passing: boolean
    }

/** Whether an action whose end is unknown left a trace. */
export type TraceEvidence =
  | { readonly kind: 'happened'; readonly done: boolean; readonly detail: string }
  | { readonly kind: 'no-trace' }
  | { readonly kind: 'unavailable'; readonly detail: string }

/** All the evidence of one tick so far, failures included. Absent: not asked. */
export type Observation = {
  readonly startedAt: number
  /** Oldest first; the last one is the newest word. */
  readonly http: readonly HttpEvidence[]
  readonly ssh?: SshEvidence
  readonly facts?: MachineFacts
  readonly inside?: InsideEvidence
  readonly workloads?: WorkloadsEvidence
  readonly presentSecrets?: PresentSecrets
  readonly vm?: VmEvidence
  readonly heartbeat?: HeartbeatEvidence
  readonly canary?: CanaryEvidence
  readonly trace?: TraceEvidence
  readonly secretVersions?: readonly SecretVersionEvidence[]
  /** Kept before a destructive rung. */
  readonly blackBox?: BlackBoxEvidence
  /** When the newest of the witnesses beside http was heard. */
  readonly witnessedAt?: number
  /** What the last effect gave back. */
  readonly result?: EffectResult
}

export type PutResult = {
  readonly name: string
  readonly result: ActionResult
}

export type EffectResult =
  | {
      readonly kind: 'action'
      readonly actionId: string
      readonly result: ActionResult
      readonly at: number
    }
  | {
      readonly kind: 'puts'
      readonly puts: readonly { readonly put: SecretPut; readonly result: ActionResult }[]
      readonly at: number
    }

export function nothingSeen(now: number): Observation {
  return { startedAt: now, http: [] }
}
