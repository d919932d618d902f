/** The fleet's alert: when half of a fleet fails at once, one target tells of all. Who is silent meanwhile: alert-speaker.ts. */
import type { Page, Step } from './alert-page.ts'
import type { News } from './alert-thread.ts'
import { tellThread } from './alert-thread.ts'
import type { Alarm, FleetView } from './fleet.ts'
import { alarmOf, cutOffFirst } from './fleet.ts'
import type { Situation } from './situation.ts'
import type { AlertState, VerdictKind } from './state.ts'

const FLEET_NAMES_MAX = 20

/** One target tells of the whole fleet: the one that does already, or the first that fails. */
export const ofFleet: Step = (page, decision, situation) => {
  const { fleet, target, moment, policy, request } = situation
  const known = page.state.fleetAlert
  const { verdict } = decision.verdict
  if (request.kind === 'press') return left(page, verdict, situation)
  // Only a tick has just asked the fleet.
  if (request.kind !== 'tick') return page
  const alarm = alarmOf(policy, fleet, moment.now)
  const { since } = alarm
  const telt = { alarm, verdict, situation }
  if (since === undefined) return known === undefined ? page : gone(page, known, telt)
  if (tellerOf(fleet, alarm) !== target.id) return known === undefined ? page : back(page, known)
  if (known !== undefined) return goesOn(page, known, telt)
  // One look is no news, and a guard that is cut off knows nothing of its fleet.
  const isNews = moment.now - since >= policy.confirmation.gapMinMs
  const isSure = verdict !== 'inconclusive' && cutOffFirst(fleet) === undefined
  return isNews && isSure ? toldOf(page, newThread(since, moment.now), { kind: 'triggered', ...telt }) : page
}

type Telt = { readonly alarm: Alarm; readonly verdict: VerdictKind; readonly situation: Situation }

/** Of a target that is in a person's hands, or of which nothing is known, nobody hears. */
function tellerOf({ members }: FleetView, { ids }: Alarm): string | undefined {
  const resting = members.filter(({ restingSince }) => restingSince !== undefined).map(({ id }) => id)
  const tells = members.find(({ tellsSince }) => tellsSince !== undefined)
  return tells?.id ?? ids.find((id) => !resting.includes(id))
}

/** Named after the moment, not after the brake: a brake that lets go and holds again may be as old as before. */
function newThread(since: number, now: number): AlertState {
  const thread = `fleet-${now.toString(36)}`
  return { thread, subject: 'fleet', cause: 'fleet', since, number: 0, pressed: [] }
}

function goesOn(page: Page, known: AlertState, telt: Telt): Page {
  const { goneSince: _gone, ...alert } = known
  // That some were given up is told once, and with each reminder.
  if (telt.alarm.handedOver > 0 && alert.calledAt === undefined)
    return toldOf(page, alert, { kind: 'person', ...telt })
  const { now } = telt.situation.moment
  const isDue = alert.leftBy === undefined && alert.remindAt !== undefined && now >= alert.remindAt
  return isDue ? toldOf(page, alert, { kind: 'reminder', ...telt }) : back(page, known)
}

/** It holds again before it was over: the same thread, and no news. */
function back(page: Page, known: AlertState): Page {
  const { goneSince, ...alert } = known
  return goneSince === undefined ? page : withFleetAlert(page, alert)
}

/** Over only when it has been gone for a while. */
function gone(page: Page, alert: AlertState, { alarm, verdict, situation }: Telt): Page {
  const { fleet, moment, policy } = situation
  const goneSince = alert.goneSince ?? moment.now
  if (moment.now - goneSince < policy.alerts.warningOverMs)
    return alert.goneSince === undefined ? withFleetAlert(page, { ...alert, goneSince }) : page
  const { failing, total } = fleet
  const news: News = {
    kind: 'resolved',
    severity: 'info',
    reason:
      alarm.inHand === 0
        ? `${failing} of ${total} targets fail now`
        : `${failing} of ${total} targets fail now; ${alarm.inHand} of them are in a person's hands`,
    verdict,
    endedAt: goneSince,
  }
  return withFleetAlert(told(page, alert, news, situation), undefined)
}

/** A person left it as it is: its message says so at once. */
function left(page: Page, verdict: VerdictKind, situation: Situation): Page {
  const { fleetAlert } = page.state
  const by = fleetAlert?.leftBy
  if (fleetAlert === undefined || by === undefined || situation.state.fleetAlert?.leftBy !== undefined)
    return page
  const reason = `left as it is by ${by}: no more reminders`
  return told(page, fleetAlert, { kind: 'progress', severity: 'critical', reason, verdict }, situation)
}

function toldOf(
  page: Page,
  alert: AlertState,
  { kind, alarm, verdict, situation }: Telt & { readonly kind: News['kind'] },
): Page {
  const { ids, handedOver } = alarm
  const { fleet, moment } = situation
  const { total } = fleet
  const calledAt = alert.calledAt ?? (handedOver === 0 ? undefined : moment.now)
  const news: News = {
    kind,
    severity: 'critical',
    reason:
      handedOver === 0
        ? `${ids.length} of ${total} targets fail at once: destructive rungs are held, then released one at a time`
        : `${ids.length} of ${total} targets fail at once; the guard has given up on ${handedOver}`,
    verdict,
    targets: ids.slice(0, FLEET_NAMES_MAX),
    buttons: alert.leftBy === undefined ? ['leave-off'] : [],
  }
  return told(page, { ...alert, ...(calledAt === undefined ? {} : { calledAt }) }, news, situation)
}

function withFleetAlert(page: Page, alert: AlertState | undefined): Page {
  const { fleetAlert: _alert, ...free } = page.state
  return { ...page, state: alert === undefined ? free : { ...free, fleetAlert: alert } }
}

function told(page: Page, alert: AlertState, news: News, { policy, target, moment }: Situation): Page {
  const next = tellThread(alert, news, { policy, target: target.id, now: moment.now })
  return { ...withFleetAlert(page, next.alert), notices: [...page.notices, next.notice] }
}
