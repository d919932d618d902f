/** An entry of the outbox while it is being sent: claimed, changed and written, one after the other. Who sends is delivery-lane.ts. */
import { settled, withEndsOf } from '../core/delivering.ts'
import type { OutboxEntry } from '../core/notice.ts'
import type { Policy } from '../core/policy.ts'
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

/** An entry while it is being sent: its writes follow each other. */
export type Book = {
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

export function createBook({ ports, owner, policy }: Delivering, stored: StoredEntry): Book {
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
    entry = settled(withEndsOf(entry, now.entry), channels, ports.clock.now())
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
