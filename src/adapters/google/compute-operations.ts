/**
 * Compute's zone operations: the control plane's own memory of what was done to a VM, and by whom.
 * They are kept for days, so an absent one proves nothing about longer ago.
 */
import { type StopOperation, type TraceEvidence, VM_STATUSES, type VmStatus } from '../../core/evidence.ts'
import { type ComputeOperation, operationPageSchema } from '../../schemas/google-compute.ts'
import { type ApiOutcome, apiRead } from './api-call.ts'
import { type ComputeCall, nameOf } from './compute-clients.ts'

const PAGE_SIZE = 100
/** The server may answer with pages that its filter left empty. */
const PAGES_MAX = 3

/** Operation types that leave a VM down. A person's `poweroff` inside the VM is a guestTerminate. */
const STOPS = new Set([
  'stop',
  'suspend',
  'compute.instances.preempted',
  'compute.instances.hostError',
  'compute.instances.guestTerminate',
  'compute.instances.terminateOnHostMaintenance',
])
/** Operation types after which an earlier stop no longer explains why a VM is down. */
const STARTS = new Set([
  'insert',
  'start',
  'startWithEncryptionKey',
  'resume',
  'compute.instances.automaticRestart',
])

export type OperationList = {
  /** Newest first. */
  readonly operations: readonly ComputeOperation[]
  /** False when there were more pages than we read. */
  readonly complete: boolean
}

/** `filter` is in Compute's own grammar (AIP-160). */
export async function listOperations(call: ComputeCall, filter: string): Promise<ApiOutcome<OperationList>> {
  const { clients, target, budget } = call
  const operations: ComputeOperation[] = []
  let pageToken: string | undefined
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const request = {
      project: target.project,
      zone: target.zone,
      filter,
      maxResults: PAGE_SIZE,
      orderBy: 'creationTimestamp desc',
      ...(pageToken === undefined ? {} : { pageToken }),
    }
    const outcome = await apiRead(budget, operationPageSchema, async (options) => {
      const [items, next] = await clients.operations.list(request, { ...options, autoPaginate: false })
      return { items, nextPageToken: next?.pageToken }
    })
    if (outcome.kind === 'failed') return outcome
    operations.push(...outcome.value.items)
    pageToken = outcome.value.nextPageToken ?? undefined
    if (pageToken === undefined || pageToken === '') break
  }
  operations.sort((one, other) => (other.insertTime ?? 0) - (one.insertTime ?? 0))
  return { kind: 'ok', value: { operations, complete: pageToken === undefined || pageToken === '' } }
}

export function statusOf(status: string): VmStatus {
  return VM_STATUSES.find((known) => known === status) ?? 'UNKNOWN'
}

export function runningOperation(operations: readonly ComputeOperation[]): string | undefined {
  const running = operations.find((operation) => operation.status !== 'DONE')
  return running && `${running.operationType} ${running.name}`.trim()
}

/** The newest operation that stopped the VM, unless the VM was started after it. */
export function lastStop(operations: readonly ComputeOperation[]): StopOperation | undefined {
  const newest = operations.find(
    ({ operationType, error }) =>
      error.length === 0 && (STOPS.has(operationType) || STARTS.has(operationType)),
  )
  const at = newest?.endTime ?? newest?.insertTime
  if (newest === undefined || at === undefined || !STOPS.has(newest.operationType)) return undefined
  return { type: newest.operationType, by: newest.user || 'system', at }
}

/** What went wrong, in the API's words; undefined when nothing did. */
export function operationError(operation: ComputeOperation): string | undefined {
  const words = operation.error.map(({ code, message }) => [code, message].filter(Boolean).join(': '))
  if (words.length > 0) return words.join('; ')
  if (operation.httpErrorStatusCode < 400) return undefined
  return `HTTP ${operation.httpErrorStatusCode}: ${operation.httpErrorMessage}`
}

/** Compute puts a call's `requestId` into its operation's `clientOperationId`. */
export async function traceOf(call: ComputeCall, requestId: string): Promise<TraceEvidence> {
  if (!/^[0-9a-fA-F-]{36}$/.test(requestId)) throw new Error(`A request id must be a UUID: ${requestId}`)
  const listed = await listOperations(call, `clientOperationId="${requestId}"`)
  const asked = `looking for the operation of request ${requestId} on ${nameOf(call.target)}`
  if (listed.kind === 'failed') return { kind: 'unavailable', detail: `${asked}: ${listed.failure.detail}` }
  const found = listed.value.operations.find((operation) => operation.clientOperationId === requestId)
  if (found === undefined) {
    if (listed.value.complete) return { kind: 'no-trace' }
    return { kind: 'unavailable', detail: `${asked}: too many operations to read` }
  }
  const error = operationError(found)
  const detail = `${found.operationType} by ${found.user || 'system'} is ${found.status}`
  return { kind: 'happened', done: found.status === 'DONE', detail: error ? `${detail}: ${error}` : detail }
}
