/** How long an action may take at worst, from the policy: nothing starts unless that fits into the tick. */

import type { ActingRung } from './action.ts'
import { assertNever } from './assert-never.ts'
import type { Policy } from './policy.ts'

/** One look over SSH. The patient one waits for a banner, not for commands: it gets little more than its connect time. */
export function lookWorstCaseMs({ ssh }: Policy, { patient }: { readonly patient: boolean }): number {
  return patient ? ssh.patientConnectMs + ssh.connectMs / 4 : ssh.lookMs
}

/** Carrying the rung out, its last look not included. */
export function actionWorstCaseMs(policy: Policy, rung: ActingRung): number {
  switch (rung) {
    case 'restart-workload':
    case 'reboot':
      return policy.ssh.orderMs
    case 'reset':
    case 'start':
    case 'resume':
      return policy.compute.callMs
    default:
      return assertNever(rung)
  }
}

export function lastLookWorstCaseMs(policy: Policy): number {
  return Math.max(policy.probe.timeoutMs, policy.compute.callMs)
}
