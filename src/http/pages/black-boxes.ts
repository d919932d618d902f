/** The black boxes of an incident: what a machine looked like just before it was rebooted or reset. Folded, and inert. */
import { html } from 'hono/html'
import type { BlackBoxView, IncidentView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import { sentenceOf } from './speech.ts'
import { type Visit, withQuery } from './visit.ts'
import { capital, fixedMoment, type Html, named, phrase } from './words.ts'

/** A box has 64 KiB at most, in lines of any length. */
const LINE_CHARS_MAX = 2_000

export function blackBoxes(incident: IncidentView, boxes: readonly BlackBoxView[], visit: Visit): Html {
  const { language } = visit
  const path = withQuery(`/fragments/incidents/${encodeURIComponent(incident.id)}/black-boxes`, {
    lang: language,
  })
  const gone = incident.blackBoxes.filter(({ id }) => !boxes.some((box) => box.id === id))
  const live = incident.state === 'closed' ? '' : html` data-fragment="${path}" data-when="changed"`
  if (incident.blackBoxes.length === 0) return html`<section id="boxes"${live} hidden></section>`
  return html`<section id="boxes" class="boxes"${live} aria-labelledby="boxes-title">
<h2 id="boxes-title">${say(language, 'Black box')}</h2>
<p class="none">${say(language, 'What the machine looked like just before it was rebooted or reset.')}</p>
${boxes.map((box, index) => blackBox(box, index, visit))}
${gone.length === 0 ? '' : html`<p class="none">${say(language, 'Not kept any more: {n}', { n: gone.length })}</p>`}
</section>`
}

function blackBox(box: BlackBoxView, index: number, visit: Visit): Html {
  const { language } = visit
  const title = phrase(language, 'Before the {action}, {when}', {
    action: named('rung', box.before, language),
    when: fixedMoment(box.at, visit),
  })
  return html`
<article class="box" aria-labelledby="box-${index}"><h3 id="box-${index}">${title}</h3>${box.sections.map(
    (section, number) => {
      const name = capital(named('section', section.name, language))
      if (section.kind === 'unavailable') {
        return html`
<p class="none"><b>${name}</b> ${say(language, 'not there:')} ${sentenceOf(section.detail, visit)}</p>`
      }
      const id = `box-${index}-${number}`
      return html`
<details class="details" id="${id}"><summary id="${id}-summary"><span>${name}</span> <span class="soft">${linesText(section.text, language)}${section.cut ? html`, ${say(language, 'cut')}` : ''}</span></summary>
<pre tabindex="0" role="region" aria-label="${name}">${inertLines(section.text)}</pre></details>`
    },
  )}</article>`
}

function linesText(text: string, language: Visit['language']): string {
  const lines = text.replace(/\n$/, '').split('\n').length
  return lines === 1 ? say(language, '1 line') : say(language, '{n} lines', { n: lines })
}

/** Line breaks break lines; everything else that a terminal or a browser might act upon is made visible. */
export function inertLines(text: string): string {
  return text
    .split('\n')
    .map((line) => inert(line, LINE_CHARS_MAX))
    .join('\n')
}
