/**
 * A flat badge as SVG: a name, and a word on a coloured ground. Only presentation attributes, so that it looks the same
 * under any content security policy. Widths are guessed from a table and then held by `textLength`.
 */
import { html } from 'hono/html'
import type { Language } from '../../core/channel.ts'
import type { PublicWord } from '../../schemas/api-status.ts'
import { say } from '../../words/say.ts'
import { inert } from '../inert.ts'
import type { StatusView } from './status-view.ts'
import { publicWord } from './status-words.ts'
import { percent } from './words.ts'

export const BADGE_TYPE = 'image/svg+xml; charset=utf-8'

export type Badge = { readonly name: string; readonly text: string; readonly word: PublicWord }

/** White text on each of them has a contrast of 4.5 and more. */
export const BADGE_GROUNDS: Readonly<Record<PublicWord, string>> = {
  up: '#1f7a45',
  degraded: '#8a5a00',
  down: '#b92d26',
  unknown: '#5b616b',
}
export const NAME_GROUND = '#3b4048'

const NAME_CHARS_MAX = 60
const HEIGHT = 20
const PADDING = 6

/** The badge of a chosen target; undefined for any other id. */
export function targetBadge(view: StatusView, id: string, language: Language): Badge | undefined {
  const target = view.byId.get(id)
  if (target === undefined) return undefined
  const { name, word, uptime } = target
  const text =
    word === 'up' && uptime !== undefined
      ? say(language, 'up {percent}', { percent: percent(uptime) })
      : publicWord(word, language).toLowerCase()
  return { name, word, text }
}

export function overallBadge(view: StatusView, language: Language): Badge {
  const { title, word, targets } = view
  const down = targets.filter((target) => target.word === 'down').length
  const text =
    down > 0 && down < targets.length
      ? say(language, '{down}/{all} down', { down, all: targets.length })
      : publicWord(word, language).toLowerCase()
  return { name: title, word, text }
}

export function badgeSvg({ name, text, word }: Badge): string {
  const label = drawable(name)
  const left = textWidth(label) + 2 * PADDING
  const right = textWidth(text) + 2 * PADDING
  const words = `${label}: ${text}`
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${words}"><title>${words}</title><rect width="${left + right}" height="${HEIGHT}" rx="3" fill="${BADGE_GROUNDS[word]}"/><path d="M3 0h${left - 3}v${HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="${NAME_GROUND}"/><g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,Noto Sans KR,Apple SD Gothic Neo,Malgun Gothic,sans-serif" font-size="11" text-rendering="geometricPrecision"><text x="${PADDING}" y="14" textLength="${left - 2 * PADDING}">${label}</text><text x="${left + PADDING}" y="14" textLength="${right - 2 * PADDING}">${text}</text></g></svg>`
  return String(svg)
}

/** Bounded and inert; the two characters that XML forbids beside control characters are left out. */
function drawable(text: string): string {
  return inert(text, NAME_CHARS_MAX).replace(/[\ufffe\uffff]/g, '')
}

/** Pixels of 11 px Verdana, roughly, by kinds of characters; other scripts' letters are square. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'’|! ]/, 4],
  [/[frtI()[\]/"-]/, 5],
  [/[mwMW%@]/, 11],
  [/[A-Z]/, 8],
  [/[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60\u{10000}-\u{10ffff}]/u, 11],
]

export function textWidth(text: string): number {
  const widths = Array.from(text, (character) => WIDTHS.find(([kind]) => kind.test(character))?.[1] ?? 7)
  return Math.max(
    1,
    widths.reduce((sum, width) => sum + width, 0),
  )
}
