/** `/shadow`: what the guard would have done in the last days, were it not to observe only. */
import { html } from 'hono/html'
import type { ShadowReport } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { duration } from '../../words/times.ts'
import { inert } from '../inert.ts'
import { page } from './layout.ts'
import { actionTitle, sentenceOf } from './speech.ts'
import { type Visit, withQuery } from './visit.ts'
import { fixedMoment, type Html, named, phrase } from './words.ts'

const RANGES_DAYS = [1, 7, 30, 90] as const

export function shadowPage(report: ShadowReport, days: number, visit: Visit): Html {
  const { language } = visit
  const many = report.targets.reduce((sum, { would }) => sum + would.length, 0)
  const outages = report.targets.reduce((sum, each) => sum + each.outages, 0)
  return page(
    {
      title: say(language, 'Shadow mode'),
      place: 'shadow',
      style: 'pages.css',
      body: html`<section class="headline" data-tone="quiet" aria-label="${say(language, 'Shadow mode')}">
<h1><span>${say(language, 'What it would have done')}</span></h1>
<p>${say(language, 'Outages in this time: {outages}. The guard would have acted this often: {many}.', { outages, many })}</p>
</section>
${report.mode === 'observe' ? '' : html`<p class="aside">${phrase(language, 'The guard acts now; only what it met while {mode} was set stands here.', { mode: html`<code>policy.mode: observe</code>` })}</p>`}
<nav class="choice filter" aria-label="${say(language, 'Time range')}">${RANGES_DAYS.map(
        (range) =>
          html`<a href="${withQuery('/shadow', { days: String(range) })}"${range === days ? html` aria-current="true"` : ''}>${range === 1 ? say(language, '24 h') : say(language, '{n} days', { n: range })}</a>`,
      )}</nav>
${report.targets.filter(({ would, outages: met }) => would.length > 0 || met > 0).map((each) => shadowOf(each, visit))}
${many === 0 && outages === 0 ? html`<p class="empty">${say(language, 'Nothing happened that it would have acted on.')}</p>` : ''}
${report.cut ? html`<p class="none">${say(language, 'There were more incidents than were looked through: choose a shorter time.')}</p>` : ''}`,
    },
    visit,
  )
}

function shadowOf({ id, outages, would }: ShadowReport['targets'][number], visit: Visit): Html {
  const { language } = visit
  return html`
<section class="shadow-target" aria-labelledby="shadow-${encodeURIComponent(id)}">
<header><h2 id="shadow-${encodeURIComponent(id)}"><a href="/targets/${encodeURIComponent(id)}">${inert(id)}</a></h2><p class="soft">${say(language, 'outages: {n}', { n: outages })}</p></header>
${would.length === 0 ? html`<p class="none">${say(language, 'It would have waited, or called a person.')}</p>` : html`<ol class="actions">${would.map((each) => item(each, visit))}</ol>`}
</section>`
}

type Would = ShadowReport['targets'][number]['would'][number]

function item(would: Would, visit: Visit): Html {
  const { language } = visit
  const lasted =
    would.lastedMs === undefined
      ? say(language, 'the outage still lasts')
      : say(language, 'the outage went on for {span}', { span: duration(would.lastedMs, language) })
  return html`
<li data-tone="warn"><p class="what"><b>${actionTitle(would, language)}</b> <span class="state">${named('cause', would.cause, language)}</span></p>
<p>${sentenceOf(would.reason, visit)}</p>
<p class="soft">${fixedMoment(would.at, visit)} · ${lasted} · <a href="/incidents/${encodeURIComponent(would.incidentId)}">${say(language, 'See the incident')}</a></p></li>`
}
