/** Delivering: what is still to be sent where, and what a try has changed in an entry. Sending is app/delivery.ts's. */
import type { Delivery, OutboxEntry } from './notice.ts'
import type { Policy } from './policy.ts'

/** How a try to send ended. */
export type Attempt =
  | { readonly kind: 'sent'; readonly receipt?: string }
  | { readonly kind: 'rejected'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly afterMs?: number }

const DETAIL_CHARS_MAX = 300
const RECEIPT_CHARS_MAX = 500

export function deliveryOf({ deliveries, at }: OutboxEntry, channel: string): Delivery {
  const known = deliveries.find((delivery) => delivery.channel === channel)
  return known ?? { channel, status: 'pending', attempts: 0, dueAt: at }
}

/** Quiet hours, or a channel's own wait: not before that. No try, so no attempt. */
export function postponed(entry: OutboxEntry, channel: string, dueAt: number): OutboxEntry {
  return withDelivery(entry, { ...deliveryOf(entry, channel), dueAt })
}

export function attempted(
  entry: OutboxEntry,
  { channel, attempt }: { readonly channel: string; readonly attempt: Attempt },
  { policy, now }: { readonly policy: Policy; readonly now: number },
): OutboxEntry {
  const known = deliveryOf(entry, channel)
  const attempts = known.attempts + 1
  if (attempt.kind === 'sent') {
    const { detail: _detail, ...rest } = known
    const receipt =
      attempt.receipt === undefined ? {} : { receipt: attempt.receipt.slice(0, RECEIPT_CHARS_MAX) }
    return withDelivery(entry, { ...rest, status: 'sent', attempts, sentAt: now, ...receipt })
  }
  const detail = attempt.detail.slice(0, DETAIL_CHARS_MAX)
  const isOver = now - entry.at >= policy.outbox.giveUpMs
  const status = isOver ? 'failed' : 'pending'
  return withDelivery(entry, {
    ...known,
    status,
    attempts,
    detail,
    dueAt: now + waitMs(attempt, attempts, policy),
  })
}

/** What was rejected may be mended by a person, a token or a right at a time: it is tried on, but seldom. */
function waitMs(attempt: Exclude<Attempt, { kind: 'sent' }>, attempts: number, { outbox }: Policy): number {
  if (attempt.kind === 'rejected') return outbox.retryMaxMs
  const doubledMs = outbox.retryFirstMs * 2 ** Math.min(attempts - 1, 20)
  return Math.max(Math.min(doubledMs, outbox.retryMaxMs), attempt.afterMs ?? 0)
}

function withDelivery(entry: OutboxEntry, delivery: Delivery): OutboxEntry {
  const others = entry.deliveries.filter(({ channel }) => channel !== delivery.channel)
  return { ...entry, deliveries: [...others, delivery] }
}

/** Nothing is left to be sent on any of the configured channels. */
export function isThrough(entry: OutboxEntry, channels: readonly string[]): boolean {
  return channels.every((channel) => deliveryOf(entry, channel).status !== 'pending')
}

export function settled(entry: OutboxEntry, channels: readonly string[], now: number): OutboxEntry {
  if (!isThrough(entry, channels)) return entry
  const { claim: _claim, ...rest } = entry
  return { ...rest, settledAt: now }
}

/** What either of them knows to be sent is sent: an entry that two runs have written. */
export function withSentOf(entry: OutboxEntry, other: OutboxEntry): OutboxEntry {
  return other.deliveries
    .filter(({ channel, status }) => status === 'sent' && deliveryOf(entry, channel).status !== 'sent')
    .reduce(withDelivery, entry)
}

/** Another run is sending it. */
export function isClaimedByOther({ claim }: OutboxEntry, owner: string, now: number): boolean {
  return claim !== undefined && claim.owner !== owner && claim.until > now
}
