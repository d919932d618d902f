/** The way onto a VM, by SSH: looking, and carrying out orders under the fence. What to order is the core's. */
import type { ActionResult, SecretPut } from '../core/action.ts'
import type { BlackBoxSection } from '../core/black-box.ts'
import type {
  InsideEvidence,
  MachineFacts,
  PresentSecrets,
  PutResult,
  SshEvidence,
  WorkloadsEvidence,
} from '../core/evidence.ts'
import type { ShellQuestions } from '../core/query.ts'
import type { Sensitive } from '../core/sensitive.ts'
import type { Target } from '../core/target.ts'

/** `deadlineMs` bounds the whole call, connect included; `connectMs` the way to a shell. */
export type ShellLimits = {
  readonly connectMs: number
  readonly commandMs: number
  readonly deadlineMs: number
}

export type ShellLook = {
  readonly ssh: SshEvidence
  readonly facts?: MachineFacts
  readonly workloads?: WorkloadsEvidence
  readonly inside?: InsideEvidence
  readonly presentSecrets?: PresentSecrets
}

/**
 * The way onto a VM: each call is one SSH connection, pinned to the VM's host key, always closed.
 * Orders carry the lease's fence: a machine that has seen a higher one refuses with `skipped`.
 */
export type Shell = {
  look(target: Target, questions: ShellQuestions, limits: ShellLimits): Promise<ShellLook>
  /** Recreates the unit's container: `systemctl restart`, with `reset-failed` before it. */
  restartWorkload(
    target: Target,
    order: { unit: string; actionId: string; fence: number },
    limits: ShellLimits,
  ): Promise<ActionResult>
  /** Asks systemd to reboot; `done` when the order was accepted, not when the VM is back. */
  reboot(
    target: Target,
    order: { actionId: string; fence: number },
    limits: ShellLimits,
  ): Promise<ActionResult>
  /** Values travel on stdin, one command a secret, labels with source and version. */
  putSecrets(
    target: Target,
    order: { fence: number; puts: readonly { put: SecretPut; value: Sensitive }[] },
    limits: ShellLimits,
  ): Promise<readonly PutResult[]>
  /**
   * What the machine says of itself before it goes down: units, containers, memory, pressure and the kernel's lines
   * about memory and hangs, each chosen by name, redacted and bounded. One that can't be had says why, and costs the
   * others nothing. Never throws for what the machine does; over at `deadlineMs` with what was heard until then.
   */
  blackBox(
    target: Target,
    about: { units: readonly string[]; containers: readonly string[] },
    limits: ShellLimits,
  ): Promise<readonly BlackBoxSection[]>
}
