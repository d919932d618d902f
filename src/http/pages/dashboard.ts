/** `/`: how the fleet is, target by target, and what happened lately. Works, without orders, with no script at all. */
import { html } from 'hono/html'
import type { IncidentView, TargetView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { incidentList } from './incident-list.ts'
import { page } from './layout.ts'
import { orderDialog, orderHint } from './orders.ts'
import { targetCard, targetRow } from './target-card.ts'
import { type Visit, withQuery } from './visit.ts'
import { type Html, icon, moment, phrase, VERDICT_TONES } from './words.ts'

/** A small fleet is shown in full; of a larger one only what needs a look. */
const SMALL_FLEET = 6
const CARDS_MAX = 12
export const TARGETS_A_PAGE = 100

export type Fleet = {
  readonly targets: readonly TargetView[]
  /** From 1. */
  readonly pageNumber: number
}

export function dashboardPage(fleet: Fleet, incidents: readonly IncidentView[], visit: Visit): Html {
  return page(
    {
      title: headline(fleet.targets, visit).text,
      place: 'targets',
      body: [
        targetsFragment(fleet, visit),
        incidentsFragment(incidents, visit),
        visit.mayOrder ? html`${orderHint(visit)}${orderDialog(visit)}` : html``,
      ],
    },
    visit,
  )
}

/** What the script asks for anew; it replaces the element of the same id. */
export function targetsFragment(fleet: Fleet, visit: Visit): Html {
  const { targets, pageNumber } = fleet
  const { text, verdict } = headline(targets, visit)
  const number = pageNumber === 1 ? undefined : String(pageNumber)
  const path = withQuery('/fragments/targets', { lang: visit.language, page: number })
  return html`<div id="targets" data-fragment="${path}" data-now="${new Date(visit.now).toISOString()}">
<section class="headline" data-tone="${VERDICT_TONES[verdict]}" aria-label="${say(visit.language, 'The fleet')}">
<h1>${icon(verdict)}<span>${text}</span></h1>
<p>${summary(targets, visit)}</p>
</section>
${targets.length === 0 ? nobody(visit) : lists(fleet, visit)}
</div>`
}

function nobody({ language }: Visit): Html {
  return html`<p class="empty">${phrase(
    language,
    'No target is configured. Add one to {file} and start the guard again.',
    { file: html`<code>nightguard.yaml</code>` },
  )}</p>`
}

function lists({ targets, pageNumber }: Fleet, visit: Visit): Html {
  const { language } = visit
  const sorted = targets.toSorted((one, other) => urgency(other) - urgency(one))
  const shown = sorted.slice((pageNumber - 1) * TARGETS_A_PAGE, pageNumber * TARGETS_A_PAGE)
  const carded = targets.length <= SMALL_FLEET ? shown : shown.filter((target) => urgency(target) > 0)
  const cards = carded.slice(0, Math.max(CARDS_MAX, SMALL_FLEET))
  const rows = shown.filter((target) => !cards.includes(target))
  return html`${
    cards.length === 0
      ? ''
      : html`<section aria-labelledby="cards-title">
<h2 id="cards-title" class="${rows.length === 0 ? 'hidden' : 'part'}">${rows.length === 0 ? say(language, 'Targets') : say(language, 'In need of a look')}</h2>
<div class="fleet">${cards.map((target) => targetCard(target, visit))}</div>
</section>`
  }
${
  rows.length === 0
    ? ''
    : html`<section aria-labelledby="rows-title">
<h2 id="rows-title" class="part">${cards.length === 0 ? say(language, 'Targets') : say(language, 'The others')}</h2>
<ul class="others">${rows.map((target) => targetRow(target, visit))}</ul>
</section>`
}
${pages(targets.length, pageNumber, visit)}`
}

function pages(many: number, pageNumber: number, { language }: Visit): Html | '' {
  const last = Math.ceil(many / TARGETS_A_PAGE)
  if (last <= 1) return ''
  const link = (number: number, text: string) =>
    number < 1 || number > last ? '' : html`<a href="${withQuery('/', { page: String(number) })}">${text}</a>`
  return html`<nav class="pages" aria-label="${say(language, 'Pages of targets')}">${link(pageNumber - 1, say(language, 'Previous'))}<span>${say(language, 'Page {n} of {last}', { n: pageNumber, last })}</span>${link(pageNumber + 1, say(language, 'Next'))}</nav>`
}

export function incidentsFragment(incidents: readonly IncidentView[], visit: Visit): Html {
  const { language } = visit
  const path = withQuery('/fragments/incidents', { lang: language })
  return html`<section id="incidents" class="incidents" data-fragment="${path}" data-when="changed" aria-labelledby="incidents-title">
<header><h2 id="incidents-title">${say(language, 'Latest incidents')}</h2>${incidents.length === 0 ? '' : html`<a href="/incidents">${say(language, 'All of them')}</a>`}</header>
${incidentList(incidents, visit)}
</section>`
}

/** What needs a person's eye first. */
export function urgency(target: TargetView): number {
  if (target.verdict === 'unhealthy') return target.phase === 'gave-up' ? 6 : 5
  if (target.trouble !== undefined) return 5
  if (target.verdict === 'degraded') return 4
  if (target.breaker.kind === 'open') return 4
  if (target.verdict === 'inconclusive') return 3
  if (target.incidentId !== undefined) return 2
  return target.paused !== undefined || !target.armed ? 1 : 0
}

type Headline = { readonly text: string; readonly verdict: TargetView['verdict'] }

export function headline(targets: readonly TargetView[], { language }: Visit): Headline {
  const many = (verdict: TargetView['verdict']) =>
    targets.filter((target) => target.verdict === verdict).length
  if (targets.length === 0) return { text: say(language, 'Nothing to guard yet'), verdict: 'inconclusive' }
  const unhealthy = many('unhealthy')
  if (unhealthy === 1) return { text: say(language, '1 target in trouble'), verdict: 'unhealthy' }
  if (unhealthy > 1)
    return { text: say(language, '{n} targets in trouble', { n: unhealthy }), verdict: 'unhealthy' }
  if (targets.some((target) => target.trouble !== undefined)) {
    return { text: say(language, 'The guard is hindered'), verdict: 'unhealthy' }
  }
  const degraded = many('degraded')
  if (degraded === 1) return { text: say(language, '1 target needs a look'), verdict: 'degraded' }
  if (degraded > 1)
    return { text: say(language, '{n} targets need a look', { n: degraded }), verdict: 'degraded' }
  if (many('inconclusive') > 0) return { text: say(language, 'Not sure yet'), verdict: 'inconclusive' }
  return { text: say(language, 'All is well'), verdict: 'healthy' }
}

function summary(targets: readonly TargetView[], visit: Visit): Html {
  const healthy = targets.filter((target) => target.verdict === 'healthy').length
  // ISO times in UTC sort as text.
  const lastTickAt = targets
    .flatMap((target) => target.lastTickAt ?? [])
    .toSorted()
    .at(-1)
  const values = { healthy, all: targets.length }
  if (lastTickAt === undefined)
    return phrase(visit.language, '{healthy} of {all} healthy, no look yet', values)
  return phrase(visit.language, '{healthy} of {all} healthy, last look {when}', {
    ...values,
    when: moment(lastTickAt, visit),
  })
}
