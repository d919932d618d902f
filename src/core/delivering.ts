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
/** So often rejected, a notice is taken for what its channel does not like: later ones of its thread may pass it. */
const REJECTIONS_TO_PASS = 3
/** Times the policy's longest wait between failed tries: an hour. */
const REJECTED_WAITS_MAX = 6

export function deliveryOf({ deliveries, at }: OutboxEntry, channel: string): Delivery {
  const known = deliveries.find((delivery) => delivery.channel === channel)
  return known ?? { channel, status: 'pending', attempts: 0, dueAt: at }
}

export function attempted(
  entry: OutboxEntry,
  { channel, attempt }: { readonly channel: string; readonly attempt: Attempt },
  { policy, now }: { readonly policy: Policy; readonly now: number },
): OutboxEntry {
  const known = deliveryOf(entry, channel)
  const attempts = known.attempts + 1
  if (attempt.kind === 'sent') {
    const { detail: _detail, rejections: _rejections, ...rest } = known
    const receipt =
      attempt.receipt === undefined ? {} : { receipt: attempt.receipt.slice(0, RECEIPT_CHARS_MAX) }
    return withDelivery(entry, { ...rest, status: 'sent', attempts, sentAt: now, ...receipt })
  }
  const detail = attempt.detail.slice(0, DETAIL_CHARS_MAX)
  const isOver = now - entry.at >= policy.outbox.giveUpMs
  const status = isOver ? 'failed' : 'pending'
  const { rejections: before = 0, ...rest } = known
  if (attempt.kind === 'rejected') {
    const rejections = before + 1
    const dueAt = now + rejectedWaitMs(rejections, policy)
    return withDelivery(entry, { ...rest, status, attempts, rejections, detail, dueAt })
  }
  const { retryFirstMs, retryMaxMs } = policy.outbox
  const doubledMs = retryFirstMs * 2 ** Math.min(attempts - 1, 20)
  const dueAt = now + Math.max(Math.min(doubledMs, retryMaxMs), attempt.afterMs ?? 0)
  return withDelivery(entry, { ...rest, status, attempts, detail, dueAt })
}

/**
 * What was rejected may be mended by a person, a token or a right at a time: it is tried on, ever more seldom. Twice
 * what its channel waits, so that the channel's next try is another notice's.
 */
export function rejectedWaitMs(rejections: number, { outbox }: Policy): number {
  const doubledMs = outbox.retryFirstMs * 2 ** Math.min(rejections, 20)
  return Math.min(doubledMs, REJECTED_WAITS_MAX * outbox.retryMaxMs)
}

export function mayBePassed(entry: OutboxEntry, channel: string): boolean {
  const { status, rejections = 0 } = deliveryOf(entry, channel)
  return status === 'pending' && rejections >= REJECTIONS_TO_PASS
}

/** A later one of its thread says it as well: on that channel nobody has to read it. */
export function superseded(entry: OutboxEntry, channel: string): OutboxEntry {
  return withDelivery(entry, { ...deliveryOf(entry, channel), status: 'superseded' })
}

/** A later one of its thread got through where this one was rejected: it never will, and is no news any more. */
export function passed(entry: OutboxEntry, channel: string): OutboxEntry {
  return withDelivery(entry, { ...deliveryOf(entry, channel), status: 'failed' })
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

/** What either of them knows to be sent is sent, and what has ended is not begun again: an entry that two runs have written. */
export function withEndsOf(entry: OutboxEntry, other: OutboxEntry): OutboxEntry {
  const isNews = ({ channel, status }: Delivery): boolean => {
    const known = deliveryOf(entry, channel).status
    return status === 'sent' ? known !== 'sent' : status !== 'pending' && known === 'pending'
  }
  return other.deliveries.filter(isNews).reduce(withDelivery, entry)
}

/** Another run is sending it. */
export function isClaimedByOther({ claim }: OutboxEntry, owner: string, now: number): boolean {
  return claim !== undefined && claim.owner !== owner && claim.until > now
}
