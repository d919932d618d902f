/** The shell of each page: head, icons, the place where news is told. What is in it comes from the page. */
import { html } from 'hono/html'
import { assetPath } from '../assets/assets.ts'
import { inert } from '../inert.ts'
import type { Html } from './words.ts'

export type PageOptions = {
  readonly title: string
  readonly body: Html | readonly Html[]
  readonly note?: string
  /** How often the script asks for the live parts anew. */
  readonly refreshMs?: number
}

export function page(options: PageOptions): Html {
  const { title, body, note, refreshMs } = options
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath('style.css')}">
<script type="module" src="${assetPath('script.js')}"></script>
</head>
<body${refreshMs === undefined ? '' : html` data-refresh-ms="${refreshMs}"`}>
${icons()}
<a class="skip" href="#main">To the content</a>
<header class="top">
<a class="brand" href="/"><svg class="icon" aria-hidden="true"><use href="#icon-lantern"></use></svg>Night Guard</a>
${note === undefined ? '' : html`<p class="note">${inert(note)}</p>`}
</header>
<main id="main">
${body}
</main>
<p id="connection" class="connection" role="alert" hidden></p>
<p id="announcer" class="announcer" role="status" aria-live="polite"></p>
</body>
</html>`
}

/** Symbols that `icon()` refers to; each has a shape of its own, so that colour isn't needed to tell them apart. */
function icons(): Html {
  return html`<svg class="sprite" aria-hidden="true" width="0" height="0">
<symbol id="icon-healthy" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="m6 10.4 2.7 2.7L14 7.6"/></symbol>
<symbol id="icon-degraded" viewBox="0 0 20 20"><path d="M10 1.8 19 17.6H1Z"/><path d="M10 7.4v4.4M10 14.3v.2"/></symbol>
<symbol id="icon-unhealthy" viewBox="0 0 20 20"><path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3Z"/><path d="m7 7 6 6m0-6-6 6"/></symbol>
<symbol id="icon-inconclusive" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9"/><path d="M7.6 8a2.4 2.4 0 1 1 3.4 2.1c-.7.4-1 .8-1 1.5M10 14.3v.2"/></symbol>
<symbol id="icon-lantern" viewBox="0 0 20 20"><path d="M7.2 4.6a2.8 2.8 0 0 1 5.6 0M5.6 4.6h8.8M6.4 4.6 5.4 16h9.2l-1-11.4M4.8 16h10.4v2.4H4.8Z"/><path d="M10 8.2c1.5 1.6 2 2.5 2 3.4a2 2 0 0 1-4 0c0-.9.5-1.8 2-3.4Z"/></symbol>
</svg>`
}
