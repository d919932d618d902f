/** The shell of each page: head, masthead, what is true of the whole guard, footer. What is in it comes from the page. */
import { html } from 'hono/html'
import { assertNever } from '../../core/assert-never.ts'
import { LANGUAGES } from '../../core/channel.ts'
import { say } from '../../words/say.ts'
import { assetPath } from '../assets/assets.ts'
import { inert } from '../inert.ts'
import { icons } from './icons.ts'
import { THEMES, type Theme, type Visit, withQuery } from './visit.ts'
import { type Html, icon, phrase } from './words.ts'

export type Place = 'targets' | 'incidents' | 'shadow' | 'nowhere'

export type PageOptions = {
  readonly title: string
  readonly body: Html | readonly Html[]
  /** What it needs beside the common style. */
  readonly style?: 'pages.css' | 'docs.css'
  /** Which entry of the navigation the page belongs to. */
  readonly place?: Place
}

export function page(options: PageOptions, visit: Visit): Html {
  const { language, theme, refreshMs } = visit
  const zone = visit.zoneIsOpen ? '' : html` data-zone="${visit.timeZone}"`
  return html`<!doctype html>
<html lang="${language}"${theme === 'auto' ? '' : html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'auto' ? 'light dark' : theme}">
<meta name="theme-color" content="#0f141d">
<meta name="robots" content="noindex">
<title>${options.title} – Night Guard</title>
<link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath('style.css')}">
${options.style === undefined ? '' : html`<link rel="stylesheet" href="${assetPath(options.style)}">`}
<script type="module" src="${assetPath(language === 'ko' ? 'script.ko.js' : 'script.js')}"></script>
</head>
<body data-refresh-ms="${refreshMs}" data-now="${new Date(visit.now).toISOString()}"${zone}>
${icons()}
<a class="skip" href="#main">${say(language, 'To the content')}</a>
${masthead(options.place ?? 'nowhere', visit)}
<main id="main">
${options.body}
</main>
${footer(visit)}
<p id="connection" class="connection" role="alert" hidden></p>
<p id="announcer" class="announcer" role="status"></p>
</body>
</html>`
}

function masthead(place: Place, visit: Visit): Html {
  const { language, mode, note } = visit
  const link = (to: Place, href: string, text: string) =>
    html`<li><a href="${href}"${place === to ? html` aria-current="page"` : ''}>${text}</a></li>`
  return html`<header class="top">
<div class="bar">
<a class="brand" href="/">${icon('lantern')}<span>Night Guard</span></a>
<nav aria-label="${say(language, 'Pages')}"><ul>
${link('targets', '/', say(language, 'Targets'))}
${link('incidents', '/incidents', say(language, 'Incidents'))}
${mode === 'observe' || place === 'shadow' ? link('shadow', '/shadow', say(language, 'Shadow mode')) : ''}
</ul></nav>
</div>
${note === undefined ? '' : html`<p class="note">${say(language, inert(note))}</p>`}
${mode === 'observe' ? observing(visit) : ''}
</header>`
}

function observing({ language }: Visit): Html {
  const link = html`<a href="/shadow">${say(language, 'What it would have done')}</a>`
  return html`<p class="observing" id="observing">${icon('eye')}<span>${phrase(
    language,
    '{strong} It decides and records, and acts on nothing. {link}',
    {
      strong: html`<b>${say(language, 'The guard observes only.')}</b>`,
      link,
    },
  )}</span></p>`
}

function footer(visit: Visit): Html {
  const { language, address, timeZone } = visit
  const languages = LANGUAGES.map(
    (each) =>
      html`<a href="${withQuery(address, { lang: each })}" lang="${each}" hreflang="${each}"${each === language ? html` aria-current="true"` : ''}>${LANGUAGE_NAMES[each]}</a>`,
  )
  const themes = THEMES.map(
    (each) =>
      html`<a href="${withQuery(address, { theme: each })}" data-choose-theme="${each}"${each === visit.theme ? html` aria-current="true"` : ''}>${themeName(each, visit)}</a>`,
  )
  return html`<footer class="foot">
<nav class="choice" aria-label="${say(language, 'Language')}">${languages}</nav>
<nav class="choice" aria-label="${say(language, 'Appearance')}">${themes}</nav>
<p>${phrase(language, 'Times are in {zone}.', { zone: html`<span id="zone">${timeZone}</span>` })}</p>
<ul><li><a href="/shadow">${say(language, 'Shadow mode')}</a></li><li><a href="/docs">API</a></li></ul>
</footer>`
}

const LANGUAGE_NAMES = { en: 'English', ko: '한국어' } as const

function themeName(theme: Theme, { language }: Visit): string {
  switch (theme) {
    case 'auto':
      return say(language, 'As the system')
    case 'light':
      return say(language, 'Light')
    case 'dark':
      return say(language, 'Dark')
    default:
      return assertNever(theme)
  }
}
