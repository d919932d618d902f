/** The fleet's alert: when half of a fleet fails at once, one target tells of all. Who is silent meanwhile: alert-speaker.ts. */
import type { Page, Step } from './alert-page.ts'
import type { News } from './alert-thread.ts'
import { tellThread } from './alert-thread.ts'
import type { FleetView } from './fleet.ts'
import { cutOffFirst, failingIds } from './fleet.ts'
import type { Situation } from './situation.ts'
import type { AlertState } from './state.ts'

const FLEET_NAMES_MAX = 20

/** One target tells of the whole fleet: the one that does already, or the first that fails. */
export const ofFleet: Step = (page, decision, situation) => {
  const { fleet, target, moment, policy, request } = situation
  // Only a tick has just asked the fleet.
  if (request.kind !== 'tick') return page
  const known = page.state.fleetAlert
  const { brake } = fleet
  const { verdict } = decision.verdict
  if (brake.kind === 'off') return known === undefined ? page : over(page, known, { verdict, situation })
  if (tellerOf(fleet) !== target.id) return page
  // One look is no news, and a guard that is cut off knows nothing of its fleet.
  const isNews = moment.now - brake.since >= policy.confirmation.gapMinMs
  const isSure = verdict !== 'inconclusive' && cutOffFirst(fleet) === undefined
  if (known === undefined && !(isNews && isSure)) return page
  const isDue = known === undefined || (known.remindAt !== undefined && moment.now >= known.remindAt)
  if (!isDue) return page
  return told(page, known ?? newThread(brake.since, moment.now), situation, {
    kind: known === undefined ? 'triggered' : 'reminder',
    severity: 'critical',
    reason: `${fleet.failing} of ${fleet.total} targets fail at once: destructive rungs are held, then released one at a time`,
    verdict,
    targets: failingIds(fleet).slice(0, FLEET_NAMES_MAX),
  })
}

/** Of a target that is paused, or of which nothing is known, nobody hears. */
function tellerOf(fleet: FleetView): string | undefined {
  const { members } = fleet
  const resting = members.filter(({ restingSince }) => restingSince !== undefined).map(({ id }) => id)
  const tells = members.find(({ tellsSince }) => tellsSince !== undefined)
  return tells?.id ?? failingIds(fleet).find((id) => !resting.includes(id))
}

/** Named after the moment, not after the brake: a brake that lets go and holds again may be as old as before. */
function newThread(since: number, now: number): AlertState {
  const thread = `fleet-${now.toString(36)}`
  return { thread, subject: 'fleet', cause: 'fleet', since, number: 0, pressed: [] }
}

function over(
  page: Page,
  alert: AlertState,
  { verdict, situation }: { readonly verdict: News['verdict']; readonly situation: Situation },
): Page {
  const { fleet, moment } = situation
  const { state, ...rest } = told(page, alert, situation, {
    kind: 'resolved',
    severity: 'info',
    reason: `${fleet.failing} of ${fleet.total} targets fail now`,
    verdict,
    endedAt: moment.now,
  })
  const { fleetAlert: _alert, ...free } = state
  return { ...rest, state: free }
}

function told(page: Page, alert: AlertState, { policy, target, moment }: Situation, news: News): Page {
  const next = tellThread(alert, news, { policy, target: target.id, now: moment.now })
  return {
    ...page,
    state: { ...page.state, fleetAlert: next.alert },
    notices: [...page.notices, next.notice],
  }
}
