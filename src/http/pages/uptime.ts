/**
 * The past of a target at a glance: a bar a day, and the shares of looks that found it working. Drawn with dashed lines,
 * one a run of like days, so that ninety days cost some hundred bytes.
 */
import { html } from 'hono/html'
import type { Language } from '../../core/channel.ts'
import { dayOf } from '../../core/history.ts'
import type { DayView, Uptime } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import type { Visit } from './visit.ts'
import { type Html, percent, phrase } from './words.ts'

export const BARS = 90
const DAY_MS = 86_400_000
/** Of the looks that concluded something; below it a day was more than a hiccup. */
const GOOD_SHARE = 0.99

/** `none`: no look, or none that concluded anything. */
export type DayTone = 'good' | 'warn' | 'bad' | 'none'

export function dayTone({ healthy, degraded, unhealthy }: Omit<DayView, 'day'>): DayTone {
  const concluded = healthy + degraded + unhealthy
  if (concluded === 0) return 'none'
  if (unhealthy === 0 && degraded === 0) return 'good'
  return (healthy + degraded) / concluded < GOOD_SHARE ? 'bad' : 'warn'
}

/** Today and the 89 days before it, oldest first. */
function tones(days: readonly DayView[], now: number): readonly DayTone[] {
  const known = new Map(days.map((day) => [day.day, dayTone(day)]))
  return Array.from(
    { length: BARS },
    (_, index) => known.get(dayOf(now - (BARS - 1 - index) * DAY_MS)) ?? 'none',
  )
}

/** Units of the drawing: a bar and the gap behind it. The dashes of the style sheet say the same. */
const STEP = 5

export function uptimeBars(days: readonly DayView[], { now, language }: Visit): Html {
  const bars = tones(days, now)
  const shapes = (['good', 'warn', 'bad', 'none'] as const).map((tone) => [tone, runs(bars, tone)] as const)
  return html`<svg class="bars" viewBox="0 0 ${BARS * STEP} 32" preserveAspectRatio="none" role="img" aria-label="${barsInWords(bars, language)}">${shapes.map(
    ([tone, path]) => (path === '' ? '' : html`<path class="${tone}" d="${path}"/>`),
  )}</svg>`
}

/** Trouble stands tall, good days are lower, days without a look are a stub: told apart without colour, too. */
const MIDDLES: Readonly<Record<DayTone, number>> = { good: 20, warn: 16, bad: 16, none: 30 }

function runs(bars: readonly DayTone[], tone: DayTone): string {
  let path = ''
  for (const [index, bar] of bars.entries()) {
    if (bar !== tone || bars[index - 1] === tone) continue
    const rest = bars.slice(index).findIndex((next) => next !== tone)
    const many = rest === -1 ? bars.length - index : rest
    path += `M${index * STEP} ${MIDDLES[tone]}h${many * STEP - 1}`
  }
  return path
}

function barsInWords(bars: readonly DayTone[], language: Language): string {
  const many = (...wanted: readonly DayTone[]) => bars.filter((bar) => wanted.includes(bar)).length
  return say(language, 'The last 90 days: {good} without trouble, {bad} with, {none} without a look', {
    good: many('good'),
    bad: many('warn', 'bad'),
    none: many('none'),
  })
}

export function uptimeShares(uptime: Uptime, { language }: Visit): Html {
  const shares = [
    [say(language, '24 h'), uptime.hours24],
    [say(language, '7 days'), uptime.days7],
    [say(language, '30 days'), uptime.days30],
    [say(language, '90 days'), uptime.days90],
  ] as const
  return html`<dl class="shares">${shares.map(
    ([span, share]) => html`<div><dt>${span}</dt><dd>${shareText(share, language)}</dd></div>`,
  )}</dl>`
}

export function shareText(share: number | undefined, language: Language): Html {
  if (share !== undefined) return html`${percent(share)}`
  return html`<span aria-hidden="true">–</span><span class="hidden">${say(language, 'no look')}</span>`
}

/** The days that were not all well, newest first, in words. */
export function troubledDays(days: readonly DayView[], { language }: Visit): Html {
  const troubled = days.filter((day) => ['warn', 'bad'].includes(dayTone(day))).toReversed()
  if (troubled.length === 0)
    return html`<p class="none">${say(language, 'No day with trouble is on record.')}</p>`
  return html`<ul class="days">${troubled.map((day) => {
    const { healthy, degraded, unhealthy } = day
    const share = (healthy + degraded) / (healthy + degraded + unhealthy)
    return html`
<li data-tone="${dayTone(day)}"><span>${day.day}</span><b>${percent(share)}</b><span>${looksText(day, language)}</span></li>`
  })}</ul>`
}

function looksText({ degraded, unhealthy }: DayView, language: Language): Html {
  const parts = [
    ...(unhealthy === 0 ? [] : [phrase(language, 'unhealthy looks: {n}', { n: unhealthy })]),
    ...(degraded === 0 ? [] : [phrase(language, 'degraded looks: {n}', { n: degraded })]),
  ]
  return html`${parts.map((part, index) => (index === 0 ? part : html`, ${part}`))}`
}
