/** One target on the dashboard: the verdict and its reason first, then its past, workloads and orders. */
import { html } from 'hono/html'
import type { TargetView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { orderButtons } from './orders.ts'
import { sentenceOf } from './speech.ts'
import { workloadTone } from './target-details.ts'
import { incidentLink, notices, outlook } from './target-notices.ts'
import { shareText, uptimeBars, uptimeShares } from './uptime.ts'
import type { Visit } from './visit.ts'
import { type Html, icon, moment, named, phrase, VERDICT_TONES } from './words.ts'

export function targetCard(target: TargetView, visit: Visit): Html {
  const { id, verdict } = target
  const { language } = visit
  const troubled = verdict !== 'healthy' || target.phase !== 'watching'
  return html`
<article class="target" id="target-${id}" aria-labelledby="name-${id}"${signs(target, visit)}>
<header>
<h3><a id="name-${id}" href="/targets/${id}">${inert(id)}</a></h3>
<p class="verdict">${icon(verdict)}${named('verdict', verdict, language)}</p>
</header>
<div class="now">
<p class="reason">${sentenceOf(target.reason, visit)}</p>
${standing(target, visit)}
${notices(target, visit)}
${troubled ? outlook(target, visit) : ''}
${incidentLink(target, visit)}
</div>
<div class="past">
${uptimeBars(target.days, visit)}
${uptimeShares(target.uptime, visit)}
</div>
${workloadChips(target, visit)}
${visit.mayOrder ? orderButtons(target, visit) : ''}
</article>`
}

/** What the script watches for changes, and the words with which it tells of them. */
export function signs(target: TargetView, { language }: Visit): Html {
  const { id, verdict, phase, incidentId = '' } = target
  const busy = ['suspect', 'waiting', 'recovering', 'grace', 'probation'].includes(phase)
  return html` data-target="${id}" data-verdict="${verdict}" data-phase="${phase}" data-tone="${VERDICT_TONES[verdict]}" data-sign="${id} ${verdict} ${phase} ${encodeURIComponent(incidentId)}" data-says="${named('verdict', verdict, language)}"${busy ? html` data-busy` : ''}`
}

export function standing(target: TargetView, visit: Visit): Html {
  const { language } = visit
  const { cause, phaseSince, lastTickAt } = target
  const tag = cause === undefined ? '' : html`<span class="tag">${named('cause', cause, language)}</span>`
  const since = phaseSince === undefined ? '' : html` ${moment(phaseSince, visit, 'since')}`
  const looked =
    lastTickAt === undefined
      ? html`${say(language, 'not seen yet')}`
      : phrase(language, 'seen {when}', { when: moment(lastTickAt, visit) })
  return html`<p class="standing">${tag}<span><b>${named('phase', target.phase, language)}</b>${since}</span><span>${looked}</span></p>`
}

function workloadChips({ workloads }: TargetView, { language }: Visit): Html | '' {
  if (workloads.length === 0) return ''
  return html`<ul class="chips" aria-label="${say(language, 'Workloads')}">${workloads.map((workload) => {
    const state = workload.health ?? workload.state
    return html`
<li data-tone="${workloadTone(workload)}"><span class="dot"></span><code>${inert(workload.unit, 100)}</code>${state === undefined ? '' : html` <span class="soft">${inert(state, 100)}</span>`}</li>`
  })}</ul>`
}

/** A target among hundreds. */
export function targetRow(target: TargetView, visit: Visit): Html {
  const { id, verdict, uptime, days } = target
  return html`
<li class="row" id="target-${id}"${signs(target, visit)}><a id="name-${id}" href="/targets/${id}">${icon(verdict)}<span class="hidden">${named('verdict', verdict, visit.language)}</span><b>${inert(id)}</b></a>${uptimeBars(days, visit)}<span class="share">${shareText(uptime.days30, visit.language)}</span></li>`
}
