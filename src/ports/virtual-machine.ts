/** The machine as the cloud sees it: status, power, heartbeat, host keys. When to use them is the core's. */
import type { ActionResult } from '../core/action.ts'
import type { BlackBoxSection } from '../core/black-box.ts'
import type { HeartbeatEvidence, TraceEvidence, VmEvidence } from '../core/evidence.ts'
import type { Target } from '../core/target.ts'

export type CallLimits = { readonly timeoutMs: number }

export type HostKeys =
  | { readonly kind: 'keys'; readonly keys: readonly { type: string; base64: string }[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unavailable'; readonly detail: string }

/** The machine as the cloud's control plane sees it: another path than the VM's own network. */
export type VirtualMachine = {
  /** Status, identity, addresses, running operation; for a VM that is down also who or what stopped it. */
  look(target: Target, options: { serialFrom?: number }, limits: CallLimits): Promise<VmEvidence>
  heartbeat(target: Target, limits: CallLimits): Promise<HeartbeatEvidence>
  hostKeys(target: Target, limits: CallLimits): Promise<HostKeys>
  /** `requestId` is a UUID: the same one twice is the same operation, not a second reset. */
  power(
    target: Target,
    order: { verb: 'start' | 'resume' | 'reset'; requestId: string },
    limits: CallLimits,
  ): Promise<ActionResult>
  /** Looks for the operation that `requestId` caused. */
  trace(target: Target, requestId: string, limits: CallLimits): Promise<TraceEvidence>
  /**
   * The newest lines of the serial console as section `serial-console`, redacted, at most `bytesMax` bytes: those of
   * kernel, systemd and boot loader. What other programs had printed there is left out and counted.
   */
  serialTail(target: Target, options: { bytesMax: number }, limits: CallLimits): Promise<BlackBoxSection>
}
