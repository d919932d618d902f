/** Rows of the evidence table that rest on Compute's word: replaced, down, in transition. */
import { assertNever } from './assert-never.ts'
import type { StopOperation, VmEvidence, VmStatus } from './evidence.ts'
import type { Case, Judgement } from './judgement.ts'
import { degraded, unhealthy } from './judgement.ts'

type SeenVm = Extract<VmEvidence, { kind: 'seen' }>

/** What Compute's status settles by itself; undefined for a VM that runs, or when Compute was not heard. */
export function judgeVm(subject: Case): Judgement | undefined {
  const vm = subject.observation.vm
  if (vm === undefined || vm.kind === 'unavailable') return undefined
  if (vm.kind === 'not-found') return replaced('Compute knows no such instance')
  const replacement = whyReplaced(subject, vm)
  if (replacement !== undefined) return replaced(replacement)
  switch (powerOf(vm.status)) {
    case 'up':
      return undefined
    case 'down':
      return judgeDown(subject, vm)
    case 'changing':
      return unhealthy('definitive', 'vm-in-transition', `the VM is ${vm.status}`, {
        kind: 'wait',
        callPersonAt: (subject.state.transitionSince ?? vm.at) + subject.policy.vm.transitionAlertMs,
      })
  }
}

function replaced(reason: string): Judgement {
  return unhealthy('definitive', 'vm-replaced', reason, { kind: 'human' })
}

export function powerOf(status: VmStatus): 'up' | 'down' | 'changing' {
  switch (status) {
    case 'RUNNING':
      return 'up'
    case 'TERMINATED':
    case 'STOPPED':
    case 'SUSPENDED':
      return 'down'
    case 'PROVISIONING':
    case 'STAGING':
    case 'PENDING':
    case 'PENDING_STOP':
    case 'STOPPING':
    case 'SUSPENDING':
    case 'REPAIRING':
    case 'DEPROVISIONING':
    case 'UNKNOWN':
      return 'changing'
    default:
      return assertNever(status)
  }
}

/** Why this is not the instance that was armed; undefined when it is, or when none was. */
export function whyReplaced({ state, target }: Case, vm: SeenVm): string | undefined {
  const { arming } = state
  if (arming.kind !== 'armed') return undefined
  const { instanceId, addresses } = arming.fingerprint
  if (instanceId !== undefined && instanceId !== vm.instanceId)
    return `the instance id is ${vm.instanceId}, armed was ${instanceId}`
  if (vm.status !== 'RUNNING' || addresses === undefined) return undefined
  // A name may point anywhere; only an address that the armed instance had can be missed.
  const host = new URL(target.health.url).hostname
  if (!addresses.includes(host) || vm.addresses.includes(host)) return undefined
  return `the instance no longer has the address ${host}`
}

const PLATFORM_STOPS: readonly string[] = [
  'compute.instances.preempted',
  'compute.instances.hostError',
  'compute.instances.terminateOnHostMaintenance',
]

/** How soon after our own reboot a guest's power-off counts as ours. */
const OWN_STOP_WITHIN_MS = 600_000

function judgeDown(subject: Case, vm: SeenVm): Judgement {
  const stop = vm.lastStop
  if (stop === undefined)
    return degraded('stopped-by-person', `the VM is ${vm.status}, and no operation says who stopped it`)
  if (!isPlatformStop(stop) && !isOwnStop(subject, stop))
    return degraded('stopped-by-person', `the VM is ${vm.status}: ${stop.type} by ${stop.by}`)
  const verb = vm.status === 'SUSPENDED' ? 'resume' : 'start'
  // After a host error the platform restarts the VM by itself within minutes.
  const notBefore = stop.type.endsWith('.hostError') ? stop.at + subject.policy.vm.hostErrorHoldMs : undefined
  return unhealthy('definitive', 'vm-down', `the VM is ${vm.status}: ${stop.type} by ${stop.by}`, {
    kind: verb,
    ...(notBefore === undefined ? {} : { notBefore }),
  })
}

function isPlatformStop(stop: StopOperation): boolean {
  return PLATFORM_STOPS.includes(stop.type)
}

/** A reboot that we ordered and that ended in a power-off. */
function isOwnStop({ state }: Case, stop: StopOperation): boolean {
  if (stop.type !== 'compute.instances.guestTerminate') return false
  const ours = state.uses.filter((use) => use.rung === 'reboot')
  return ours.some((use) => stop.at >= use.at && stop.at - use.at <= OWN_STOP_WITHIN_MS)
}
