/** An incident's timeline and its actions, each with its life: intended, issued, and what came of it. */
import { html } from 'hono/html'
import { assertNever } from '../../core/assert-never.ts'
import type { TimelineEntry } from '../../core/incident.ts'
import type { IncidentView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { actionTitle, sentenceOf } from './speech.ts'
import type { Visit } from './visit.ts'
import { capital, fixedMoment, type Html, named, phrase, type Tone, timelineTime } from './words.ts'

export function timeline(incident: IncidentView, visit: Visit): Html {
  const { language } = visit
  const dropped = incident.timelineDropped
  return html`<ol class="timeline">${incident.timeline.map(
    ({ at, kind, text }) => html`
<li data-tone="${entryTone(kind)}">${timelineTime(at, incident.openedAt, visit)}<div><span class="kind">${named('timeline', kind, language)}</span> <span class="text">${sentenceOf(text, visit)}</span></div></li>`,
  )}</ol>${dropped === 0 ? '' : html`<p class="none">${say(language, 'Left out because the timeline was full: {n}', { n: dropped })}</p>`}`
}

function entryTone(kind: TimelineEntry['kind']): Tone {
  switch (kind) {
    case 'opened':
    case 'call':
      return 'bad'
    case 'action':
    case 'would':
    case 'person':
      return 'warn'
    case 'verified':
    case 'closed':
      return 'good'
    case 'evidence':
    case 'waiting':
    case 'alert':
    case 'black-box':
      return 'quiet'
    default:
      return assertNever(kind)
  }
}

type IncidentAction = IncidentView['actions'][number]

export function actions({ actions: list }: IncidentView, visit: Visit): Html {
  const { language } = visit
  if (list.length === 0) return html`<p class="none">${say(language, 'Nothing was done.')}</p>`
  return html`<ol class="actions">${list.map(
    (action) => html`
<li data-tone="${actionTone(action)}"><p class="what"><b>${actionTitle(action, language)}</b> <span class="state">${named('status', action.status, language)}</span></p>
<p class="soft">${orderedBy(action, visit)}${action.attempt > 1 ? html`, ${say(language, 'attempt {n}', { n: action.attempt })}` : ''}${action.force ? html`, ${say(language, 'with force')}` : ''}</p>
<ol class="life">${life(action, visit)}</ol>
${result(action, visit)}</li>`,
  )}</ol>`
}

function orderedBy({ by, cause }: IncidentAction, { language }: Visit): Html {
  if (by.kind === 'guard') {
    return phrase(language, 'by the guard, because of: {cause}', { cause: named('cause', cause, language) })
  }
  return phrase(language, 'by {who}: {reason}', { who: inert(by.who, 200), reason: inert(by.reason) })
}

function life(action: IncidentAction, visit: Visit): readonly Html[] {
  const { language } = visit
  const steps = [
    [say(language, 'intended'), action.intendedAt],
    [say(language, 'issued'), action.issuedAt],
    [endName(action, language), action.endedAt],
  ] as const
  return steps.flatMap(([name, at]) =>
    at === undefined ? [] : [html`<li>${name} ${timelineTime(at, action.intendedAt, visit)}</li>`],
  )
}

function endName({ status }: IncidentAction, language: Visit['language']): string {
  return status === 'intended' || status === 'issued'
    ? say(language, 'ended')
    : named('status', status, language)
}

function result(action: IncidentAction, visit: Visit): Html | '' {
  const { language } = visit
  if (action.result === undefined) return ''
  const { kind, detail } = action.result
  const name = capital(named('result', kind, language))
  return html`<p class="soft">${name}${detail === undefined ? '' : html`: ${sentenceOf(detail, visit)}`}</p>`
}

function actionTone(action: IncidentAction): Tone {
  if (action.result?.kind === 'failed' || action.status === 'not-happened') return 'bad'
  if (action.status === 'proved') return 'good'
  return action.status === 'unknown' ? 'warn' : 'quiet'
}

/** What shadow mode would have done. */
export function wouldHave({ would }: IncidentView, visit: Visit): Html {
  const { language } = visit
  return html`<ol class="actions">${would.map(
    (each) => html`
<li data-tone="warn"><p class="what"><b>${actionTitle(each, language)}</b> <span class="state">${say(language, 'not done')}</span></p>
<p class="soft">${fixedMoment(each.at, visit)} · ${named('cause', each.cause, language)}</p>
<p>${sentenceOf(each.reason, visit)}</p></li>`,
  )}</ol>`
}
