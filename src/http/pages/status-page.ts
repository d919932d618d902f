/**
 * `/status` for outsiders: one calm page without a script. It has a shell of its own, for it leads nowhere into the
 * guard. What may be shown at all is status-view.ts's word.
 */
import { html } from 'hono/html'
import { LANGUAGES, type Language, type Reader } from '../../core/channel.ts'
import { say } from '../../words/say.ts'
import { clockTime, zoneOf } from '../../words/times.ts'
import { assetPath } from '../assets/assets.ts'
import { inert } from '../inert.ts'
import { statusBars } from './status-bars.ts'
import type { PublicTarget, StatusView } from './status-view.ts'
import { aboutHowLong, dayName, overallWords, PUBLIC_TONES, publicWord } from './status-words.ts'
import { type Html, percent, phrase } from './words.ts'

const OUTAGES_SHOWN = 20
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' }

/** The reader's choices, which the address carries. */
export type StatusVisit = Reader & { readonly reloads: boolean }

export function statusPage(view: StatusView, reader: StatusVisit): Html {
  const { language } = reader
  const title = inert(view.title, 200)
  const overall = overallWords(view, language)
  const time = html`<time datetime="${new Date(view.at).toISOString()}">${clockTime(view.at, reader)} ${zoneOf(reader)}</time>`
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${overall} – ${title}</title>
<link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath('status.css')}">
</head>
<body>
<main>
<header data-tone="${PUBLIC_TONES[view.word]}">
<p class="status-title">${title}</p>
<h1>${mark()}<span>${overall}</span></h1>
<p class="status-soft">${phrase(language, 'As of {time}', { time })}</p>
</header>
<section class="status-targets" aria-label="${say(language, 'Systems')}">
${view.targets.map((target) => targetRow(target, { language, now: view.at }))}
</section>
<section aria-labelledby="outages">
<h2 id="outages">${say(language, 'Downtime in the last 90 days')}</h2>
${outages(view, language)}
</section>
</main>
<footer>
<p class="status-soft">${say(language, 'Days are counted in UTC.')} ${reloading(reader)}</p>
<nav aria-label="${say(language, 'Language')}">${LANGUAGES.map((each) => languageLink(each, reader))}</nav>
</footer>
</body>
</html>`
}

/** A lamp; the word stands beside it. */
function mark(): Html {
  return html`<svg class="status-mark" aria-hidden="true" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><circle cx="10" cy="10" r="4.5"/></svg>`
}

function targetRow(target: PublicTarget, { language, now }: { language: Language; now: number }): Html {
  const { name, word, uptime } = target
  return html`<article data-tone="${PUBLIC_TONES[word]}">
<h2>${inert(name, 100)}</h2>
<p class="status-word">${mark()}${publicWord(word, language)}</p>
${statusBars(target, { language, now })}
<p class="status-span"><span>${say(language, '90 days ago')}</span><span>${
    uptime === undefined
      ? say(language, 'No figures yet')
      : say(language, '{percent} up', { percent: percent(uptime) })
  }</span><span>${say(language, 'Today')}</span></p>
</article>`
}

/** Newest first. */
function outages({ targets }: StatusView, language: Language): Html {
  const all = targets.flatMap(({ name, days }) =>
    days.flatMap(({ day, downMs }) => (downMs > 0 ? [{ name, day, downMs }] : [])),
  )
  if (all.length === 0) return html`<p class="status-soft">${say(language, 'None.')}</p>`
  const newest = all.toSorted((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0))
  const more = newest.length - OUTAGES_SHOWN
  return html`<ul class="status-outages">${newest.slice(0, OUTAGES_SHOWN).map(
    ({ name, day, downMs }) => html`
<li><time datetime="${day}">${dayName(day, language)}</time> <b>${inert(name, 100)}</b> <span>${say(language, 'down for about {time}', { time: aboutHowLong(downMs, language) })}</span></li>`,
  )}</ul>${
    more > 0
      ? html`<p class="status-soft">${say(language, 'And {count} earlier ones.', { count: more })}</p>`
      : ''
  }`
}

/** A page that changes under its reader must be possible to stop. */
function reloading({ language, reloads }: StatusVisit): Html {
  const query = queryOf({ language, reloads: !reloads })
  return reloads
    ? html`${say(language, 'This page reloads itself every minute.')} <a href="${query}">${say(language, 'Stop that')}</a>`
    : html`<a href="${query}">${say(language, 'Reload every minute')}</a>`
}

function languageLink(language: Language, { language: current, reloads }: StatusVisit): Html {
  const name = LANGUAGE_NAMES[language]
  if (language === current) return html`<span lang="${language}" aria-current="true">${name}</span> `
  return html`<a href="${queryOf({ language, reloads })}" lang="${language}" hreflang="${language}">${name}</a> `
}

function queryOf({ language, reloads }: Omit<StatusVisit, 'timeZone'>): string {
  return `?lang=${language}${reloads ? '' : '&reload=no'}`
}
