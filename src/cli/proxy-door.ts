/**
 * What the proxy lets in, by a request's head alone: who asks from where, by which name, for what. Whose cookie it is
 * is proxy-session.ts's business, and what is passed on proxy-headers.ts's.
 */
import type { IncomingMessage } from 'node:http'
import { Failure } from './failure.ts'

/** What a browser is told in place of an answer. */
export type Refusal = { readonly status: number; readonly why: Failure }

/** The page's script sends it with each order; another site's page can't without asking first, which is refused. */
export const PAGE_HEADER = 'x-night-guard-page'
const METHODS = ['GET', 'HEAD', 'POST']
const TARGET_CHARS_MAX = 8 * 1024
/** RFC 3986's path characters, and what browsers leave as it is in a query. */
const TARGET = /^\/(?!\/)[\w\-.~%!$&'()*+,;=:@/]*(?:\?[!#-;=?-[\]-~]*)?$/

/** Undefined for a request that may go on to be asked for its cookie. */
export function refusalAtDoor(request: IncomingMessage, { port }: { readonly port: number }) {
  return wrongPeer(request) ?? wrongHost(request, port) ?? wrongTarget(request) ?? wrongPage(request)
}

/** What a request that changes something must be beside that: from this proxy's own page. */
export function refusalOfWrite(request: IncomingMessage): Refusal | undefined {
  const { headersDistinct } = request
  const origin = headersDistinct['origin'] ?? []
  if (origin.length !== 1 || origin[0] !== `http://${hostOf(request)}`) return foreignPage()
  if (headersDistinct[PAGE_HEADER]?.[0] !== '1') {
    return refusal(403, {
      text: 'The request does not come from the script of the dashboard',
      mend: 'Reload the page. If that does not help, the service is older than this command: update it',
    })
  }
  const type = headersDistinct['content-type'] ?? []
  if (type.length !== 1 || !/^application\/json(?:\s*;|$)/i.test(type[0] ?? '')) {
    return refusal(415, { text: 'Only JSON is passed on', mend: 'Use the buttons of the dashboard' })
  }
  return undefined
}

type Said = { readonly text: string; readonly mend: string }

export function refusal(status: number, { text, mend }: Said): Refusal {
  return { status, why: new Failure({ text }, { mend: { text: mend } }) }
}

function wrongPeer({ socket }: IncomingMessage): Refusal | undefined {
  if (/^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')) return undefined
  return refusal(403, {
    text: 'Only this machine may ask',
    mend: 'Run nightguard open on the machine where your browser is',
  })
}

/** A name that somebody points at this machine (DNS rebinding) is not ours. */
function wrongHost(request: IncomingMessage, port: number): Refusal | undefined {
  const names = ['127.0.0.1', 'localhost'].flatMap((name) => [
    `${name}:${port}`,
    ...(port === 80 ? [name] : []),
  ])
  if ((request.headersDistinct['host'] ?? []).length === 1 && names.includes(hostOf(request)))
    return undefined
  return refusal(421, {
    text: 'This is not a name by which the dashboard is reached',
    mend: 'Use the link that nightguard open prints',
  })
}

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').toLowerCase()
}

function wrongTarget({ method = '', url = '', headers }: IncomingMessage): Refusal | undefined {
  if (!METHODS.includes(method)) {
    return refusal(405, { text: 'This is not passed on', mend: 'Use the buttons of the dashboard' })
  }
  if (url.length <= TARGET_CHARS_MAX && isPlainTarget(url) && headers.upgrade === undefined) return undefined
  return refusal(400, { text: 'This is no address of the service', mend: 'Go to the first page' })
}

/** Nothing that names another host, leads upwards, or means another path to whoever decodes it once more. */
function isPlainTarget(target: string): boolean {
  if (!TARGET.test(target)) return false
  const [path = ''] = target.split('?')
  return path.split('/').every((segment) => {
    if (/%(?![0-9a-f]{2})|%(?:00|2f|5c)/i.test(segment)) return false
    return !['.', '..'].includes(segment.replaceAll(/%2e/gi, '.'))
  })
}

/**
 * `SameSite` counts all ports of a host as one site. So a page of another port may send the cookie, and is stopped
 * here: it may lead a person to the dashboard, and nothing else. Old browsers don't say who asks.
 */
function wrongPage({ method, headers }: IncomingMessage): Refusal | undefined {
  const site = headers['sec-fetch-site'] ?? 'none'
  const isVisit = method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && isDocument(headers)
  return site === 'same-origin' || site === 'none' || isVisit ? undefined : foreignPage()
}

function isDocument(headers: IncomingMessage['headers']): boolean {
  return headers['sec-fetch-dest'] === 'document'
}

function foreignPage(): Refusal {
  return refusal(403, {
    text: 'The request comes from a page of another site',
    mend: 'Use the link that nightguard open prints',
  })
}
