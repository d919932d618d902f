/** Lanes: each channel sends its notices in their order, side by side with the others; each end is noted at once. */
import { attempted, deliveryOf, postponed, settled } from '../core/delivering.ts'
import type { OutboxEntry } from '../core/notice.ts'
import type { Policy } from '../core/policy.ts'
import type { Channel } from '../ports/notifier.ts'
import type { StoredEntry } from '../ports/store.ts'
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
}

const ROOTS_MAX = 2_000

/** Sends what is due, and gives back the entries that are not through. */
export async function sendThrough(
  draught: Draught,
  claimed: readonly StoredEntry[],
): Promise<readonly OutboxEntry[]> {
  const ordered = claimed.toSorted(
    (one, other) => one.entry.at - other.entry.at || one.entry.number - other.entry.number,
  )
  await recallRoots(draught, ordered)
  const books = ordered.map((stored) => createBook(draught, stored))
  await Promise.all(draught.ports.channels.map((channel) => runLane(draught, channel, books)))
  await Promise.all(books.map((book) => book.close()))
  return books.map(({ entry }) => entry()).filter(({ settledAt }) => settledAt === undefined)
}

/** An entry while it is being sent: its writes follow each other. */
type Book = {
  entry(): OutboxEntry
  note(change: (entry: OutboxEntry) => OutboxEntry): Promise<void>
  close(): Promise<void>
}

function createBook({ ports }: Draught, stored: StoredEntry): Book {
  let { entry, version } = stored
  let writing: Promise<void> = Promise.resolve()
  const channels = ports.channels.map(({ id }) => id)

  async function write(): Promise<void> {
    const written = await ports.store.putOutboxEntry(entry, version)
    if (written.kind === 'committed') version = written.version
    if (written.kind === 'conflict') await writeAnew()
  }

  /** The same notice was put into the outbox once more meanwhile: what was sent must be known all the same. */
  async function writeAnew(): Promise<void> {
    const found = await ports.store.outboxEntries([entry.id])
    const [now] = found.kind === 'entries' ? found.entries : []
    if (now === undefined) return
    const written = await ports.store.putOutboxEntry(entry, now.version)
    if (written.kind === 'committed') version = written.version
  }

  function note(change: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
    entry = settled(change(entry), channels, ports.clock.now())
    writing = writing.then(write)
    return writing
  }

  return {
    entry: () => entry,
    note,
    // With no channel left that wants it, nobody has noted its end yet.
    async close() {
      await writing
      if (entry.settledAt === undefined && settled(entry, channels, 0) !== entry) await note((same) => same)
    },
  }
}

/** In order within a thread: what is not through keeps the later ones of its thread waiting on this channel. */
async function runLane(draught: Draught, channel: Channel, books: readonly Book[]): Promise<void> {
  const { ports, policy, counters } = draught
  const blocked = new Set<string>()
  let isDown = false
  for (const book of books) {
    const entry = book.entry()
    const { thread } = entry
    const { status, dueAt } = deliveryOf(entry, channel.id)
    if (status !== 'pending') continue
    const now = ports.clock.now()
    if (isDown || blocked.has(thread) || dueAt > now) {
      blocked.add(thread)
      continue
    }
    const quietUntil = channel.waitsUntil(entry, now)
    if (quietUntil !== undefined && quietUntil > now) {
      blocked.add(thread)
      await book.note((known) => postponed(known, channel.id, quietUntil))
      continue
    }
    const root = draught.roots.get(rootKey(thread, channel.id))
    const attempt = await channel.send(
      { notice: entry, ...(root === undefined ? {} : { root }) },
      { timeoutMs: policy.outbox.sendMs },
    )
    counters.delivery(channel.id, attempt.kind)
    if (attempt.kind === 'sent') keepRoot(draught, rootKey(thread, channel.id), attempt.receipt)
    else {
      blocked.add(thread)
      // Whether it is the channel or the notice can't be told: the others of this pass wait with it.
      isDown = attempt.kind === 'failed'
      tellTrouble(draught, channel.id, { entry, detail: attempt.detail })
    }
    await book.note((known) =>
      attempted(known, { channel: channel.id, attempt }, { policy, now: ports.clock.now() }),
    )
  }
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

/** A process that has not sent a thread's first message finds its name in the thread's first entry. */
async function recallRoots(draught: Draught, stored: readonly StoredEntry[]): Promise<void> {
  const { ports, roots } = draught
  const isUnknown = ({ entry }: StoredEntry): boolean =>
    entry.number > 1 && ports.channels.some(({ id }) => !roots.has(rootKey(entry.thread, id)))
  // The one before knows it best: a first message that was deleted has been replaced since.
  const earlier = stored
    .filter(isUnknown)
    .flatMap(({ entry: { thread, number } }) => [`${thread}.${number - 1}`, `${thread}.1`])
  if (earlier.length === 0) return
  const found = await ports.store.outboxEntries([...new Set(earlier)])
  if (found.kind === 'unavailable') return
  for (const { entry } of found.entries.toSorted((one, other) => other.entry.number - one.entry.number))
    for (const { channel, receipt } of entry.deliveries)
      if (!roots.has(rootKey(entry.thread, channel)))
        keepRoot(draught, rootKey(entry.thread, channel), receipt)
}
