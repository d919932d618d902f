/** History: looks added up into buckets, sums by hour and day, and the shares of time in which a target worked. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Bucket, Looks, PeriodSum } from '../../src/core/bucket.ts'
import type { HttpEvidence } from '../../src/core/evidence.ts'
import { addBuckets, addToSums, dayOf, measure, rollupIsDue, uptimeOf } from '../../src/core/history.ts'
import { HOUR, http, kit, MINUTE, NOW, observe, policy } from './build.ts'
import { SEED } from './drive-chance.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const DAY = 24 * HOUR
const none: Looks = { healthy: 0, degraded: 0, unhealthy: 0, inconclusive: 0 }
const measures = {
  memory: { totalMb: 1000, usedMb: 512.34 },
  swap: { totalMb: 2000, usedMb: 100 },
  memoryStallPercent: 2.25,
}

function one(value: number): { count: number; sum: number; max: number } {
  return { count: 1, sum: value, max: value }
}

function bucket(from: number, looks: Partial<Looks>, change: Partial<Bucket> = {}): Bucket {
  return { from, to: from, looks: { ...none, ...looks }, ...change }
}

describe('one look', () => {
  it.each<[string, readonly HttpEvidence[], Partial<Bucket>]>([
    ['answered', [http.ok()], { latencyMs: one(5) }],
    ['answered badly', [http.bad()], { latencyMs: one(5) }],
    ['answered at the third probe', [http.silent, http.silent, http.ok()], { latencyMs: one(5) }],
    ['refused: no latency', [http.refused], {}],
    ['silent: no latency', [http.silent], {}],
    ['not asked', [], {}],
    [
      'with a kit: what it measures, to a tenth',
      [http.ok(kit(measures))],
      {
        latencyMs: one(5),
        memoryUsedMb: one(512.3),
        swapUsedMb: one(100),
        memoryStallPercent: one(2.3),
      },
    ],
    ['with a kit that measures nothing', [http.ok(kit())], { latencyMs: one(5) }],
    [
      'with a kit that talks rubbish',
      [http.ok(kit({ memoryStallPercent: Number.NaN }))],
      { latencyMs: one(5) },
    ],
  ])('%s', (_name, heard, gauges) => {
    const looks = { ...none, unhealthy: 1 }
    expect(measure('unhealthy', observe({ http: heard }), NOW)).toEqual({
      from: NOW,
      to: NOW,
      looks,
      ...gauges,
    })
  })
})

describe('two buckets', () => {
  const early = bucket(NOW, { healthy: 3 }, { latencyMs: { count: 3, sum: 60.1, max: 30 } })
  const late = bucket(
    NOW + MINUTE,
    { healthy: 1, degraded: 2 },
    {
      to: NOW + 3 * MINUTE,
      latencyMs: { count: 3, sum: 30.2, max: 20 },
      memoryUsedMb: one(400),
    },
  )

  it('are one from the first look to the last, whatever was measured in only one of them', () => {
    const sum = {
      from: NOW,
      to: NOW + 3 * MINUTE,
      looks: { healthy: 4, degraded: 2, unhealthy: 0, inconclusive: 0 },
      latencyMs: { count: 6, sum: 90.3, max: 30 },
      memoryUsedMb: one(400),
    }
    expect(addBuckets(early, late)).toEqual(sum)
    expect(addBuckets(late, early)).toEqual(sum)
  })

  it('one of which is nothing are the other', () => {
    expect(addBuckets(undefined, late)).toBe(late)
  })
})

describe('a roll-up is due', () => {
  it.each<[string, number, number, boolean]>([
    ['after ten looks, a minute apart', NOW, NOW + 9 * MINUTE, true],
    ['after ten looks that did not come to the second', NOW + 200, NOW + 9 * MINUTE - 2_000, true],
    ['not after nine', NOW, NOW + 8 * MINUTE, false],
    ['not after nine, the last of them late', NOW, NOW + 8 * MINUTE + 25_000, false],
    ['at the end of its day', Date.UTC(2026, 10, 22, 23, 59), Date.UTC(2026, 10, 23, 0, 0), true],
    ['long after it', NOW, NOW + 3 * DAY, true],
  ])('%s', (_name, from, now, isDue) => {
    expect(rollupIsDue(policy, bucket(from, { healthy: 1 }), now)).toBe(isDue)
  })

  it.each([
    [Date.UTC(2026, 10, 22), '2026-11-22'],
    [Date.UTC(2026, 10, 23) - 1, '2026-11-22'],
    [Date.UTC(2027, 0, 1), '2027-01-01'],
  ])('%d belongs to %s, in UTC', (at, day) => {
    expect(dayOf(at)).toBe(day)
  })
})

describe('sums', () => {
  it('by hour and by day begin when these begin, in UTC', () => {
    const first = addToSums({ hours: [], days: [] }, bucket(NOW, { healthy: 9, unhealthy: 1 }), policy)
    const second = addToSums(first, bucket(NOW + HOUR, { degraded: 10 }), policy)
    const third = addToSums(second, bucket(NOW + HOUR + MINUTE, { inconclusive: 1 }), policy)
    expect(third).toEqual({
      hours: [
        { from: Date.UTC(2026, 10, 22, 3), healthy: 9, degraded: 0, unhealthy: 1, inconclusive: 0 },
        { from: Date.UTC(2026, 10, 22, 4), healthy: 0, degraded: 10, unhealthy: 0, inconclusive: 1 },
      ],
      days: [{ from: Date.UTC(2026, 10, 22), healthy: 9, degraded: 10, unhealthy: 1, inconclusive: 1 }],
    })
  })

  it('hold 25 hours and 90 days, the newest, oldest first, whatever order the looks come in', () => {
    const gaps = fc.array(fc.integer({ min: -2 * HOUR, max: 40 * HOUR }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(gaps, (waits) => {
        let sums: { hours: readonly PeriodSum[]; days: readonly PeriodSum[] } = { hours: [], days: [] }
        let at = NOW
        for (const waitMs of waits) {
          at += waitMs
          sums = addToSums(sums, bucket(at, { healthy: 1 }), policy)
        }
        for (const [periods, lengthMs, kept] of [
          [sums.hours, HOUR, 25],
          [sums.days, DAY, 90],
        ] as const) {
          const begins = periods.map(({ from }) => from)
          expect(begins.length).toBeLessThanOrEqual(kept)
          expect(begins).toEqual([...new Set(begins)].toSorted((early, late) => early - late))
          expect(begins.every((from) => from % lengthMs === 0)).toBe(true)
          expect((begins.at(-1) ?? 0) - (begins[0] ?? 0)).toBeLessThanOrEqual((kept + 2) * lengthMs)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('lose no look that is young enough', () => {
    let sums: { hours: readonly PeriodSum[]; days: readonly PeriodSum[] } = { hours: [], days: [] }
    for (let at = 0; at < 89 * 24; at += 1)
      sums = addToSums(sums, bucket(NOW + at * HOUR, { healthy: 6 }), policy)
    const looks = (periods: readonly PeriodSum[]): number =>
      periods.reduce((sum, { healthy }) => sum + healthy, 0)
    expect([sums.hours.length, looks(sums.hours)]).toEqual([25, 25 * 6])
    expect(looks(sums.days)).toBe(89 * 24 * 6)
  })
})

describe('uptime', () => {
  const sums: readonly PeriodSum[] = [
    { from: NOW - 3 * HOUR, healthy: 0, degraded: 0, unhealthy: 60, inconclusive: 0 },
    { from: NOW - 2 * HOUR, healthy: 50, degraded: 5, unhealthy: 5, inconclusive: 0 },
    { from: NOW - HOUR, healthy: 20, degraded: 0, unhealthy: 0, inconclusive: 40 },
  ]

  it.each<[string, number, number | undefined]>([
    ['counts degraded as working, and does not count what nobody knows', NOW - 2 * HOUR, 75 / 80],
    ['counts what began before as gone', NOW - HOUR, 1],
    ['counts all', NOW - DAY, 75 / 140],
    ['of no look is none', NOW, undefined],
  ])('%s', (_name, since, share) => {
    expect(uptimeOf(sums, since)).toBe(share)
  })

  it('of looks from which nothing was concluded is none', () => {
    expect(uptimeOf([{ from: NOW, ...none, inconclusive: 9 }], NOW)).toBeUndefined()
  })
})
