/**
 * Alerts: what people are told of a target's trouble, and when. Worked out beside each decision and written with it:
 * an incident or a warning is one thread, one root cause one alert. Getting it through is app/deliver.ts's.
 */
import { buttonsFor, entriesOf, type News, type Telling, tellThread } from './alert-thread.ts'
import type { Decision } from './decision.ts'
import { type FleetView, failingIds } from './fleet.ts'
import type { Incident, TimelineKind } from './incident.ts'
import { tell } from './incidents.ts'
import type { AlertState, Notice } from './notice.ts'
import { compact } from './remember.ts'
import type { Situation } from './situation.ts'
import { isPaused } from './situation.ts'
import type { TargetState } from './state.ts'

/** A decision's state and incident while notices are added to it. */
type Page = {
  readonly state: TargetState
  readonly incident?: Incident
  readonly notices: readonly Notice[]
}

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

type Step = (page: Page, decision: Decision, situation: Situation) => Page

function telling({ policy, target, moment }: Situation): Telling {
  return { policy, target: target.id, now: moment.now }
}

function withAlert(page: Page, alert: AlertState | undefined): Page {
  const { alert: _alert, ...rest } = page.state
  return { ...page, state: alert === undefined ? rest : { ...rest, alert } }
}

/** Adds the notice to the page and keeps the thread. */
function told(page: Page, alert: AlertState, news: News, situation: Situation): Page {
  const next = tellThread(alert, news, telling(situation))
  const { incident } = news
  const numbered = incident === undefined ? {} : { incident: { ...incident, notices: next.alert.number } }
  return { ...withAlert(page, next.alert), ...numbered, notices: [...page.notices, next.notice] }
}

/** An incident's thread, from its opening to its close. */
const ofIncident: Step = (page, decision, situation) => {
  const { incident, state } = page
  const { now } = situation.moment
  if (incident === undefined) return forgotten(page, situation)
  const known = state.alert?.thread === incident.id ? state.alert : undefined
  const alert = known ?? threadOf(incident)
  if (incident.state === 'closed') return closed(page, alert, { incident, decision, situation })
  if (state.incidentId !== incident.id) return page
  if (alert.overAt !== undefined || (known === undefined && incident.notices > 0)) {
    const { overAt: _over, calledAt: _called, leftBy: _left, ...again } = alert
    return toldOf(page, again, { kind: 'again', incident, decision, situation })
  }
  if (alert.toldAt === undefined) return opened(page, alert, { incident, decision, situation })
  const { calledPerson } = state
  if (calledPerson !== undefined && calledPerson.at !== alert.calledAt)
    return toldOf(
      page,
      { ...alert, calledAt: calledPerson.at },
      { kind: 'person', incident, decision, situation },
    )
  if (isNews(incident, alert) && decision.next.kind !== 'look')
    return toldOf(page, alert, { kind: 'progress', incident, decision, situation })
  const mayRemind = incident.state !== 'probation' && alert.leftBy === undefined && !isPaused(state, now)
  if (mayRemind && alert.remindAt !== undefined && now >= alert.remindAt)
    return toldOf(page, alert, { kind: 'reminder', incident, decision, situation })
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
function opened(page: Page, alert: AlertState, telt: Telt): Page {
  const { incident, situation } = telt
  const { state } = page
  // What mended itself behind another alert is no news any more.
  if (incident.state === 'probation') return page
  const speaker = speakerFor(situation)
  if (speaker === undefined) {
    const calledAt = state.calledPerson === undefined ? {} : { calledAt: state.calledPerson.at }
    return toldOf(page, { ...alert, ...calledAt }, { kind: 'triggered', ...telt })
  }
  const entry = { at: situation.moment.now, kind: 'alert' as const, text: `no alert of its own: ${speaker}` }
  const isTold = incident.timeline.some(({ kind, text }) => kind === 'alert' && text === entry.text)
  return isTold ? page : { ...page, incident: tell(incident, entry) }
}

/** Whose alert speaks for this target: half the fleet's, or that of what it depends on. */
function speakerFor({ fleet, target, moment, policy }: Situation): string | undefined {
  const failing = failingIds(fleet)
  const root = target.dependsOn?.find((id) => failing.includes(id))
  if (root !== undefined) return `${root}, which it depends on, is in trouble`
  const { brake, members } = fleet
  if (brake.kind === 'off') return undefined
  // Somebody has to tell of all within a few ticks; else each target tells of itself.
  const isTold = members.some(({ tellsThread }) => tellsThread !== undefined)
  if (!isTold && moment.now - brake.since >= TELLER_WITHIN_TICKS * policy.tick.everyMs) return undefined
  return `${fleet.failing} of ${fleet.total} targets fail at once, and one alert tells of all`
}

function toldOf(
  page: Page,
  alert: AlertState,
  { kind, incident, decision, situation }: Telt & { readonly kind: News['kind'] },
): Page {
  const { state } = page
  const needsPerson = state.calledPerson !== undefined
  const isManual = incident.openedBy === 'person' && incident.cause === 'manual'
  const reason = kind === 'progress' || !needsPerson ? decision.verdict.reason : state.calledPerson.reason
  const isDown = situation.observation.vm?.kind === 'seen' && situation.observation.vm.status !== 'RUNNING'
  return told(
    page,
    alert,
    {
      kind,
      severity: isManual && !needsPerson ? 'info' : 'critical',
      reason,
      verdict: decision.verdict.verdict,
      incident,
      buttons: buttonsFor(state, { isDown, now: situation.moment.now }),
    },
    situation,
  )
}

const TOLD_KINDS: readonly TimelineKind[] = ['action', 'would', 'verified', 'person']

function isNews(incident: Incident, { storyTold = 0 }: AlertState): boolean {
  const fresh = entriesOf(incident) - storyTold
  return fresh > 0 && incident.timeline.slice(-fresh).some(({ kind }) => TOLD_KINDS.includes(kind))
}

/** The thread is kept a while: the same incident may be opened again. */
function closed(page: Page, alert: AlertState, { incident, decision, situation }: Telt): Page {
  if (alert.overAt !== undefined) return page
  if (alert.toldAt === undefined) return withAlert(page, undefined)
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

/** A warning: degraded for some time, or a person called without an incident. */
const ofWarning: Step = (page, decision, situation) => {
  const { state } = page
  const known = state.alert?.subject === 'warning' ? state.alert : undefined
  // An incident that can't be read must not keep its target silent.
  const hasIncident = page.incident !== undefined && page.incident.id === state.incidentId
  const wanted = hasIncident ? undefined : warningOf(state, decision, situation)
  if (known !== undefined && wanted?.thread !== known.thread)
    return endedWarning(page, known, { wanted, decision, situation })
  if (wanted === undefined || (state.alert?.subject === 'incident' && state.alert.overAt === undefined))
    return page
  const alert = known ?? wanted
  const { goneSince: _gone, ...holding } = alert
  if (alert.toldAt === undefined)
    return toldWarning(page, holding, { kind: 'triggered', decision, situation })
  const { now } = situation.moment
  const mayRemind = alert.leftBy === undefined && !isPaused(state, now)
  if (mayRemind && alert.remindAt !== undefined && now >= alert.remindAt)
    return toldWarning(page, holding, { kind: 'reminder', decision, situation })
  return alert.goneSince === undefined ? page : withAlert(page, holding)
}

/** The warning that the target deserves now; undefined for none, or not yet. */
function warningOf(state: TargetState, decision: Decision, situation: Situation): AlertState | undefined {
  const { policy, target, moment, fleet } = situation
  const { calledPerson, lastVerdict } = state
  const id = (kind: string, since: number): string => `${target.id}-${kind}-${since.toString(36)}`
  const { cause } = decision.verdict
  const named = cause === undefined ? {} : { cause }
  if (calledPerson !== undefined) {
    // A guard that is cut off is one trouble, however many targets it can't see.
    const isMine = cause !== 'guard-offline' || (failingIds(fleet)[0] ?? target.id) === target.id
    const since = state.failingSince ?? state.unclearSince ?? calledPerson.at
    const thread = { thread: id('call', calledPerson.at), subject: 'warning' as const, since }
    return isMine ? { ...thread, ...named, number: 0, pressed: [] } : undefined
  }
  const known = state.alert
  const stands = lastVerdict?.verdict === 'degraded' && lastVerdict.cause === cause
  if (!stands || decision.verdict.verdict !== 'degraded' || cause === undefined) return undefined
  // It came back before it was over: the same thread.
  if (known?.subject === 'warning' && known.cause === cause && !known.thread.includes('-call-')) return known
  if (moment.now - lastVerdict.at < policy.alerts.warnAfterMs) return undefined
  return {
    thread: id(cause, lastVerdict.at),
    subject: 'warning',
    cause,
    since: lastVerdict.at,
    number: 0,
    pressed: [],
  }
}

function toldWarning(
  page: Page,
  alert: AlertState,
  { kind, decision, situation }: Omit<Telt, 'incident'> & { readonly kind: News['kind'] },
): Page {
  const { verdict, reason } = decision.verdict
  const { state } = page
  const { calledPerson } = state
  const isDown = alert.cause === 'stopped-by-person' && situation.observation.vm?.kind === 'seen'
  return told(
    page,
    alert,
    {
      kind,
      severity: calledPerson === undefined ? 'warning' : 'critical',
      reason: calledPerson?.reason ?? reason,
      verdict,
      ...(isDown && isVmDown(situation)
        ? { buttons: buttonsFor(state, { isDown: true, now: situation.moment.now }) }
        : {}),
    },
    situation,
  )
}

function isVmDown({ observation }: Situation): boolean {
  return observation.vm?.kind === 'seen' && observation.vm.status !== 'RUNNING'
}

/** Over only when it has been gone for a while, unless something else takes its place. */
function endedWarning(
  page: Page,
  alert: AlertState,
  { wanted, decision, situation }: Omit<Telt, 'incident'> & { readonly wanted: AlertState | undefined },
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

/** One target tells of the whole fleet: the one that does already, or the first that fails. */
const ofFleet: Step = (page, decision, situation) => {
  const { fleet, target, moment, policy } = situation
  const known = page.state.fleetAlert
  const { brake } = fleet
  if (brake.kind === 'off')
    return known === undefined ? page : fleetOver(page, known, { decision, situation })
  const teller =
    fleet.members.find(({ tellsThread }) => tellsThread !== undefined)?.id ?? failingIds(fleet)[0]
  if (teller !== target.id) return page
  // One look is no news, and of a guard that is cut off the fleet knows nothing.
  const isSure = moment.now - brake.since >= policy.confirmation.gapMinMs
  if (known === undefined && (!isSure || decision.verdict.verdict === 'inconclusive')) return page
  const isDue = known === undefined || (known.remindAt !== undefined && moment.now >= known.remindAt)
  if (!isDue) return page
  const alert = known ?? {
    thread: `fleet-${brake.since.toString(36)}`,
    subject: 'fleet',
    cause: 'fleet',
    since: brake.since,
    number: 0,
    pressed: [],
  }
  return toldOfFleet(page, alert, situation, {
    kind: known === undefined ? 'triggered' : 'reminder',
    severity: 'critical',
    reason: fleetWords(fleet),
    verdict: decision.verdict.verdict,
    targets: failingIds(fleet).slice(0, FLEET_NAMES_MAX),
  })
}

const FLEET_NAMES_MAX = 20
const TELLER_WITHIN_TICKS = 3

function fleetWords({ failing, total }: FleetView): string {
  return `${failing} of ${total} targets fail at once: destructive rungs are held, then released one at a time`
}

function fleetOver(page: Page, alert: AlertState, { decision, situation }: Omit<Telt, 'incident'>): Page {
  const { fleet, moment } = situation
  const news: News = {
    kind: 'resolved',
    severity: 'info',
    reason: `${fleet.failing} of ${fleet.total} targets fail now`,
    verdict: decision.verdict.verdict,
    endedAt: moment.now,
  }
  const { state, ...rest } = toldOfFleet(page, alert, situation, news)
  const { fleetAlert: _alert, ...over } = state
  return { ...rest, state: over }
}

function toldOfFleet(page: Page, alert: AlertState, situation: Situation, news: News): Page {
  const next = tellThread(alert, news, telling(situation))
  return {
    ...page,
    state: { ...page.state, fleetAlert: next.alert },
    notices: [...page.notices, next.notice],
  }
}
