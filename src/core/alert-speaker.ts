/**
 * Speakers: one root cause, one alert. Whose alert speaks for a target that is in trouble, so that it tells nothing
 * of its own. In doubt it tells: nobody stays silent because somebody else might have told.
 */
import { alarmOf, failingIds } from './fleet.ts'
import type { Policy } from './policy.ts'
import type { Situation } from './situation.ts'

/** After so many ticks a target no longer waits for somebody to tell of its root cause, but tells of itself. */
const WAITING_TICKS_MAX = 3

/** Ticks do not come to the second. */
export function waitingMaxMs({ tick }: Policy): number {
  return (WAITING_TICKS_MAX - 0.5) * tick.everyMs
}

export type Trouble = {
  /** When it began to fail. */
  readonly failingSince: number
  /** Since when it waits for another alert to speak for it; absent when it has not begun to. */
  readonly silentSince: number | undefined
}

export type Speaker = {
  /** Why it is silent. */
  readonly words: string
  /** The other alert was told; otherwise it is expected, for some ticks. */
  readonly isKnown: boolean
  /** A person left that alert as it is then. */
  readonly leftAt?: number
}

/** Undefined when the target tells of itself. */
export function speakerFor(situation: Situation, trouble: Trouble): Speaker | undefined {
  const { policy, moment } = situation
  const waitedMs = moment.now - (trouble.silentSince ?? moment.now)
  const speakers = [rootFor(situation, trouble), fleetFor(situation, trouble)]
  const known = speakers.find((speaker) => speaker?.isKnown === true)
  if (known !== undefined || waitedMs >= waitingMaxMs(policy)) return known
  return speakers.find((speaker) => speaker !== undefined)
}

/** A target that this one depends on. One whose alert was left speaks for those that had fallen ill before. */
function rootFor(
  { fleet, target: { dependsOn = [] } }: Situation,
  { failingSince, silentSince = failingSince }: Trouble,
): Speaker | undefined {
  const failing = failingIds(fleet).filter((id) => dependsOn.includes(id))
  // A probe that went astray is no trouble yet, and an alert of another day may be of something else.
  const alerted = fleet.members.filter(
    (member) => member.alerted === true && member.failingSince !== undefined,
  )
  const illSince = Math.min(failingSince, silentSince)
  const known = alerted.find(
    ({ id, leftAt }) => failing.includes(id) && (leftAt === undefined || illSince <= leftAt),
  )
  const root = known?.id ?? failing[0]
  if (root === undefined) return undefined
  return {
    words: `${root}, which it depends on, is in trouble`,
    isKnown: known !== undefined,
    ...(known?.leftAt === undefined ? {} : { leftAt: known.leftAt }),
  }
}

/** Half of the fleet fails: one alert tells of all that fell ill at once. Who falls ill later is another story. */
function fleetFor({ fleet, policy, moment }: Situation, { failingSince }: Trouble): Speaker | undefined {
  const { members, total } = fleet
  const { ids, since } = alarmOf(policy, fleet, moment.now)
  if (since === undefined) return undefined
  const words = `${ids.length} of ${total} targets fail at once, and one alert tells of all`
  const tellers = members.filter(({ tellsSince }) => tellsSince !== undefined)
  const teller = tellers.find(
    ({ tellsSince = 0, tellsLeftAt = failingSince }) =>
      failingSince <= Math.min(tellsSince + policy.fleet.holdMs, tellsLeftAt),
  )
  if (teller !== undefined) {
    const { tellsLeftAt: leftAt } = teller
    return { words, isKnown: true, ...(leftAt === undefined ? {} : { leftAt }) }
  }
  const isExpected = tellers.length === 0 && moment.now - since < waitingMaxMs(policy)
  return isExpected ? { words, isKnown: false } : undefined
}
