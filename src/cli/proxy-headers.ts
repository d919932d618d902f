/**
 * Which headers the proxy passes on, in both directions. Lists of what may pass, not of what may not: a header that
 * nobody thought of stays here. The tokens are added by proxy-upstream.ts.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { cookiesIn } from './proxy-session.ts'

/** The browser's `Origin` and `Sec-Fetch-*` stay here: the service sees a program with a token. */
const ASKED = ['accept', 'accept-language', 'content-type', 'if-none-match', 'if-modified-since'] as const

/** What a visitor chose; all else in the jar of 127.0.0.1 belongs to other programs of this machine. */
const CHOICES = ['night-guard-language', 'night-guard-theme']
const CHOICE_VALUE = /^[\w-]{1,32}$/

/** No `Content-Length` and `Content-Encoding`: what arrives is decoded. No CORS, HSTS or `Clear-Site-Data`: this host is not the service's. */
const ANSWERED = [
  'age',
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-security-policy',
  'content-type',
  'cross-origin-opener-policy',
  'date',
  'etag',
  'expires',
  'last-modified',
  'permissions-policy',
  'retry-after',
  'vary',
] as const

export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Of every answer, whoever gave it. */
export const ALWAYS: HeaderList = [
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
]

/** Where an answer has none of its own: it runs, loads and sends nothing. */
export const NO_CONTENT_POLICY = ["default-src 'none'", "base-uri 'none'", "form-action 'none'"].join('; ')

export function askedHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const plain = ASKED.flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const choices = cookiesIn(headers.cookie ?? '').filter(isChoice)
  const cookie = choices.map(({ name, value }) => `${name}=${value}`).join('; ')
  return Object.fromEntries([...plain, ...(cookie === '' ? [] : [['cookie', cookie] as const])])
}

/** The language that the visitor chose on a page, as the cookie says it. */
export function chosenLanguage(headers: IncomingHttpHeaders): string | undefined {
  return cookiesIn(headers.cookie ?? '').find(({ name }) => name === CHOICES[0])?.value
}

/** All but `Location`. */
export function answeredHeaders(answer: Headers): HeaderList {
  const plain = ANSWERED.flatMap((name) => {
    const value = answer.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const policy = answer.has('content-security-policy')
    ? []
    : [['content-security-policy', NO_CONTENT_POLICY] as const]
  const cookies = answer.getSetCookie().flatMap((cookie) => {
    const passed = choiceSet(cookie)
    return passed === undefined ? [] : [['set-cookie', passed] as const]
  })
  return [...plain, ...policy, ...cookies, ...ALWAYS]
}

const KEPT_ATTRIBUTE =
  /^(?:path=\/[\w/-]*|max-age=-?\d{1,10}|expires=[\w ,:+-]{1,60}|samesite=(?:lax|strict)|httponly)$/i

/** Without `Domain` and `Secure`, with which a browser would not keep it for http://127.0.0.1. */
function choiceSet(cookie: string): string | undefined {
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim())
  const choice = cookiesIn(pair).find(isChoice)
  if (choice === undefined) return undefined
  return [`${choice.name}=${choice.value}`, ...attributes.filter((each) => KEPT_ATTRIBUTE.test(each))].join(
    '; ',
  )
}

function isChoice({ name, value }: { readonly name: string; readonly value: string }): boolean {
  return CHOICES.includes(name) && CHOICE_VALUE.test(value)
}

/** Where an answer leads, as a path of the proxy; `elsewhere` when that is not the service. */
export function whereTo(
  answer: Headers,
  { service, asked }: { readonly service: URL; readonly asked: URL },
): { readonly kind: 'nowhere' | 'elsewhere' } | { readonly kind: 'within'; readonly path: string } {
  const location = answer.get('location')
  if (location === null) return { kind: 'nowhere' }
  const url = URL.parse(location, asked)
  if (url === null || !isWithin(url, service)) return { kind: 'elsewhere' }
  const path = `/${url.pathname.slice(service.pathname.length)}${url.search}${url.hash}`
  return path.startsWith('//') ? { kind: 'elsewhere' } : { kind: 'within', path }
}

export function isWithin(url: URL, service: URL): boolean {
  return url.origin === service.origin && url.pathname.startsWith(service.pathname) && url.username === ''
}
