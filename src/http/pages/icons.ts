/** The pages' icons, once a page, for `icon()`. Each has a shape of its own, so that colour isn't needed to tell them apart. */
import { html } from 'hono/html'
import type { Html } from './words.ts'

const SHAPES: Readonly<Record<string, string>> = {
  healthy: 'M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM6.2 10.3l2.6 2.6 5-5.4',
  degraded: 'M10 2.2 18.8 17.5H1.2ZM10 7.6v4.5M10 14.6v.1',
  unhealthy: 'M6.5 1.7h7l4.8 4.8v7l-4.8 4.8h-7l-4.8-4.8v-7ZM7.2 7.2l5.6 5.6m0-5.6-5.6 5.6',
  inconclusive:
    'M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM7.6 8a2.4 2.4 0 1 1 3.4 2.1c-.7.4-1 .8-1 1.5M10 14.3v.1',
  lantern: 'M7.2 4.6a2.8 2.8 0 0 1 5.6 0M5.6 4.6h8.8M6.4 4.6 5.4 16h9.2l-1-11.4M4.8 16h10.4v2.4H4.8Z',
  eye: 'M1.5 10S4.5 4.5 10 4.5 18.5 10 18.5 10 15.5 15.5 10 15.5 1.5 10 1.5 10ZM10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  pause: 'M7 4v12M13 4v12',
  next: 'M7.5 4.5 13 10l-5.5 5.5',
}

export function icons(): Html {
  return html`<svg class="sprite" aria-hidden="true" width="0" height="0">${Object.entries(SHAPES).map(
    ([name, path]) => html`
<symbol id="icon-${name}" viewBox="0 0 20 20"><path d="${path}"/>${name === 'lantern' ? flame() : ''}</symbol>`,
  )}
</svg>`
}

function flame(): Html {
  return html`<path class="flame" d="M10 7.8c1.6 1.7 2.1 2.7 2.1 3.7a2.1 2.1 0 0 1-4.2 0c0-1 .5-2 2.1-3.7Z"/>`
}
