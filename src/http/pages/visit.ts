/**
 * Who looks at a page, and how: language, time zone, theme, rights. Worked out once from the address, the cookies and
 * the headers; the pages only read it.
 */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { LANGUAGES, type Language, type Reader } from '../../core/channel.ts'
import type { Mode } from '../../core/policy.ts'
import type { Fault } from './faults.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export type Visit = {
  readonly language: Language
  /** An IANA name. */
  readonly timeZone: string
  /** Nobody chose a zone: the script may tell times in the browser's own. */
  readonly zoneIsOpen: boolean
  readonly theme: Theme
  readonly now: number
  /** The page's own address, with its query but without a choice of language or theme. */
  readonly address: string
  readonly mode: Mode
  /** Orders are offered to operators only. */
  readonly mayOrder: boolean
  readonly faults: readonly Fault[]
  /** How often the script asks for the live parts anew. */
  readonly refreshMs: number
  /** One line on each page. */
  readonly note?: string
}

export type VisitOptions = {
  readonly now: number
  readonly reader?: Partial<Reader>
} & Partial<Pick<Visit, 'mode' | 'mayOrder' | 'faults' | 'refreshMs' | 'note'>>

const LANGUAGE_COOKIE = 'night-guard-language'
const THEME_COOKIE = 'night-guard-theme'
const YEAR_SECONDS = 365 * 24 * 60 * 60

export function visitOf(context: Context, options: VisitOptions): Visit {
  const { now, reader = {}, mode = 'act', mayOrder = false, faults = [], refreshMs = 0, note } = options
  return {
    language: languageOf(context, reader.language ?? 'en'),
    timeZone: reader.timeZone ?? 'UTC',
    zoneIsOpen: reader.timeZone === undefined,
    theme:
      chosen(THEMES, context.req.query('theme')) ?? chosen(THEMES, cookie(context, THEME_COOKIE)) ?? 'auto',
    now,
    address: addressOf(context),
    mode,
    mayOrder,
    faults,
    refreshMs,
    ...(note === undefined ? {} : { note }),
  }
}

/** Language and theme that the address asks for are kept for the next pages; what differs by them says so. */
export function keepChoices(context: Context): void {
  const language = chosen(LANGUAGES, context.req.query('lang'))
  const theme = chosen(THEMES, context.req.query('theme'))
  if (language !== undefined) keep(context, LANGUAGE_COOKIE, language)
  if (theme !== undefined) keep(context, THEME_COOKIE, theme)
  context.header('vary', 'Cookie, Accept-Language')
}

function keep(context: Context, name: string, value: string): void {
  setCookie(context, name, value, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'Lax' })
}

function cookie(context: Context, name: string): string | undefined {
  return getCookie(context, name)
}

function chosen<Choice extends string>(
  choices: readonly Choice[],
  value: string | undefined,
): Choice | undefined {
  return choices.find((choice) => choice === value)
}

function languageOf(context: Context, otherwise: Language): Language {
  return (
    chosen(LANGUAGES, context.req.query('lang')) ??
    chosen(LANGUAGES, cookie(context, LANGUAGE_COOKIE)) ??
    acceptedLanguage(context.req.header('accept-language') ?? '') ??
    otherwise
  )
}

const ACCEPT_CHARS_MAX = 500

/** The first of ours by weight: `ko-KR,ko;q=0.9,en;q=0.8` is Korean. */
export function acceptedLanguage(header: string): Language | undefined {
  return header
    .slice(0, ACCEPT_CHARS_MAX)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
      const language = chosen(LANGUAGES, tag.split('-')[0])
      return { language, weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .find(({ language }) => language !== undefined)?.language
}

function addressOf(context: Context): string {
  const { pathname, searchParams } = new URL(context.req.url)
  searchParams.delete('lang')
  searchParams.delete('theme')
  const query = searchParams.toString()
  return query === '' ? pathname : `${pathname}?${query}`
}

/** An address with one member of its query set; `undefined` takes it away. */
export function withQuery(address: string, members: Readonly<Record<string, string | undefined>>): string {
  const [path = '/', before = ''] = address.split('?')
  const query = new URLSearchParams(before)
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) query.delete(name)
    else query.set(name, value)
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
