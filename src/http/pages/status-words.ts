/** How the public page and the badges say things, in the reader's language. */
import { assertNever } from '../../core/assert-never.ts'
import type { Language } from '../../core/channel.ts'
import type { PublicWord } from '../../schemas/api-status.ts'
import { say } from '../../words/say.ts'
import { duration } from '../../words/times.ts'
import type { StatusView } from './status-view.ts'
import type { Tone } from './words.ts'

export const PUBLIC_TONES: Readonly<Record<PublicWord, Tone>> = {
  up: 'good',
  degraded: 'warn',
  down: 'bad',
  unknown: 'quiet',
}

/** Of one target. */
export function publicWord(word: PublicWord, language: Language): string {
  switch (word) {
    case 'up':
      return say(language, 'Up')
    case 'degraded':
      return say(language, 'Degraded')
    case 'down':
      return say(language, 'Down')
    case 'unknown':
      return say(language, 'Not known right now')
    default:
      return assertNever(word)
  }
}

/** Of all of them, as a headline. */
export function overallWords({ word, targets }: StatusView, language: Language): string {
  const all = targets.length
  const down = targets.filter((target) => target.word === 'down').length
  switch (word) {
    case 'up':
      return all === 1 ? say(language, 'It is up') : say(language, 'All systems are up')
    case 'degraded':
      return say(language, 'Up, with limits')
    case 'down':
      if (down < all) return say(language, '{down} of {all} down', { down, all })
      return all === 1 ? say(language, 'It is down') : say(language, 'All systems are down')
    case 'unknown':
      return say(language, 'Not known right now')
    default:
      return assertNever(word)
  }
}

/** `4 min`, `2 h 10 min`; at least a minute, for it is an estimate. */
export function aboutHowLong(ms: number, language: Language): string {
  return duration(Math.max(1, Math.round(ms / 60_000)) * 60_000, language)
}

/** `2026-11-20`, `2026년 11월 20일`: a day in UTC. */
export function dayName(day: string, language: Language): string {
  if (language === 'en') return day
  const [year, month, date] = day.split('-').map(Number)
  return `${year}년 ${month}월 ${date}일`
}
