/**
 * Speakers: one root cause, one alert. Whose alert speaks for a target that is in trouble, so that it tells nothing
 * of its own. In doubt it tells: nobody stays silent because somebody else might have told.
 */
import { failingIds } from './fleet.ts'
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

/** In words; undefined when the target tells of itself. */
export function speakerFor(situation: Situation, trouble: Trouble): string | undefined {
  const { policy, moment } = situation
  const waitedMs = moment.now - (trouble.silentSince ?? moment.now)
  const mayWait = waitedMs < waitingMaxMs(policy)
  return rootFor(situation, mayWait) ?? fleetFor(situation, trouble, mayWait)
}

/** A target that this one depends on, and whose trouble people know of, or will know of in time. */
function rootFor({ fleet, target: { dependsOn = [] } }: Situation, mayWait: boolean): string | undefined {
  const failing = failingIds(fleet)
  // A probe that went astray is no trouble yet, and an alert of another day may be of something else.
  const known = fleet.members
    .filter(({ alerted, failingSince }) => alerted === true && failingSince !== undefined)
    .map(({ id }) => id)
  const root = dependsOn.find((id) => failing.includes(id) && (mayWait || known.includes(id)))
  return root === undefined ? undefined : `${root}, which it depends on, is in trouble`
}

/** Half of the fleet fails: one alert tells of all that fell ill at once. Who falls ill later is another story. */
function fleetFor(
  { fleet, policy, moment }: Situation,
  { failingSince }: Trouble,
  mayWait: boolean,
): string | undefined {
  const { brake, members, failing, total } = fleet
  if (brake.kind === 'off') return undefined
  const tellers = members.flatMap(({ tellsSince }) => (tellsSince === undefined ? [] : [tellsSince]))
  const isNew = moment.now - brake.since < waitingMaxMs(policy)
  const speaks =
    tellers.length === 0
      ? mayWait && isNew
      : tellers.some((toldAt) => failingSince <= toldAt + policy.fleet.holdMs)
  return speaks ? `${failing} of ${total} targets fail at once, and one alert tells of all` : undefined
}
