/** A delivery over a store in memory, with channels that a test makes well, ill or slow, and a clock that it moves. */
import { createCounters } from '../../src/app/counters.ts'
import { createDelivery, type Delivery } from '../../src/app/delivery.ts'
import type { Notice, NoticeKind, OutboxEntry } from '../../src/core/notice.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Channel, Sending, Sent } from '../../src/ports/notifier.ts'
import { createMemoryStore, type MemoryStore } from '../fakes/memory-store.ts'
import { createQuietPorts } from '../fakes/quiet-ports.ts'
import { aNotice, aState } from '../fakes/stored.ts'

export type FakeChannel = Channel & {
  /** What got through, as `bot-1.2`; an edit of a known message as `bot-1.2 on RECEIPT`. */
  readonly heard: readonly string[]
  /** All tries. */
  readonly asked: () => number
  /** What it answers from now on; undefined: it hears. */
  answer(next: ((sending: Sending) => Sent | Promise<Sent>) | undefined): void
  /** But for these kinds. */
  quietUntil(at: number | undefined, except?: readonly NoticeKind[]): void
}

export function fakeChannel(id: string): FakeChannel {
  const heard: string[] = []
  let answer: ((sending: Sending) => Sent | Promise<Sent>) | undefined
  let quietUntil: number | undefined
  let loud: readonly NoticeKind[] = []
  let asked = 0
  return {
    id,
    heard,
    asked: () => asked,
    answer(next) {
      answer = next
    },
    quietUntil(at, except = []) {
      quietUntil = at
      loud = except
    },
    waitsUntil: ({ kind }) => (loud.includes(kind) ? undefined : quietUntil),
    async send(sending) {
      asked += 1
      const { notice, root } = sending
      const sent = (await answer?.(sending)) ?? { kind: 'sent', receipt: root ?? `${id}:${notice.id}` }
      if (sent.kind === 'sent') heard.push(root === undefined ? notice.id : `${notice.id} on ${root}`)
      return sent
    },
  }
}

export type Stage = {
  readonly store: MemoryStore
  readonly channels: readonly FakeChannel[]
  readonly delivery: Delivery
  now(): number
  move(ms: number): void
  /** Another process on the same store, with the same channels. */
  another(options?: { readonly owner?: string; readonly store?: Partial<MemoryStore> }): Delivery
  /** Written with a state of its target, as a commit does. */
  write(...notices: readonly Notice[]): Promise<void>
  /** Sends what is due, and waits for it. */
  deliver(target?: string, by?: Delivery): Promise<void>
  entry(id: string): OutboxEntry | undefined
}

export const POLICY = DEFAULT_POLICY

export function createStage(...names: readonly string[]): Stage {
  const channels = names.map(fakeChannel)
  const store = createMemoryStore()
  const { clock, ...ports } = createQuietPorts()
  let aheadMs = 0
  const writtenAt = new Map<string, number>()
  const now = () => clock.now() + aheadMs
  const another: Stage['another'] = ({ owner = 'another', store: changes = {} } = {}) =>
    createDelivery({
      ports: { ...ports, clock: { ...clock, now }, channels, store: { ...store, ...changes } },
      policy: POLICY,
      counters: createCounters(names),
      owner,
    })
  const delivery = another({ owner: 'one' })
  return {
    store,
    channels,
    delivery,
    another,
    now,
    move(ms) {
      aheadMs += ms
    },
    async write(...notices) {
      for (const notice of notices) {
        const { target } = notice
        const version = (await store.load([target])).get(target)
        const written = Math.max(now(), (writtenAt.get(target) ?? 0) + 1)
        writtenAt.set(target, written)
        await store.commit({
          target,
          expectedVersion: version?.kind === 'found' ? version.version : null,
          state: aState({ target, outboxDueAt: written }),
          notices: [notice],
        })
      }
    },
    async deliver(target = 'bot', by = delivery) {
      const written = writtenAt.get(target) ?? now()
      if ((by.dueAt(target, written) ?? now()) <= now()) by.retry(target, written)
      await by.settle()
    },
    entry: (id) => store.entries.get(id),
  }
}

/** The n-th notice of a thread. */
export function noticeOf(thread: string, number: number, changes: Partial<Notice> = {}): Notice {
  const kind = number === 1 ? 'triggered' : 'progress'
  return aNotice({ id: `${thread}.${number}`, thread, number, kind, incidentId: thread, ...changes })
}
