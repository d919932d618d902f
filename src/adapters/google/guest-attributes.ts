/**
 * What a VM publishes about itself beside its network: the kit's heartbeat and sshd's host keys.
 * Any process on the VM may write them: they are parsed strictly. Judging their age is core's work.
 */
import type { HeartbeatEvidence } from '../../core/evidence.ts'
import type { HostKeys } from '../../ports/virtual-machine.ts'
import { guestAttributesSchema, heartbeatSchema } from '../../schemas/google-compute.ts'
import { type ApiOutcome, apiRead } from './api-call.ts'
import { type ComputeCall, instanceOf, nameOf } from './compute-clients.ts'

type Attribute = { readonly namespace: string; readonly key: string; readonly value: string }

const HEARTBEAT = 'nightguard/heartbeat'
/** In the order in which they are trusted first. */
const KEY_TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa']

export async function heartbeatOf(call: ComputeCall): Promise<HeartbeatEvidence> {
  const asked = `reading the heartbeat of ${nameOf(call.target)}`
  const attributes = await readAttributes(call, HEARTBEAT)
  if (attributes.kind === 'failed') {
    if (attributes.failure.httpStatus === 404) return { kind: 'absent' }
    return { kind: 'unavailable', detail: `${asked}: ${attributes.failure.detail}` }
  }
  const value = attributes.value
    .find(({ namespace, key }) => `${namespace}/${key}` === HEARTBEAT)
    ?.value.trim()
  if (value === undefined || value === '') return { kind: 'absent' }
  const heartbeat = heartbeatSchema.safeParse(parseJson(value))
  if (heartbeat.success) return heartbeat.data
  return { kind: 'unavailable', detail: `${asked}: it is not {"bootId", "at"}` }
}

export async function hostKeysOf(call: ComputeCall): Promise<HostKeys> {
  const asked = `reading the host keys of ${nameOf(call.target)}`
  const attributes = await readAttributes(call, 'hostkeys/')
  if (attributes.kind === 'failed') {
    if (attributes.failure.httpStatus === 404) return { kind: 'absent' }
    return { kind: 'unavailable', detail: `${asked}: ${attributes.failure.detail}` }
  }
  const found = attributes.value.filter(({ namespace }) => namespace === 'hostkeys')
  if (found.length === 0) return { kind: 'absent' }
  const keys = KEY_TYPES.flatMap((type) => {
    const value = found.find(({ key }) => key === type)?.value
    return value === undefined ? [] : hostKey(type, value)
  })
  if (keys.length === 0) return { kind: 'unavailable', detail: `${asked}: none of them is a usable key` }
  return { kind: 'keys', keys }
}

/** A key's blob begins with its own type (RFC 4253, 6.6); one that says another type is no key. */
function hostKey(type: string, value: string): readonly { type: string; base64: string }[] {
  const base64 = value.trim().split(/\s/)[0] ?? ''
  const blob = Buffer.from(base64, 'base64')
  if (base64 === '' || blob.toString('base64') !== base64 || blob.length < 4) return []
  const typeLength = blob.readUInt32BE(0)
  if (blob.subarray(4, 4 + typeLength).toString('latin1') !== type) return []
  return [{ type, base64 }]
}

async function readAttributes(
  { clients, target, budget }: ComputeCall,
  queryPath: string,
): Promise<ApiOutcome<readonly Attribute[]>> {
  const outcome = await apiRead(budget, guestAttributesSchema, async (options) => {
    const [response] = await clients.instances.getGuestAttributes(
      { ...instanceOf(target), queryPath },
      options,
    )
    return response
  })
  if (outcome.kind === 'failed') return outcome
  return { kind: 'ok', value: outcome.value.queryValue?.items ?? [] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
