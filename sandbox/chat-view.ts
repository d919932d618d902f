/** What the readers of the four chats see now, as plain data of one shape: for the page and for programs. */
import type { Outage } from './chat/chat-server.ts'
import type { Chats } from './chat/chats.ts'

export const CHAT_NAMES = ['telegram', 'slack', 'discord', 'webhook'] as const
export type ChatName = (typeof CHAT_NAMES)[number]

export type ChatMessage = {
  readonly id: string
  readonly text: string
  /** How often it was changed after it was sent. */
  readonly edits: number
  /** No phone rang for it. */
  readonly silent: boolean
  /** The message that it stands under. */
  readonly answers?: string
  /** In the order in which they are counted by a press. */
  readonly buttons: readonly string[]
}

export type ChatView = {
  readonly name: ChatName
  readonly outage: Outage
  /** Oldest first, an answer behind its message where the chat shows it there. */
  readonly messages: readonly ChatMessage[]
  /** What those who pressed buttons were told. */
  readonly told: readonly string[]
  /** Deliveries of what had been there already; only a webhook's receiver can tell. */
  readonly repeats?: number
}

const MESSAGES_MAX = 200

export function chatViews(
  chats: Chats,
  outages: ReadonlyMap<ChatName, Outage>,
): { readonly chats: readonly ChatView[] } {
  return {
    chats: CHAT_NAMES.map((name) => {
      const messages = MESSAGES[name](chats).slice(-MESSAGES_MAX)
      return {
        name,
        outage: outages.get(name) ?? 'none',
        messages,
        told: name === 'telegram' ? chats.telegram.answers().map(({ text }) => text) : [],
        ...(name === 'webhook' ? { repeats: chats.webhook.repeats() } : {}),
      }
    }),
  }
}

const MESSAGES: Readonly<Record<ChatName, (chats: Chats) => readonly ChatMessage[]>> = {
  telegram: ({ telegram }) =>
    telegram.messages().map(({ id, text, edits, silent, replyTo, buttons }) => ({
      id: String(id),
      text,
      edits,
      silent,
      ...(replyTo === undefined ? {} : { answers: String(replyTo) }),
      buttons: buttons.flat(),
    })),
  slack: ({ slack }) =>
    slack.messages().flatMap(({ ts, text, edits, replies }) => [
      { id: ts, text, edits, silent: false, buttons: [] },
      ...replies.map((reply) => ({
        id: reply.ts,
        text: reply.text,
        edits: reply.edits,
        silent: false,
        answers: ts,
        buttons: [],
      })),
    ]),
  discord: ({ discord }) =>
    discord.messages().map(({ id, text, edits, silent }) => ({ id, text, edits, silent, buttons: [] })),
  webhook: ({ webhook }) =>
    webhook.messages().map(({ id, kind, text }) => ({
      id,
      text: [`${text.mark} ${text.title}`, `${kind}: ${text.brief}`].join('\n'),
      edits: 0,
      silent: false,
      buttons: [],
    })),
}
