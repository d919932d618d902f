/** Telegram's buttons: who may press, what is believed of a press, and what happens to it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Buttons, Offer } from '../../../src/ports/notifier.ts'
import { noticeOf } from './notices.ts'
import { LIMITS, openStage, type Stage } from './stage.ts'

const OWNER = 4711
const THREAD = 'inc-bot-1'
const OFFERED_AT = 1_790_000_000_000
const OFFERS: readonly Offer[] = [
  { thread: THREAD, offeredAt: OFFERED_AT, button: 'recover' },
  { thread: THREAD, offeredAt: OFFERED_AT, button: 'pause' },
]
const OFFER = { buttons: ['recover', 'pause'], offeredAt: OFFERED_AT } as const

let stage: Stage
let buttons: Buttons
beforeEach(async () => {
  stage = await openStage()
  const channel = stage.channel('telegram')
  if (channel.buttons === undefined) throw new Error('The channel has no buttons.')
  buttons = channel.buttons
  await channel.send({ notice: noticeOf('triggered', { offer: OFFER }) }, LIMITS)
})
afterEach(() => stage.close())

const telegram = () => stage.chats.telegram

describe('a press', () => {
  it('is told with who pressed and what was offered, until it is confirmed', async () => {
    const press = telegram().press(101, 0, OWNER)
    const expected = {
      kind: 'presses',
      presses: [{ id: press, by: 'telegram:4711', allowed: true, offer: OFFERS[0] }],
      upTo: '700001',
    } as const
    expect(await buttons.presses(OFFERS, LIMITS)).toEqual(expected)
    expect(await buttons.presses(OFFERS, LIMITS)).toEqual(expected)
    await buttons.confirm('700001', LIMITS)
    expect(telegram().unconfirmed()).toBe(0)
    expect(await buttons.presses(OFFERS, LIMITS)).toEqual({ kind: 'presses', presses: [] })
  })

  it('stays when another one comes before it is confirmed', async () => {
    telegram().press(101, 0, OWNER)
    await buttons.presses(OFFERS, LIMITS)
    const later = telegram().press(101, 1, OWNER)
    await buttons.confirm('700001', LIMITS)
    expect(await buttons.presses(OFFERS, LIMITS)).toMatchObject({
      presses: [{ id: later, offer: OFFERS[1] }],
    })
  })

  it('is told twice when it was pressed twice: only its receiver knows that once is enough', async () => {
    const ids = [telegram().press(101, 0, OWNER), telegram().press(101, 0, OWNER)]
    expect(await buttons.presses(OFFERS, LIMITS)).toMatchObject({
      presses: ids.map((id) => ({ id, offer: OFFERS[0] })),
    })
  })

  it.each([
    ['there are no offers', []],
    ['its offer was renewed', OFFERS.map((offer) => ({ ...offer, offeredAt: OFFERED_AT + 1 }))],
    ['its thread is over', OFFERS.map((offer) => ({ ...offer, thread: 'inc-bot-2' }))],
    ['that button is used up', OFFERS.slice(1)],
  ])('is for no offer when %s', async (_what, offers) => {
    const id = telegram().press(101, 0, OWNER)
    expect(await buttons.presses(offers, LIMITS)).toEqual({
      kind: 'presses',
      presses: [{ id, by: 'telegram:4711', allowed: true }],
      upTo: '700001',
    })
  })

  it.each([
    ['made up', 'recover'],
    ['empty', ''],
    ['a MAC of the right length', 'AAAAAAAAAAAAAAAAAAAAAA'],
    ['the offer in plain text', JSON.stringify([THREAD, OFFERED_AT, 'recover'])],
    ['in other letters', '밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤밤'],
  ])('is for no offer when its data is %s', async (_what, data) => {
    const id = telegram().forge({ data, userId: OWNER, chat: 4711 })
    expect(await buttons.presses(OFFERS, LIMITS)).toMatchObject({
      presses: [{ id, by: 'telegram:4711', allowed: true }],
    })
    expect(JSON.stringify(await buttons.presses(OFFERS, LIMITS))).not.toContain('offer')
  })

  it.each([
    ['somebody who is not on the list', 666, 4711],
    ['somebody on the list in another chat', OWNER, -100_123],
  ])('is not allowed to %s', async (_who, userId, chat) => {
    telegram().press(101, 0, OWNER)
    const log = telegram().log.find(({ path }) => path.endsWith('/sendMessage'))
    const data = /"callback_data":"([^"]+)"/.exec(log?.body ?? '')?.[1] ?? ''
    const id = telegram().forge({ data, userId, chat })
    expect(await buttons.presses(OFFERS, LIMITS)).toMatchObject({
      presses: [{ allowed: true }, { id, by: `telegram:${userId}`, allowed: false, offer: OFFERS[0] }],
    })
  })

  it('is answered to who pressed, in a window of its own, at most 200 characters long', async () => {
    const press = telegram().press(101, 0, OWNER)
    const detail = `SSH works:\n${'x'.repeat(500)}`
    await buttons.answer(press, { kind: 'refused', detail }, LIMITS)
    await buttons.answer('999', { kind: 'expired' }, LIMITS)
    const [answer] = telegram().answers()
    expect(telegram().answers()).toEqual([{ press, text: answer?.text, alert: true }])
    expect(answer?.text).toMatch(/^Nothing was done: SSH works:.x{50,150}…$/)
  })
})

describe('what a bot is told besides presses', () => {
  it('is passed over, broken or not, and costs no press that came with it', async () => {
    const junk = [
      null,
      'text',
      42,
      [],
      {},
      { update_id: 'x', callback_query: {} },
      { update_id: -1 },
      { update_id: 1.5, callback_query: null },
      { update_id: 700_500, message: { text: '/start', chat: { id: 1 } } },
      { update_id: 700_501, callback_query: { id: '', from: { id: 1 }, data: 'x' } },
      { update_id: 700_502, callback_query: { id: '1', from: 'me', data: { deep: [[[]]] } } },
      { update_id: 700_503, callback_query: { id: '1', from: { id: 1e300 }, data: 'x' } },
      { update_id: 700_504, callback_query: { id: `1${'0'.repeat(5_000)}`, from: { id: 1 } } },
    ]
    for (const update of junk) telegram().push(update)
    const odd = { id: '77', from: { id: OWNER }, message: { chat: 'here' }, data: 'x'.repeat(10_000) }
    telegram().push({ update_id: 700_600, callback_query: odd })
    const id = telegram().press(101, 0, OWNER)
    const read = await buttons.presses(OFFERS, LIMITS)
    expect(read).toEqual({
      kind: 'presses',
      presses: [
        { id: '77', by: 'telegram:4711', allowed: false },
        { id, by: 'telegram:4711', allowed: true, offer: OFFERS[0] },
      ],
      upTo: '700600',
    })
  })

  it('is never more than a hundred at once', async () => {
    for (let count = 0; count < 150; count += 1) telegram().forge({ data: 'x', userId: 1, chat: 1 })
    const read = await buttons.presses(OFFERS, LIMITS)
    expect(read).toMatchObject({ kind: 'presses', upTo: '700100' })
    await buttons.confirm('700100', LIMITS)
    expect(telegram().unconfirmed()).toBe(50)
  })
})

describe('presses are unavailable', () => {
  it.each([
    ['poller', /another program reads/],
    ['webhook', /webhook is active.*another program reads/],
  ] as const)('when a %s takes them, and it is said how to mend it', async (by, words) => {
    telegram().conflict(by)
    expect(await buttons.presses(OFFERS, LIMITS)).toEqual({
      kind: 'unavailable',
      detail: expect.stringMatching(words),
    })
  })

  it('in an outage, and nobody waits longer than the limit', async () => {
    await telegram().outage('hang')
    const limits = { timeoutMs: 250 }
    expect(await buttons.presses(OFFERS, limits)).toEqual({
      kind: 'unavailable',
      detail: 'no answer within 250 ms',
    })
    await buttons.answer('1', { kind: 'expired' }, limits)
    await buttons.confirm('1', limits)
  })
})

it('has no buttons on other chats, nor where nobody may press', async () => {
  expect(stage.channel('slack').buttons).toBeUndefined()
  expect(stage.channel('discord').buttons).toBeUndefined()
  expect(stage.channel('webhook').buttons).toBeUndefined()
})
