/** The port Channel on a Telegram chat. Its words are telegram-text.ts, presses telegram-buttons.ts. */
import type { Api } from 'grammy'
import type { ChannelConfig } from '../../core/channel.ts'
import type { Notice } from '../../core/notice.ts'
import type { Channel, Sending } from '../../ports/notifier.ts'
import { telegramMessageSchema } from '../../schemas/chat.ts'
import { type AlertText, alertText } from '../../words/alert-text.ts'
import { boundedText } from './message-text.ts'
import { named, type Outcome, sentOf } from './outcome.ts'
import { isNotModified, type TelegramBot, telegramCall } from './telegram-bot.ts'
import { buttonData } from './telegram-buttons.ts'
import { telegramAnswer, telegramMessage } from './telegram-text.ts'
import { tellThread } from './thread.ts'

type TelegramConfig = Extract<ChannelConfig, { kind: 'telegram' }>
type Keyboard = { inline_keyboard: { text: string; callback_data: string }[][] }

const BUTTONS_PER_ROW = 2
const MESSAGE_ID = /^\d{1,15}$/

export function createTelegramSend(bot: TelegramBot, config: TelegramConfig): Channel['send'] {
  return async (sending, limits) => {
    const text = alertText(sending.notice, config)
    return sentOf(await bot.work(limits, (api, token) => tell({ api, token, config, text }, sending)))
  }
}

type Telling = {
  readonly api: Api
  readonly token: string
  readonly config: TelegramConfig
  readonly text: AlertText
}

function tell({ api, token, config, text }: Telling, { notice, root }: Sending): Promise<Outcome<string>> {
  const { chat, users } = config
  const markup = users.length === 0 ? undefined : keyboardOf(notice, text, token)
  const html = telegramMessage(text)
  const look = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const
  const keyboard = markup === undefined ? {} : { reply_markup: markup }
  const known = root !== undefined && MESSAGE_ID.test(root) ? { root } : {}
  return tellThread(
    { notice, ...known },
    {
      post: async (how) => {
        const silence = how === 'quiet' ? { disable_notification: true } : {}
        const options = { ...look, ...keyboard, ...silence }
        const outcome = await telegramCall(() => api.sendMessage(chat, html, options))
        return named(outcome, nameOf)
      },
      edit: async (message) => {
        const options = { ...look, ...keyboard }
        const outcome = await telegramCall(() => api.editMessageText(chat, Number(message), html, options))
        return isNotModified(outcome) ? { kind: 'ok', value: undefined } : outcome
      },
      answer: (message) => {
        const reply = { message_id: Number(message), allow_sending_without_reply: true }
        const silence = notice.severity === 'info' ? { disable_notification: true } : {}
        const options = { ...look, ...silence, reply_parameters: reply }
        return telegramCall(() => api.sendMessage(chat, telegramAnswer(text), options))
      },
    },
  )
}

function nameOf(answer: unknown): string | undefined {
  const message = telegramMessageSchema.safeParse(answer).data
  return message === undefined ? undefined : String(message.message_id)
}

/** An edit without a keyboard takes the old one away. */
function keyboardOf(notice: Notice, text: AlertText, token: string): Keyboard | undefined {
  const { offer, thread, kind } = notice
  if (offer === undefined || kind === 'resolved') return undefined
  const buttons = boundedText(text)
    .buttons.filter(({ button }) => offer.buttons.includes(button))
    .map(({ button, label }) => ({
      text: label,
      callback_data: buttonData(token, { thread, offeredAt: offer.offeredAt, button }),
    }))
  const rows: Keyboard['inline_keyboard'] = []
  for (let at = 0; at < buttons.length; at += BUTTONS_PER_ROW) {
    rows.push(buttons.slice(at, at + BUTTONS_PER_ROW))
  }
  return rows.length === 0 ? undefined : { inline_keyboard: rows }
}
