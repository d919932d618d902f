/**
 * The port VirtualMachine on Compute Engine: which calls make up an answer is in the files beside this one.
 * Each method is bounded by its `timeoutMs`, the first one's loading of the clients included.
 */
import type { Target } from '../../core/target.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CallLimits, VirtualMachine } from '../../ports/virtual-machine.ts'
import { apiCall, startBudget } from './api-call.ts'
import type { ApiEndpoint } from './api-endpoint.ts'
import { type ComputeCall, computeClients, nameOf } from './compute-clients.ts'
import { lookAt } from './compute-look.ts'
import { traceOf } from './compute-operations.ts'
import { powerOf } from './compute-power.ts'
import { heartbeatOf, hostKeysOf } from './guest-attributes.ts'
import { noSerialTail, serialTailOf } from './serial-tail.ts'

/** Loads nothing of Google's until the first call. `endpoint` is for emulators; without it, Google's own. */
export function createComputeVirtualMachine(options: {
  readonly clock: Pick<Clock, 'now'>
  readonly endpoint?: ApiEndpoint
}): VirtualMachine {
  const { clock } = options
  const clients = computeClients(options.endpoint)

  /** `failed` words what it means that not even the clients could be made: nothing was sent. */
  async function ask<T>(
    target: Target,
    limits: CallLimits,
    question: (call: ComputeCall) => Promise<T>,
    failed: (detail: string) => T,
  ): Promise<T> {
    const budget = startBudget(limits.timeoutMs)
    const opened = await apiCall(budget, clients)
    if (opened.kind === 'ok') return question({ clients: opened.value, target, budget })
    return failed(`reaching Compute for ${nameOf(target)}: ${opened.failure.detail}`)
  }

  const unavailable = (detail: string) => ({ kind: 'unavailable', detail }) as const

  return {
    look: (target, { serialFrom }, limits) =>
      ask(
        target,
        limits,
        (call) => lookAt(call, serialFrom === undefined ? {} : { serialFrom }, clock.now),
        (detail) => ({ kind: 'unavailable', at: clock.now(), detail }),
      ),
    heartbeat: (target, limits) => ask(target, limits, heartbeatOf, unavailable),
    hostKeys: (target, limits) => ask(target, limits, hostKeysOf, unavailable),
    power: (target, order, limits) =>
      ask(
        target,
        limits,
        (call) => powerOf(call, order),
        (detail) => ({ kind: 'failed', detail }),
      ),
    trace: (target, requestId, limits) =>
      ask(target, limits, (call) => traceOf(call, requestId), unavailable),
    serialTail: (target, options, limits) =>
      ask(target, limits, (call) => serialTailOf(call, options), noSerialTail),
  }
}
