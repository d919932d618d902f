/**
 * Buttons under Telegram's messages. What a button carries is a MAC over what it offers: nobody can make one up, and
 * nothing needs to be kept. Whether an offer is still good is the caller's knowledge.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Reader } from '../../core/channel.ts'
import { plainText } from '../../core/plain-text.ts'
import type { Buttons, Offer, Pressed, Presses, SendLimits } from '../../ports/notifier.ts'
import { type TelegramPress, telegramUpdateSchema, telegramUpdatesSchema } from '../../schemas/telegram.ts'
import { pressAnswer } from '../../words/press-answer.ts'
import { type TelegramBot, telegramCall } from './telegram-bot.ts'

/** A chat that the bot writes to, and who may press there. */
export type TelegramChat = { readonly chat: string; readonly users: readonly number[] }

/** Of `callback_data`'s 64 bytes; 16 bytes in base64url are 22. */
const MAC_BYTES = 16
const UPDATES_MAX = 100
/** A hundred presses, each with the message that it stands under. */
const UPDATES_BYTES_MAX = 8 * 1024 * 1024
const ANSWER_MAX = 200
const ASKED = { timeout: 0, allowed_updates: ['callback_query'] } as const

/** What the button of an offer carries: 22 characters. */
export function buttonData(token: string, { thread, offeredAt, button }: Offer): string {
  const offered = JSON.stringify(['night-guard-button', 1, thread, offeredAt, button])
  return createHmac('sha256', token).update(offered).digest().subarray(0, MAC_BYTES).toString('base64url')
}

/** For all chats of one bot: Telegram delivers a bot's presses in one row, whatever chat they come from. */
export function createTelegramButtons(
  bot: TelegramBot,
  { chats, reader }: { readonly chats: readonly TelegramChat[]; readonly reader: Reader },
): Buttons {
  return {
    presses: (offers, limits) => presses({ bot, chats }, offers, limits),
    answer: async (pressId, answer, limits) => {
      const words = { text: plainText(pressAnswer(answer, reader), ANSWER_MAX), show_alert: true }
      await bot.work(limits, (api) => telegramCall(() => api.answerCallbackQuery(pressId, words)))
    },
    confirm: async (upTo, limits) => {
      // Asking for what comes after them is Telegram's way of confirming updates.
      const after = {
        ...ASKED,
        allowed_updates: [...ASKED.allowed_updates],
        offset: Number(upTo) + 1,
        limit: 1,
      }
      const options = { answerBytesMax: UPDATES_BYTES_MAX }
      await bot.work(limits, (api) => telegramCall(() => api.getUpdates(after)), options)
    },
  }
}

async function presses(
  { bot, chats }: { bot: TelegramBot; chats: readonly TelegramChat[] },
  offers: readonly Offer[],
  limits: SendLimits,
): Promise<Presses> {
  const asked = { ...ASKED, allowed_updates: [...ASKED.allowed_updates], limit: UPDATES_MAX }
  const outcome = await bot.work(
    limits,
    async (api, token) => {
      const updates = await telegramCall(() => api.getUpdates(asked))
      if (updates.kind !== 'ok') return updates
      const macs = offers.map((offer) => ({ offer, data: buttonData(token, offer) }))
      return { kind: 'ok', value: readUpdates(updates.value, { macs, chats }) }
    },
    { answerBytesMax: UPDATES_BYTES_MAX },
  )
  return outcome.kind === 'ok' ? outcome.value : { kind: 'unavailable', detail: outcome.detail }
}

type Known = {
  readonly macs: readonly { readonly offer: Offer; readonly data: string }[]
  readonly chats: readonly TelegramChat[]
}

/** Updates that are no presses are confirmed with the others, and are of no other consequence. */
function readUpdates(given: unknown, known: Known): Presses {
  const read = telegramUpdatesSchema.safeParse(given).data ?? []
  const updates = read.flatMap((update) => telegramUpdateSchema.safeParse(update).data ?? [])
  const upTo = Math.max(...updates.map(({ update_id: id }) => id))
  return {
    kind: 'presses',
    presses: updates.flatMap(({ callback_query: press }) =>
      press === undefined ? [] : [pressedOf(press, known)],
    ),
    ...(updates.length === 0 ? {} : { upTo: String(upTo) }),
  }
}

function pressedOf(press: TelegramPress, { macs, chats }: Known): Pressed {
  const offer = offerOf(press.data ?? '', macs)
  const allowed = chats.some(({ chat, users }) => users.includes(press.from.id) && isIn(chat, press))
  return {
    id: press.id,
    by: `telegram:${press.from.id}`,
    allowed,
    ...(offer === undefined ? {} : { offer }),
  }
}

/** Compares with every one in full: how long it takes tells nobody how near a guess was. */
function offerOf(data: string, macs: Known['macs']): Offer | undefined {
  const given = Buffer.from(data)
  const matching = macs.filter((mac) => {
    const expected = Buffer.from(mac.data)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
  return matching[0]?.offer
}

/** `chat` is as the configuration has it: a number, or `@name` of a public chat. */
function isIn(chat: string, { message }: TelegramPress): boolean {
  if (message === undefined) return false
  const { id, username } = message.chat
  return (
    chat === String(id) || (username !== undefined && chat.toLowerCase() === `@${username.toLowerCase()}`)
  )
}
