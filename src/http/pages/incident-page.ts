/** `/incidents/{id}`: one incident in full: what happened when, what was done, and what ended it. */
import { html } from 'hono/html'
import type { BlackBoxView, IncidentView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { duration } from '../../words/times.ts'
import { inert } from '../inert.ts'
import { blackBoxes } from './black-boxes.ts'
import { causeExplained } from './cause-words.ts'
import { downMs, fixedByText, stateTone } from './incident-list.ts'
import { page } from './layout.ts'
import { actions, timeline, wouldHave } from './timeline.ts'
import { type Visit, withQuery } from './visit.ts'
import { dateOf, fixedMoment, type Html, moment, named, phrase } from './words.ts'

export function incidentPage(incident: IncidentView, boxes: readonly BlackBoxView[], visit: Visit): Html {
  return page(
    {
      title: `${inert(incident.target, 200)}: ${named('cause', incident.cause, visit.language)}`,
      place: 'incidents',
      style: 'pages.css',
      body: [incidentFragment(incident, visit), blackBoxes(incident, boxes, visit)],
    },
    visit,
  )
}

export function incidentFragment(incident: IncidentView, visit: Visit): Html {
  const { language, now } = visit
  const { id, state, cause, would } = incident
  const path = withQuery(`/fragments/incidents/${encodeURIComponent(id)}`, { lang: language })
  const live = state === 'closed' ? '' : html` data-fragment="${path}"`
  const sign = [state, incident.blackBoxes.length, incident.timeline.length].join(' ')
  return html`<article id="incident" class="incident" aria-labelledby="incident-title"${live} data-sign="${sign}" data-now="${new Date(now).toISOString()}"${state === 'closed' ? '' : html` data-busy`}>
<section class="headline" data-tone="${stateTone(state)}" aria-label="${say(language, 'The incident')}">
<p class="up"><a href="/incidents">${say(language, 'All incidents')}</a></p>
<h1 id="incident-title"><span>${targetLink(incident)} <span class="verdict-word">${named('cause', cause, language)}</span></span></h1>
<p class="standing"><span class="tag">${named('incident', state, language)}</span> <span>${opened(incident, visit)}</span></p>
</section>
${facts(incident, visit)}
${cause === 'manual' ? '' : html`<p class="explained">${causeExplained(cause, language)}</p>`}
<div class="columns">
<section aria-labelledby="timeline-title">
<h2 id="timeline-title">${say(language, 'Timeline')}</h2>
<p class="none">${dateOf(incident.openedAt, visit)}</p>
${timeline(incident, visit)}
</section>
<section aria-labelledby="actions-title">
<h2 id="actions-title">${say(language, 'What was done')}</h2>
${actions(incident, visit)}
${would.length === 0 ? '' : html`<h2 class="next-title">${say(language, 'What shadow mode would have done')}</h2>${wouldHave(incident, visit)}`}
</section>
</div>
<p class="exports"><a class="button" href="/api/incidents/${encodeURIComponent(id)}/markdown?lang=${language}" download>${say(language, 'Export as Markdown')}</a> <span class="none">${say(language, 'Incident')} <code>${inert(id)}</code></span></p>
</article>`
}

function targetLink({ target }: IncidentView): Html {
  return html`<a href="/targets/${encodeURIComponent(target)}">${inert(target, 200)}</a>`
}

function opened({ openedAt, openedBy }: IncidentView, visit: Visit): Html {
  const when = moment(openedAt, visit)
  return openedBy === 'guard'
    ? phrase(visit.language, 'opened {when} by the guard', { when })
    : phrase(visit.language, 'opened {when} by a person', { when })
}

function facts(incident: IncidentView, visit: Visit): Html {
  const { language } = visit
  const { beganAt, openedAt, recoveredAt, closedAt, relapses } = incident
  const ms = downMs(incident)
  const fixed = fixedByText(incident, language)
  const rows: readonly (readonly [string, Html | string | undefined])[] = [
    [say(language, 'Down for'), ms === undefined ? say(language, 'still') : duration(ms, language)],
    [say(language, 'Began'), fixedMoment(beganAt, visit)],
    [say(language, 'Confirmed after'), duration(Date.parse(openedAt) - Date.parse(beganAt), language)],
    [say(language, 'Well again'), recoveredAt === undefined ? undefined : fixedMoment(recoveredAt, visit)],
    [say(language, 'Fixed by'), fixed === undefined ? undefined : html`${fixed}${unproved(incident, visit)}`],
    [say(language, 'Fell ill again'), relapses === 0 ? undefined : timesText(relapses, language)],
    [say(language, 'Closed'), closedAt === undefined ? undefined : fixedMoment(closedAt, visit)],
  ]
  return html`<dl class="facts">${rows.map(([name, text]) =>
    text === undefined
      ? ''
      : html`
<div><dt>${name}</dt><dd>${text}</dd></div>`,
  )}
</dl>`
}

function timesText(many: number, language: Visit['language']): string {
  return many === 1 ? say(language, 'once') : say(language, '{n} times', { n: many })
}

function unproved({ fixedBy }: IncidentView, { language }: Visit): Html | '' {
  if (fixedBy?.kind !== 'action' || fixedBy.proved) return ''
  return html` <span class="soft">${say(language, '(well, but without proof)')}</span>`
}
