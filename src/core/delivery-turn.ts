/**
 * A notice's turn on one channel: whether it is sent now, has to wait, or needs no sending because later ones of its
 * thread say it as well. Sending is app/delivery-lane.ts's, what a try changes delivering.ts's.
 */
import { deliveryOf, mayBePassed, rejectedWaitMs } from './delivering.ts'
import type { NoticeKind, OutboxEntry } from './notice.ts'
import type { Policy } from './policy.ts'

/** News of the very last minute are sent, each of them: somebody may be watching. */
const FRESH_MS = 60_000

export type Turn =
  | { readonly kind: 'send' }
  | { readonly kind: 'superseded' }
  /** It and the later ones of its thread. */
  | { readonly kind: 'wait'; readonly until: number }

export type TurnOptions = {
  readonly channel: string
  readonly now: number
  readonly policy: Policy
  /** The channel's quiet hours: until when a notice has to wait that comes now. */
  readonly quietUntil: (entry: OutboxEntry) => number | undefined
  /** What was rejected before is due again: since then the channel is known to take notices, or not known not to. */
  readonly recoveredAt: number
}

/** `later`: the rest of its thread, as far as it is known. */
export function turnOf(entry: OutboxEntry, later: readonly OutboxEntry[], options: TurnOptions): Turn {
  const { channel, now } = options
  const heldUntil = heldUntilOf(entry, options)
  // Asked as seldom as can be: quiet hours are worked out by a calendar, and a thread may be long.
  const passes = (other: OutboxEntry): boolean =>
    deliveryOf(other, channel).status !== 'failed' && heldUntilOf(other, options) === undefined
  if (heldUntil !== undefined) {
    if (later.some((other) => speaksFor(other.kind, entry.kind) && passes(other)))
      return { kind: 'superseded' }
    // Once people are called in the night all the same, the end of what was before is not told after it.
    const goesAlong = entry.kind === 'resolved' && later.some(passes)
    if (!goesAlong) return { kind: 'wait', until: heldUntil }
  }
  const dueAt = dueAtOf(entry, options, (isNews) => later.some((other) => isNews(other) && passes(other)))
  if (dueAt > now) return { kind: 'wait', until: dueAt }
  const isOld = now - entry.at >= FRESH_MS
  const isOutdated = isOld && later.some((other) => outdates(other.kind, entry.kind) && passes(other))
  return isOutdated ? { kind: 'superseded' } : { kind: 'send' }
}

function heldUntilOf(entry: OutboxEntry, { quietUntil, now }: TurnOptions): number | undefined {
  const until = quietUntil(entry)
  return until !== undefined && until > now ? until : undefined
}

const PASSING_NEWS: readonly NoticeKind[] = ['progress', 'reminder']
const NEWER_NEWS: readonly NoticeKind[] = ['progress', 'reminder', 'person', 'again', 'resolved']

/** An edit or another ring for what has gone on since; what begins, calls and ends is always told. */
function outdates(later: NoticeKind, earlier: NoticeKind): boolean {
  return PASSING_NEWS.includes(earlier) && NEWER_NEWS.includes(later)
}

/** In quiet hours: the later one tells the whole story, and rings when the held one would have. */
function speaksFor(later: NoticeKind, held: NoticeKind): boolean {
  if (held === 'resolved' || held === 'test') return false
  return PASSING_NEWS.includes(held) || later !== 'progress'
}

/** What was rejected does not wait out its time when the channel has recovered, or when there is news behind it. */
function dueAtOf(
  entry: OutboxEntry,
  options: TurnOptions,
  hasLater: (isNews: (other: OutboxEntry) => boolean) => boolean,
): number {
  const { channel, now, policy, recoveredAt } = options
  const { dueAt, rejections } = deliveryOf(entry, channel)
  if (rejections === undefined || dueAt <= now) return dueAt
  const triedAt = dueAt - rejectedWaitMs(rejections, policy)
  const isNews = (other: OutboxEntry): boolean => {
    const { status, dueAt: otherDueAt } = deliveryOf(other, channel)
    if (status !== 'pending' || otherDueAt > now) return false
    return other.at > triedAt || mayBePassed(entry, channel)
  }
  return triedAt < recoveredAt || hasLater(isNews) ? now : dueAt
}
