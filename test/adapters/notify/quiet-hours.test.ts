/** Quiet hours by the clock on the reader's wall: over midnight, and on the days on which clocks are changed. */
import { describe, expect, it } from 'vitest'
import { createQuietHours } from '../../../src/adapters/notify/quiet-hours.ts'

type Row = {
  readonly what: string
  readonly hours: readonly [from: string, to: string]
  readonly timeZone: string
  /** ISO, UTC. */
  readonly now: string
  readonly until: string | undefined
}

const NIGHT = ['23:00', '07:00'] as const
const SEOUL = 'Asia/Seoul'
const BERLIN = 'Europe/Berlin'
const NEW_YORK = 'America/New_York'

function untilOf({ hours: [from, to], timeZone, now }: Omit<Row, 'until' | 'what'>): string | undefined {
  const waits = createQuietHours({ from, to, except: ['person'] }, { timeZone })
  const until = waits('triggered', Date.parse(now))
  return until === undefined ? undefined : new Date(until).toISOString()
}

describe.each<Row>([
  {
    what: 'before midnight it lasts until the next morning',
    hours: NIGHT,
    timeZone: SEOUL,
    now: '2026-11-21T14:30:15.250Z',
    until: '2026-11-21T22:00:00.000Z',
  },
  {
    what: 'after midnight it lasts until this morning',
    hours: NIGHT,
    timeZone: SEOUL,
    now: '2026-11-21T18:12:00.000Z',
    until: '2026-11-21T22:00:00.000Z',
  },
  {
    what: 'it begins with its first minute',
    hours: NIGHT,
    timeZone: SEOUL,
    now: '2026-11-21T14:00:00.000Z',
    until: '2026-11-21T22:00:00.000Z',
  },
  {
    what: 'a millisecond before its end it lasts a millisecond',
    hours: NIGHT,
    timeZone: SEOUL,
    now: '2026-11-21T21:59:59.999Z',
    until: '2026-11-21T22:00:00.000Z',
  },
  {
    what: 'at its end it is over',
    hours: NIGHT,
    timeZone: SEOUL,
    now: '2026-11-21T22:00:00.000Z',
    until: undefined,
  },
  {
    what: 'by day there is none',
    hours: NIGHT,
    timeZone: SEOUL,
    now: '2026-11-21T03:00:00.000Z',
    until: undefined,
  },
  {
    what: 'a window within one day',
    hours: ['12:00', '13:30'],
    timeZone: SEOUL,
    now: '2026-11-21T03:05:00.000Z',
    until: '2026-11-21T04:30:00.000Z',
  },
  {
    what: 'a zone of half hours',
    hours: NIGHT,
    timeZone: 'Asia/Kolkata',
    now: '2026-11-21T18:00:00.000Z',
    until: '2026-11-22T01:30:00.000Z',
  },
  {
    what: 'the night in which clocks go forward is an hour shorter',
    hours: NIGHT,
    timeZone: BERLIN,
    now: '2026-03-28T23:00:00.000Z',
    until: '2026-03-29T05:00:00.000Z',
  },
  {
    what: 'the night in which clocks go back is an hour longer',
    hours: NIGHT,
    timeZone: BERLIN,
    now: '2026-10-24T22:30:00.000Z',
    until: '2026-10-25T06:00:00.000Z',
  },
  {
    what: 'an end that the clock jumps over is the jump',
    hours: ['23:00', '02:30'],
    timeZone: NEW_YORK,
    now: '2026-03-08T06:00:00.000Z',
    until: '2026-03-08T07:00:00.000Z',
  },
  {
    what: 'an end that the clock shows twice is over the first time',
    hours: ['23:00', '01:30'],
    timeZone: NEW_YORK,
    now: '2026-11-01T04:30:00.000Z',
    until: '2026-11-01T05:30:00.000Z',
  },
  {
    what: 'and it comes once more when the clock shows those minutes again',
    hours: ['23:00', '01:30'],
    timeZone: NEW_YORK,
    now: '2026-11-01T06:10:00.000Z',
    until: '2026-11-01T06:30:00.000Z',
  },
  {
    what: 'the same time twice is no window',
    hours: ['07:00', '07:00'],
    timeZone: SEOUL,
    now: '2026-11-21T22:00:00.000Z',
    until: undefined,
  },
])('$what ($hours, $timeZone, $now)', ({ what: _what, until, ...asked }) => {
  it('is so', () => expect(untilOf(asked)).toBe(until))
})

it('lets the kinds through that are excepted', () => {
  const waits = createQuietHours(
    { from: '00:00', to: '23:59', except: ['person', 'test'] },
    { timeZone: SEOUL },
  )
  const noon = Date.parse('2026-11-21T03:00:00Z')
  expect(waits('person', noon)).toBeUndefined()
  expect(waits('test', noon)).toBeUndefined()
  expect(waits('resolved', noon)).toBe(Date.parse('2026-11-21T14:59:00Z'))
})

it('lets everything through where there are no quiet hours', () => {
  expect(createQuietHours(undefined, { timeZone: SEOUL })('triggered', 0)).toBeUndefined()
})

it('ends, and never in a quiet minute, whenever it is asked in a year', () => {
  const zones = [SEOUL, BERLIN, NEW_YORK, 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Africa/Casablanca']
  for (const timeZone of zones) {
    const waits = createQuietHours({ from: '22:15', to: '06:45', except: [] }, { timeZone })
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * 3_600_000 + 13 * 60_000) {
      const until = waits('triggered', at)
      if (until === undefined) continue
      expect(until).toBeGreaterThan(at)
      expect(until - at).toBeLessThanOrEqual(10 * 3_600_000)
      expect(waits('triggered', until)).toBeUndefined()
      expect(waits('triggered', until - 1)).toBe(until)
    }
  }
})

it.each(['7:00', '24:00', '23:60', '', 'night'])('throws for %j, which is no time', (from) => {
  expect(() => createQuietHours({ from, to: '07:00', except: [] }, { timeZone: SEOUL })).toThrow(
    'is no time of day',
  )
})
