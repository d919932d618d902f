/**
 * The fleet's view: who else fails, and the brake on destructive rungs when half of a fleet fails at once.
 * Worked out anew each tick from all targets' states and first probes; nothing of it is stored.
 */
import type { Policy } from './policy.ts'

export type Member = {
  readonly id: string
  /** The first probe of this tick; undefined when this tick did not ask. */
  readonly answers?: boolean
  /** From the stored state. */
  readonly failingSince?: number
  /** The guard has nothing more to try there. */
  readonly gaveUp: boolean
}

export type Brake =
  | { readonly kind: 'off' }
  | { readonly kind: 'held'; readonly since: number; readonly until: number }
  /** The hold is over: destructive rungs are released for one target at a time. */
  | { readonly kind: 'one-at-a-time'; readonly since: number; readonly released: string }

export type FleetView = {
  readonly total: number
  readonly failing: number
  readonly brake: Brake
  readonly members: readonly Member[]
}

export function viewFleet(policy: Policy, members: readonly Member[], now: number): FleetView {
  const failing = members.filter(fails)
  const view = { total: members.length, failing: failing.length, members }
  return { ...view, brake: brakeOf(policy, members.length, failing, now) }
}

function fails(member: Member): boolean {
  if (member.answers !== undefined) return !member.answers
  return member.failingSince !== undefined
}

function brakeOf({ fleet }: Policy, total: number, failing: readonly Member[], now: number): Brake {
  const needed = Math.ceil(total * fleet.failingShare)
  if (total < fleet.targetsMin || failing.length < needed) return { kind: 'off' }
  const queue = failing
    .map((member) => ({ id: member.id, since: member.failingSince ?? now, gaveUp: member.gaveUp }))
    .sort((one, other) => one.since - other.since || (one.id < other.id ? -1 : 1))
  // The brake went on when the target that made it half the fleet began to fail.
  const since = queue[needed - 1]?.since ?? now
  const until = since + fleet.holdMs
  if (now < until) return { kind: 'held', since, until }
  const released = queue.find(({ gaveUp }) => !gaveUp)
  return { kind: 'one-at-a-time', since, released: released?.id ?? '' }
}

/** Other targets whose first probe of this tick was answered: the guard is not cut off. */
export function peersAnswering(view: FleetView, id: string): number {
  return view.members.filter((member) => member.id !== id && member.answers === true).length
}

/** Why a destructive rung has to wait for the fleet; undefined when it need not. */
export function heldByFleet(
  view: FleetView,
  id: string,
): { readonly until?: number; readonly reason: string } | undefined {
  const { brake } = view
  switch (brake.kind) {
    case 'off':
      return undefined
    case 'held':
      return {
        until: brake.until,
        reason: `${view.failing} of ${view.total} targets fail at once: destructive rungs are held`,
      }
    case 'one-at-a-time':
      if (brake.released === id) return undefined
      return {
        reason: `${view.failing} of ${view.total} targets fail at once: ${brake.released} goes first`,
      }
  }
}
