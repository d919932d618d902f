/** Slack's Web API as far as the guard uses it: chat.postMessage and chat.update. Blocks are slack-blocks.ts. */
import { z } from 'zod'
import { parseJsonText } from '../../src/schemas/json-text.ts'
import { type ChatReply, type ChatRequest, type ChatServer, createChatServer } from './chat-server.ts'
import {
  BLOCKS_CHARACTERS_MAX,
  type SlackShown,
  shownBlocks,
  shownMarkup,
  slackBlocksSchema,
} from './slack-blocks.ts'

/** A message as its readers see it now, with what hangs beneath it. */
export type SlackMessage = {
  readonly ts: string
  readonly channel: string
  readonly text: string
  /** What phones show. */
  readonly notification: string
  readonly mentions: readonly string[]
  readonly edits: number
  readonly replies: readonly SlackReply[]
}

/** `broadcast`: shown in the channel, too. */
export type SlackReply = Omit<SlackMessage, 'replies'> & { readonly broadcast: boolean }

export type SlackEmulator = ChatServer & {
  messages(): readonly SlackMessage[]
  erase(ts: string): void
  changeToken(token: string): void
}

type Stored = {
  readonly ts: string
  readonly channel: string
  shown: SlackShown
  notification: string
  edits: number
  readonly threadTs: string | undefined
  readonly broadcast: boolean
}

type State = {
  token: string
  /** Ids by the names that people give them. */
  readonly channels: ReadonlyMap<string, string>
  readonly messages: Map<string, Stored>
  nextSecond: number
}

export function createSlackEmulator(options: {
  readonly token: string
  readonly channels: Readonly<Record<string, string>>
}): SlackEmulator {
  const state: State = {
    token: options.token,
    channels: new Map(Object.entries(options.channels)),
    messages: new Map(),
    nextSecond: 1_700_000_001,
  }
  const server = createChatServer({
    answer: (request) => answer(state, request),
    limited: (seconds) => ({
      status: 429,
      headers: { 'retry-after': String(seconds) },
      body: { ok: false, error: 'ratelimited' },
    }),
    broken: { status: 500, body: { ok: false, error: 'internal_error' } },
    secrets: [options.token],
  })
  return {
    ...server,
    messages: () => messagesOf(state),
    erase: (ts) => {
      state.messages.delete(ts)
    },
    changeToken: (token) => {
      state.token = token
    },
  }
}

function messagesOf({ messages }: State): readonly SlackMessage[] {
  const all = [...messages.values()]
  const roots = all.filter(({ threadTs }) => threadTs === undefined || !messages.has(threadTs))
  return roots.map((root) => ({
    ...seen(root),
    replies: all
      .filter(({ threadTs }) => threadTs === root.ts)
      .map((reply) => ({ ...seen(reply), broadcast: reply.broadcast })),
  }))
}

function seen({ ts, channel, shown, notification, edits }: Stored): Omit<SlackMessage, 'replies'> {
  return { ts, channel, text: shown.text, notification, mentions: shown.mentions, edits }
}

/** Slack's refusals come with status 200. */
function answer(state: State, request: ChatRequest): ChatReply {
  const [, method] = /^\/api\/([\w.]+)$/.exec(request.path) ?? []
  if (request.headers['authorization'] === undefined) return refusal('not_authed')
  if (request.headers['authorization'] !== `Bearer ${state.token}`) return refusal('invalid_auth')
  const form = Object.fromEntries(new URLSearchParams(request.body))
  switch (method) {
    case 'chat.postMessage':
      return post(state, form)
    case 'chat.update':
      return update(state, form)
    default:
      return refusal('unknown_method')
  }
}

function refusal(error: string): ChatReply {
  return { status: 200, body: { ok: false, error } }
}

const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
const words = {
  channel: z.string().min(1),
  text: z.string().max(40_000).optional(),
  blocks: z.string().optional(),
  parse: z.enum(['none', 'full']).optional(),
  link_names: flag.optional(),
}
const postSchema = z.strictObject({
  ...words,
  thread_ts: z.string().optional(),
  reply_broadcast: flag.optional(),
  unfurl_links: flag.optional(),
  unfurl_media: flag.optional(),
})
const updateSchema = z.strictObject({ ...words, ts: z.string().min(1) })

function post(state: State, form: unknown): ChatReply {
  const parsed = postSchema.safeParse(form)
  if (!parsed.success) return refusal('invalid_arguments')
  const { channel: wanted, thread_ts: threadTs, reply_broadcast: broadcast } = parsed.data
  const channel = state.channels.get(wanted) ?? [...state.channels.values()].find((id) => id === wanted)
  if (channel === undefined) return refusal('channel_not_found')
  const content = contentOf(parsed.data)
  if (typeof content === 'string') return refusal(content)
  const ts = `${state.nextSecond}.000100`
  state.nextSecond += 1
  state.messages.set(ts, { ts, channel, ...content, edits: 0, threadTs, broadcast: broadcast === true })
  return { status: 200, body: { ok: true, channel, ts, message: { text: content.notification, ts } } }
}

/** Unlike posting, this takes no channel by its name. */
function update(state: State, form: unknown): ChatReply {
  const parsed = updateSchema.safeParse(form)
  if (!parsed.success) return refusal('invalid_arguments')
  if (![...state.channels.values()].includes(parsed.data.channel)) return refusal('channel_not_found')
  const message = state.messages.get(parsed.data.ts)
  if (message === undefined || message.channel !== parsed.data.channel) return refusal('message_not_found')
  const content = contentOf(parsed.data)
  if (typeof content === 'string') return refusal(content)
  message.shown = content.shown
  message.notification = content.notification
  message.edits += 1
  const { channel, ts } = message
  return { status: 200, body: { ok: true, channel, ts, text: content.notification } }
}

/** Or the error's name. */
function contentOf({
  text,
  blocks,
}: {
  readonly text?: string | undefined
  readonly blocks?: string | undefined
}): Pick<Stored, 'shown' | 'notification'> | string {
  const fallback = shownMarkup(text ?? '')
  if (blocks === undefined) {
    return fallback.text === '' ? 'no_text' : { shown: fallback, notification: fallback.text }
  }
  const json = parseJsonText(blocks)
  const parsed = slackBlocksSchema.safeParse(json.kind === 'json' ? json.value : undefined)
  if (!parsed.success) return json.kind === 'json' ? 'invalid_blocks' : 'invalid_blocks_format'
  const shown = shownBlocks(parsed.data)
  if (shown.text.length > BLOCKS_CHARACTERS_MAX) return 'msg_blocks_too_long'
  // A mention in the fallback rings phones as one in the blocks does.
  const mentions = [...shown.mentions, ...fallback.mentions]
  return { shown: { text: shown.text, mentions }, notification: fallback.text }
}
