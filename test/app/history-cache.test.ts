/** Reading the past: what is asked of the store, how often, and that the answer is what the store would have said. */
import { describe, expect, it } from 'vitest'
import { withHistoryCache } from '../../src/app/history-cache.ts'
import { historyView } from '../../src/app/history-view.ts'
import type { Bucket } from '../../src/core/bucket.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { FoundHistory, Store, Version } from '../../src/ports/store.ts'
import { createMemoryStore } from '../fakes/memory-store.ts'
import { aBucket, aState, NOON } from '../fakes/stored.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const EVERY_MS = DEFAULT_POLICY.history.everyMs
const TODAY = Math.floor(NOON / DAY) * DAY

/** `asked` has the days that the store was asked from, each time. */
function aStage({ startAt = NOON, everyMs = EVERY_MS } = {}) {
  const memory = createMemoryStore()
  const asked: string[] = []
  const versions = new Map<string, Version>()
  let now = startAt
  let onAsk = async (): Promise<void> => undefined
  const counting: Store = {
    ...memory,
    async history(query) {
      asked.push(new Date(query.since).toISOString().slice(0, 10))
      await onAsk()
      return memory.history(query)
    },
  }
  const history = { ...DEFAULT_POLICY.history, everyMs }
  const cached = withHistoryCache(counting, { clock: { now: () => now }, policy: { history } })
  const writeTo = async (store: Store, bucket: Bucket, target: string) => {
    const day = new Date(bucket.from).toISOString().slice(0, 10)
    const expectedVersion = versions.get(target) ?? null
    const state = aState({ target })
    const done = await store.commit({ target, expectedVersion, state, rollup: { day, bucket } })
    if (done.kind !== 'committed') throw new Error(done.kind)
    versions.set(target, done.version)
  }
  return {
    asked,
    memory,
    write: (bucket: Bucket, target = 'bot') => writeTo(memory, bucket, target),
    /** By the guard itself. */
    writeThrough: (bucket: Bucket, target = 'bot') => writeTo(cached, bucket, target),
    read: (days: number, target = 'bot') => cached.history({ target, since: now - days * DAY }),
    pass(ms: number) {
      now += ms
    },
    onAsk(work: () => Promise<void>) {
      onAsk = work
    },
  }
}

/** One look. */
const look = (at: number): Bucket => aBucket({ from: at, to: at })

function looksOf(found: FoundHistory): number {
  if (found.kind !== 'history') throw new Error(found.kind)
  return found.buckets.reduce((sum, { looks }) => sum + looks.healthy, 0)
}

describe('The past', () => {
  it.each<[string, { first: number; later: number; afterMs: number; startAt?: number; asked: string[] }]>([
    ['is read once', { first: 90, later: 90, afterMs: EVERY_MS - 1, asked: ['2025-12-01'] }],
    [
      'is read again for its newest day when that is as old as a roll-up',
      { first: 90, later: 90, afterMs: EVERY_MS, asked: ['2025-12-01', '2026-03-01'] },
    ],
    ['is read once for less of it', { first: 90, later: 7, afterMs: 0, asked: ['2025-12-01'] }],
    [
      'is read whole for more of it',
      { first: 7, later: 30, afterMs: 0, asked: ['2026-02-22', '2026-01-30'] },
    ],
    [
      'is read anew from yesterday when it was read before yesterday was surely complete',
      {
        startAt: TODAY + 9 * MINUTE,
        first: 30,
        later: 30,
        afterMs: HOUR,
        asked: ['2026-01-30', '2026-02-28'],
      },
    ],
    [
      'is read anew from today when yesterday was complete',
      {
        startAt: TODAY + 10 * MINUTE,
        first: 30,
        later: 30,
        afterMs: HOUR,
        asked: ['2026-01-30', '2026-03-01'],
      },
    ],
    [
      'is read anew from the day on that was today then',
      {
        startAt: TODAY + 23 * HOUR,
        first: 30,
        later: 30,
        afterMs: 2 * HOUR,
        asked: ['2026-01-30', '2026-03-01'],
      },
    ],
    ['is read whole once a day', { first: 30, later: 30, afterMs: DAY, asked: ['2026-01-30', '2026-01-31'] }],
  ])('%s', async (_name, { first, later, afterMs, startAt = NOON, asked }) => {
    const stage = aStage({ startAt })
    await stage.read(first)
    stage.pass(afterMs)
    await stage.read(later)
    expect(stage.asked).toEqual(asked)
  })

  it('is what the store says, whatever was read before and written since', async () => {
    const stage = aStage()
    for (let day = 40; day >= 0; day -= 1) await stage.write(look(NOON - day * DAY - HOUR))
    expect(looksOf(await stage.read(30))).toBe(31)
    await stage.write(look(NOON))
    stage.pass(HOUR)
    await stage.write(look(NOON + HOUR))
    for (const days of [30, 7, 1, 40]) {
      const stored = await stage.memory.history({ target: 'bot', since: NOON + HOUR - days * DAY })
      expect(await stage.read(days)).toEqual(stored)
    }
  })

  it('is each target’s own', async () => {
    const stage = aStage()
    await stage.write(look(NOON), 'bot')
    await stage.write(look(NOON), 'crawler')
    await stage.write(look(NOON + 1), 'crawler')
    expect(looksOf(await stage.read(7, 'bot'))).toBe(1)
    expect(looksOf(await stage.read(7, 'crawler'))).toBe(2)
    expect(stage.asked).toHaveLength(2)
  })
})

describe('What the guard itself rolls up', () => {
  it.each([
    ['today', NOON - MINUTE],
    ['long ago', NOON - 5 * DAY],
  ])('%s is seen at once, and once', async (_name, at) => {
    const stage = aStage()
    await stage.read(30)
    await stage.writeThrough(look(at))
    expect(looksOf(await stage.read(30))).toBe(1)
    stage.pass(EVERY_MS)
    expect(looksOf(await stage.read(30))).toBe(1)
  })

  it('while the past is being read, is not counted twice', async () => {
    const stage = aStage()
    stage.onAsk(() => stage.writeThrough(look(NOON)))
    expect(looksOf(await stage.read(1))).toBe(1)
    expect(looksOf(await stage.read(1))).toBe(1)
  })

  it('is not kept when it was not written', async () => {
    const stage = aStage()
    await stage.read(1)
    await stage.write(look(NOON))
    stage.memory.fail('gone')
    await expect(stage.writeThrough(look(NOON + 1))).rejects.toThrow('unavailable')
    stage.memory.fail()
    stage.pass(EVERY_MS)
    expect(looksOf(await stage.read(1))).toBe(1)
  })
})

describe('Side by side', () => {
  it('the store is asked once, and all get the answer', async () => {
    const stage = aStage()
    await stage.write(look(NOON))
    const all = await Promise.all([stage.read(30), stage.read(30), stage.read(7)])
    expect(all.map(looksOf)).toEqual([1, 1, 1])
    expect(stage.asked).toEqual(['2026-01-30'])
  })

  it('who wants more than is being read waits for it, and asks for the rest', async () => {
    const stage = aStage()
    await stage.write(look(NOON - 20 * DAY))
    const all = await Promise.all([stage.read(7), stage.read(30)])
    expect(all.map(looksOf)).toEqual([0, 1])
    expect(stage.asked).toEqual(['2026-02-22', '2026-01-30'])
  })

  it('a store that can’t be reached is asked once, and again by the next who asks', async () => {
    const stage = aStage()
    stage.memory.fail('gone')
    const gone = { kind: 'unavailable', detail: 'gone' }
    expect(await Promise.all([stage.read(7), stage.read(7)])).toEqual([gone, gone])
    stage.memory.fail()
    expect(await stage.read(7)).toEqual({ kind: 'history', buckets: [] })
    expect(stage.asked).toHaveLength(2)
  })
})

describe('What is kept', () => {
  it('is the past of 20 targets, those that were asked for last', async () => {
    const stage = aStage()
    const names = Array.from({ length: 21 }, (_, index) => `bot-${index}`)
    for (const name of names.slice(0, 20)) await stage.read(1, name)
    await stage.read(1, 'bot-0')
    await stage.read(1, 'bot-20')
    stage.asked.length = 0
    for (const name of ['bot-0', 'bot-2', 'bot-20']) await stage.read(1, name)
    expect(stage.asked).toEqual([])
    await stage.read(1, 'bot-1')
    expect(stage.asked).toHaveLength(1)
  })

  it('of 90 days is less than a quarter of it, and a chart shows the same looks', async () => {
    const stage = aStage()
    const written: Bucket[] = []
    for (let at = NOON - 90 * DAY; at <= NOON; at += 11 * MINUTE) {
      const looks = { healthy: 10, degraded: 0, unhealthy: 1, inconclusive: 0 }
      written.push(aBucket({ from: at, to: at + 10 * MINUTE, looks }))
    }
    for (const bucket of written) await stage.write(bucket)
    const found = await stage.read(90)
    if (found.kind !== 'history') throw new Error(found.kind)
    expect(written.length).toBe(11_782)
    expect(found.buckets.length).toBeLessThan(written.length / 4)
    for (const days of [1, 7, 30, 90]) {
      const span = { since: NOON - days * DAY, now: NOON }
      const shown = historyView('bot', found.buckets, span).points
      const whole = historyView('bot', written, span).points
      const looks = (points: typeof shown) => points.reduce((sum, { healthy }) => sum + healthy, 0)
      expect(Math.abs(looks(shown) - looks(whole))).toBeLessThanOrEqual(10 * Math.ceil((2 * days) / 11))
      expect(Math.abs(shown.length - whole.length)).toBeLessThanOrEqual(2)
    }
  })

  it('is nothing where a policy wants each look of its own, and the answer is whole all the same', async () => {
    const stage = aStage({ everyMs: 0 })
    await stage.write(look(NOON - 3 * DAY))
    expect(looksOf(await stage.read(7))).toBe(1)
    expect(looksOf(await stage.read(7))).toBe(1)
    expect(stage.asked).toEqual(['2026-02-22', '2026-03-01'])
  })
})
