/** `/targets/{id}`: everything of one target. Its charts are charts.ts's. */
import { html } from 'hono/html'
import type { HistoryView, IncidentView, TargetView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { causeExplained } from './cause-words.ts'
import { charts } from './charts.ts'
import { incidentList } from './incident-list.ts'
import { page } from './layout.ts'
import { orderButtons, orderCommands, orderDialog } from './orders.ts'
import { actionTitle, sentenceOf } from './speech.ts'
import { signs, standing } from './target-card.ts'
import { budgets, secrets, witnesses, workloads } from './target-details.ts'
import { incidentLink, notices } from './target-notices.ts'
import { troubledDays, uptimeBars, uptimeShares } from './uptime.ts'
import { type Visit, withQuery } from './visit.ts'
import { capital, type Html, icon, moment, named, phrase, VERDICT_TONES } from './words.ts'

export type TargetPage = {
  readonly target: TargetView
  readonly incidents: readonly IncidentView[]
  /** Of the last `days` days; absent where they could not be read. */
  readonly history?: HistoryView
  readonly days: number
}

export function targetPage({ target, incidents, history, days }: TargetPage, visit: Visit): Html {
  const { language, mayOrder } = visit
  return page(
    {
      title: `${target.id}: ${named('verdict', target.verdict, language)}`,
      place: 'targets',
      style: 'pages.css',
      body: [
        targetFragment(target, visit),
        charts({ target: target.id, days, ...(history === undefined ? {} : { history }) }, visit),
        targetIncidents(target.id, incidents, visit),
        mayOrder ? orderDialog(visit) : html``,
      ],
    },
    visit,
  )
}

/** What the script keeps fresh. */
export function targetFragment(target: TargetView, visit: Visit): Html {
  const { id, verdict } = target
  const { language } = visit
  const path = withQuery(`/fragments/targets/${id}`, { lang: language })
  return html`<div id="target" data-fragment="${path}" data-now="${new Date(visit.now).toISOString()}"${signs(target, visit)}>
<section class="headline" data-tone="${VERDICT_TONES[verdict]}" aria-label="${say(language, 'The target')}">
<p class="up"><a href="/">${say(language, 'All targets')}</a></p>
<h1>${icon(verdict)}<span>${inert(id)} <span class="verdict-word">${named('verdict', verdict, language)}</span></span></h1>
<p class="reason">${sentenceOf(target.reason, visit)}</p>
${standing(target, visit)}
</section>
<section class="acting" aria-label="${say(language, 'What is to be known, and orders')}">
${notices(target, visit)}
${incidentLink(target, visit)}
${visit.mayOrder ? html`${orderButtons(target, visit)}${orderCommands(target, visit)}` : ''}
</section>
<div class="columns">
<div>
${part('outlook', say(language, 'What the guard would do next'), nextSteps(target, visit))}
${part('witnesses', say(language, 'What each witness said'), witnesses(target, visit))}
${part('uptime', say(language, 'The last 90 days'), past(target, visit))}
</div>
<div>
${part('workloads', say(language, 'Workloads'), workloads(target.workloads, visit))}
${part('secrets', say(language, 'Secrets'), secrets(target.secrets, visit))}
${part('budgets', say(language, 'What the budgets leave'), budgets(target.budgets, visit))}
</div>
</div>
</div>`
}

function part(name: string, title: string, content: Html): Html {
  return html`<section class="part-box" aria-labelledby="${name}-title">
<h2 id="${name}-title">${title}</h2>
${content}
</section>`
}

function nextSteps(target: TargetView, visit: Visit): Html {
  const { language } = visit
  const { outlook: next, cause, phaseReason, mode } = target
  const explained =
    cause === undefined ? '' : html`<p class="explained">${causeExplained(cause, language)}</p>`
  const doing =
    phaseReason === undefined
      ? ''
      : html`<p class="soft">${phrase(language, 'Now: {phase} – {reason}', { phase: named('phase', target.phase, language), reason: sentenceOf(phaseReason, visit) })}</p>`
  if (next === undefined) {
    return html`<p>${say(language, 'Not known yet: it has not been looked at since the guard started.')}</p>${doing}${explained}`
  }
  const what = next.rung === 'nothing' ? say(language, 'Nothing') : actionTitle(next, language)
  const when =
    next.notBeforeAt === undefined
      ? ''
      : html` <span class="soft">${phrase(language, '(not before {time})', { time: moment(next.notBeforeAt, visit) })}</span>`
  const shadow = mode === 'observe' && next.rung !== 'nothing'
  return html`<p class="step"><b>${what}</b>${when}</p>
<p>${sentenceOf(next.why, visit)}${shadow ? html` <span class="soft">${say(language, 'It observes only, so it would be written down and not done.')}</span>` : ''}</p>
${doing}${explained}`
}

function past({ days, uptime }: TargetView, visit: Visit): Html {
  return html`${uptimeBars(days, visit)}
${uptimeShares(uptime, visit)}
<details class="details" id="days"><summary id="days-summary">${say(visit.language, 'Days with trouble')}</summary>
${troubledDays(days, visit)}
<p class="none">${say(visit.language, 'Days are days in UTC. Looks that nothing was concluded from are not counted.')}</p></details>`
}

export function targetIncidents(id: string, incidents: readonly IncidentView[], visit: Visit): Html {
  const { language } = visit
  const path = withQuery('/fragments/incidents', { target: id, lang: language })
  return html`<section id="incidents" class="incidents" data-fragment="${path}" data-when="changed" aria-labelledby="incidents-title">
<header><h2 id="incidents-title">${capital(say(language, 'Its latest incidents'))}</h2>${incidents.length === 0 ? '' : html`<a href="${withQuery('/incidents', { target: id })}">${say(language, 'All of them')}</a>`}</header>
${incidentList(incidents, visit)}
</section>`
}
