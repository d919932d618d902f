/**
 * Alerts: what people are told of a target's trouble, and when. Worked out beside each decision and written with it:
 * an incident or a warning is one thread, one root cause one alert. Getting it through is app/delivery.ts's.
 */
import { ofFleet } from './alert-fleet.ts'
import type { Page, Step } from './alert-page.ts'
import { told, withAlert } from './alert-page.ts'
import type { Speaker } from './alert-speaker.ts'
import { speakerFor } from './alert-speaker.ts'
import { buttonsFor, entriesOf, type News } from './alert-thread.ts'
import { ofWarning } from './alert-warning.ts'
import type { Decision } from './decision.ts'
import type { Incident, TimelineKind } from './incident.ts'
import { tell } from './incidents.ts'
import type { Severity, Standing } from './notice.ts'
import { compact } from './remember.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import type { AlertState, TargetState } from './state.ts'

export function announce(decision: Decision, situation: Situation): Decision {
  const { request } = situation
  if ('dryRun' in request && request.dryRun) return decision
  const start: Page = { ...pageOf(decision), notices: [] }
  const steps = [ofWarning, ofIncident, ofFleet]
  const { state, incident, notices } = steps.reduce((page, step) => step(page, decision, situation), start)
  if (state === decision.state && incident === decision.incident) return decision
  const due = notices.length === 0 ? {} : { outboxDueAt: situation.moment.now }
  return {
    ...decision,
    state: compact({ ...state, ...due }),
    ...(incident === undefined ? {} : { incident }),
    ...(notices.length === 0 ? {} : { notices }),
  }
}

function pageOf({ state, incident }: Decision): Pick<Page, 'state' | 'incident'> {
  return incident === undefined ? { state } : { state, incident }
}

/** An incident's thread, from its opening to its close. */
const ofIncident: Step = (page, decision, situation) => {
  const { incident, state } = page
  if (incident === undefined) return forgotten(page, situation)
  const known = state.alert?.thread === incident.id ? state.alert : undefined
  const alert = known ?? threadOf(incident)
  const telt = { incident, decision, situation }
  if (incident.state === 'closed') return closed(page, alert, telt)
  if (state.incidentId !== incident.id) return page
  const wasOver = alert.overAt !== undefined || (known === undefined && incident.notices > 0)
  if (wasOver || alert.toldAt === undefined) return begun(page, alert, { ...telt, wasOver })
  return goesOn(page, alert, telt)
}

function goesOn(page: Page, alert: AlertState, telt: Telt): Page {
  const { incident, decision, situation } = telt
  const { calledPerson } = page.state
  if (calledPerson !== undefined && calledPerson.at !== alert.calledAt)
    return toldOf(page, { ...alert, calledAt: calledPerson.at }, { kind: 'person', ...telt })
  if (isNews(incident, alert) && decision.next.kind !== 'look')
    return toldOf(page, alert, { kind: 'progress', ...telt })
  const { now } = situation.moment
  const mayRemind = incident.state !== 'probation' && alert.leftBy === undefined && !isPaused(page.state, now)
  if (mayRemind && alert.remindAt !== undefined && now >= alert.remindAt)
    return toldOf(page, alert, { kind: 'reminder', ...telt })
  return page
}

type Telt = {
  readonly incident: Incident
  readonly decision: Decision
  readonly situation: Situation
}

function threadOf({ id, cause, beganAt, notices }: Incident): AlertState {
  return { thread: id, subject: 'incident', cause, since: beganAt, number: notices, pressed: [] }
}

/** Told at once, unless another alert speaks for this target: then it is told when that one is over. */
function begun(
  page: Page,
  alert: AlertState,
  { wasOver, ...telt }: Telt & { readonly wasOver: boolean },
): Page {
  const { incident, situation } = telt
  const { state } = page
  // What was mended behind an alert that was told is no news any more; behind one that never came it is.
  const isMended = incident.state === 'probation'
  if (isMended && (wasOver || state.alert?.thread === incident.id)) return page
  const silentSince = silentSinceOf(incident)
  const failingSince = state.failingSince ?? incident.openedAt
  const speaker = speakerFor(situation, { failingSince, silentSince })
  if (speaker === undefined) {
    const { overAt: _over, calledAt: _called, leftBy: _left, leftAt: _leftAt, ...known } = alert
    // It was well in between: the trouble that is told now began anew.
    const fresh = wasOver ? { ...known, since: failingSince } : known
    const calledAt = state.calledPerson === undefined ? {} : { calledAt: state.calledPerson.at }
    return toldOf(page, { ...fresh, ...calledAt }, { kind: wasOver ? 'again' : 'triggered', ...telt })
  }
  // Only what is known to be told elsewhere counts for those that depend on this one.
  const silent = wasOver ? page : withAlert(page, speaker.isKnown ? behind(alert, speaker) : undefined)
  if (silentSince !== undefined) return silent
  const entry = {
    at: situation.moment.now,
    kind: 'alert' as const,
    text: `no alert of its own: ${speaker.words}`,
  }
  return { ...silent, incident: tell(incident, entry) }
}

/** A silent alert speaks for others no longer than the one that it is silent behind. */
function behind({ leftAt: _leftAt, ...alert }: AlertState, { leftAt }: Speaker): AlertState {
  return leftAt === undefined ? alert : { ...alert, leftAt }
}

/** The timeline says once since when another alert speaks for it, this time that it is open. */
function silentSinceOf({ timeline }: Incident): number | undefined {
  const closedLast = timeline.findLastIndex(({ kind }) => kind === 'closed')
  return timeline.slice(closedLast + 1).find(({ kind }) => kind === 'alert')?.at
}

function toldOf(
  page: Page,
  alert: AlertState,
  { kind, incident, decision, situation }: Telt & { readonly kind: News['kind'] },
): Page {
  const { state } = page
  const needsPerson = state.calledPerson !== undefined
  const reason = kind === 'progress' || !needsPerson ? decision.verdict.reason : state.calledPerson.reason
  const { policy, moment } = situation
  return told(
    page,
    alert,
    {
      kind,
      severity: severityOf(incident, { kind, needsPerson }),
      reason,
      verdict: decision.verdict.verdict,
      incident,
      standing: standingOf(state, incident, { leftBy: alert.leftBy, now: moment.now }),
      buttons: buttonsFor(state, { policy, now: moment.now }),
    },
    situation,
  )
}

function standingOf(
  state: TargetState,
  incident: Incident,
  { leftBy, now }: { readonly leftBy: string | undefined; readonly now: number },
): Standing {
  if (incident.state === 'probation') return 'probation'
  if (leftBy !== undefined) return 'left'
  if (isPaused(state, now)) return 'paused'
  return state.calledPerson === undefined ? 'at-work' : 'person'
}

function severityOf(
  { openedBy, cause, state }: Incident,
  { kind, needsPerson }: { readonly kind: News['kind']; readonly needsPerson: boolean },
): Severity {
  if (openedBy === 'person' && cause === 'manual' && !needsPerson) return 'info'
  // It is told late, and is well again: worth knowing, not worth a ring.
  return kind === 'triggered' && state === 'probation' ? 'warning' : 'critical'
}

/** `opened` is a relapse here: the opening itself was told by the first notice. */
const TOLD_KINDS: readonly TimelineKind[] = ['opened', 'action', 'would', 'verified', 'person']

function isNews(incident: Incident, { storyTold = 0 }: AlertState): boolean {
  const fresh = entriesOf(incident) - storyTold
  return fresh > 0 && incident.timeline.slice(-fresh).some(({ kind }) => TOLD_KINDS.includes(kind))
}

/** The thread is kept a while: the same incident may be opened again. */
function closed(page: Page, alert: AlertState, { incident, decision, situation }: Telt): Page {
  if (alert.overAt !== undefined) return page
  // Never told, or the thread has already become a warning's.
  if (alert.toldAt === undefined)
    return page.state.alert?.thread === alert.thread ? withAlert(page, undefined) : page
  const { now } = situation.moment
  const news: News = {
    kind: 'resolved',
    severity: 'info',
    reason: decision.verdict.reason,
    verdict: decision.verdict.verdict,
    endedAt: incident.recoveredAt ?? now,
    incident,
  }
  const { offeredAt: _offered, remindAt: _remind, ...quiet } = alert
  return told(page, { ...quiet, overAt: now }, news, situation)
}

/** An incident's thread ends for good when it can't be opened again. */
function forgotten(page: Page, { policy, moment }: Situation): Page {
  const { alert, lastIncident } = page.state
  if (alert?.subject !== 'incident' || page.state.incidentId !== undefined) return page
  const mayReopen =
    lastIncident?.id === alert.thread && moment.now - lastIncident.closedAt <= policy.incident.reopenMs
  return mayReopen ? page : withAlert(page, undefined)
}
