/**
 * Delivery: gets notices out of the outbox and through the channels, each channel at its own pace. It runs beside the
 * watching and delays nothing; what is not through stays in the outbox and is tried again.
 */
import { isClaimedByOther } from '../core/delivering.ts'
import type { Notice } from '../core/notice.ts'
import type { AlertTest } from '../core/report.ts'
import type { StoredEntry } from '../ports/store.ts'
import type { Delivering } from './delivery-book.ts'
import { type Draught, sendThrough } from './delivery-lane.ts'
import { createRefusals } from './delivery-refusals.ts'

export type Delivery = {
  /** Notices of the target were written: send them, in the background. `writtenAt` is its `outboxDueAt`. */
  kick(target: string, writtenAt: number): void
  /** What was written then may still wait, and nothing was since: go on with it. */
  retry(target: string, writtenAt: number): void
  /** The `outboxDueAt` of the target up to which everything is through. */
  doneUpTo(target: string): number | undefined
  /** When what waits since `writtenAt` is due again; undefined when this process has not tried to send it. */
  dueAt(target: string, writtenAt: number): number | undefined
  /**
   * Waits for what is under way, until then at the latest: no try is begun that might not end before. What is left is
   * the next one's to go on with. Throws the bugs of what has ended since it was last asked.
   */
  settle(options?: { readonly until?: number }): Promise<void>
  /** Past the outbox, at once: a test, or when there is no store to put it in. */
  direct(notice: Notice): Promise<readonly AlertTest[]>
}

/** More than a channel leaves waiting that is down for a week: the others must not wait for it. */
const ENTRIES_MAX = 500

type Standing = {
  readonly writtenAt: number
  readonly doneUpTo?: number
  readonly dueAt?: number
  /** All that was waiting at the end of the last pass: good as long as nobody else writes, which a claim shows. */
  readonly left?: { readonly upTo: number; readonly entries: readonly StoredEntry[] }
}

export function createDelivery(options: Delivering): Delivery {
  const { ports, policy, counters } = options
  const standings = new Map<string, Standing>()
  const underWay = new Map<string, Promise<void>>()
  const bugs: unknown[] = []
  const bounds = new Set<{ readonly until: number }>()
  const again = new Map<string, number>()
  const draught: Draught = {
    ...options,
    roots: new Map(),
    waits: new Map(),
    refusals: createRefusals(options),
    endsBy: () => (bounds.size === 0 ? Number.POSITIVE_INFINITY : Math.max(...[...bounds].map(untilOf))),
  }

  async function work(target: string, writtenAt: number): Promise<void> {
    using _over = { [Symbol.dispose]: () => underWay.delete(target) }
    let upTo: number | undefined = writtenAt
    while (upTo !== undefined) {
      standings.set(target, await deliverAll(draught, target, { ...standings.get(target), writtenAt: upTo }))
      // Written while this was under way: once more.
      upTo = again.get(target)
      if (again.delete(target)) standings.delete(target)
    }
  }

  function start(target: string, writtenAt: number): void {
    if (ports.channels.length === 0) return
    if (underWay.has(target)) {
      again.set(target, writtenAt)
      return
    }
    // A bug in it is thrown where it is waited for.
    underWay.set(target, noteBug(work(target, writtenAt), bugs))
  }

  return {
    kick(target, writtenAt) {
      // Two commits may carry one time: what is known to wait is not all of it any more.
      standings.delete(target)
      start(target, writtenAt)
    },
    retry(target, writtenAt) {
      if (!underWay.has(target)) start(target, writtenAt)
    },
    doneUpTo: (target) => standings.get(target)?.doneUpTo,
    dueAt(target, writtenAt) {
      const standing = standings.get(target)
      return standing?.writtenAt === writtenAt ? standing.dueAt : undefined
    },
    async settle({ until = Number.POSITIVE_INFINITY } = {}) {
      const bound = { until }
      bounds.add(bound)
      // What outlasts it is bound by it all the same.
      const ends = Promise.all(underWay.values()).then(() => bounds.delete(bound))
      await within(ends, until - ports.clock.now())
      const [bug] = bugs.splice(0)
      if (bug !== undefined) throw bug
    },
    async direct(notice) {
      const limits = { timeoutMs: policy.outbox.sendMs }
      return Promise.all(
        ports.channels.map(async (channel): Promise<AlertTest> => {
          const sent = await channel.send({ notice }, limits)
          counters.delivery(channel.id, sent.kind)
          if (sent.kind === 'sent') return { channel: channel.id, result: 'sent' }
          return { channel: channel.id, result: 'failed', detail: sent.detail }
        }),
      )
    },
  }
}

function untilOf({ until }: { readonly until: number }): number {
  return until
}

async function noteBug(work: Promise<void>, bugs: unknown[]): Promise<void> {
  const [end] = await Promise.allSettled([work])
  if (end.status === 'rejected') bugs.push(end.reason)
}

/** By the wall's clock: one that sleeping moves forward must not jump because somebody might have to wait. */
async function within(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  if (timeoutMs === Number.POSITIVE_INFINITY) {
    await work
    return
  }
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const timer = setTimeout(end, Math.max(0, timeoutMs))
  using _timer = { [Symbol.dispose]: () => clearTimeout(timer) }
  await Promise.race([work, over])
}

type Known = Pick<Standing, 'left'> & { readonly writtenAt: number }

/** One pass over what is waiting for a target. What is not through is read again only when there may be more. */
async function deliverAll(
  draught: Draught,
  target: string,
  { writtenAt, left: known }: Known,
): Promise<Standing> {
  const { ports, owner, policy } = draught
  const { retryFirstMs, retryMaxMs } = policy.outbox
  const waiting = known?.upTo === writtenAt ? known.entries : await readWaiting(draught, target)
  const now = ports.clock.now()
  if (waiting === undefined) return { writtenAt, dueAt: now + retryFirstMs }
  // In order: a thread of which another run is sending a notice is left to it.
  const others = new Set(
    waiting.flatMap(({ entry }) => (isClaimedByOther(entry, owner, now) ? [entry.thread] : [])),
  )
  const mine = waiting.filter(({ entry }) => !others.has(entry.thread))
  const { left, isKnown, dueAt } = await sendThrough(draught, mine)
  const isWhole = isKnown && others.size === 0 && waiting.length < ENTRIES_MAX
  if (isWhole && left.length === 0) return { writtenAt, doneUpTo: writtenAt }
  const endedAt = ports.clock.now()
  const mayGoOnAt = isWhole || left.length >= ENTRIES_MAX ? endedAt + retryMaxMs : endedAt + retryFirstMs
  return {
    writtenAt,
    dueAt: Math.min(dueAt, mayGoOnAt),
    ...(isWhole ? { left: { upTo: writtenAt, entries: left } } : {}),
  }
}

async function readWaiting({ ports }: Draught, target: string): Promise<readonly StoredEntry[] | undefined> {
  const found = await ports.store.outbox({ targets: [target], limit: ENTRIES_MAX })
  return found.kind === 'entries' ? found.entries : undefined
}
