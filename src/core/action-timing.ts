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

/** A probe, with Compute beside it for its rungs; behind a working endpoint the unit is asked once more after it. */
export function lastLookWorstCaseMs(
  policy: Policy,
  { rung, behindWorkingHttp }: { readonly rung: ActingRung; readonly behindWorkingHttp: boolean },
): number {
  const unitMs = behindWorkingHttp ? lookWorstCaseMs(policy, { patient: false }) : 0
  if (rung === 'restart-workload') return policy.probe.timeoutMs + unitMs
  return Math.max(policy.probe.timeoutMs, policy.compute.callMs)
}
