/** Lanes: each channel sends its notices in their order, side by side with the others; each end is noted at once. */
import { attempted, deliveryOf, postponed, settled, withSentOf } from '../core/delivering.ts'
import type { OutboxEntry } from '../core/notice.ts'
import type { Policy } from '../core/policy.ts'
import type { Channel } from '../ports/notifier.ts'
import type { Committed, StoredEntry, Version } from '../ports/store.ts'
import type { Counters } from './counters.ts'
import type { Ports } from './ports.ts'

export type Delivering = {
  readonly ports: Ports
  readonly policy: Policy
  readonly counters: Counters
  /** Who claims entries: one process. */
  readonly owner: string
}

export type Draught = Delivering & {
  /** What each channel called the first message of a thread; may be forgotten, the outbox has it too. */
  readonly roots: Map<string, string>
  /** Until when a channel wants to be left alone, whatever it is told: a rate limit is of the channel. */
  readonly waits: Map<string, number>
}

const ROOTS_MAX = 2_000

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

/** An entry while it is being sent: its writes follow each other. */
type Book = {
  entry(): OutboxEntry
  stored(): StoredEntry
  /**
   * Nobody else sends it for as long as a try may take; false when somebody was faster. However many lanes ask, it is
   * one write, unless they ask so late that the claim would end before the try.
   */
  claim(): Promise<boolean>
  note(change: (entry: OutboxEntry) => OutboxEntry): Promise<void>
  /** Nobody but this book has written the entry. */
  isKnown(): boolean
  close(): Promise<void>
}

function createBook({ ports, owner, policy }: Draught, stored: StoredEntry): Book {
  let { entry, version } = stored
  let writing: Promise<void> = Promise.resolve()
  let claiming: Promise<boolean> = Promise.resolve(false)
  let claimEndsAt = Number.NEGATIVE_INFINITY
  let isKnown = true
  const channels = ports.channels.map(({ id }) => id)

  async function put(next: OutboxEntry, expected: Version): Promise<Committed['kind']> {
    const written = await ports.store.putOutboxEntry(next, expected)
    if (written.kind === 'committed') version = written.version
    else isKnown = false
    return written.kind
  }

  async function take(until: number): Promise<boolean> {
    const claimed = { ...entry, claim: { owner, until } }
    if ((await put(claimed, version)) !== 'committed') return false
    entry = claimed
    return true
  }

  async function write(): Promise<void> {
    if ((await put(entry, version)) === 'conflict') await writeAnew()
  }

  /** Somebody else has written it meanwhile: what was sent, by whomever, must be known all the same. */
  async function writeAnew(): Promise<void> {
    const found = await ports.store.outboxEntries([entry.id])
    const [now] = found.kind === 'entries' ? found.entries : []
    if (now === undefined) return
    entry = settled(withSentOf(entry, now.entry), channels, ports.clock.now())
    await put(entry, now.version)
  }

  function note(change: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
    entry = settled(change(entry), channels, ports.clock.now())
    writing = writing.then(write)
    return writing
  }

  return {
    entry: () => entry,
    stored: () => ({ entry, version }),
    claim() {
      const now = ports.clock.now()
      if (now + policy.outbox.sendMs <= claimEndsAt) return claiming
      const until = now + policy.outbox.claimMs
      claimEndsAt = until
      claiming = writing.then(() => take(until))
      writing = claiming.then(() => undefined)
      return claiming
    },
    note,
    isKnown: () => isKnown,
    // With no channel left that wants it, nobody has noted its end yet.
    async close() {
      await writing
      if (entry.settledAt === undefined && settled(entry, channels, 0) !== entry) await note((same) => same)
    },
  }
}

type Lane = Draught & {
  readonly recall: (entry: OutboxEntry) => Promise<void>
  readonly endsAt: number
}

/**
 * In order within a thread: what is not through keeps the later ones of its thread waiting on this channel. Gives when
 * the first of the waiting threads may go on.
 */
async function runLane(lane: Lane, channel: Channel, books: readonly Book[]): Promise<number> {
  const { ports, policy, waits, endsAt } = lane
  const waiting = new Map<string, number>()
  let isDown = false
  for (const book of books) {
    const entry = book.entry()
    const { status, dueAt } = deliveryOf(entry, channel.id)
    if (status !== 'pending' || waiting.has(entry.thread)) continue
    const now = ports.clock.now()
    const soon = now + policy.outbox.retryFirstMs
    const opensAt = waits.get(channel.id) ?? 0
    if (opensAt > now || now > endsAt) waiting.set(entry.thread, Math.max(dueAt, opensAt))
    else if (isDown || dueAt > now) waiting.set(entry.thread, isDown ? Math.max(dueAt, soon) : dueAt)
    else if (await book.claim()) {
      const end = await serve(lane, channel, book)
      if (end.kind === 'through') continue
      // Whether it is the channel or the notice can't be told: the others of this pass wait with it.
      isDown ||= end.kind === 'failed'
      waiting.set(entry.thread, end.until)
    } else waiting.set(entry.thread, soon)
  }
  return Math.min(...waiting.values())
}

type Served =
  | { readonly kind: 'through' }
  | { readonly kind: 'quiet' | 'rejected' | 'failed'; readonly until: number }

/** Sends one notice on one channel, if it is not too late or early there, and notes what came of it. */
async function serve(lane: Lane, channel: Channel, book: Book): Promise<Served> {
  const { ports, policy, counters } = lane
  const entry = book.entry()
  const now = ports.clock.now()
  const quietUntil = channel.waitsUntil(entry, now)
  if (quietUntil !== undefined && quietUntil > now) {
    await book.note((known) => postponed(known, channel.id, quietUntil))
    return { kind: 'quiet', until: quietUntil }
  }
  const root = await rootOf(lane, channel.id, entry)
  const attempt = await channel.send(
    { notice: entry, ...(root === undefined ? {} : { root }) },
    { timeoutMs: policy.outbox.sendMs },
  )
  counters.delivery(channel.id, attempt.kind)
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
  const { ports, roots } = draught
  // The one before knows it best: a first message that was deleted has been replaced since.
  const earlier = new Set([`${thread}.${number - 1}`, `${thread}.1`])
  const found = await ports.store.outboxEntries([...earlier])
  if (found.kind === 'unavailable') return
  for (const { entry } of found.entries.toSorted((one, other) => other.entry.number - one.entry.number))
    for (const { channel, receipt } of entry.deliveries)
      if (!roots.has(rootKey(entry.thread, channel)))
        keepRoot(draught, rootKey(entry.thread, channel), receipt)
}
