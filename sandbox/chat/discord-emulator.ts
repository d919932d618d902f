/** A Discord webhook as far as the guard uses it: its messages posted, edited, looked at and deleted. */
import { z } from 'zod'
import { parseJsonText } from '../../src/schemas/json-text.ts'
import { type ChatReply, type ChatRequest, type ChatServer, createChatServer } from './chat-server.ts'
import { type DiscordShown, shownMarkdown } from './discord-markdown.ts'

/** A message as its readers see it now. */
export type DiscordMessage = {
  readonly id: string
  readonly text: string
  readonly markup: readonly string[]
  /** Whom it rang. */
  readonly pings: readonly string[]
  readonly silent: boolean
  readonly edits: number
  readonly threadId?: string
}

export type DiscordEmulator = ChatServer & {
  messages(): readonly DiscordMessage[]
  erase(id: string): void
  /** The webhook is deleted, or gets another token. */
  removeWebhook(): void
  changeToken(token: string): void
}

type Stored = {
  readonly id: string
  shown: DiscordShown
  pings: readonly string[]
  readonly silent: boolean
  edits: number
  readonly threadId: string | undefined
}

type State = {
  readonly webhookId: string
  token: string | undefined
  readonly messages: Map<string, Stored>
  nextId: bigint
}

const SUPPRESS_EMBEDS = 1 << 2
const SUPPRESS_NOTIFICATIONS = 1 << 12

export function createDiscordEmulator(options: {
  readonly webhookId: string
  readonly token: string
}): DiscordEmulator {
  const state: State = {
    webhookId: options.webhookId,
    token: options.token,
    messages: new Map(),
    nextId: 1_300_000_000_000_000_001n,
  }
  const server = createChatServer({
    answer: (request) => answer(state, request),
    limited,
    broken: { status: 500, body: { message: '500: Internal Server Error', code: 0 } },
    secrets: [options.token],
  })
  return {
    ...server,
    messages: () => [...state.messages.values()].map(seen),
    erase: (id) => {
      state.messages.delete(id)
    },
    removeWebhook: () => {
      state.token = undefined
    },
    changeToken: (token) => {
      state.token = token
    },
  }
}

/** The body is exact, the header rounded up: https://discord.com/developers/docs/topics/rate-limits */
function limited(retryAfterSeconds: number): ChatReply {
  return {
    status: 429,
    headers: {
      'retry-after': String(Math.ceil(retryAfterSeconds)),
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': String(retryAfterSeconds),
      'x-ratelimit-bucket': 'abcd1234',
      'x-ratelimit-scope': 'user',
    },
    body: { message: 'You are being rate limited.', retry_after: retryAfterSeconds, global: false },
  }
}

function seen({ id, shown, pings, silent, edits, threadId }: Stored): DiscordMessage {
  const { text, markup } = shown
  return { id, text, markup, pings, silent, edits, ...(threadId === undefined ? {} : { threadId }) }
}

function answer(state: State, request: ChatRequest): ChatReply {
  const [, id, token, messageId] =
    /^\/api\/v10\/webhooks\/(\d+)\/([\w-]+)(?:\/messages\/(\d+))?$/.exec(request.path) ?? []
  if (id === undefined) return refusal(404, { message: '404: Not Found', code: 0 })
  if (id !== state.webhookId || state.token === undefined) {
    return refusal(404, { message: 'Unknown Webhook', code: 10_015 })
  }
  if (token !== state.token) return refusal(401, { message: 'Invalid Webhook Token', code: 50_027 })
  if (messageId === undefined) {
    return request.verb === 'POST' ? post(state, request) : refusal(405, NOT_ALLOWED)
  }
  const message = state.messages.get(messageId)
  if (message === undefined) return refusal(404, { message: 'Unknown Message', code: 10_008 })
  switch (request.verb) {
    case 'GET':
      return allowed(wireOf(message))
    case 'PATCH':
      return edit(message, request)
    case 'DELETE':
      state.messages.delete(messageId)
      return { status: 204 }
    default:
      return refusal(405, NOT_ALLOWED)
  }
}

const NOT_ALLOWED = { message: '405: Method Not Allowed', code: 0 }

function refusal(status: number, body: Readonly<Record<string, unknown>>): ChatReply {
  return { status, body }
}

function allowed(body: unknown): ChatReply {
  const headers = {
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '4',
    'x-ratelimit-reset-after': '0.5',
    'x-ratelimit-bucket': 'abcd1234',
  }
  return { status: 200, headers, body }
}

const words = {
  content: z.string().max(2000).optional(),
  allowed_mentions: z.strictObject({ parse: z.array(z.enum(['roles', 'users', 'everyone'])) }).optional(),
}
const postSchema = z.strictObject({
  ...words,
  flags: z
    .int()
    .refine((flags) => (flags & ~(SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS)) === 0)
    .optional(),
})
const editSchema = z.strictObject({
  ...words,
  flags: z
    .int()
    .refine((flags) => (flags & ~SUPPRESS_EMBEDS) === 0)
    .optional(),
})

type Content = Pick<Stored, 'shown' | 'pings'> & { readonly silent: boolean }

function post(state: State, request: ChatRequest): ChatReply {
  const content = contentOf(postSchema, request.body)
  if ('status' in content) return content
  const id = String(state.nextId)
  state.nextId += 1n
  const threadId = request.query.get('thread_id') ?? undefined
  const message: Stored = { id, ...content, edits: 0, threadId }
  state.messages.set(id, message)
  return request.query.get('wait') === 'true' ? allowed(wireOf(message)) : { status: 204 }
}

function edit(message: Stored, request: ChatRequest): ChatReply {
  const content = contentOf(editSchema, request.body)
  if ('status' in content) return content
  message.shown = content.shown
  message.edits += 1
  return allowed(wireOf(message))
}

function contentOf(schema: typeof postSchema | typeof editSchema, body: string): Content | ChatReply {
  const json = parseJsonText(body)
  const parsed = schema.safeParse(json.kind === 'json' ? json.value : undefined)
  if (!parsed.success) {
    const errors = {
      content: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH', message: 'Must be 2000 or fewer in length.' }] },
    }
    return refusal(400, { message: 'Invalid Form Body', code: 50_035, errors })
  }
  const { content = '', allowed_mentions: allowedMentions, flags = 0 } = parsed.data
  if (content.trim() === '') return refusal(400, { message: 'Cannot send an empty message', code: 50_006 })
  const shown = shownMarkdown(content)
  const rings = (mention: string): boolean =>
    allowedMentions === undefined ||
    allowedMentions.parse.some((kind) => (kind === 'everyone') === /^@/.test(mention))
  return {
    shown,
    pings: shown.mentions.filter(rings),
    silent: (flags & SUPPRESS_NOTIFICATIONS) !== 0,
  }
}

function wireOf({ id, shown }: Stored): unknown {
  return {
    id,
    type: 0,
    content: shown.text,
    channel_id: '1200000000000000000',
    timestamp: '2026-01-01T00:00:00Z',
  }
}
