/** Delivery when not all can be sent in order: quiet hours, old news, what a channel rejects, and a run that has to end. */
import { describe, expect, it } from 'vitest'
import type { Sent } from '../../src/ports/notifier.ts'
import { NOON } from '../fakes/stored.ts'
import { createStage, noticeOf, POLICY, type Stage } from './delivery-stage.ts'

const { retryFirstMs, retryMaxMs, sendMs } = POLICY.outbox
const HOUR = 3_600_000
const MORNING = NOON + 5 * HOUR
const NO: Sent = { kind: 'rejected', detail: 'no' }
const FIRST = noticeOf('bot-1', 1, { at: NOON - 4 })
const PERSON = noticeOf('bot-1', 2, { at: NOON - 3, kind: 'person' })
const RESOLVED = noticeOf('bot-1', 3, { at: NOON - 2, kind: 'resolved' })

function statusesOf(stage: Stage, ...ids: readonly string[]) {
  return ids.map((id) => stage.entry(id)?.deliveries.map(({ status }) => status))
}

describe('quiet hours', () => {
  it('let a call for a person through at once, as the first message; the rest waits for the morning', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.quietUntil(MORNING, ['person', 'test'])
    await stage.write(FIRST)
    await stage.deliver()
    expect(telegram?.heard).toEqual([])
    await stage.write(PERSON, RESOLVED)
    await stage.deliver()
    expect(telegram?.heard).toEqual(['bot-1.2'])
    expect(stage.entry('bot-1.1')).toEqual({
      ...FIRST,
      settledAt: NOON,
      deliveries: [{ channel: 'telegram', status: 'superseded', attempts: 0, dueAt: FIRST.at }],
    })
    telegram?.quietUntil(undefined)
    stage.move(5 * HOUR)
    await stage.deliver('bot', stage.another())
    expect(telegram?.heard).toEqual(['bot-1.2', 'bot-1.3 on telegram:bot-1.2'])
  })

  it('at their end tell a beginning and its end, and nothing of what lies between', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.quietUntil(MORNING, ['person'])
    const between = noticeOf('bot-1', 2, { at: NOON - 3 })
    await stage.write(FIRST, between, RESOLVED)
    await stage.deliver()
    expect([telegram?.asked(), stage.delivery.dueAt('bot', NOON + 2)]).toEqual([0, NOON + retryMaxMs])
    telegram?.quietUntil(undefined)
    stage.move(5 * HOUR)
    await stage.deliver()
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-1.3 on telegram:bot-1.1'])
    expect(statusesOf(stage, 'bot-1.2')).toEqual([['superseded']])
  })
})

describe('an outage of ten hours', () => {
  it('ends with one reminder, and a process that knows nothing finds the first message', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    const reminder = (number: number) =>
      noticeOf('bot-1', number, { at: NOON - 100 + number, kind: 'reminder' })
    const person = { ...PERSON, at: NOON - 101 }
    telegram?.quietUntil(MORNING, ['person'])
    await stage.write({ ...FIRST, at: NOON - 102 }, person)
    await stage.deliver()
    telegram?.quietUntil(undefined)
    await stage.write(...Array.from({ length: 20 }, (_, index) => reminder(index + 3)))
    stage.move(10 * HOUR)
    await stage.deliver('bot', stage.another())
    expect(telegram?.heard).toEqual(['bot-1.2', 'bot-1.22 on telegram:bot-1.2'])
    await stage.write(reminder(23))
    await stage.deliver('bot', stage.another())
    expect(telegram?.heard.at(-1)).toBe('bot-1.23 on telegram:bot-1.2')
  })
})

describe('a notice that a channel does not like', () => {
  it('is passed by the next of its thread after three tries, and then given up', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.answer(({ notice }) => (notice.number === 1 ? NO : { kind: 'sent' }))
    await stage.write(FIRST, RESOLVED)
    for (const waitMs of [0, 2 * retryFirstMs, 4 * retryFirstMs]) {
      expect(telegram?.heard).toEqual([])
      stage.move(waitMs)
      await stage.deliver()
    }
    expect([telegram?.asked(), telegram?.heard]).toEqual([4, ['bot-1.3']])
    expect(statusesOf(stage, 'bot-1.1', 'bot-1.3')).toEqual([['failed'], ['sent']])
    expect(stage.delivery.doneUpTo('bot')).toBe(NOON + 1)
  })
})

describe('a channel with a wrong token', () => {
  const DAY_TICKS = 24 * 60

  it('is tried seldom, however many threads wait; mended, a fresh notice finds out within minutes', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.answer(() => NO)
    const threads = Array.from({ length: 70 }, (_, index) => noticeOf(`bot-${index}`, 1, { at: NOON - 1 }))
    await stage.write(...threads)
    for (let tick = 0; tick < DAY_TICKS; tick += 1) {
      await stage.deliver()
      stage.move(60_000)
    }
    expect(telegram?.asked()).toBeLessThan(100)
    telegram?.answer(undefined)
    await stage.write(noticeOf('bot-new', 1, { at: stage.now() }))
    let ticks = 0
    for (; telegram?.heard.length === 0 && ticks < 100; ticks += 1) {
      await stage.deliver()
      stage.move(60_000)
    }
    expect(ticks).toBeLessThanOrEqual(11)
    stage.move(retryMaxMs)
    await stage.deliver()
    expect(telegram?.heard.length).toBe(71)
  })

  it('is tried at once by a new process', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.answer(() => NO)
    await stage.write(FIRST, noticeOf('bot-2', 1, { at: NOON - 1 }))
    for (let tick = 0; tick < 120; tick += 1) {
      await stage.deliver()
      stage.move(60_000)
    }
    telegram?.answer(undefined)
    await stage.deliver('bot', stage.another())
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-2.1'])
  })
})

describe('a run that has to end', () => {
  it('begins no try that might last longer, and loses nothing', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.answer(() => {
      stage.move(sendMs)
      return { kind: 'sent', receipt: 'first' }
    })
    await stage.write(FIRST, PERSON, RESOLVED)
    stage.delivery.kick('bot', NOON + 2)
    await stage.delivery.settle({ until: NOON + 2 * sendMs + 1 })
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-1.2 on first'])
    await stage.deliver()
    expect(telegram?.heard.at(-1)).toBe('bot-1.3 on first')
  })

  it('waits no longer, though a try does not end', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    const { promise: opened, resolve: open } = Promise.withResolvers<Sent>()
    telegram?.answer(() => opened)
    await stage.write(FIRST)
    stage.delivery.kick('bot', NOON)
    await expect.poll(() => telegram?.asked()).toBe(1)
    await stage.delivery.settle({ until: NOON + 20 })
    expect(telegram?.heard).toEqual([])
    open({ kind: 'sent' })
    await stage.delivery.settle()
    expect(telegram?.heard).toEqual(['bot-1.1'])
  })
})
