/**
 * Worst cases, computed from the policy: how long a tick's chain may take, and how long a fault may last from its
 * first moment to the verified recovery. The check of a configured policy and the tests rest on them; no decision does.
 */
import type { ActingRung } from './action.ts'
import { actionWorstCaseMs, lastLookWorstCaseMs, lookWorstCaseMs } from './action-timing.ts'
import type { Policy } from './policy.ts'

/** How a tick came to its action: with the patient SSH attempt, or over a health endpoint that works. */
export type Way = { readonly patient: boolean; readonly behindWorkingHttp: boolean }

const PLAIN: Way = { patient: false, behindWorkingHttp: false }

/** From a tick's start to its judgement: the first probe, then all witnesses and the other probes side by side. */
export function judgedWorstCaseMs(policy: Policy, { patient, behindWorkingHttp }: Way = PLAIN): number {
  const { probe, compute } = policy
  const lookMs = lookWorstCaseMs(policy, { patient })
  if (behindWorkingHttp) return probe.timeoutMs + lookMs
  return probe.timeoutMs + Math.max(reprobesMs(policy), lookMs, compute.callMs)
}

/** From a tick's start to the end of its action: judged, looked at once more, carried out. */
export function chainWorstCaseMs(policy: Policy, rung: ActingRung, way: Way = PLAIN): number {
  return (
    judgedWorstCaseMs(policy, way) +
    lastLookWorstCaseMs(policy, { rung, ...way }) +
    actionWorstCaseMs(policy, rung)
  )
}

/**
 * A workload that hangs right after a tick has looked, and answers as soon as its restart returns: until it is
 * verified, the look for proof included.
 */
export function hungWorkloadWorstCaseMs(policy: Policy): number {
  const { tick, verify, probe } = policy
  const restartedMs = chainWorstCaseMs(policy, 'restart-workload')
  const inTickMs = restartedMs + verify.gapMs + probe.timeoutMs
  const seenMs = inTickMs <= tick.deadlineMs ? inTickMs : tick.everyMs + probe.timeoutMs
  return tick.everyMs + seenMs + lookWorstCaseMs(policy, { patient: false })
}

/** The circumstances of one freeze. All times in milliseconds. */
export type Freeze = {
  /** From the freeze to the first tick after it. */
  readonly tickAfterMs: number
  /** How old the last heartbeat was at the freeze. */
  readonly heartbeatAgeMs: number
  /** From the reset to an endpoint that answers. */
  readonly bootMs: number
  /** What each call of Compute, a healthy answer over HTTP and a look over SSH take. */
  readonly computeMs: number
  readonly answerMs: number
  readonly lookMs: number
}

/** From the freeze of a VM with the kit to its verified recovery, the look for proof included. */
export function frozenVmMs(policy: Policy, freeze: Freeze): number {
  const { probe, tick } = policy
  const resetAtMs = resetMs(policy, freeze)
  const upAtMs = resetAtMs + freeze.bootMs
  for (let tickAtMs = freeze.tickAfterMs; ; tickAtMs += tick.everyMs) {
    // The tick of the reset probes on after it; each later one from its start, as long as a probe fits.
    const firstAtMs = tickAtMs + tick.deadlineMs < resetAtMs ? tickAtMs + tick.deadlineMs : tickAtMs
    const stepMs = probe.timeoutMs + policy.verify.gapMs
    for (let atMs = firstAtMs; atMs + probe.timeoutMs <= tickAtMs + tick.deadlineMs; atMs += stepMs)
      if (atMs >= upAtMs) return atMs + freeze.answerMs + freeze.lookMs
  }
}

/** When the reset has been carried out: a silent VM uses up each probe's time, so these are no bounds but the times. */
function resetMs(policy: Policy, { tickAfterMs, heartbeatAgeMs, computeMs }: Freeze): number {
  const { probe, tick, heartbeat } = policy
  const judgedAfterMs = probe.timeoutMs + Math.max(reprobesMs(policy), policy.ssh.connectMs, computeMs)
  // One tick is remembered, as a broken path while the heartbeat is fresh; a later one acts.
  let judgedAtMs = tickAfterMs + tick.everyMs + judgedAfterMs
  while (heartbeatAgeMs + judgedAtMs <= heartbeat.freshMs) judgedAtMs += tick.everyMs
  return judgedAtMs + Math.max(probe.timeoutMs, computeMs) + computeMs
}

function reprobesMs({ probe }: Policy): number {
  return (probe.count - 1) * (probe.gapMs + probe.timeoutMs)
}
