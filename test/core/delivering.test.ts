/** Delivering: what a try changes in an entry, when the next one is due, when it has failed for good, who may send. */
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/core/delivering.ts'
import {
  attempted,
  deliveryOf,
  isClaimedByOther,
  isThrough,
  mayBePassed,
  passed,
  settled,
  superseded,
  withEndsOf,
} from '../../src/core/delivering.ts'
import type { OutboxEntry } from '../../src/core/notice.ts'
import { HOUR, MINUTE, NOW, policy, SECOND } from './build.ts'

const entry: OutboxEntry = {
  schema: 1,
  id: 'bot-1.1',
  thread: 'bot-1',
  number: 1,
  target: 'bot',
  kind: 'triggered',
  severity: 'critical',
  at: NOW,
  verdict: 'unhealthy',
  reason: 'it is gone',
  since: NOW - MINUTE,
  story: [],
  deliveries: [],
}
const FAILED: Attempt = { kind: 'failed', detail: 'connection refused' }
const DAY = 24 * HOUR

function tried(known: OutboxEntry, attempt: Attempt, now: number, channel = 'chat'): OutboxEntry {
  return attempted(known, { channel, attempt }, { policy, now })
}

describe('a channel that was not tried yet', () => {
  it('is due from the moment the notice was written', () => {
    expect(deliveryOf(entry, 'chat')).toEqual({ channel: 'chat', status: 'pending', attempts: 0, dueAt: NOW })
  })
})

describe('a try', () => {
  it('that got through is noted with what the channel called the message', () => {
    const again = tried(tried(entry, FAILED, NOW + SECOND), { kind: 'sent', receipt: '77' }, NOW + MINUTE)
    expect(again.deliveries).toEqual([
      {
        channel: 'chat',
        status: 'sent',
        attempts: 2,
        dueAt: NOW + SECOND + 30 * SECOND,
        sentAt: NOW + MINUTE,
        receipt: '77',
      },
    ])
  })

  it('that failed is made again: after 30 s, doubled each time, ten minutes at most', () => {
    const waits: number[] = []
    let known = entry
    for (let attempt = 1; attempt <= 40; attempt += 1) {
      known = tried(known, FAILED, NOW)
      waits.push((deliveryOf(known, 'chat').dueAt - NOW) / SECOND)
    }
    expect(waits.slice(0, 7)).toEqual([30, 60, 120, 240, 480, 600, 600])
    expect(new Set(waits.slice(5))).toEqual(new Set([600]))
    expect(deliveryOf(known, 'chat')).toEqual({
      channel: 'chat',
      status: 'pending',
      attempts: 40,
      detail: 'connection refused',
      dueAt: NOW + 10 * MINUTE,
    })
  })

  it.each<[string, Attempt, number]>([
    ['its own wait is shorter: ours stands', { ...FAILED, afterMs: 5 * SECOND }, 30 * SECOND],
    ['its own wait is longer: it stands', { ...FAILED, afterMs: 40 * MINUTE }, 40 * MINUTE],
  ])('%s', (_name, attempt, waitMs) => {
    expect(deliveryOf(tried(entry, attempt, NOW), 'chat')).toMatchObject({
      status: 'pending',
      dueAt: NOW + waitMs,
    })
  })

  it.each<[string, Attempt]>([
    ['failed', FAILED],
    ['rejected', { kind: 'rejected', detail: 'no such chat' }],
  ])('that %s seven days after the notice was the last one', (_name, attempt) => {
    const before = tried(entry, attempt, NOW + 7 * DAY - 1)
    expect(deliveryOf(before, 'chat').status).toBe('pending')
    expect(deliveryOf(tried(entry, attempt, NOW + 7 * DAY), 'chat').status).toBe('failed')
  })

  it('keeps the words of a failure and the name of a message short', () => {
    const long = 'x'.repeat(5_000)
    const bad = tried(entry, { kind: 'failed', detail: long }, NOW)
    const good = tried(entry, { kind: 'sent', receipt: long }, NOW)
    expect([deliveryOf(bad, 'chat').detail?.length, deliveryOf(good, 'chat').receipt?.length]).toEqual([
      300, 500,
    ])
  })

  it('changes nothing of the other channels, and one entry holds each channel once', () => {
    const both = tried(tried(entry, FAILED, NOW, 'chat'), { kind: 'sent' }, NOW, 'hook')
    const later = tried(both, FAILED, NOW + MINUTE, 'chat')
    expect(later.deliveries.map(({ channel }) => channel).toSorted()).toEqual(['chat', 'hook'])
    expect(deliveryOf(later, 'hook')).toEqual(deliveryOf(both, 'hook'))
  })
})

describe('a rejection', () => {
  const NO: Attempt = { kind: 'rejected', detail: 'no such chat' }

  it('is followed by another try ever more seldom, for a person may mend it: an hour apart at most', () => {
    const waits: number[] = []
    let known = entry
    for (let attempt = 1; attempt <= 30; attempt += 1) {
      known = tried(known, NO, NOW)
      waits.push((deliveryOf(known, 'chat').dueAt - NOW) / MINUTE)
    }
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect(deliveryOf(known, 'chat')).toEqual({
      channel: 'chat',
      status: 'pending',
      attempts: 30,
      rejections: 30,
      detail: 'no such chat',
      dueAt: NOW + HOUR,
    })
  })

  it('the third in a row lets later ones pass; another failure in between begins anew', () => {
    const twice = tried(tried(entry, NO, NOW), NO, NOW)
    expect([mayBePassed(twice, 'chat'), mayBePassed(tried(twice, NO, NOW), 'chat')]).toEqual([false, true])
    const failed = tried(twice, FAILED, NOW)
    expect(deliveryOf(failed, 'chat').rejections).toBeUndefined()
    expect(mayBePassed(tried(failed, NO, NOW), 'chat')).toBe(false)
  })

  it('of what was passed is its end', () => {
    const end = passed(tried(entry, NO, NOW), 'chat')
    expect(end.deliveries).toEqual([
      {
        channel: 'chat',
        status: 'failed',
        attempts: 1,
        rejections: 1,
        detail: 'no such chat',
        dueAt: NOW + MINUTE,
      },
    ])
    expect(isThrough(end, ['chat'])).toBe(true)
  })
})

describe('what a later one says as well', () => {
  it('is through on that channel, and was not sent', () => {
    const end = superseded(entry, 'chat')
    expect(end.deliveries).toEqual([{ channel: 'chat', status: 'superseded', attempts: 0, dueAt: NOW }])
    expect([isThrough(end, ['chat']), isThrough(end, ['chat', 'hook'])]).toEqual([true, false])
  })

  it.each<[string, OutboxEntry, OutboxEntry, string]>([
    ['ended by another run', entry, superseded(entry, 'chat'), 'superseded'],
    ['sent by this one', tried(entry, { kind: 'sent' }, NOW), superseded(entry, 'chat'), 'sent'],
    ['sent by another', superseded(entry, 'chat'), tried(entry, { kind: 'sent' }, NOW), 'sent'],
    ['still tried by another', superseded(entry, 'chat'), tried(entry, FAILED, NOW), 'superseded'],
  ])('%s', (_name, mine, theirs, status) => {
    expect(deliveryOf(withEndsOf(mine, theirs), 'chat').status).toBe(status)
  })
})

describe('an entry', () => {
  const claimed: OutboxEntry = { ...entry, claim: { owner: 'me', until: NOW + 2 * MINUTE } }
  const channels = ['chat', 'hook']

  it('is settled, and free, when every configured channel has it or never will', () => {
    const half = tried(claimed, { kind: 'sent' }, NOW, 'chat')
    expect([isThrough(half, channels), settled(half, channels, NOW)]).toEqual([false, half])
    const whole = tried(half, FAILED, NOW + 8 * DAY, 'hook')
    const end = settled(whole, channels, NOW + 8 * DAY)
    expect(isThrough(whole, channels)).toBe(true)
    expect(end).toEqual({ ...entry, deliveries: whole.deliveries, settledAt: NOW + 8 * DAY })
  })

  it('waits for no channel that is configured no more', () => {
    const sent = tried(tried(claimed, FAILED, NOW, 'gone'), { kind: 'sent' }, NOW, 'chat')
    expect(isThrough(sent, ['chat'])).toBe(true)
    expect(isThrough(sent, ['chat', 'new'])).toBe(false)
    expect(settled(entry, [], NOW).settledAt).toBe(NOW)
  })

  it.each<[string, OutboxEntry, number, boolean]>([
    ['nobody', entry, NOW, false],
    ['me', claimed, NOW, false],
    ['another run', { ...claimed, claim: { owner: 'other', until: NOW + MINUTE } }, NOW, true],
    ['another run, which died', { ...claimed, claim: { owner: 'other', until: NOW } }, NOW, false],
  ])('claimed by %s', (_name, known, now, isTaken) => {
    expect(isClaimedByOther(known, 'me', now)).toBe(isTaken)
  })

  it('that two runs have written: what either knows to be sent is sent', () => {
    const mine = tried(tried(entry, FAILED, NOW, 'chat'), { kind: 'sent', receipt: 'm' }, NOW, 'hook')
    const theirs = tried(tried(entry, { kind: 'sent', receipt: 't' }, NOW, 'chat'), FAILED, NOW, 'hook')
    const both = withEndsOf(mine, theirs)
    expect(
      both.deliveries.map(({ channel, status, receipt }) => [channel, status, receipt]).toSorted(),
    ).toEqual([
      ['chat', 'sent', 't'],
      ['hook', 'sent', 'm'],
    ])
    expect(isThrough(both, channels)).toBe(true)
  })
})
