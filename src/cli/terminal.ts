/** What a terminal is given: text made inert, colours where they are welcome, tables, times. What is said is elsewhere. */
import { styleText } from 'node:util'

/** Control, format (bidi, zero-width), lone surrogates, line separators: they could rewrite the screen. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const TEXT_CHARACTERS_MAX = 2_000

/** Text from outside, as one harmless line. */
export function inert(text: string): string {
  const bounded = text.length > TEXT_CHARACTERS_MAX ? `${text.slice(0, TEXT_CHARACTERS_MAX)}…` : text
  return bounded.replaceAll(ACTIVE, '\uFFFD')
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
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.text.length ?? 0)))
  const lines = all.map((row) =>
    row
      .map(({ text, tone }, column) => {
        if (column < row.length - 1)
          return toned(text, tone) + ' '.repeat((widths[column] ?? 0) - text.length)
        return toned(cut(text, roomFor(widths.slice(0, column))), tone)
      })
      .join('  ')
      .trimEnd(),
  )
  return lines.join('\n')
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

function cut(text: string, room: number): string {
  return text.length > room ? `${text.slice(0, room - 1)}…` : text
}

/** Like `45 s`, `12 min`, `3 h`, `2 d`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  if (seconds < 100) return `${seconds} s`
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3_600) return `${Math.round(seconds / 3_600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** A time as `2026-03-01 12:00:05Z`; what is no time is shown as it is. */
export function moment(time: string | number): string {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return inert(String(time))
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z')
}

export function ago(time: string | number | undefined): string {
  if (time === undefined) return 'never'
  const at = new Date(time).getTime()
  return Number.isNaN(at) ? inert(String(time)) : `${span(Date.now() - at)} ago`
}
