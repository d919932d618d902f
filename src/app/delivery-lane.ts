/** Lanes: each channel sends its notices in their order, side by side with the others; each end is noted at once. */
import { attempted, deliveryOf, mayBePassed, passed, superseded } from '../core/delivering.ts'
import { type Turn, turnOf } from '../core/delivery-turn.ts'
import type { OutboxEntry } from '../core/notice.ts'
import type { Channel } from '../ports/notifier.ts'
import type { StoredEntry } from '../ports/store.ts'
import { type Book, createBook, type Delivering } from './delivery-book.ts'
import type { Refusals } from './delivery-refusals.ts'

export type Draught = Delivering & {
  /** What each channel called the first message of a thread; may be forgotten, the outbox has it too. */
  readonly roots: Map<string, string>
  /** Until when a channel wants to be left alone, whatever it is told: a rate limit is of the channel. */
  readonly waits: Map<string, number>
  readonly refusals: Refusals
  /** Until when those wait who wait for it: a try that might last longer is not begun. Infinite when they don't say. */
  readonly endsBy: () => number
}

const ROOTS_MAX = 2_000
const RECALLED_MAX = 50

export type Pass = {
  /** What is not through. */
  readonly left: readonly StoredEntry[]
  /** False when another run has touched an entry, or one could not be written: then it must be read anew. */
  readonly isKnown: boolean
  /** When a channel may go on; infinite when none has to. */
  readonly dueAt: number
}

/** Sends what is due. Only what is tried is written: what waits behind it costs nothing. */
export async function sendThrough(draught: Draught, waiting: readonly StoredEntry[]): Promise<Pass> {
  const ordered = waiting.toSorted(
    (one, other) => one.entry.at - other.entry.at || one.entry.number - other.entry.number,
  )
  const books = ordered.map((stored) => createBook(draught, stored))
  const recalled = new Map<string, Promise<void>>()
  const recall = (entry: OutboxEntry): Promise<void> => {
    const known = recalled.get(entry.id) ?? recallRoots(draught, entry)
    recalled.set(entry.id, known)
    return known
  }
  // A tick waits for it: what takes longer is the next one's.
  const endsAt = draught.ports.clock.now() + draught.policy.tick.deadlineMs / 2
  const lane = { ...draught, recall, endsAt }
  const dueTimes = await Promise.all(draught.ports.channels.map((channel) => runLane(lane, channel, books)))
  await Promise.all(books.map((book) => book.close()))
  return {
    left: books.map((book) => book.stored()).filter(({ entry }) => entry.settledAt === undefined),
    isKnown: books.every((book) => book.isKnown()),
    dueAt: Math.min(...dueTimes),
  }
}

type Lane = Draught & {
  readonly recall: (entry: OutboxEntry) => Promise<void>
  readonly endsAt: number
}

/**
 * In order within a thread: what is not through keeps the later ones of its thread waiting on this channel, but for
 * what quiet hours hold back and what is rejected again and again. Gives when the first of the waiting may go on.
 */
async function runLane(lane: Lane, channel: Channel, books: readonly Book[]): Promise<number> {
  const { ports, policy } = lane
  const threads = Map.groupBy(books, (book) => book.entry().thread)
  const waiting = new Map<string, number>()
  const pending = books.map((book) => book.entry()).filter((entry) => isPending(entry, channel.id))
  const newestAt = Math.max(...pending.map(({ at }) => at))
  let isDown = false
  /** What was rejected may be the notice's fault or the channel's: the next of its thread tells. */
  let secondOpinion: string | undefined
  for (const book of books) {
    const { thread } = book.entry()
    if (!isPending(book.entry(), channel.id) || waiting.has(thread)) continue
    const now = ports.clock.now()
    const siblings = threads.get(thread) ?? []
    const turn = turnIn(lane, channel, { book, siblings })
    const refusedUntil = secondOpinion === thread ? now : lane.refusals.opensAt(channel.id, newestAt)
    const opensAt = Math.max(lane.waits.get(channel.id) ?? now, refusedUntil, now)
    if (turn.kind === 'wait') waiting.set(thread, Math.max(turn.until, opensAt))
    else if (opensAt > now || isOver(lane)) waiting.set(thread, opensAt)
    else if (isDown) waiting.set(thread, now + policy.outbox.retryFirstMs)
    else if (turn.kind === 'superseded') await book.note((known) => superseded(known, channel.id))
    else if (await book.claim()) {
      const end = await serve(lane, channel, book)
      if (end.kind === 'through') await letGo(channel.id, book, siblings)
      else if (mayBePassed(book.entry(), channel.id)) secondOpinion = thread
      else waiting.set(thread, end.until)
      // Whether it is the channel or the notice can't be told: the others of this pass wait with it.
      isDown ||= end.kind === 'failed'
    } else waiting.set(thread, now + policy.outbox.retryFirstMs)
  }
  const passedAt = books.map((book) => book.entry()).filter((entry) => mayBePassed(entry, channel.id))
  return Math.min(...waiting.values(), ...passedAt.map((entry) => deliveryOf(entry, channel.id).dueAt))
}

function isPending(entry: OutboxEntry, channel: string): boolean {
  return deliveryOf(entry, channel).status === 'pending'
}

function isOver({ ports, policy, endsAt, endsBy }: Lane): boolean {
  const now = ports.clock.now()
  return now > endsAt || now + policy.outbox.sendMs > endsBy()
}

type Place = { readonly book: Book; readonly siblings: readonly Book[] }

function turnIn({ ports, policy, refusals }: Lane, channel: Channel, { book, siblings }: Place): Turn {
  const now = ports.clock.now()
  const later = siblings.slice(siblings.indexOf(book) + 1).map((other) => other.entry())
  return turnOf(book.entry(), later, {
    channel: channel.id,
    now,
    policy,
    quietUntil: (entry) => channel.waitsUntil(entry, now),
    recoveredAt: refusals.recoveredAt(channel.id),
  })
}

/** What it has passed would be told after it, and change its message back: it never will be. */
async function letGo(channel: string, book: Book, siblings: readonly Book[]): Promise<void> {
  for (const earlier of siblings.slice(0, siblings.indexOf(book)))
    if (mayBePassed(earlier.entry(), channel)) await earlier.note((known) => passed(known, channel))
}

type Served = { readonly kind: 'through' } | { readonly kind: 'rejected' | 'failed'; readonly until: number }

/** Sends one notice on one channel, and notes what came of it. */
async function serve(lane: Lane, channel: Channel, book: Book): Promise<Served> {
  const { ports, policy, counters, refusals } = lane
  const entry = book.entry()
  refusals.tries(channel.id, entry.id)
  const root = await rootOf(lane, channel.id, entry)
  const attempt = await channel.send(
    { notice: entry, ...(root === undefined ? {} : { root }) },
    { timeoutMs: policy.outbox.sendMs },
  )
  counters.delivery(channel.id, attempt.kind)
  refusals.ended(channel.id, entry.id, attempt.kind)
  if (attempt.kind === 'sent') keepRoot(lane, rootKey(entry.thread, channel.id), attempt.receipt)
  else tellTrouble(lane, channel.id, { entry, detail: attempt.detail })
  const endedAt = ports.clock.now()
  if (attempt.kind === 'failed' && attempt.afterMs !== undefined)
    lane.waits.set(channel.id, endedAt + attempt.afterMs)
  await book.note((known) => attempted(known, { channel: channel.id, attempt }, { policy, now: endedAt }))
  if (attempt.kind === 'sent') return { kind: 'through' }
  return { kind: attempt.kind, until: deliveryOf(book.entry(), channel.id).dueAt }
}

function tellTrouble(
  { ports }: Draught,
  channel: string,
  { entry, detail }: { readonly entry: OutboxEntry; readonly detail: string },
): void {
  ports.journal.write({
    severity: 'WARNING',
    message: `alerts: ${channel} did not take ${entry.id}: ${detail}`,
    fields: { event: 'delivery', channel, notice: entry.id, target: entry.target, detail },
  })
}

function rootKey(thread: string, channel: string): string {
  return `${channel} ${thread}`
}

function keepRoot({ roots }: Draught, key: string, receipt: string | undefined): void {
  if (receipt === undefined) return
  roots.delete(key)
  roots.set(key, receipt)
  const oldest = roots.size > ROOTS_MAX ? roots.keys().next().value : undefined
  if (oldest !== undefined) roots.delete(oldest)
}

/** A process that has not sent a thread's first message finds its name in the thread's earlier entries. */
async function rootOf(
  { roots, recall }: Lane,
  channel: string,
  entry: OutboxEntry,
): Promise<string | undefined> {
  const key = rootKey(entry.thread, channel)
  if (entry.number > 1 && !roots.has(key)) await recall(entry)
  return roots.get(key)
}

async function recallRoots(draught: Draught, { thread, number }: OutboxEntry): Promise<void> {
  const { ports } = draught
  // The one before knows it best: a first message that was deleted has been replaced since.
  const nearest = await recallFrom(draught, thread, [number - 1, 1])
  const isUntold = ({ id }: Channel): boolean =>
    !draught.roots.has(rootKey(thread, id)) &&
    nearest.every((entry) => deliveryOf(entry, id).status !== 'sent')
  if (nearest.length === 0 || number <= 3 || !ports.channels.some(isUntold)) return
  // Neither was sent there, but one between them may have been.
  const others = Array.from({ length: Math.min(number - 3, RECALLED_MAX) }, (_, index) => number - 2 - index)
  await recallFrom(draught, thread, others)
}

async function recallFrom(
  draught: Draught,
  thread: string,
  numbers: readonly number[],
): Promise<readonly OutboxEntry[]> {
  const { ports, roots } = draught
  const ids = new Set(numbers.map((number) => `${thread}.${number}`))
  const found = await ports.store.outboxEntries([...ids])
  if (found.kind === 'unavailable') return []
  const entries = found.entries.map(({ entry }) => entry).toSorted((one, other) => other.number - one.number)
  for (const { deliveries } of entries)
    for (const { channel, receipt } of deliveries)
      if (!roots.has(rootKey(thread, channel))) keepRoot(draught, rootKey(thread, channel), receipt)
  return entries
}
