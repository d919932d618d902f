/** Writing notices into a thread: numbers, stories, buttons and reminders. When one is due is alerts.ts's. */

import type { Button } from './buttons.ts'
import type { Incident } from './incident.ts'
import type { Notice, NoticeKind, Severity, Standing, StoryLine } from './notice.ts'
import { NOTICE_SCHEMA, STORY_LINES_MAX } from './notice.ts'
import type { Policy } from './policy.ts'
import type { AlertState, TargetState, VerdictKind } from './state.ts'

/** What a notice says besides its thread. */
export type News = {
  readonly kind: NoticeKind
  readonly severity: Severity
  readonly reason: string
  readonly verdict: VerdictKind
  readonly endedAt?: number
  readonly incident?: Incident | undefined
  readonly targets?: readonly string[]
  readonly buttons?: readonly Button[]
  readonly standing?: Standing
}

export type Telling = { readonly policy: Policy; readonly target: string; readonly now: number }

export type Told = { readonly alert: AlertState; readonly notice: Notice }

/** The next notice of the thread, and the thread after it. */
export function tellThread(alert: AlertState, news: News, { policy, target, now }: Telling): Told {
  const number = alert.number + 1
  const { kind, severity, reason, verdict, standing, endedAt, incident, targets, buttons = [] } = news
  const offers = buttons.length > 0 && kind !== 'progress'
  const would = incident?.would.at(-1)
  const notice: Notice = {
    schema: NOTICE_SCHEMA,
    id: `${alert.thread}.${number}`,
    thread: alert.thread,
    number,
    target,
    kind,
    severity,
    at: now,
    verdict,
    reason,
    since: alert.since,
    story: storyOf(incident),
    ...(incident === undefined ? {} : { incidentId: incident.id }),
    ...(standing === undefined ? {} : { standing }),
    ...(alert.cause === undefined ? {} : { cause: alert.cause }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(endedAt === undefined || incident?.fixedBy === undefined ? {} : { fixedBy: incident.fixedBy }),
    ...(offers ? { offer: { buttons, offeredAt: now } } : offerStanding(alert, buttons)),
    ...(would === undefined || policy.mode === 'act'
      ? {}
      : { would: { rung: would.rung, ...(would.unit === undefined ? {} : { unit: would.unit }) } }),
    ...(targets === undefined ? {} : { targets }),
  }
  return { notice, alert: { ...alert, number, ...afterTelling(alert, news, { policy, target, now }) } }
}

/** An edited message keeps the buttons that it has; they are no younger for it. */
function offerStanding(
  { offeredAt, pressed }: AlertState,
  buttons: readonly Button[],
): Pick<Notice, 'offer'> {
  const left = buttons.filter((button) => !pressed.includes(button))
  return offeredAt === undefined || left.length === 0 ? {} : { offer: { buttons: left, offeredAt } }
}

function afterTelling(
  alert: AlertState,
  { kind, incident, buttons = [] }: News,
  { policy, now }: Telling,
): Partial<AlertState> {
  const storyTold = incident === undefined ? {} : { storyTold: entriesOf(incident) }
  const offered = buttons.length > 0 && kind !== 'progress' ? { offeredAt: now, pressed: [] } : {}
  const everyMs =
    alert.subject === 'warning' ? policy.alerts.remindWarningEveryMs : policy.alerts.remindEveryMs
  const reminded = kind === 'progress' || kind === 'resolved' ? {} : { remindAt: now + everyMs }
  return { ...storyTold, ...offered, ...reminded, ...(alert.toldAt === undefined ? { toldAt: now } : {}) }
}

/** How many entries the timeline has ever had. */
export function entriesOf({ timeline, timelineDropped }: Incident): number {
  return timeline.length + timelineDropped
}

/** The opening, and the newest entries after it. */
function storyOf(incident: Incident | undefined): readonly StoryLine[] {
  if (incident === undefined) return []
  const [opening, ...rest] = incident.timeline.filter(({ kind }) => kind !== 'alert')
  if (opening === undefined) return []
  return [opening, ...rest.slice(1 - STORY_LINES_MAX)]
}

/** What a person may do about it from the message; nothing that would be refused. */
export function buttonsFor(
  { breaker, pause, downSince }: TargetState,
  { policy, now }: { readonly policy: Policy; readonly now: number },
): readonly Button[] {
  const isPaused = pause !== undefined && now < pause.until
  const mayAct = breaker.kind === 'closed' && !isPaused && policy.mode === 'act'
  if (downSince !== undefined) return [...(mayAct ? (['start'] as const) : []), 'leave-off']
  return [...(mayAct ? (['recover'] as const) : []), ...(isPaused ? [] : (['pause'] as const)), 'leave-off']
}
