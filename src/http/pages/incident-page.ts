/** `/incidents/{id}`: one incident in full, its timeline and its actions. */
import { html } from 'hono/html'
import type { IncidentView } from '../../core/report.ts'
import { inert } from '../inert.ts'
import { lasted, stateTone, timeline } from './incident-list.ts'
import { page } from './layout.ts'
import { clockTime, type Html, moment, type Tone } from './words.ts'

export function incidentPage(
  incident: IncidentView,
  options: { readonly now: number; readonly refreshMs: number; readonly note?: string },
): Html {
  const { now, refreshMs, note } = options
  return page({
    title: `${inert(incident.target)}: ${incident.cause} – Night Guard`,
    refreshMs,
    ...(note === undefined ? {} : { note }),
    body: incidentFragment(incident, now),
  })
}

type IncidentAction = IncidentView['actions'][number]

export function incidentFragment(incident: IncidentView, now: number): Html {
  const path = `/fragments/incidents/${encodeURIComponent(incident.id)}`
  const live = incident.state === 'closed' ? '' : html` data-fragment="${path}"`
  return html`<article id="incident" class="incident"${live} data-now="${new Date(now).toISOString()}">
<p><a href="/">All targets</a></p>
<section class="headline" data-tone="${stateTone(incident.state)}" aria-label="The incident">
<h1><span>${inert(incident.target)}: ${incident.cause}</span></h1>
<p><span class="tag">${incident.state}</span> opened ${moment(incident.openedAt, now, 'at')} by ${incident.openedBy === 'guard' ? 'the guard' : 'a person'}${lasted(incident)}</p>
</section>
<div class="columns">
<section aria-labelledby="timeline-title">
<h2 id="timeline-title">Timeline</h2>
<p class="none">Times are UTC, ${incident.openedAt.slice(0, 10)}</p>
${timeline(incident)}
</section>
<section aria-labelledby="actions-title">
<h2 id="actions-title">Actions</h2>
${actions(incident.actions)}
</section>
</div>
<p class="none">Incident <code>${inert(incident.id)}</code></p>
</article>`
}

function actions(list: IncidentView['actions']): Html {
  if (list.length === 0) return html`<p class="empty">Nothing was done.</p>`
  return html`<ol class="actions">${list.map(
    (action) => html`
<li data-tone="${actionTone(action)}"><p><b>${action.rung}</b>${action.unit === undefined ? '' : html` <code>${inert(action.unit)}</code>`} <span class="state">${action.status}</span></p>
<p>${action.by.kind === 'guard' ? html`by the guard, for ${inert(action.cause)}` : html`by ${inert(action.by.who)}: ${inert(action.by.reason)}`}, attempt ${action.attempt}${action.force ? ', with force' : ''}</p>
<p>intended ${clockTime(action.intendedAt)}${step('issued', action.issuedAt)}${step('ended', action.endedAt)}</p>
${result(action)}</li>`,
  )}</ol>`
}

function step(name: string, at: string | undefined): Html | '' {
  return at === undefined ? '' : html`, ${name} ${clockTime(at)}`
}

function result(action: IncidentAction): Html | '' {
  if (action.result === undefined) return ''
  const { kind, detail } = action.result
  return html`<p>${kind}${detail === undefined ? '' : html`: ${inert(detail)}`}</p>`
}

function actionTone(action: IncidentAction): Tone {
  if (action.result?.kind === 'failed' || action.status === 'not-happened') return 'bad'
  if (action.status === 'proved') return 'good'
  return action.status === 'unknown' ? 'warn' : 'quiet'
}
