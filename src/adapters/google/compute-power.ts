/**
 * Start, resume and reset. Each is asked for exactly once: what may have happened is `unknown`, never repeated
 * here; the request id lets the caller look for its trace. Whether it helped is for later evidence to say.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ActionResult } from '../../core/action.ts'
import { assertNever } from '../../core/assert-never.ts'
import { type ComputeOperation, operationSchema } from '../../schemas/google-compute.ts'
import { type ApiOutcome, apiCall, apiRead, parsed } from './api-call.ts'
import type { ApiFailure } from './api-failure.ts'
import { type ComputeCall, instanceOf, nameOf } from './compute-clients.ts'
import { operationError } from './compute-operations.ts'

export type PowerOrder = { readonly verb: 'start' | 'resume' | 'reset'; readonly requestId: string }

const POLL_MIN_MS = 50
const POLL_MAX_MS = 1000
/**
 * Compute's codes and words for a zone that has no room: ZONE_RESOURCE_POOL_EXHAUSTED[_WITH_DETAILS] and kin.
 * The plain RESOURCE_EXHAUSTED is another thing: too many requests.
 */
const STOCK_OUT = /(?<!\bRESOURCE)_EXHAUSTED(?:_WITH_DETAILS)?\b|stockout|does not have enough resources/i

export async function powerOf(call: ComputeCall, order: PowerOrder): Promise<ActionResult> {
  const asked = `${order.verb} of ${nameOf(call.target)}`
  const sent = parsed(await apiCall(call.budget, (options) => send(call, order, options)), operationSchema)
  if (sent.kind === 'failed') return notAccepted(asked, sent.failure)
  let operation = sent.value
  for (let pauseMs = POLL_MIN_MS; operation.status !== 'DONE'; pauseMs = Math.min(pauseMs * 2, POLL_MAX_MS)) {
    if (call.budget.remainingMs() <= pauseMs) return accepted(asked, operation)
    await sleep(pauseMs)
    const polled = await poll(call, operation.name)
    if (polled.kind === 'ok') operation = polled.value
    else if (!polled.failure.passing) return accepted(asked, operation)
  }
  const error = operationError(operation)
  if (error === undefined) return { kind: 'done', detail: `${asked}: done` }
  return failed(`${asked}: ${error}`)
}

async function send(
  { clients, target }: ComputeCall,
  { verb, requestId }: PowerOrder,
  options: Parameters<Parameters<typeof apiCall>[1]>[0],
): Promise<unknown> {
  const request = { ...instanceOf(target), requestId }
  switch (verb) {
    case 'start':
      return (await clients.instances.start(request, options))[0].latestResponse
    case 'resume':
      return (await clients.instances.resume(request, options))[0].latestResponse
    case 'reset':
      return (await clients.instances.reset(request, options))[0].latestResponse
    default:
      return assertNever(verb)
  }
}

function poll({ clients, target, budget }: ComputeCall, name: string): Promise<ApiOutcome<ComputeOperation>> {
  return apiRead(budget, operationSchema, async (options) => {
    const request = { project: target.project, zone: target.zone, operation: name }
    const [response] = await clients.operations.get(request, options)
    return response
  })
}

/** An answer from 500 up does not say that nothing was done. */
function notAccepted(asked: string, failure: ApiFailure): ActionResult {
  const detail = `${asked}: ${failure.detail}`
  switch (failure.kind) {
    case 'not-sent':
      return { kind: 'failed', detail }
    case 'answered':
      if (STOCK_OUT.test(failure.detail)) return failed(detail)
      if (failure.httpStatus === undefined || failure.httpStatus >= 500 || failure.httpStatus === 408) {
        return { kind: 'unknown', detail }
      }
      return failed(detail)
    case 'timed-out':
    case 'broken':
      return { kind: 'unknown', detail }
    default:
      return assertNever(failure.kind)
  }
}

function accepted(asked: string, operation: ComputeOperation): ActionResult {
  return { kind: 'done', detail: `${asked}: accepted, ${operation.name} is ${operation.status}` }
}

function failed(detail: string): ActionResult {
  return STOCK_OUT.test(detail) ? { kind: 'failed', detail, stockOut: true } : { kind: 'failed', detail }
}
