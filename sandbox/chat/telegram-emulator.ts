/**
 * Telegram's Bot API as far as the guard uses it, with people who press buttons. Markup is telegram-html.ts, fields
 * telegram-methods.ts, waiting updates telegram-updates.ts.
 */
import { parseJsonText } from '../../src/schemas/json-text.ts'
import { type ChatReply, type ChatRequest, type ChatServer, createChatServer } from './chat-server.ts'
import { parseTelegramHtml, telegramMentionsIn } from './telegram-html.ts'
import { isMethod, type Keyboard, parseMethod, TelegramRefusal } from './telegram-methods.ts'
import { createUpdates, type Updates } from './telegram-updates.ts'

/** A message as its readers see it now. */
export type TelegramMessage = {
  readonly id: number
  readonly chat: string
  readonly text: string
  /** Labels, row by row. */
  readonly buttons: readonly (readonly string[])[]
  readonly replyTo?: number
  readonly silent: boolean
  readonly edits: number
  /** Whose phones the text would ring by naming them. */
  readonly mentions: readonly string[]
}

export type TelegramAnswer = { readonly press: string; readonly text: string; readonly alert: boolean }

export type TelegramEmulator = ChatServer & {
  /** Oldest first; the deleted are gone. */
  messages(): readonly TelegramMessage[]
  /** Somebody taps a button, counted over all rows from 0; gives the press's id. Throws when there is none. */
  press(messageId: number, buttonIndex: number, userId: number): string
  /** A press with any data, from any chat: what a forger could send. */
  forge(press: { readonly data: string; readonly userId: number; readonly chat: string | number }): string
  /** Any update at all. */
  push(update: unknown): void
  /** What those who pressed were told. */
  answers(): readonly TelegramAnswer[]
  /** Updates that nobody has confirmed. */
  unconfirmed(): number
  /** A person deletes it. */
  erase(messageId: number): void
  /** Somebody else reads the bot's updates. */
  conflict(by: 'poller' | 'webhook' | 'nobody'): void
  /** The person blocks the bot, or takes it back. */
  block(chat: string, how: 'blocked' | 'open'): void
  changeToken(token: string): void
}

type Stored = {
  readonly id: number
  readonly chat: string
  text: string
  keyboard: Keyboard | undefined
  readonly replyTo: number | undefined
  readonly silent: boolean
  edits: number
}

type State = {
  token: string
  readonly chats: ReadonlySet<string>
  readonly blocked: Set<string>
  readonly messages: Map<number, Stored>
  readonly updates: Updates
  readonly presses: Set<string>
  readonly answers: TelegramAnswer[]
  conflict: 'poller' | 'webhook' | 'nobody'
  /** Ends the request that waits for updates. */
  waiting: ((because: 'updates' | 'another poller' | 'time') => void) | undefined
  nextMessage: number
}

const TEXT_MAX = 4096
const DATA_BYTES_MAX = 64
const ANSWER_MAX = 200

export function createTelegramEmulator(options: {
  readonly token: string
  readonly chats: readonly string[]
}): TelegramEmulator {
  const state: State = {
    token: options.token,
    chats: new Set(options.chats),
    blocked: new Set(),
    messages: new Map(),
    updates: createUpdates(700_001),
    presses: new Set(),
    answers: [],
    conflict: 'nobody',
    waiting: undefined,
    nextMessage: 101,
  }
  const server = createChatServer({
    answer: (request) => answer(state, request),
    limited: (seconds) =>
      new TelegramRefusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds }).reply,
    broken: new TelegramRefusal(500, 'Internal Server Error').reply,
    secrets: [options.token],
  })
  return { ...server, ...peopleOf(state) }
}

/** What happens in the chats without the bot. */
function peopleOf(state: State): Omit<TelegramEmulator, keyof ChatServer> {
  const press = ({ data, userId, chat, messageId = 1 }: PressOf): string => {
    const id = `${4_000_000_000_000_000 + state.presses.size}`
    state.presses.add(id)
    const message = {
      message_id: messageId,
      date: 1_700_000_000,
      chat: { id: Number(chat), type: 'private' },
    }
    const from = { id: userId, is_bot: false, first_name: 'A person' }
    state.updates.push({ callback_query: { id, from, message, chat_instance: '1', data } })
    state.waiting?.('updates')
    return id
  }
  return {
    messages: () => [...state.messages.values()].map(seen),
    press: (messageId, buttonIndex, userId) => {
      const message = state.messages.get(messageId)
      const button = message?.keyboard?.inline_keyboard.flat()[buttonIndex]
      if (message === undefined || button === undefined) {
        throw new Error(`Message ${messageId} has no button ${buttonIndex}.`)
      }
      return press({ data: button.callback_data, userId, chat: message.chat, messageId })
    },
    forge: press,
    push: (update) => {
      state.updates.pushRaw(update)
      state.waiting?.('updates')
    },
    answers: () => state.answers,
    unconfirmed: () => state.updates.waiting(),
    erase: (messageId) => {
      state.messages.delete(messageId)
    },
    conflict: (by) => {
      state.conflict = by
    },
    block: (chat, how) => {
      if (how === 'blocked') state.blocked.add(chat)
      else state.blocked.delete(chat)
    },
    changeToken: (token) => {
      state.token = token
    },
  }
}

type PressOf = {
  readonly data: string
  readonly userId: number
  readonly chat: string | number
  readonly messageId?: number
}

function seen({ id, chat, text, keyboard, replyTo, silent, edits }: Stored): TelegramMessage {
  return {
    id,
    chat,
    text,
    buttons: (keyboard?.inline_keyboard ?? []).map((row) => row.map((button) => button.text)),
    ...(replyTo === undefined ? {} : { replyTo }),
    silent,
    edits,
    mentions: telegramMentionsIn(text),
  }
}

async function answer(state: State, request: ChatRequest): Promise<ChatReply> {
  try {
    const [, token, name = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.path) ?? []
    if (token === undefined || !/^\d+:/.test(token)) throw new TelegramRefusal(404, 'Not Found')
    if (token !== state.token) throw new TelegramRefusal(401, 'Unauthorized')
    if (!isMethod(name)) throw new TelegramRefusal(404, 'Not Found: method not found')
    const json = parseJsonText(request.body === '' ? '{}' : request.body)
    if (json.kind === 'not-json') throw new TelegramRefusal(400, "Bad Request: can't parse JSON object")
    return { status: 200, body: { ok: true, result: await HANDLERS[name](state, json.value) } }
  } catch (error) {
    if (error instanceof TelegramRefusal) return error.reply
    throw error
  }
}

const HANDLERS: Readonly<
  Record<
    'sendMessage' | 'editMessageText' | 'deleteMessage' | 'answerCallbackQuery' | 'getUpdates',
    (state: State, body: unknown) => unknown
  >
> = {
  sendMessage: (state, body) => {
    const asked = parseMethod('sendMessage', body)
    checkChat(state, asked.chat_id)
    const text = textOf(asked)
    const keyboard = keyboardOf(asked.reply_markup)
    const reply = asked.reply_parameters
    const isThere = reply !== undefined && state.messages.has(reply.message_id)
    if (reply !== undefined && !isThere && reply.allow_sending_without_reply !== true) {
      throw new TelegramRefusal(400, 'Bad Request: message to be replied not found')
    }
    const replyTo = isThere ? reply.message_id : undefined
    const silent = asked.disable_notification === true
    const message: Stored = {
      id: state.nextMessage,
      chat: asked.chat_id,
      text,
      keyboard,
      replyTo,
      silent,
      edits: 0,
    }
    state.nextMessage += 1
    state.messages.set(message.id, message)
    return wireOf(message)
  },
  editMessageText: (state, body) => {
    const asked = parseMethod('editMessageText', body)
    checkChat(state, asked.chat_id)
    const message = state.messages.get(asked.message_id)
    if (message === undefined || message.chat !== asked.chat_id) {
      throw new TelegramRefusal(400, 'Bad Request: message to edit not found')
    }
    const text = textOf(asked)
    const keyboard = keyboardOf(asked.reply_markup)
    if (text === message.text && JSON.stringify(keyboard) === JSON.stringify(message.keyboard)) {
      throw new TelegramRefusal(400, NOT_MODIFIED)
    }
    message.text = text
    message.keyboard = keyboard
    message.edits += 1
    return wireOf(message)
  },
  deleteMessage: (state, body) => {
    const asked = parseMethod('deleteMessage', body)
    checkChat(state, asked.chat_id)
    if (!state.messages.delete(asked.message_id)) {
      throw new TelegramRefusal(400, 'Bad Request: message to delete not found')
    }
    return true
  },
  answerCallbackQuery: (state, body) => {
    const asked = parseMethod('answerCallbackQuery', body)
    if (!state.presses.has(asked.callback_query_id)) {
      const why = 'query is too old and response timeout expired or query ID is invalid'
      throw new TelegramRefusal(400, `Bad Request: ${why}`)
    }
    const text = asked.text ?? ''
    if (text.length > ANSWER_MAX) throw new TelegramRefusal(400, 'Bad Request: MESSAGE_TOO_LONG')
    state.answers.push({ press: asked.callback_query_id, text, alert: asked.show_alert === true })
    return true
  },
  getUpdates: (state, body) => {
    const asked = parseMethod('getUpdates', body)
    if (state.conflict !== 'nobody') throw new TelegramRefusal(409, CONFLICTS[state.conflict])
    // Two at once: Telegram ends the one that waits.
    state.waiting?.('another poller')
    const take = () =>
      state.updates.take({ offset: asked.offset, limit: asked.limit, allowed: asked.allowed_updates })
    const ready = take()
    const seconds = asked.timeout ?? 0
    return ready.length > 0 || seconds === 0 ? ready : longPoll(state, { take, seconds })
  },
}

function longPoll(
  state: State,
  { take, seconds }: { readonly take: () => readonly unknown[]; readonly seconds: number },
): Promise<readonly unknown[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>()
  const timer = setTimeout(() => state.waiting?.('time'), seconds * 1_000).unref()
  state.waiting = (because) => {
    clearTimeout(timer)
    state.waiting = undefined
    if (because === 'another poller') reject(new TelegramRefusal(409, CONFLICTS.poller))
    else resolve(take())
  }
  return promise
}

const NOT_MODIFIED =
  'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'
const CONFLICTS = {
  poller: 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
  webhook:
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
} as const

function checkChat({ chats, blocked }: State, chat: string): void {
  if (!chats.has(chat)) throw new TelegramRefusal(400, 'Bad Request: chat not found')
  if (blocked.has(chat)) throw new TelegramRefusal(403, 'Forbidden: bot was blocked by the user')
}

function textOf({
  text: given,
  parse_mode: mode,
}: {
  text: string
  parse_mode?: 'HTML' | undefined
}): string {
  const parsed = mode === 'HTML' ? parseTelegramHtml(given) : ({ kind: 'text', text: given.trim() } as const)
  if (parsed.kind === 'unparsable') {
    throw new TelegramRefusal(400, `Bad Request: can't parse entities: ${parsed.why}`)
  }
  if (parsed.text === '') throw new TelegramRefusal(400, 'Bad Request: message text is empty')
  if (parsed.text.length > TEXT_MAX) throw new TelegramRefusal(400, 'Bad Request: message is too long')
  return parsed.text
}

function keyboardOf(keyboard: Keyboard | undefined): Keyboard | undefined {
  const buttons = keyboard?.inline_keyboard.flat() ?? []
  for (const { callback_data: data } of buttons) {
    const bytes = Buffer.byteLength(data)
    if (bytes === 0 || bytes > DATA_BYTES_MAX)
      throw new TelegramRefusal(400, 'Bad Request: BUTTON_DATA_INVALID')
  }
  return buttons.length === 0 ? undefined : keyboard
}

function wireOf({ id, chat, text }: Stored): unknown {
  return { message_id: id, date: 1_700_000_000, chat: { id: Number(chat), type: 'private' }, text }
}
