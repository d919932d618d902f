/**
 * One look at a VM through Compute: instance, operations and, when asked for, the serial console.
 * A look without its operations would be half the truth (is something running? who stopped it?): then there is none.
 */
import { assertNever } from '../../core/assert-never.ts'
import type { VmEvidence, VmStatus } from '../../core/evidence.ts'
import { instanceSchema, serialSchema } from '../../schemas/google-compute.ts'
import { type ApiOutcome, apiRead } from './api-call.ts'
import type { ApiFailure } from './api-failure.ts'
import { type ComputeCall, instanceOf, nameOf } from './compute-clients.ts'
import { lastStop, listOperations, runningOperation, statusOf } from './compute-operations.ts'

type Serial = { readonly next: number; readonly booted: boolean }

const ADDRESSES_MAX = 16
/** The console's end that is looked at to learn where it stands now. */
const TAIL_BYTES = 4096
/** The kernel's first line, or the firmware's that comes before it on Compute Engine. */
const BOOT_BANNER =
  /Linux version \d|SeaBIOS \(version|UEFI: Attempting to start image|BdsDxe: (?:loading|starting) /

export async function lookAt(
  call: ComputeCall,
  options: { readonly serialFrom?: number },
  now: () => number,
): Promise<VmEvidence> {
  const { clients, target, budget } = call
  // As with the other witnesses: when the question was put, not when the answer came.
  const at = now()
  const instance = await apiRead(budget, instanceSchema, async (callOptions) => {
    const [response] = await clients.instances.get(instanceOf(target), callOptions)
    return response
  })
  if (instance.kind === 'failed') {
    if (instance.failure.httpStatus === 404) return { kind: 'not-found', at }
    return unavailable(call, instance.failure, at)
  }
  const { id, networkInterfaces } = instance.value
  const status = statusOf(instance.value.status)
  const [listed, serial] = await Promise.all([
    listOperations(call, `targetId=${id}`),
    options.serialFrom === undefined ? undefined : serialSince(call, options.serialFrom),
  ])
  if (listed.kind === 'failed') return unavailable(call, listed.failure, at)
  const running = runningOperation(listed.value.operations)
  const stop = isDown(status) ? lastStop(listed.value.operations) : undefined
  const addresses = networkInterfaces.flatMap((nic) => [
    nic.networkIP,
    ...nic.accessConfigs.map(({ natIP }) => natIP),
  ])
  return {
    kind: 'seen',
    at,
    status,
    instanceId: id,
    addresses: addresses.filter((address) => address !== '').slice(0, ADDRESSES_MAX),
    ...(running === undefined ? {} : { operationRunning: running }),
    ...(stop === undefined ? {} : { lastStop: stop }),
    ...(serial === undefined ? {} : { serial }),
  }
}

function unavailable({ target }: ComputeCall, failure: ApiFailure, at: number): VmEvidence {
  return { kind: 'unavailable', at, detail: `asking Compute about ${nameOf(target)}: ${failure.detail}` }
}

/** Down, or on the way down: who stopped it matters. */
function isDown(status: VmStatus): boolean {
  switch (status) {
    case 'TERMINATED':
    case 'STOPPED':
    case 'SUSPENDED':
    case 'STOPPING':
    case 'SUSPENDING':
    case 'PENDING_STOP':
      return true
    case 'RUNNING':
    case 'PROVISIONING':
    case 'STAGING':
    case 'PENDING':
    case 'REPAIRING':
    case 'DEPROVISIONING':
    case 'UNKNOWN':
      return false
    default:
      return assertNever(status)
  }
}

/**
 * The console since a byte. Silence since then may mean that the console began anew with the VM and stands
 * before that byte: its end tells, and a console that began anew is a boot. A failure leaves the serial out.
 */
async function serialSince(call: ComputeCall, from: number): Promise<Serial | undefined> {
  const since = await readSerial(call, from)
  if (since.kind === 'failed') return undefined
  if (from === 0 || since.value.contents !== '') {
    return { next: since.value.next, booted: BOOT_BANNER.test(since.value.contents) }
  }
  const tail = await readSerial(call, -TAIL_BYTES)
  if (tail.kind === 'failed') return undefined
  return { next: tail.value.next, booted: tail.value.next < from }
}

/**
 * At most the newest 1 MB, by the API's own bound; a negative start counts from the end.
 * https://cloud.google.com/compute/docs/reference/rest/v1/instances/getSerialPortOutput
 */
export function readSerial(
  { clients, target, budget }: ComputeCall,
  start: number,
): Promise<ApiOutcome<{ contents: string; next: number }>> {
  return apiRead(budget, serialSchema, async (options) => {
    const [response] = await clients.instances.getSerialPortOutput({ ...instanceOf(target), start }, options)
    return response
  })
}
