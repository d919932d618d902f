/**
 * How the pages say things: phrases with marked-up values, moments that the script keeps fresh, names and sentences as
 * words/ has them, made inert.
 */
import { html } from 'hono/html'
import type { Language, Reader } from '../../core/channel.ts'
import type { VerdictKind } from '../../core/state.ts'
import { isNamed, type NameKind, nameOf } from '../../words/names.ts'
import { say } from '../../words/say.ts'
import { clockTime, dateTime, timeBeside } from '../../words/times.ts'
import { inert } from '../inert.ts'

export type Html = ReturnType<typeof html>

/** A colour's meaning; never the only carrier of it: an icon or a word stands beside. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet'

export const VERDICT_TONES: Readonly<Record<VerdictKind, Tone>> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  inconclusive: 'quiet',
}

export function icon(name: string): Html {
  return html`<svg class="icon" aria-hidden="true"><use href="#icon-${name}"></use></svg>`
}

/** Like `say`, for values that are markup; text among them is escaped. */
export function phrase(
  language: Language,
  text: string,
  values: Readonly<Record<string, Html | string | number>>,
): Html {
  const parts = say(language, text).split(/\{(\w+)\}/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : (values[part] ?? `{${part}}`)))}`
}

/** A value of a closed list, for people. What is on no list may come from anywhere: it is made inert. */
export function named(kind: NameKind, value: string, language: Language): string {
  return isNamed(kind, value) ? nameOf(kind, value, language) : inert(value, 200)
}

/** With a capital, unless it begins with the name of something (`agent.service`). */
export function capital(text: string): string {
  return /^[a-z]+(?![\w.@-])/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text
}

/** How a moment stands in its sentence: as a clock time (`03:14:08`), or as `since 03:14:08`. */
export type MomentStyle = 'plain' | 'since'

/** Reader and clock: a `Visit` is one. */
export type Clock = Reader & { readonly now: number }

/** A moment; the script makes "12 s ago" or "for 12 s" of it, and keeps it so. */
export function moment(at: string, clock: Clock, style: MomentStyle = 'plain'): Html {
  const time = timeBeside(at, { beside: clock.now, reader: clock, precision: 'seconds' })
  const words = style === 'since' ? say(clock.language, 'since {time}', { time }) : time
  return marked(at, words, html` data-relative="${style}"`)
}

/** A moment that stays a clock time, with its date where the day isn't today's. */
export function fixedMoment(at: string, clock: Clock): Html {
  const words = timeBeside(at, { beside: clock.now, reader: clock, precision: 'seconds' })
  return marked(at, words, html` data-clock="moment"`)
}

/** `03:14:08`, for timelines; with its date where that is not the one of `beside`. */
export function timelineTime(at: string, beside: string, clock: Clock): Html {
  const words = timeBeside(at, { beside, reader: clock, precision: 'seconds' })
  return marked(at, words, html` data-clock="${words === clockTime(at, clock, 'seconds') ? 'time' : 'full'}"`)
}

/** `2026-11-22`. */
export function dateOf(at: string, clock: Clock): Html {
  return marked(at, dateTime(at, clock).replace(/ [\d:]+$/, ''), html` data-clock="date"`)
}

function marked(at: string, words: string, attributes: Html): Html {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return html`<span>${words}</span>`
  return html`<time datetime="${date.toISOString()}"${attributes}>${words}</time>`
}

/** A share as people read it: never 100% where a look failed. */
export function percent(share: number): string {
  if (share >= 1) return '100%'
  return `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`
}
