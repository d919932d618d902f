/** What Telegram's Bot API takes for each method that the guard calls, and how it words its refusals. */
import { z } from 'zod'
import type { ChatReply } from './chat-server.ts'

/** Thrown by the emulator's code to answer with an error. */
export class TelegramRefusal extends Error {
  readonly reply: ChatReply

  constructor(code: number, description: string, parameters?: Readonly<Record<string, unknown>>) {
    super(description)
    const more = parameters === undefined ? {} : { parameters }
    this.reply = { status: code, body: { ok: false, error_code: code, description, ...more } }
  }
}

const chatId = z.union([z.int(), z.string().min(1)]).transform(String)
const messageId = z.coerce.number().int()

const keyboard = z.strictObject({
  inline_keyboard: z
    .array(z.array(z.strictObject({ text: z.string().min(1), callback_data: z.string() })).max(8))
    .max(100),
})

const look = {
  text: z.string(),
  parse_mode: z.literal('HTML').optional(),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }).optional(),
  reply_markup: keyboard.optional(),
}

export const METHODS = {
  sendMessage: z.strictObject({
    chat_id: chatId,
    ...look,
    disable_notification: z.boolean().optional(),
    reply_parameters: z
      .strictObject({ message_id: messageId, allow_sending_without_reply: z.boolean().optional() })
      .optional(),
  }),
  editMessageText: z.strictObject({ chat_id: chatId, message_id: messageId, ...look }),
  deleteMessage: z.strictObject({ chat_id: chatId, message_id: messageId }),
  answerCallbackQuery: z.strictObject({
    callback_query_id: z.string().min(1),
    text: z.string().optional(),
    show_alert: z.boolean().optional(),
  }),
  getUpdates: z.strictObject({
    offset: z.int().optional(),
    limit: z.int().min(1).max(100).optional(),
    timeout: z.int().min(0).optional(),
    allowed_updates: z.array(z.string()).optional(),
  }),
} as const

export type MethodName = keyof typeof METHODS
export type Keyboard = z.output<typeof keyboard>

export function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}

/** The real API ignores fields that it doesn't know; refusing them here shows mistakes. */
export function parseMethod<Name extends MethodName>(
  name: Name,
  body: unknown,
): z.output<(typeof METHODS)[Name]> {
  const parsed = METHODS[name].safeParse(body)
  if (!parsed.success) {
    throw new TelegramRefusal(
      400,
      `Bad Request: ${parsed.error.issues.map(({ message }) => message).join(', ')}`,
    )
  }
  return parsed.data as z.output<(typeof METHODS)[Name]>
}
