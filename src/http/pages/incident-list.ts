/** Incidents as a list, a line each. One in full is incident-page.ts's. */
import { html } from 'hono/html'
import { assertNever } from '../../core/assert-never.ts'
import type { IncidentView } from '../../core/report.ts'
import { nameOf } from '../../words/names.ts'
import { say } from '../../words/say.ts'
import { duration } from '../../words/times.ts'
import { inert } from '../inert.ts'
import { actionTitle } from './speech.ts'
import type { Visit } from './visit.ts'
import { capital, type Html, moment, named, phrase, type Tone } from './words.ts'

export function incidentList(incidents: readonly IncidentView[], visit: Visit): Html {
  if (incidents.length === 0) {
    return html`<p class="empty">${say(visit.language, 'No incident so far. When something breaks, what was seen and done stands here.')}</p>`
  }
  return html`<ol class="incident-list">${incidents.map((incident) => incidentItem(incident, visit))}</ol>`
}

function incidentItem(incident: IncidentView, visit: Visit): Html {
  const { language } = visit
  const { id, target, cause, state, openedAt } = incident
  const key = encodeURIComponent(id)
  const fixed = fixedByText(incident, language)
  return html`
<li id="incident-${key}" data-tone="${stateTone(state)}"><a href="/incidents/${key}" id="to-incident-${key}"><span class="dot"></span><span class="what"><b>${inert(target, 200)}</b> ${named('cause', cause, language)}</span><span class="state">${named('incident', state, language)}</span><span class="when">${moment(openedAt, visit)}${lastedText(incident, language)}${fixed === undefined ? '' : html` · ${fixed}`}</span></a></li>`
}

function lastedText(incident: IncidentView, language: Visit['language']): Html | '' {
  const ms = downMs(incident)
  return ms === undefined
    ? ''
    : html` · ${phrase(language, 'down for {span}', { span: duration(ms, language) })}`
}

/** How long the outage lasted, from the first failing look to the first well one; undefined while it does. */
export function downMs({ beganAt, recoveredAt, closedAt }: IncidentView): number | undefined {
  const end = recoveredAt ?? closedAt
  return end === undefined ? undefined : Math.max(0, Date.parse(end) - Date.parse(beganAt))
}

/** What ended it, as far as can be told. */
export function fixedByText({ fixedBy }: IncidentView, language: Visit['language']): string | undefined {
  if (fixedBy === undefined) return undefined
  if (fixedBy.kind !== 'action') return capital(nameOf('fix', fixedBy.kind, language))
  const action = actionTitle(fixedBy, language)
  return fixedBy.by === 'guard'
    ? say(language, '{action} by the guard', { action })
    : say(language, '{action} by a person', { action })
}

export function stateTone(state: IncidentView['state']): Tone {
  switch (state) {
    case 'open':
    case 'acting':
    case 'gave-up':
      return 'bad'
    case 'probation':
      return 'warn'
    case 'closed':
      return 'quiet'
    default:
      return assertNever(state)
  }
}
