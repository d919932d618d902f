/** What a terminal is given: text made inert, colours where they are welcome, tables, times. What is said is elsewhere. */
import { styleText } from 'node:util'
import { say } from '../words/say.ts'
import { ago } from '../words/times.ts'
import type { Language } from './language.ts'
import { cut, padded, widthOf } from './width.ts'

/** Control, format (bidi, zero-width), lone surrogates, line separators: they could rewrite the screen. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const TEXT_CHARACTERS_MAX = 2_000

/** Text from outside, as one harmless line. */
export function inert(text: string): string {
  const bounded = text.length > TEXT_CHARACTERS_MAX ? `${text.slice(0, TEXT_CHARACTERS_MAX)}…` : text
  return bounded.replaceAll(ACTIVE, '\uFFFD')
}

/** The same for a text of many lines, not cut: line breaks and tabs stay. */
export function inertLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(ACTIVE, (character) => {
    return character === '\n' || character === '\t' ? character : '\uFFFD'
  })
}

/** The same JSON, with the active characters of its texts escaped; line breaks and indentation stay. */
export function inertJson(json: string): string {
  return json.replaceAll(ACTIVE, (character) => {
    if (character === '\n' || character === '\r' || character === '\t') return character
    return [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join('')
  })
}

export type Tone = 'good' | 'warn' | 'bad' | 'faint' | 'plain' | 'strong'

const FORMATS = {
  good: 'green',
  warn: 'yellow',
  bad: 'red',
  faint: 'dim',
  strong: 'bold',
} as const

/** Coloured when stdout is a terminal; NO_COLOR and FORCE_COLOR are honoured. */
export function toned(text: string, tone: Tone): string {
  return tone === 'plain' ? text : styleText(FORMATS[tone], text, { stream: process.stdout })
}

export type Cell = string | { readonly text: string; readonly tone: Tone }

/** Columns as wide as their widest cell; the last one is cut at the terminal's edge. Cells are made inert. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const all = [head.map((text) => ({ text, tone: 'faint' as const })), ...rows.map((row) => row.map(cellOf))]
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column]?.text ?? ''))))
  const lines = all.map((row) =>
    row
      .map(({ text, tone }, column) => {
        if (column === row.length - 1) return toned(cut(text, roomFor(widths.slice(0, column))), tone)
        return toned(text, tone) + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text)))
      })
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
}

/** Lines of a name and what it is; the names are as wide as the widest. What stands behind them is inert already. */
export function fields(lines: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...lines.map(([name]) => widthOf(name)))
  return lines.map(([name, text]) => `${padded(name, width)}  ${text}`).join('\n')
}

function cellOf(cell: Cell): { text: string; tone: Tone } {
  return typeof cell === 'string'
    ? { text: inert(cell), tone: 'plain' }
    : { text: inert(cell.text), tone: cell.tone }
}

const LAST_COLUMN_MIN = 20

function roomFor(widths: readonly number[]): number {
  if (!process.stdout.isTTY) return TEXT_CHARACTERS_MAX
  const taken = widths.reduce((sum, width) => sum + width + 2, 0)
  return Math.max(LAST_COLUMN_MIN, (process.stdout.columns || 80) - taken)
}

/** A time in the zone of whoever reads (TZ, else the system's): `2026-03-01 21:00:05+09:00`, `…Z` in UTC. */
export function moment(time: string | number): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return inert(String(time))
  return `${dayOf(date)} ${clockOf(date)}:${twoDigits(date.getSeconds())}${offsetOf(date)}`
}

/** `2026-03-01`, there. */
export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`
}

/** `21:00`, there. */
export function clockOf(date: Date): string {
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
}

function offsetOf(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  if (minutes === 0) return 'Z'
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0')
}

/** `99.95%`; never rounded up to a whole that it is not. */
export function percent(share: number): string {
  return `${Math.floor(share * 10_000 + 1e-6) / 100}%`
}

export function since(time: string | number | undefined, language: Language): string {
  if (time === undefined) return say(language, 'never')
  if (Number.isNaN(new Date(time).getTime())) return inert(String(time))
  return ago(time, { now: Date.now(), language })
}
