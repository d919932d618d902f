/** What a person must know of a target beside its verdict: trouble, pause, breaker, arming, and what comes next. */
import { html } from 'hono/html'
import { assertNever } from '../../core/assert-never.ts'
import type { TargetView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { actionTitle, sentenceOf } from './speech.ts'
import type { Visit } from './visit.ts'
import { type Html, moment, phrase, type Tone } from './words.ts'

export function notices(target: TargetView, visit: Visit): Html | '' {
  const lines = [troubleLine, breakerLine, pauseLine, armingLine].flatMap((line) => line(target, visit) ?? [])
  return lines.length === 0 ? '' : html`<ul class="notices">${lines}</ul>`
}

type Line = (target: TargetView, visit: Visit) => Html | undefined

function line(tone: Tone, { title, text }: { title: string; text: Html }): Html {
  return html`
<li data-tone="${tone}"><b>${title}</b> ${text}</li>`
}

const troubleLine: Line = ({ trouble }, visit) => {
  const { language } = visit
  if (trouble === undefined) return undefined
  const text = phrase(language, '{trouble}. Nothing is done until it can.', {
    trouble: sentenceOf(trouble, visit).replace(/\.$/, ''),
  })
  return line('bad', { title: say(language, "The guard can't act:"), text })
}

const breakerLine: Line = ({ breaker }, visit) => {
  const { language } = visit
  if (breaker.kind === 'closed') return undefined
  const text = phrase(language, '{since}: {reason}. Nothing is done until a person closes it.', {
    since: moment(breaker.since, visit, 'since'),
    reason: sentenceOf(breaker.reason, visit).replace(/\.$/, ''),
  })
  return line('bad', { title: say(language, 'Breaker open'), text })
}

const pauseLine: Line = ({ paused }, visit) => {
  const { language } = visit
  if (paused === undefined) return undefined
  const text = phrase(language, 'by {who}, ends {when}: {reason}', {
    who: inert(paused.by, 200),
    when: moment(paused.until, visit),
    reason: inert(paused.reason),
  })
  return line('warn', { title: say(language, 'Paused'), text })
}

const armingLine: Line = ({ armed, arming, trouble }, { language }) => {
  if (armed || trouble !== undefined) return undefined
  const why = arming?.kind === 'unarmed' ? arming.why : 'new'
  return line('warn', { title: say(language, 'Not armed:'), text: html`${unarmedWords(why, language)}` })
}

type Why = Extract<NonNullable<TargetView['arming']>, { kind: 'unarmed' }>['why']

function unarmedWords(why: Why, language: Visit['language']): string {
  switch (why) {
    case 'new':
      return say(language, 'it is acted on once it has been seen healthy.')
    case 'changed':
      return say(language, 'its configuration changed; it is acted on once it has been seen healthy.')
    case 'replaced':
      return say(language, 'it is another VM than before; a person has to arm it.')
    case 'state-lost':
      return say(language, 'what was known of it is lost; a person has to arm it.')
    default:
      return assertNever(why)
  }
}

export function incidentLink({ id, incidentId }: TargetView, { language }: Visit): Html | '' {
  if (incidentId === undefined) return ''
  return html`<p class="more"><a id="incident-link-${id}" href="/incidents/${encodeURIComponent(incidentId)}">${say(language, 'See the incident')}</a></p>`
}

/** What the guard would do next, and why; nothing where this process has not looked yet. */
export function outlook({ outlook: next, mode }: TargetView, visit: Visit): Html | '' {
  const { language } = visit
  if (next === undefined) return ''
  const title = mode === 'observe' ? say(language, 'It would do next:') : say(language, 'Next:')
  const what = next.rung === 'nothing' ? say(language, 'nothing') : actionTitle(next, language)
  const when =
    next.notBeforeAt === undefined
      ? ''
      : html` ${phrase(language, '(not before {time})', { time: moment(next.notBeforeAt, visit) })}`
  return html`<p class="next"><b>${title} ${what}</b>${when} – ${sentenceOf(next.why, visit)}</p>`
}
