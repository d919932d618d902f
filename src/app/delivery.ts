/**
 * Delivery: gets notices out of the outbox and through the channels, each channel at its own pace. It runs beside the
 * watching and delays nothing; what is not through stays in the outbox and is tried again.
 */
import { isClaimedByOther, isThrough } from '../core/delivering.ts'
import type { Notice } from '../core/notice.ts'
import type { AlertTest } from '../core/report.ts'
import type { StoredEntry } from '../ports/store.ts'
import { type Delivering, type Draught, sendThrough } from './delivery-lane.ts'

export type Delivery = {
  /** Notices of the target may be waiting: send them, in the background. `writtenAt` is its `outboxDueAt`. */
  kick(target: string, writtenAt: number): void
  /** The `outboxDueAt` of the target up to which everything is through. */
  doneUpTo(target: string): number | undefined
  /** When the target's waiting notices are due again; undefined when nothing is known of any. */
  dueAt(target: string): number | undefined
  /** Waits for what is under way. */
  settle(): Promise<void>
  /** Past the outbox, at once: a test, or when there is no store to put it in. */
  direct(notice: Notice): Promise<readonly AlertTest[]>
}

const ENTRIES_MAX = 100

type Standing = { readonly doneUpTo?: number; readonly dueAt?: number }

export function createDelivery(options: Delivering): Delivery {
  const { ports, policy, counters } = options
  const standings = new Map<string, Standing>()
  const underWay = new Map<string, Promise<PromiseSettledResult<void>[]>>()
  const again = new Map<string, number>()
  const draught: Draught = { ...options, roots: new Map() }

  async function work(target: string, writtenAt: number): Promise<void> {
    using _over = { [Symbol.dispose]: () => underWay.delete(target) }
    let upTo: number | undefined = writtenAt
    while (upTo !== undefined) {
      standings.set(target, await deliverAll(draught, target, upTo))
      // Written while this was under way: once more.
      upTo = again.get(target)
      again.delete(target)
    }
  }

  return {
    kick(target, writtenAt) {
      if (ports.channels.length === 0) return
      if (underWay.has(target)) {
        again.set(target, writtenAt)
        return
      }
      // A bug in it is thrown where it is waited for.
      const end = Promise.allSettled([work(target, writtenAt)])
      underWay.set(target, end)
    },
    doneUpTo: (target) => standings.get(target)?.doneUpTo,
    dueAt: (target) => standings.get(target)?.dueAt,
    async settle() {
      const ends = (await Promise.all(underWay.values())).flat()
      const bug = ends.find((end) => end.status === 'rejected')
      if (bug !== undefined) throw bug.reason
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

/** One pass over what is waiting for a target. */
async function deliverAll(draught: Draught, target: string, writtenAt: number): Promise<Standing> {
  const { ports, owner, policy } = draught
  const found = await ports.store.outbox({ targets: [target], limit: ENTRIES_MAX })
  const retryAt = ports.clock.now() + policy.outbox.retryFirstMs
  if (found.kind === 'unavailable') return { dueAt: retryAt }
  const mine = found.entries.filter(({ entry }) => !isClaimedByOther(entry, owner, ports.clock.now()))
  const claimed = (await Promise.all(mine.map((stored) => claim(draught, stored)))).filter(
    (stored) => stored !== undefined,
  )
  const left = await sendThrough(draught, claimed)
  const isWhole = claimed.length === found.entries.length && found.entries.length < ENTRIES_MAX
  if (left.length === 0 && isWhole) return { doneUpTo: writtenAt }
  const channels = ports.channels.map(({ id }) => id)
  const dueTimes = left.flatMap(({ deliveries }) =>
    deliveries
      .filter(({ channel, status }) => status === 'pending' && channels.includes(channel))
      .map(({ dueAt }) => dueAt),
  )
  return { dueAt: isWhole ? Math.min(retryAt, ...dueTimes) : retryAt }
}

/** Nobody else sends it now; undefined when somebody was faster. An entry that is not due yet is not written for it. */
async function claim(draught: Draught, stored: StoredEntry): Promise<StoredEntry | undefined> {
  const { ports, policy, owner } = draught
  const now = ports.clock.now()
  const { entry } = stored
  const channels = ports.channels.map(({ id }) => id)
  const isDue = channels.some((channel) => {
    const known = entry.deliveries.find((delivery) => delivery.channel === channel)
    return known === undefined || (known.status === 'pending' && known.dueAt <= now)
  })
  if (!isDue && !isThrough(entry, channels)) return stored
  const claimed = { ...entry, claim: { owner, until: now + policy.outbox.claimMs } }
  const written = await ports.store.putOutboxEntry(claimed, stored.version)
  return written.kind === 'committed' ? { entry: claimed, version: written.version } : undefined
}
