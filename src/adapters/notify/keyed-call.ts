/**
 * A piece of work that needs a channel's key: read, used within the time limit, tried once more when the key was
 * refused and there is a newer one. No key, and no part of one, gets into what is told of it.
 */
import type { SendLimits } from '../../ports/notifier.ts'
import type { AddressRule } from '../http-address.ts'
import type { ChannelKey } from './channel-key.ts'
import type { Outcome } from './outcome.ts'
import { type Fetch, openTransport } from './transport.ts'
import { type Deadline, withinTime } from './within-time.ts'

export type Keyed = {
  /** The revealed key, without white space around it: people paste line ends into secrets. */
  readonly key: string
  readonly fetch: Fetch
  readonly deadline: Deadline
}

export type KeyedOptions = {
  readonly key: ChannelKey
  readonly rule: AddressRule
  readonly now: () => number
}

export type KeyedCall = <T>(
  limits: SendLimits,
  work: (keyed: Keyed) => Promise<Outcome<T>>,
  options?: { readonly answerBytesMax?: number },
) => Promise<Outcome<T>>

const ANSWER_BYTES_MAX = 256 * 1024

export function createKeyedCall({ key, rule, now }: KeyedOptions): KeyedCall {
  return async (limits, work, { answerBytesMax = ANSWER_BYTES_MAX } = {}) => {
    const used: string[] = []
    const ended = await withinTime(limits.timeoutMs, async (deadline) => {
      const fetch = openTransport({ rule, signal: deadline.signal, answerBytesMax, now })
      const attempt = (revealed: string) => {
        used.push(revealed)
        return work({ key: revealed, fetch, deadline })
      }
      const read = await key.read({ timeoutMs: deadline.remainingMs() })
      if (read.kind === 'unavailable') return read.trouble
      const outcome = await attempt(read.value.reveal().trim())
      if (outcome.kind !== 'unauthorised') return outcome
      const newer = await key.renewed(read.version, { timeoutMs: deadline.remainingMs() })
      if (newer === undefined) return outcome
      return newer.kind === 'unavailable' ? newer.trouble : attempt(newer.value.reveal().trim())
    })
    if (ended.kind === 'late') {
      return { kind: 'failed', detail: `no answer within ${limits.timeoutMs} ms` }
    }
    const { value } = ended
    return value.kind === 'ok' ? value : { ...value, detail: withoutKeys(value.detail, used) }
  }
}

const PART_MIN = 8

/** Also of a key in parts, as in a token's halves or a URL's path: a server may quote any of them. */
function withoutKeys(detail: string, keys: readonly string[]): string {
  const parts = keys.flatMap((key) => [key, ...key.split(/[:/?&=]/)])
  return parts
    .filter((part) => part.length >= PART_MIN && !/^(?:https?|discord\.com|webhooks)$/.test(part))
    .toSorted((one, other) => other.length - one.length)
    .reduce((text, part) => text.replaceAll(part, '[redacted]'), detail)
}
