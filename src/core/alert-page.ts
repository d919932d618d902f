/** The page on which a decision's notices are put together, one step after the other: alerts.ts turns it over. */
import type { News } from './alert-thread.ts'
import { tellThread } from './alert-thread.ts'
import type { Decision } from './decision.ts'
import type { Incident } from './incident.ts'
import type { Notice } from './notice.ts'
import type { Situation } from './situation.ts'
import type { AlertState, TargetState } from './state.ts'

/** A decision's state and incident while notices are added to it. */
export type Page = {
  readonly state: TargetState
  readonly incident?: Incident
  readonly notices: readonly Notice[]
}

export type Step = (page: Page, decision: Decision, situation: Situation) => Page

export function withAlert(page: Page, alert: AlertState | undefined): Page {
  const { alert: _alert, ...rest } = page.state
  return { ...page, state: alert === undefined ? rest : { ...rest, alert } }
}

/** Adds the notice to the page and keeps the thread. */
export function told(page: Page, alert: AlertState, news: News, situation: Situation): Page {
  const { policy, target, moment } = situation
  const next = tellThread(alert, news, { policy, target: target.id, now: moment.now })
  const { incident } = news
  const numbered = incident === undefined ? {} : { incident: { ...incident, notices: next.alert.number } }
  return { ...withAlert(page, next.alert), ...numbered, notices: [...page.notices, next.notice] }
}
