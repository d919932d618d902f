/**
 * The fleet's view: who else fails, and the brake on destructive rungs when half of a fleet fails at once.
 * Worked out anew each tick from all targets' states and first probes; nothing of it is stored.
 */
import type { Policy } from './policy.ts'
import type { AlertState, Cause, TargetState } from './state.ts'

export type Member = {
  readonly id: string
  /** The first probe of this tick; undefined when this tick did not ask. */
  readonly answers?: boolean
  /** From the stored state. */
  readonly failingSince?: number
  /** Since when it has stood as it stands, where a failure is not remembered: paused, or nothing is known. */
  readonly restingSince?: number
  /** The guard has nothing more to try there. */
  readonly gaveUp: boolean
  /** The guard has given it up: only a person can mend it. */
  readonly handedOver?: true
  /** A person has it in hand: it is paused, or was stopped by one. */
  readonly inHand?: true
  /** A reboot or a reset was issued and is not settled yet. */
  readonly mending?: boolean
  /** This target tells of the fleet, since then. */
  readonly tellsSince?: number
  /** A person left the fleet's alert as it is then: it speaks only for those that had fallen ill before. */
  readonly tellsLeftAt?: number
  /** People know of its trouble, or another alert speaks for it. */
  readonly alerted?: true
  /** A person left its alert, or the one that speaks for it, as it is then. */
  readonly leftAt?: number
  /** Since when the guard sees nothing of it and of anything else. */
  readonly cutOffSince?: number
  /** This target tells of that. */
  readonly tellsCutOff?: true
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

/** Who fails now, by id. */
export function failingIds({ members }: FleetView): readonly string[] {
  return members
    .filter(fails)
    .map(({ id }) => id)
    .sort()
}

/** What the fleet's alert is about. The brake counts all that fail, the alert only those that no person has in hand. */
export type Alarm = {
  /** Who fails, by id. */
  readonly ids: readonly string[]
  /** How many of them the guard has given up. */
  readonly handedOver: number
  /** How many more fail, and a person has them in hand. */
  readonly inHand: number
  /** Since when they are enough for an alert; absent while they are not. */
  readonly since?: number
}

export function alarmOf(policy: Policy, view: FleetView, now: number): Alarm {
  const failing = view.members.filter(fails)
  const counted = failing.filter(({ inHand }) => inHand !== true)
  const brake = brakeOf(policy, view.total, counted, now)
  return {
    ids: counted.map(({ id }) => id).sort(),
    handedOver: counted.filter(({ handedOver }) => handedOver === true).length,
    inHand: failing.length - counted.length,
    ...(brake.kind === 'off' ? {} : { since: brake.since }),
  }
}

/** Of the targets that the guard lost sight of because it is cut off itself, the one that it lost first. */
export function cutOffFirst({ members }: FleetView): Member | undefined {
  const lost = members.filter(fails).flatMap((member) => {
    const { cutOffSince } = member
    return cutOffSince === undefined ? [] : [{ member, cutOffSince }]
  })
  lost.sort((one, other) => one.cutOffSince - other.cutOffSince || (one.member.id < other.member.id ? -1 : 1))
  return lost[0]?.member
}

function fails(member: Member): boolean {
  if (member.answers !== undefined) return !member.answers
  return member.failingSince !== undefined
}

function brakeOf({ fleet }: Policy, total: number, failing: readonly Member[], now: number): Brake {
  const needed = Math.ceil(total * fleet.failingShare)
  if (total < fleet.targetsMin || failing.length < needed) return { kind: 'off' }
  const queue = failing
    .map((member) => ({ ...member, since: member.failingSince ?? member.restingSince ?? now }))
    .sort((one, other) => one.since - other.since || (one.id < other.id ? -1 : 1))
  // The brake went on when the target that made it half the fleet began to fail.
  const since = queue[needed - 1]?.since ?? now
  const until = since + fleet.holdMs
  if (now < until) return { kind: 'held', since, until }
  const released = queue.find(({ mending }) => mending === true) ?? queue.find(({ gaveUp }) => !gaveUp)
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

/** What the fleet knows of one target: its stored state, and the first probe of this tick where there was one. */
export function memberOf(
  id: string,
  { state, answers, now }: { state: TargetState | undefined; answers: boolean | undefined; now: number },
): Member {
  const asked = answers === undefined ? {} : { answers }
  if (state === undefined) return { id, ...asked, gaveUp: false }
  const { failingSince, action, phase } = state
  const restingSince = restsSince(state, now)
  const cutOffSince = cutOffSinceOf(state, now)
  const destructive = action?.rung === 'reboot' || action?.rung === 'reset'
  return {
    id,
    ...asked,
    ...(failingSince === undefined ? {} : { failingSince }),
    ...(restingSince === undefined ? {} : { restingSince }),
    gaveUp: isSpentOn(state, now),
    ...(phase === 'gave-up' ? { handedOver: true } : {}),
    ...(isInHand(state, now) ? { inHand: true } : {}),
    ...(destructive && action.status === 'issued' ? { mending: true } : {}),
    ...(cutOffSince === undefined ? {} : { cutOffSince }),
    ...tellingOf(state),
  }
}

/** What its alerts say for others. */
function tellingOf({ alert, fleetAlert }: TargetState): Partial<Member> {
  const isLeft = alert?.leftBy !== undefined
  // When an alert was left by an older version nobody knows: it speaks for none.
  const isAlerted =
    alert !== undefined && alert.overAt === undefined && !(isLeft && alert.leftAt === undefined)
  return {
    ...(fleetAlert?.toldAt === undefined ? {} : { tellsSince: fleetAlert.toldAt }),
    ...(fleetAlert?.leftAt === undefined ? {} : { tellsLeftAt: fleetAlert.leftAt }),
    ...(isAlerted ? { alerted: true } : {}),
    ...(isAlerted && alert.leftAt !== undefined ? { leftAt: alert.leftAt } : {}),
    ...(isAlerted && !isLeft && tellsCutOff(alert) ? { tellsCutOff: true } : {}),
  }
}

function isInHand({ pause, lastVerdict }: TargetState, now: number): boolean {
  if (pause !== undefined && now < pause.until) return true
  return lastVerdict?.verdict === 'degraded' && lastVerdict.cause === 'stopped-by-person'
}

function restsSince({ pause, lastVerdict }: TargetState, now: number): number | undefined {
  if (pause !== undefined && now < pause.until) return pause.since
  return lastVerdict?.verdict === 'inconclusive' ? lastVerdict.at : undefined
}

function tellsCutOff({ subject, cause, toldAt, goneSince }: AlertState): boolean {
  return subject === 'warning' && cause === 'guard-offline' && toldAt !== undefined && goneSince === undefined
}

/** Not of one that is paused, whose look says too little, or of one with an incident, which has a thread of its own. */
function cutOffSinceOf(
  { pause, lastVerdict, unclearSince, incidentId }: TargetState,
  now: number,
): number | undefined {
  const isPaused = pause !== undefined && now < pause.until
  const isCutOff = lastVerdict?.cause === 'guard-offline' && !isPaused && incidentId === undefined
  return isCutOff ? unclearSince : undefined
}

/** The guard has nothing to do on this target for now, by its state: the others' turn must not wait for it. */
export function isSpentOn({ phase, arming, breaker, pause, lastVerdict }: TargetState, now: number): boolean {
  if (phase === 'gave-up' || arming.kind === 'unarmed' || breaker.kind === 'open') return true
  if (pause !== undefined && now < pause.until) return true
  if (lastVerdict?.cause !== undefined && NO_BRAKE_NEEDED.includes(lastVerdict.cause)) return true
  return lastVerdict?.verdict === 'degraded' || lastVerdict?.verdict === 'inconclusive'
}

/** What ails these is mended without a destructive rung, or by nobody: others must not wait for them. */
const NO_BRAKE_NEEDED: readonly Cause[] = [
  'vm-down',
  'vm-in-transition',
  'vm-replaced',
  'no-way-in',
  'inner-guard-at-work',
]
