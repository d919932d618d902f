/** `/incidents`: all that are kept, newest first, a page at a time, of all targets or one. */
import { html } from 'hono/html'
import type { IncidentView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { incidentList } from './incident-list.ts'
import { page } from './layout.ts'
import { type Visit, withQuery } from './visit.ts'
import type { Html } from './words.ts'

export const INCIDENTS_A_PAGE = 50

export type IncidentsPage = {
  readonly incidents: readonly IncidentView[]
  readonly target?: string
  /** Of the next page. */
  readonly cursor?: string
  /** The newest ones are not on this page. */
  readonly isLater: boolean
}

export function incidentsPage(options: IncidentsPage, visit: Visit): Html {
  const { language } = visit
  const { incidents, target, cursor, isLater } = options
  const title = say(language, 'Incidents')
  const newest = withQuery('/incidents', { target })
  return page(
    {
      title: target === undefined ? title : `${title}: ${inert(target, 200)}`,
      place: 'incidents',
      style: 'pages.css',
      body: html`<section class="headline" data-tone="quiet" aria-label="${say(language, 'Incidents')}">
<h1><span>${title}</span></h1>
<p>${say(language, 'Newest first.')}</p>
</section>
${filter(options, visit)}
<section class="incidents" aria-label="${say(language, 'List of incidents')}">
${incidentList(incidents, visit)}
<nav class="pages" aria-label="${say(language, 'Pages of incidents')}">${isLater ? html`<a href="${newest}">${say(language, 'Newest')}</a>` : ''}${cursor === undefined ? '' : html`<a href="${withQuery(newest, { cursor })}">${say(language, 'Older')}</a>`}</nav>
</section>`,
    },
    visit,
  )
}

const FILTERS_MAX = 12

/** The targets of what is listed: each is a filter. The whole fleet isn't read for it. */
function filter({ incidents, target }: IncidentsPage, { language }: Visit): Html | '' {
  const listed = [...new Set(incidents.map((incident) => incident.target))].toSorted().slice(0, FILTERS_MAX)
  const ids = target === undefined || listed.includes(target) ? listed : [target, ...listed]
  if (ids.length < 2 && target === undefined) return ''
  const link = (id: string | undefined, text: string) =>
    html`<a href="${withQuery('/incidents', { target: id })}"${id === target ? html` aria-current="true"` : ''}>${text}</a>`
  return html`<nav class="choice filter" aria-label="${say(language, 'Only of one target')}">${link(undefined, say(language, 'All targets'))}${ids.map((id) => link(id, inert(id, 100)))}</nav>`
}
