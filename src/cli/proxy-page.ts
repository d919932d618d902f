/** What the proxy says itself: a page for a person, a problem for a page's script. It holds no key, token or cookie. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { say } from '../words/say.ts'
import type { Language } from './language.ts'
import type { Refusal } from './proxy-door.ts'
import { ALWAYS, NO_CONTENT_POLICY } from './proxy-headers.ts'
import { inert } from './terminal.ts'

const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 15vh auto; padding: 0 1.25rem; overflow-wrap: anywhere }
:lang(ko) { word-break: keep-all }
h1 { font-size: 1.6rem; line-height: 1.25; text-wrap: balance }
a { display: inline-block; padding: .6rem 0; color: inherit }
small { opacity: .75 }`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = [NO_CONTENT_POLICY, `style-src 'sha256-${STYLE_HASH}'`, "frame-ancestors 'none'"].join('; ')

export type RefuseOptions = {
  readonly refusal: Refusal
  readonly language: Language
  /** `close`: what is still coming of the request is not read. */
  readonly connection?: 'close' | 'keep'
}

export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { refusal, language, connection = 'keep' }: RefuseOptions,
): void {
  const { status, why } = refusal
  const { text, mend } = why.inWords(language)
  const isPage = wantsPage(request)
  const body = isPage
    ? pageOf({ status, text, mend }, language)
    : JSON.stringify({
        type: '/problems/nightguard-open',
        title: 'nightguard',
        status,
        detail: inert(text),
        mend: inert(mend),
      })
  response.writeHead(status, [
    ...ALWAYS.flat(),
    ...['cache-control', 'no-store'],
    ...['content-length', String(Buffer.byteLength(body))],
    ...['content-security-policy', POLICY],
    ...['content-type', isPage ? ['text/html', 'charset=utf-8'].join('; ') : 'application/problem+json'],
    ...(status === 405 ? ['allow', ['GET', 'HEAD', 'POST'].join(', ')] : []),
    ...(connection === 'close' ? ['connection', 'close'] : []),
  ])
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Whether a person's browser loads it, as against a page's script. */
export function wantsPage({ method = '', headers }: IncomingMessage): boolean {
  return ['GET', 'HEAD'].includes(method) && (headers.accept ?? '').includes('text/html')
}

type Words = { readonly status: number; readonly text: string; readonly mend: string }

function pageOf({ status, text, mend }: Words, language: Language): string {
  const title = markup(inert(text))
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Night Guard</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${markup(inert(mend))}</p>
<p><a href="/">${markup(say(language, 'Try again'))}</a></p>
<p><small>nightguard open, ${status}</small></p>
</main>
</body>
</html>
`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function markup(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
