/** Quiet hours: until when a notice has to wait, by the clock on the reader's wall, days of another length included. */
import type { QuietHours, Reader } from '../../core/channel.ts'
import type { NoticeKind } from '../../core/notice.ts'

const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
/** A window lasts a day at most, and the longest day has an hour or two more. */
const SEARCH_MINUTES_MAX = DAY_MINUTES + 180

/** Epoch ms at which the window ends that `now` lies in; undefined outside of it, and for the kinds that get through. */
export type WaitsUntil = (kind: NoticeKind, now: number) => number | undefined

/**
 * `from` and `to` are minutes of the reader's day (`23:00`); both the same: no quiet hours. Throws for a text that is
 * no time and a zone that is none: the configuration has been checked before.
 */
export function createQuietHours(
  quiet: QuietHours | undefined,
  { timeZone }: Pick<Reader, 'timeZone'>,
): WaitsUntil {
  if (quiet === undefined) return () => undefined
  const from = minutesOf(quiet.from)
  const to = minutesOf(quiet.to)
  const zone = zoneOf(timeZone)
  const isQuiet = (minute: number): boolean =>
    from <= to ? minute >= from && minute < to : minute >= from || minute < to
  return (kind, now) => {
    if (quiet.except.includes(kind) || !isQuiet(zone.minuteOfDay(now))) return undefined
    return endOf({ now, to, zone, isQuiet })
  }
}

type Zone = { minuteOfDay(at: number): number; offsetMs(at: number): number }

/** Where the clock is not changed on the way, arithmetic will do; else minute by minute, to be exact. */
function endOf(asked: {
  readonly now: number
  readonly to: number
  readonly zone: Zone
  readonly isQuiet: (minute: number) => boolean
}): number {
  const { now, to, zone, isQuiet } = asked
  const minuteStart = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const minutes = (to - zone.minuteOfDay(now) + DAY_MINUTES) % DAY_MINUTES
  const end = minuteStart + minutes * MINUTE_MS
  if (zone.offsetMs(end) === zone.offsetMs(now)) return end
  for (let minute = 1; minute <= SEARCH_MINUTES_MAX; minute += 1) {
    const at = minuteStart + minute * MINUTE_MS
    if (!isQuiet(zone.minuteOfDay(at))) return at
  }
  return end
}

function zoneOf(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const wallOf = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const day = Date.UTC(part('year'), part('month') - 1, part('day'))
    return day + ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000
  }
  return {
    minuteOfDay: (at) => Math.floor(wallOf(at) / MINUTE_MS) % DAY_MINUTES,
    offsetMs: (at) => wallOf(at) - Math.floor(at / 1_000) * 1_000,
  }
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  if (hours === undefined || minutes === undefined) throw new Error(`${time} is no time of day like 23:00`)
  return Number(hours) * 60 + Number(minutes)
}
