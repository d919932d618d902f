/** Checks a payload on its way from Secret Manager: whole, text, and not too long. No text here contains the value. */
import crc32c from 'crc-32/crc32c.js'
import { Sensitive } from '../../core/sensitive.ts'
import type { SecretPayload } from '../../ports/secret-source.ts'

/** Secret Manager's own limit. */
const PAYLOAD_MAX_BYTES = 64 * 1024

/** `what` names the version in failure texts. `dataCrc32c` is Castagnoli's CRC, as an unsigned number. */
export function payloadOf(
  what: string,
  payload: { readonly data: Uint8Array; readonly dataCrc32c?: string | number | null | undefined },
): SecretPayload {
  const { data, dataCrc32c } = payload
  if (dataCrc32c === undefined || dataCrc32c === null) {
    return { kind: 'unavailable', detail: `${what} came without its checksum`, passing: true }
  }
  // crc-32 computes a signed number, the API speaks of an unsigned one.
  if (Number(dataCrc32c) !== crc32c.buf(data) >>> 0) {
    return {
      kind: 'unavailable',
      detail: `${what} was damaged on the way: its checksum is wrong`,
      passing: true,
    }
  }
  if (data.length === 0) return { kind: 'unavailable', detail: `${what} is empty`, passing: false }
  if (data.length > PAYLOAD_MAX_BYTES) {
    return {
      kind: 'unavailable',
      detail: `${what} is longer than ${PAYLOAD_MAX_BYTES} bytes`,
      passing: false,
    }
  }
  const text = decoded(data)
  if (text === undefined) {
    return {
      kind: 'unavailable',
      detail: `${what} is not UTF-8 text: encode it, for example as base64`,
      passing: false,
    }
  }
  return { kind: 'payload', value: new Sensitive(text) }
}

/** A byte order mark is part of the value. */
function decoded(data: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data)
  } catch {
    return undefined
  }
}
