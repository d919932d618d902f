/**
 * Refusals: a channel that rejects one notice after the other (a wrong token) is left alone as a whole, ever longer;
 * one that rejects a single one is not. Kept by this process only: the next one, or a success, begins anew.
 */

import type { Attempt } from '../core/delivering.ts'
import { rejectedWaitMs } from '../core/delivering.ts'
import type { Delivering } from './delivery-book.ts'

export type Refusals = {
  /** Until when the channel is left alone; what was written after its last refusal waits less long. */
  opensAt(channel: string, newestAt: number): number
  /** What was rejected before is worth another try. */
  recoveredAt(channel: string): number
  /** One at a time finds out whether a channel that was left alone takes notices again. */
  tries(channel: string, notice: string): void
  ended(channel: string, notice: string, kind: Attempt['kind']): void
}

type Refusal = {
  readonly notice: string
  /** How often, since more than one notice was rejected in a row; 0: it may be that one's fault. */
  readonly count: number
  readonly at: number
  readonly until: number
}

const NEVER = Number.NEGATIVE_INFINITY

export function createRefusals({ ports, policy }: Pick<Delivering, 'ports' | 'policy'>): Refusals {
  const beganAt = ports.clock.now()
  const refusals = new Map<string, Refusal>()
  const recoveries = new Map<string, number>()

  function rejected(channel: string, notice: string): void {
    const at = ports.clock.now()
    const known = refusals.get(channel)
    if (known === undefined || (known.count === 0 && known.notice === notice)) {
      refusals.set(channel, { notice, count: 0, at, until: NEVER })
      return
    }
    // Tries that went side by side are one refusal.
    if (known.until > at && known.notice !== notice) return
    const count = known.count + 1
    refusals.set(channel, { notice, count, at, until: at + rejectedWaitMs(count, policy) / 2 })
  }

  return {
    opensAt(channel, newestAt) {
      const { count, at, until } = refusals.get(channel) ?? { count: 0, at: NEVER, until: NEVER }
      if (count === 0) return NEVER
      return newestAt > at ? Math.min(until, at + policy.outbox.retryMaxMs) : until
    },
    recoveredAt: (channel) => recoveries.get(channel) ?? beganAt,
    tries(channel, notice) {
      const known = refusals.get(channel)
      if (known === undefined || known.count === 0) return
      const at = ports.clock.now()
      refusals.set(channel, { ...known, notice, at, until: at + policy.outbox.sendMs })
    },
    ended(channel, notice, kind) {
      if (kind === 'rejected') rejected(channel, notice)
      if (kind !== 'sent') return
      if ((refusals.get(channel)?.count ?? 0) > 0) recoveries.set(channel, ports.clock.now())
      refusals.delete(channel)
    },
  }
}
