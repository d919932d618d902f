/**
 * Times and durations as a reader wants them: in the reader's zone and language, on a 24-hour clock. Pure: what time
 * it is now is told. Digits are put together here, so that they do not change with Node's locale data.
 */
import type { Language, Reader } from '../core/channel.ts'

export type Precision = 'minutes' | 'seconds'

/** Epoch milliseconds, or an ISO 8601 text as the API tells times. */
export type Instant = number | string

/** `03:12`, or `03:12:05` to the second. */
export function clockTime(at: Instant, reader: Reader, precision: Precision = 'minutes'): string {
  const parts = partsOf(at, reader)
  return parts === undefined ? unknownTime(reader.language) : clockOf(parts, precision)
}

/** `2026-11-22 03:12`, `2026년 11월 22일 03:12`. */
export function dateTime(at: Instant, reader: Reader, precision: Precision = 'minutes'): string {
  const parts = partsOf(at, reader)
  if (parts === undefined) return unknownTime(reader.language)
  return `${dayOf(parts, reader.language)} ${clockOf(parts, precision)}`
}

/** The clock time where it is on the same day as `beside`, with the date where it is not. */
export function timeBeside(
  at: Instant,
  { beside, reader, precision = 'minutes' }: { beside: Instant; reader: Reader; precision?: Precision },
): string {
  const one = partsOf(at, reader)
  const other = partsOf(beside, reader)
  const sameDay =
    one !== undefined && other !== undefined && dayOf(one, reader.language) === dayOf(other, reader.language)
  return sameDay ? clockTime(at, reader, precision) : dateTime(at, reader, precision)
}

/** `2 min 14 s`, `2분 14초`: the two largest units that are not zero; a negative one is none. */
export function duration(ms: number, language: Language): string {
  return spanOf(ms, language, 2)
}

/** `2 min ago`, `in 2 min`; `2분 전`, `2분 뒤`. */
export function ago(at: Instant, { now, language }: { now: number; language: Language }): string {
  const ms = now - new Date(at).getTime()
  if (!Number.isFinite(ms)) return unknownTime(language)
  const span = spanOf(Math.abs(ms), language, 1)
  if (ms >= 0) return language === 'ko' ? `${span} 전` : `${span} ago`
  return language === 'ko' ? `${span} 뒤` : `in ${span}`
}

/** The zone that times are told in: the reader's, or UTC where it is none that is known. */
export function zoneOf({ timeZone }: Pick<Reader, 'timeZone'>): string {
  return formatterFor(timeZone).zone
}

const UNITS = [
  { ms: 86_400_000, en: ' d', ko: '일' },
  { ms: 3_600_000, en: ' h', ko: '시간' },
  { ms: 60_000, en: ' min', ko: '분' },
  { ms: 1_000, en: ' s', ko: '초' },
] as const

function spanOf(ms: number, language: Language, unitsMax: number): string {
  let rest = Number.isFinite(ms) ? Math.max(0, Math.round(ms / 1_000) * 1_000) : 0
  const first = UNITS.findIndex((unit) => rest >= unit.ms)
  if (first < 0) return `0${UNITS[3][language]}`
  const words: string[] = []
  for (const unit of UNITS.slice(first, first + unitsMax)) {
    const count = Math.floor(rest / unit.ms)
    rest -= count * unit.ms
    if (count > 0) words.push(`${count}${unit[language]}`)
  }
  return words.join(' ')
}

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>>

function partsOf(at: Instant, { timeZone }: Reader): Parts | undefined {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return undefined
  const found = formatterFor(timeZone).format.formatToParts(date)
  return Object.fromEntries(found.map(({ type, value }) => [type, value])) as Parts
}

function clockOf({ hour, minute, second }: Parts, precision: Precision): string {
  return precision === 'seconds' ? `${hour}:${minute}:${second}` : `${hour}:${minute}`
}

function dayOf({ year, month, day }: Parts, language: Language): string {
  return language === 'ko' ? `${year}년 ${Number(month)}월 ${Number(day)}일` : `${year}-${month}-${day}`
}

function unknownTime(language: Language): string {
  return language === 'ko' ? '알 수 없는 시각' : 'an unknown time'
}

type Formatter = { readonly zone: string; readonly format: Intl.DateTimeFormat }

/** Building a formatter takes a thousand times as long as using one. Zones may come from outside: bounded. */
const FORMATTERS_MAX = 64
const formatters = new Map<string, Formatter>()

function formatterFor(timeZone: string): Formatter {
  const known = formatters.get(timeZone)
  if (known !== undefined) return known
  const fresh = newFormatter(timeZone)
  if (formatters.size >= FORMATTERS_MAX) formatters.clear()
  formatters.set(timeZone, fresh)
  return fresh
}

function newFormatter(timeZone: string): Formatter {
  try {
    return { zone: timeZone, format: new Intl.DateTimeFormat('en-US', { ...DIGITS, timeZone }) }
  } catch {
    // Intl lists no aliases (Asia/Kolkata, Europe/Kyiv): the only way to ask whether it knows a zone is to try.
    return { zone: 'UTC', format: new Intl.DateTimeFormat('en-US', { ...DIGITS, timeZone: 'UTC' }) }
  }
}

const DIGITS = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const
