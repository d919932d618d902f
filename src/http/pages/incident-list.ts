/** Incidents as a list, each with its timeline folded in. One in full is incident-page.ts's. */
import { html } from 'hono/html'
import { assertNever } from '../../core/assert-never.ts'
import type { TimelineEntry } from '../../core/incident.ts'
import type { IncidentView } from '../../core/report.ts'
import { inert } from '../inert.ts'
import { clockTime, duration, type Html, moment, type Tone } from './words.ts'

export function incidentList(incidents: readonly IncidentView[], now: number): Html {
  if (incidents.length === 0) {
    return html`<p class="empty">No incident so far. When something breaks, what was seen and done stands here.</p>`
  }
  return html`<ol class="incident-list">${incidents.map((incident) => incidentItem(incident, now))}</ol>`
}

function incidentItem(incident: IncidentView, now: number): Html {
  const key = encodeURIComponent(incident.id)
  return html`
<li id="incident-${key}" data-tone="${stateTone(incident.state)}">
<details id="timeline-${key}">
<summary id="incident-summary-${key}"><span class="dot" data-tone="${stateTone(incident.state)}"></span><span class="what"><b>${inert(incident.target)}</b> ${incident.cause}</span><span class="state">${incident.state}</span><span class="when">${moment(incident.openedAt, now)}${lasted(incident)}</span></summary>
${timeline(incident)}
<p><a href="/incidents/${key}">The whole incident</a></p>
</details>
</li>`
}

export function lasted(incident: IncidentView): string {
  return incident.closedAt === undefined
    ? ''
    : `, lasted ${duration(Date.parse(incident.closedAt) - Date.parse(incident.openedAt))}`
}

export function timeline(incident: IncidentView): Html {
  const dropped = incident.timelineDropped
  return html`<ol class="timeline">${incident.timeline.map(
    (entry) => html`
<li data-tone="${entryTone(entry.kind)}">${clockTime(entry.at)}<span class="kind">${entry.kind}</span><span class="text">${inert(entry.text)}</span></li>`,
  )}</ol>${dropped === 0 ? '' : html`<p class="none">${dropped} more left out: the timeline was full.</p>`}`
}

export function stateTone(state: IncidentView['state']): Tone {
  switch (state) {
    case 'open':
    case 'acting':
      return 'bad'
    case 'gave-up':
      return 'bad'
    case 'probation':
      return 'warn'
    case 'closed':
      return 'good'
    default:
      return assertNever(state)
  }
}

function entryTone(kind: TimelineEntry['kind']): Tone {
  switch (kind) {
    case 'opened':
    case 'call':
      return 'bad'
    case 'action':
    case 'person':
      return 'warn'
    case 'verified':
    case 'closed':
      return 'good'
    case 'evidence':
    case 'waiting':
      return 'quiet'
    default:
      return assertNever(kind)
  }
}
