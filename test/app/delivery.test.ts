/** Getting notices out of the outbox: order, retries, waits, claims, and what is noted of it. */
import { describe, expect, it } from 'vitest'
import type { Sent } from '../../src/ports/notifier.ts'
import { NOON } from '../fakes/stored.ts'
import { createStage, noticeOf, POLICY } from './delivery-stage.ts'

const { retryFirstMs, retryMaxMs, giveUpMs, claimMs, sendMs } = POLICY.outbox
const DOWN: Sent = { kind: 'failed', detail: 'no answer' }
const FIRST = noticeOf('bot-1', 1, { at: NOON - 4 })
const SECOND = noticeOf('bot-1', 2, { at: NOON - 3 })
const THIRD = noticeOf('bot-1', 3, { at: NOON - 2, kind: 'resolved' })
const OTHER = noticeOf('bot-2', 1, { at: NOON - 1 })

describe('delivery', () => {
  it('sends each notice on each channel, in order, and notes what became of it', async () => {
    const stage = createStage('telegram', 'slack')
    await stage.write(FIRST, SECOND)
    await stage.deliver()
    const [telegram, slack] = stage.channels
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-1.2 on telegram:bot-1.1'])
    expect(slack?.heard).toEqual(['bot-1.1', 'bot-1.2 on slack:bot-1.1'])
    const sent = (channel: string) => ({
      channel,
      status: 'sent',
      attempts: 1,
      dueAt: SECOND.at,
      sentAt: NOON,
      receipt: `${channel}:bot-1.1`,
    })
    expect(stage.entry('bot-1.2')).toEqual({
      ...SECOND,
      settledAt: NOON,
      deliveries: expect.arrayContaining([sent('telegram'), sent('slack')]),
    })
    // The second was written a millisecond after the first.
    expect(stage.delivery.doneUpTo('bot')).toBe(NOON + 1)
  })

  it('asks nobody again for what is through', async () => {
    const stage = createStage('telegram')
    await stage.write(FIRST)
    await stage.deliver()
    await stage.deliver()
    await stage.deliver('bot', stage.another())
    expect(stage.channels[0]?.asked()).toBe(1)
  })

  it('a channel that is down keeps no other waiting, and hears all in order, once, when it is back', async () => {
    const stage = createStage('telegram', 'slack')
    const [telegram, slack] = stage.channels
    telegram?.answer(() => DOWN)
    await stage.write(FIRST, SECOND, THIRD)
    await stage.deliver()
    expect([telegram?.heard, slack?.heard.length]).toEqual([[], 3])
    expect(stage.entry('bot-1.1')?.deliveries).toContainEqual({
      channel: 'telegram',
      status: 'pending',
      attempts: 1,
      dueAt: NOON + retryFirstMs,
      detail: 'no answer',
    })
    telegram?.answer(undefined)
    stage.move(retryFirstMs)
    await stage.deliver()
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-1.2 on telegram:bot-1.1', 'bot-1.3 on telegram:bot-1.1'])
    expect(slack?.asked()).toBe(3)
  })

  it('waits longer after each failure, up to the longest wait', async () => {
    const stage = createStage('telegram')
    stage.channels[0]?.answer(() => DOWN)
    await stage.write(FIRST)
    const waits: number[] = []
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      await stage.deliver()
      const dueAt = stage.entry('bot-1.1')?.deliveries[0]?.dueAt ?? 0
      waits.push(dueAt - stage.now())
      stage.move(dueAt - stage.now())
    }
    const doubled = [1, 2, 4, 8, 16].map((times) => times * retryFirstMs)
    expect(waits).toEqual([...doubled, retryMaxMs, retryMaxMs])
  })

  it('what is rejected is tried seldom, and only its own thread waits for it', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.answer(({ notice: { thread } }) =>
      thread === 'bot-1' ? { kind: 'rejected', detail: 'no' } : { kind: 'sent' },
    )
    await stage.write(FIRST, SECOND, OTHER)
    await stage.deliver()
    expect(telegram?.heard).toEqual(['bot-2.1'])
    expect(stage.entry('bot-1.1')?.deliveries[0]?.dueAt).toBe(NOON + 2 * retryFirstMs)
    expect(stage.entry('bot-1.2')?.deliveries).toEqual([])
  })

  it('gives up on what is not through after the policy’s time, and tells the rest', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.answer(() => DOWN)
    await stage.write(FIRST)
    stage.move(giveUpMs)
    await stage.deliver()
    expect(stage.entry('bot-1.1')).toMatchObject({
      settledAt: NOON + giveUpMs,
      deliveries: [{ channel: 'telegram', status: 'failed', attempts: 1, detail: 'no answer' }],
    })
    telegram?.answer(undefined)
    await stage.write({ ...SECOND, at: stage.now() })
    await stage.deliver()
    expect(telegram?.heard).toEqual(['bot-1.2'])
  })

  it('a channel that says when to come again is left alone until then, by every target and thread', async () => {
    const stage = createStage('telegram', 'slack')
    const [telegram, slack] = stage.channels
    telegram?.answer(() => ({ kind: 'failed', detail: 'too many', afterMs: 90_000 }))
    const mailer = noticeOf('mailer-1', 1, { target: 'mailer' })
    await stage.write(FIRST)
    await stage.deliver()
    await stage.write(OTHER, mailer)
    await stage.deliver()
    await stage.deliver('mailer')
    expect([telegram?.asked(), slack?.heard.length]).toEqual([1, 3])
    telegram?.answer(undefined)
    stage.move(89_999)
    await stage.deliver()
    await stage.deliver('mailer')
    expect(telegram?.asked()).toBe(1)
    stage.move(1)
    await stage.deliver()
    await stage.deliver('mailer')
    expect(telegram?.heard.toSorted()).toEqual(['bot-1.1', 'bot-2.1', 'mailer-1.1'])
  })

  it('quiet hours are no try: it is sent at their end', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    telegram?.quietUntil(NOON + 3_600_000)
    await stage.write(FIRST)
    await stage.deliver()
    expect([stage.entry('bot-1.1')?.deliveries, stage.entry('bot-1.1')?.claim]).toEqual([[], undefined])
    stage.move(3_600_000)
    await stage.deliver()
    expect([telegram?.asked(), telegram?.heard]).toEqual([1, ['bot-1.1']])
  })

  it('a slow channel has half a tick’s time; what is left is the next one’s', async () => {
    const stage = createStage('telegram', 'slack')
    const [telegram, slack] = stage.channels
    telegram?.answer(({ root }) => {
      stage.move(sendMs)
      return { kind: 'sent', receipt: root ?? 'first' }
    })
    const many = Array.from({ length: 10 }, (_, index) =>
      noticeOf('bot-1', index + 1, { at: NOON - 20 + index, kind: 'person' }),
    )
    await stage.write(...many)
    await stage.deliver()
    const inTime = Math.ceil(POLICY.tick.deadlineMs / 2 / sendMs)
    expect(telegram?.heard.length).toBe(inTime)
    await stage.deliver()
    await stage.deliver()
    expect([telegram?.heard.length, slack?.heard.length]).toEqual([10, 10])
  })

  it('a channel that is no longer configured is not waited for', async () => {
    const stage = createStage('telegram')
    await stage.write(FIRST)
    await stage.deliver()
    const {
      claim: _claim,
      settledAt: _settled,
      ...entry
    } = stage.entry('bot-1.1') ?? { ...FIRST, deliveries: [] }
    const gone = { channel: 'gone', status: 'pending', attempts: 3, dueAt: NOON } as const
    await stage.store.putOutboxEntry(
      { ...entry, deliveries: [...entry.deliveries, gone] },
      await versionOf(stage),
    )
    await stage.deliver('bot', stage.another())
    expect(stage.entry('bot-1.1')?.settledAt).toBe(NOON)
    expect(stage.channels[0]?.asked()).toBe(1)
  })

  it('a bug in a channel is thrown where the delivery is waited for', async () => {
    const stage = createStage('telegram')
    stage.channels[0]?.answer(() => {
      throw new Error('a bug')
    })
    await stage.write(FIRST)
    stage.delivery.kick('bot', NOON)
    await expect(stage.delivery.settle()).rejects.toThrow('a bug')
  })

  it('past the outbox: each channel once, side by side, and what became of it', async () => {
    const stage = createStage('telegram', 'slack')
    stage.channels[1]?.answer(() => DOWN)
    expect(await stage.delivery.direct(FIRST)).toEqual([
      { channel: 'telegram', result: 'sent' },
      { channel: 'slack', result: 'failed', detail: 'no answer' },
    ])
    expect(stage.store.entries.size).toBe(0)
  })
})

async function versionOf({ store }: ReturnType<typeof createStage>): Promise<string | null> {
  const found = await store.outboxEntries(['bot-1.1'])
  return found.kind === 'entries' ? (found.entries[0]?.version ?? null) : null
}

describe('what is written while a pass is under way', () => {
  it('is sent in the same go, also when it carries the same time', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    telegram?.answer(async ({ notice: { number } }) => {
      if (number === 1) await opened
      return { kind: 'sent', receipt: 'first' }
    })
    await stage.write(FIRST)
    stage.delivery.kick('bot', NOON)
    await expect.poll(() => telegram?.asked()).toBe(1)
    await stage.write(SECOND)
    stage.delivery.kick('bot', NOON)
    open()
    await stage.delivery.settle()
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-1.2 on first'])
  })
})

describe('two processes on one store', () => {
  it('send each notice once, whoever comes first', async () => {
    const stage = createStage('telegram', 'slack')
    const other = stage.another()
    await stage.write(FIRST, SECOND, OTHER)
    await Promise.all([stage.deliver(), stage.deliver('bot', other)])
    stage.move(claimMs)
    await Promise.all([stage.deliver(), stage.deliver('bot', other)])
    for (const { heard } of stage.channels)
      expect(heard.map((line) => line.split(' ')[0]).toSorted()).toEqual(['bot-1.1', 'bot-1.2', 'bot-2.1'])
  })

  it('what a dead one had claimed is sent by the other when the claim is over', async () => {
    const stage = createStage('telegram')
    const [telegram] = stage.channels
    const gone = { kind: 'unavailable', detail: 'gone' } as const
    let puts = 0
    const { putOutboxEntry } = stage.store
    const mortal = stage.another({
      owner: 'dead',
      store: { putOutboxEntry: async (...put) => (++puts === 1 ? putOutboxEntry(...put) : gone) },
    })
    await stage.write(FIRST)
    await stage.deliver('bot', mortal)
    expect(telegram?.heard).toEqual(['bot-1.1'])
    await stage.deliver()
    stage.move(claimMs - 1)
    await stage.deliver()
    expect(telegram?.asked()).toBe(1)
    stage.move(retryFirstMs)
    await stage.deliver()
    expect(telegram?.heard).toEqual(['bot-1.1', 'bot-1.1'])
    expect(stage.entry('bot-1.1')?.settledAt).toBe(stage.now())
  })

  it('a claim lasts as long as the slowest lane is at it', async () => {
    const stage = createStage('telegram', 'slack')
    const [telegram, slack] = stage.channels
    const other = stage.another()
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    slack?.answer(async ({ notice: { number } }): Promise<Sent> => {
      if (number === 1) await opened
      return { kind: 'sent' }
    })
    await stage.write(FIRST, SECOND)
    stage.delivery.kick('bot', NOON)
    // Telegram is through with both; Slack is still at the first when the claim of the second has ended.
    await expect.poll(() => telegram?.heard.length).toBe(2)
    stage.move(claimMs)
    open()
    await stage.delivery.settle()
    await stage.deliver('bot', other)
    expect([telegram?.heard.length, slack?.heard]).toEqual([2, ['bot-1.1', 'bot-1.2']])
  })

  it('a process that knows nothing of a thread finds its first message in the outbox', async () => {
    const stage = createStage('telegram')
    await stage.write(FIRST)
    await stage.deliver()
    await stage.write(SECOND)
    await stage.deliver('bot', stage.another())
    expect(stage.channels[0]?.heard).toEqual(['bot-1.1', 'bot-1.2 on telegram:bot-1.1'])
  })

  it('what another has written is due at once, however long the own is put off', async () => {
    const stage = createStage('telegram')
    stage.channels[0]?.answer(() => DOWN)
    await stage.write(FIRST)
    await stage.deliver()
    expect(stage.delivery.dueAt('bot', NOON)).toBe(NOON + retryFirstMs)
    expect(stage.delivery.dueAt('bot', NOON + 1)).toBeUndefined()
  })
})

describe('a store that can’t be reached', () => {
  it('keeps what is waiting: it is read again a little later', async () => {
    const stage = createStage('telegram')
    await stage.write(FIRST)
    stage.store.fail('gone')
    await stage.deliver()
    expect(stage.channels[0]?.asked()).toBe(0)
    expect(stage.delivery.dueAt('bot', NOON)).toBe(NOON + retryFirstMs)
    stage.store.fail()
    stage.move(retryFirstMs)
    await stage.deliver()
    expect(stage.channels[0]?.heard).toEqual(['bot-1.1'])
  })
})
