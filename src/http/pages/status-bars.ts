/** The 90 bars of a target's days. Days without trouble are one shape, so that a page of many targets stays small. */
import { html } from 'hono/html'
import type { Language } from '../../core/channel.ts'
import { dayOf } from '../../core/history.ts'
import { say } from '../../words/say.ts'
import { DAYS_SHOWN, type PublicDay, type PublicTarget } from './status-view.ts'
import { aboutHowLong, dayName } from './status-words.ts'
import { type Html, percent } from './words.ts'

const DAY_MS = 24 * 3_600_000
const PITCH = 4
const WIDTH = 3
const HEIGHT = 32
/** Below this a day was bad, not just troubled. */
const TROUBLED = 0.95

type Bar = { readonly x: number; readonly day: PublicDay | undefined }

export function statusBars(
  { days, uptime }: PublicTarget,
  { language, now }: { readonly language: Language; readonly now: number },
): Html {
  const known = new Map(days.map((day) => [day.day, day]))
  const bars = Array.from({ length: DAYS_SHOWN }, (_, index): Bar => {
    const day = dayOf(now - (DAYS_SHOWN - 1 - index) * DAY_MS)
    return { x: index * PITCH, day: known.get(day) }
  })
  const good = bars.filter(({ day }) => day?.uptime !== undefined && day.downMs === 0)
  const none = bars.filter(({ day }) => day?.uptime === undefined)
  const bad = bars.filter(({ day }) => day?.uptime !== undefined && day.downMs > 0)
  const words =
    uptime === undefined
      ? say(language, 'No figures yet')
      : say(language, '90 days: {percent} up, days with downtime: {count}', {
          percent: percent(uptime),
          count: bad.length,
        })
  return html`<svg class="status-bars" role="img" aria-label="${words}" viewBox="0 0 ${DAYS_SHOWN * PITCH - (PITCH - WIDTH)} ${HEIGHT}" preserveAspectRatio="none">${shape(none, { name: 'none', top: 26 })}${shape(good, { name: 'good', top: 6 })}${bad.map((bar) => badBar(bar, language))}</svg>`
}

/** A day without a look is a stub, and one with trouble stands taller than a good one: told apart without colour. */
function shape(bars: readonly Bar[], { name, top }: { name: string; top: number }): Html | string {
  if (bars.length === 0) return ''
  const path = bars.map(({ x }) => `M${x} ${top}h${WIDTH}v${HEIGHT - top}h-${WIDTH}z`).join('')
  return html`<path class="${name}" d="${path}"/>`
}

function badBar({ x, day }: Bar, language: Language): Html {
  if (day === undefined) return html``
  const { uptime = 0, downMs } = day
  const tone = uptime < TROUBLED ? 'bad' : 'some'
  const words = `${dayName(day.day, language)}: ${say(language, 'down for about {time}', { time: aboutHowLong(downMs, language) })}`
  return html`<rect class="${tone}" x="${x}" y="0" width="${WIDTH}" height="${HEIGHT}"><title>${words}</title></rect>`
}
