/** Warnings: a target that is degraded for some time, or that a person was called for without an incident. */
import type { Page, Step } from './alert-page.ts'
import { told, withAlert } from './alert-page.ts'
import { speakerFor, waitingMaxMs } from './alert-speaker.ts'
import type { News } from './alert-thread.ts'
import { buttonsFor } from './alert-thread.ts'
import type { Decision } from './decision.ts'
import { cutOffFirst } from './fleet.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import type { AlertState, TargetState } from './state.ts'

export const ofWarning: Step = (page, decision, situation) => {
  const { state } = page
  const known = state.alert?.subject === 'warning' ? state.alert : undefined
  // An incident that can't be read must not keep its target silent.
  const hasIncident = page.incident !== undefined && page.incident.id === state.incidentId
  const wanted = hasIncident ? undefined : warningOf(state, decision, situation)
  if (known !== undefined && wanted?.thread !== known.thread)
    return ended(page, known, { wanted, decision, situation })
  if (wanted === undefined || (state.alert?.subject === 'incident' && state.alert.overAt === undefined))
    return page
  const { goneSince: _gone, ...holding } = known ?? wanted
  if (holding.toldAt === undefined) return begun(page, holding, { decision, situation })
  const { now } = situation.moment
  const mayRemind = holding.leftBy === undefined && !isPaused(state, now)
  if (mayRemind && holding.remindAt !== undefined && now >= holding.remindAt)
    return toldWarning(page, holding, { kind: 'reminder', decision, situation })
  return known?.goneSince === undefined ? page : withAlert(page, holding)
}

type Telt = { readonly decision: Decision; readonly situation: Situation }

/** The warning that the target deserves now; undefined for none, or not yet. */
function warningOf(state: TargetState, decision: Decision, situation: Situation): AlertState | undefined {
  const { cause } = decision.verdict
  const known = state.alert?.subject === 'warning' ? state.alert : undefined
  if (state.calledPerson !== undefined) return callOf(state, decision, situation)
  const { lastVerdict } = state
  const stands = lastVerdict?.verdict === 'degraded' && lastVerdict.cause === cause
  if (!stands || decision.verdict.verdict !== 'degraded' || cause === undefined) return undefined
  // It came back before it was over: the same thread.
  if (known?.cause === cause && !isCall(known, state)) return known
  const { alerts, guard } = situation.policy
  const { now } = situation.moment
  const lasts = now - lastVerdict.at >= alerts.warnAfterMs
  // What fails for long, but never as the same for long enough, is told of all the same.
  const failsLong = now - (state.failingSince ?? now) >= guard.offlineAlertMs
  if (!lasts && !failsLong) return undefined
  // Named after the moment: the same trouble may have had a thread before, which something else has ended.
  const thread = `${state.target}-${cause}-${now.toString(36)}`
  const since = Math.min(lastVerdict.at, state.failingSince ?? now)
  return { thread, subject: 'warning', cause, since, number: 0, pressed: [] }
}

/** A person was called, and there is no incident to say so. */
function callOf(state: TargetState, { verdict }: Decision, situation: Situation): AlertState | undefined {
  const { calledPerson, alert } = state
  if (calledPerson === undefined) return undefined
  const thread = `${callPrefix(state)}${calledPerson.at.toString(36)}`
  const isTold = alert?.thread === thread
  if (!isTold && isToldByOther(calledPerson.at, verdict.cause, situation)) return undefined
  return {
    thread,
    subject: 'warning',
    ...(verdict.cause === undefined ? {} : { cause: verdict.cause }),
    since: state.failingSince ?? state.unclearSince ?? calledPerson.at,
    number: 0,
    pressed: [],
  }
}

function callPrefix({ target }: TargetState): string {
  return `${target}-call-`
}

function isCall({ thread }: AlertState, state: TargetState): boolean {
  return thread.startsWith(callPrefix(state))
}

/** A guard that is cut off is one trouble, however many targets it can't see: the one that it lost first tells. */
function isToldByOther(
  calledAt: number,
  cause: Decision['verdict']['cause'],
  { fleet, target, policy, moment }: Situation,
): boolean {
  if (cause !== 'guard-offline') return false
  if (fleet.members.some(({ id, tellsCutOff }) => tellsCutOff === true && id !== target.id)) return true
  const first = cutOffFirst(fleet)
  if (first === undefined || first.id === target.id) return false
  // It must not stay unsaid because the one that should say it is not heard.
  return moment.now - calledAt < waitingMaxMs(policy)
}

/** Told, unless another alert speaks for this target. */
function begun(page: Page, alert: AlertState, { decision, situation }: Telt): Page {
  const { failingSince } = page.state
  // A call is for this target; and whoever was stopped by a person has that person for a cause, and a button.
  const isOwn = isCall(alert, page.state) || alert.cause === 'stopped-by-person'
  if (isOwn || failingSince === undefined)
    return toldWarning(page, alert, { kind: 'triggered', decision, situation })
  const { alerts, guard } = situation.policy
  const silentSince = Math.min(alert.since + alerts.warnAfterMs, failingSince + guard.offlineAlertMs)
  return speakerFor(situation, { failingSince, silentSince }) === undefined
    ? toldWarning(page, alert, { kind: 'triggered', decision, situation })
    : page
}

function toldWarning(
  page: Page,
  alert: AlertState,
  { kind, decision, situation }: Telt & { readonly kind: News['kind'] },
): Page {
  const { verdict, reason } = decision.verdict
  const { state } = page
  const { calledPerson } = state
  const { policy, moment } = situation
  const isDown = alert.cause === 'stopped-by-person' && state.downSince !== undefined
  const news: News = {
    kind,
    severity: calledPerson === undefined ? 'warning' : 'critical',
    reason: calledPerson?.reason ?? reason,
    verdict,
    ...(isDown ? { buttons: buttonsFor(state, { policy, now: moment.now }) } : {}),
  }
  return told(page, alert, news, situation)
}

/** Over only when it has been gone for a while, unless something else takes its place. */
function ended(
  page: Page,
  alert: AlertState,
  { wanted, decision, situation }: Telt & { readonly wanted: AlertState | undefined },
): Page {
  const { policy, moment } = situation
  const { verdict, reason } = decision.verdict
  const goneSince = alert.goneSince ?? moment.now
  const isReplaced = wanted !== undefined || page.state.incidentId !== undefined
  const isOver =
    isReplaced || (verdict === 'healthy' && moment.now - goneSince >= policy.alerts.warningOverMs)
  if (!isOver) return alert.goneSince === undefined ? withAlert(page, { ...alert, goneSince }) : page
  // What has become something else is not over: its message says so, and no phone rings for it.
  const kind = verdict === 'healthy' ? 'resolved' : 'progress'
  const news: News = { kind, severity: 'info', reason, verdict, endedAt: goneSince }
  return withAlert(told(page, alert, news, situation), undefined)
}
