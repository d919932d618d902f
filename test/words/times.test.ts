import { describe, expect, it } from 'vitest'
import type { Reader } from '../../src/core/channel.ts'
import { ago, clockTime, dateTime, duration, timeBeside, zoneOf } from '../../src/words/times.ts'

/** 03:12:05 of the 22nd in Seoul. */
const AT = Date.UTC(2026, 10, 21, 18, 12, 5)
const DAY_MS = 86_400_000
const seoul: Reader = { language: 'ko', timeZone: 'Asia/Seoul' }
const london: Reader = { language: 'en', timeZone: 'Europe/London' }

describe('a time is told in the zone of the reader, on a 24-hour clock', () => {
  it.each<[string, Reader, readonly string[]]>([
    ['Seoul, Korean', seoul, ['03:12', '03:12:05', '2026년 11월 22일 03:12', '2026년 11월 22일 03:12:05']],
    ['London, English', london, ['18:12', '18:12:05', '2026-11-21 18:12', '2026-11-21 18:12:05']],
    [
      'an alias that Intl does not list',
      { language: 'en', timeZone: 'Asia/Kolkata' },
      ['23:42', '23:42:05', '2026-11-21 23:42', '2026-11-21 23:42:05'],
    ],
    [
      'a zone that nobody knows is UTC',
      { language: 'en', timeZone: 'Mars/Olympus\u202e' },
      ['18:12', '18:12:05', '2026-11-21 18:12', '2026-11-21 18:12:05'],
    ],
  ])('%s', (_, reader, told) => {
    expect([
      clockTime(AT, reader),
      clockTime(AT, reader, 'seconds'),
      dateTime(AT, reader),
      dateTime(AT, reader, 'seconds'),
    ]).toEqual(told)
  })

  it('midnight is 00:00 of the new day', () => {
    const midnight = Date.UTC(2026, 0, 1)
    expect(dateTime(midnight, { language: 'en', timeZone: 'UTC' }, 'seconds')).toBe('2026-01-01 00:00:00')
  })

  it('summer time of the zone counts', () => {
    expect(clockTime(Date.UTC(2026, 6, 1, 12), london)).toBe('13:00')
  })

  it('an ISO text is a time, too; what is none is an unknown time', () => {
    expect(clockTime('2026-11-21T18:12:05.000Z', seoul)).toBe('03:12')
    expect(clockTime('yesterday', london)).toBe('an unknown time')
    expect(dateTime(Number.NaN, seoul)).toBe('알 수 없는 시각')
    expect(ago('yesterday', { now: AT, language: 'en' })).toBe('an unknown time')
  })

  it('the day is told only where it is another than that of the time beside it', () => {
    expect(timeBeside(AT, { beside: AT + 60_000, reader: seoul })).toBe('03:12')
    expect(timeBeside(AT, { beside: AT + DAY_MS, reader: seoul })).toBe('2026년 11월 22일 03:12')
    expect(timeBeside(AT, { beside: AT, reader: london, precision: 'seconds' })).toBe('18:12:05')
  })

  it('the zone that is told is the one that is used', () => {
    expect([zoneOf(seoul), zoneOf({ timeZone: 'Mars/Olympus' }), zoneOf({ timeZone: '' })]).toEqual([
      'Asia/Seoul',
      'UTC',
      'UTC',
    ])
  })

  it('many zones, known and unknown, one after the other are told right', () => {
    for (let index = 0; index < 300; index += 1)
      expect(clockTime(AT, { language: 'en', timeZone: `No/Zone${index}` })).toBe('18:12')
    expect(clockTime(AT, seoul)).toBe('03:12')
  })
})

describe('a duration has its two largest units', () => {
  it.each([
    [0, '0 s', '0초'],
    [400, '0 s', '0초'],
    [600, '1 s', '1초'],
    [59_600, '1 min', '1분'],
    [134_000, '2 min 14 s', '2분 14초'],
    [3_600_000, '1 h', '1시간'],
    [3_605_000, '1 h', '1시간'],
    [5_400_000, '1 h 30 min', '1시간 30분'],
    [90 * 3_600_000, '3 d 18 h', '3일 18시간'],
    [-5_000, '0 s', '0초'],
    [Number.NaN, '0 s', '0초'],
    [Number.POSITIVE_INFINITY, '0 s', '0초'],
  ])('%d ms', (ms, english, korean) => {
    expect([duration(ms, 'en'), duration(ms, 'ko')]).toEqual([english, korean])
  })
})

describe('how long ago has one unit', () => {
  it.each([
    [0, '0 s ago', '0초 전'],
    [12_000, '12 s ago', '12초 전'],
    [134_000, '2 min ago', '2분 전'],
    [-134_000, 'in 2 min', '2분 뒤'],
  ])('%d ms', (ms, english, korean) => {
    expect([ago(AT - ms, { now: AT, language: 'en' }), ago(AT - ms, { now: AT, language: 'ko' })]).toEqual([
      english,
      korean,
    ])
  })
})
