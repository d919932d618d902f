/**
 * The port Channel on a Discord webhook, by discord.js's REST client: one try a call. A webhook can neither answer a
 * message nor open a thread in a text channel, so news that ring a phone are messages of their own.
 */
import type { REST } from '@discordjs/rest'
import type { ChannelConfig } from '../../core/channel.ts'
import { plainText } from '../../core/plain-text.ts'
import type { Channel, Sending } from '../../ports/notifier.ts'
import { discordHeldBackSchema, discordMessageSchema, discordRefusalSchema } from '../../schemas/chat.ts'
import { type AlertText, alertText } from '../../words/alert-text.ts'
import { discordAnswer, discordMessage } from './discord-text.ts'
import { createKeyedCall, type Keyed, type KeyedOptions } from './keyed-call.ts'
import { named, type Outcome, outcomeOf, sentOf, type Trouble } from './outcome.ts'
import { tellThread } from './thread.ts'

type DiscordConfig = Extract<ChannelConfig, { kind: 'discord' }>
type Webhook = { readonly path: `/webhooks/${string}`; readonly threadId?: string }

/** Message flags: https://discord.com/developers/docs/resources/message#message-object-message-flags */
const SUPPRESS_EMBEDS = 1 << 2
const SUPPRESS_NOTIFICATIONS = 1 << 12

export function createDiscordSend(
  config: DiscordConfig,
  options: KeyedOptions & { readonly apiUrl?: string },
): Channel['send'] {
  const call = createKeyedCall(options)
  return async (sending, limits) => {
    const text = alertText(sending.notice, config)
    const outcome = await call(limits, async (keyed) => {
      const webhook = webhookOf(keyed.key)
      if (webhook === undefined) {
        const detail = `the secret ${options.key.secret} is no Discord webhook (https://discord.com/api/webhooks/…)`
        return { kind: 'unauthorised', detail }
      }
      return tell({ rest: await openRest(keyed, options.apiUrl), webhook, text }, sending)
    })
    return sentOf(outcome)
  }
}

/** Only its id, token and thread are used; the call always goes to Discord's API. */
function webhookOf(text: string): Webhook | undefined {
  const url = URL.parse(text)
  const [, id, token] =
    /^\/api\/(?:v\d{1,2}\/)?webhooks\/(\d{1,25})\/([\w-]{10,200})\/?$/.exec(url?.pathname ?? '') ?? []
  if (id === undefined || token === undefined) return undefined
  const thread = url?.searchParams.get('thread_id') ?? ''
  return { path: `/webhooks/${id}/${token}`, ...(/^\d{1,25}$/.test(thread) ? { threadId: thread } : {}) }
}

/** A client for one send: it forgets rate limits, which the outbox keeps, and holds nothing back by sleeping. */
async function openRest({ fetch, deadline }: Keyed, apiUrl: string | undefined): Promise<REST> {
  const { REST } = await import('@discordjs/rest')
  return new REST({
    makeRequest: async (url, { method, headers, body }) => fetch(url, { method, headers, body }),
    retries: 0,
    timeout: deadline.remainingMs(),
    rejectOnRateLimit: () => true,
    hashSweepInterval: 0,
    handlerSweepInterval: 0,
    ...(apiUrl === undefined ? {} : { api: apiUrl }),
  })
}

type Telling = { readonly rest: REST; readonly webhook: Webhook; readonly text: AlertText }

function tell({ rest, webhook, text }: Telling, { notice, root }: Sending): Promise<Outcome<string>> {
  const { path, threadId } = webhook
  const thread: Record<string, string> = threadId === undefined ? {} : { thread_id: threadId }
  const posted = new URLSearchParams({ wait: 'true', ...thread })
  const nobody = { allowed_mentions: { parse: [] } }
  const post = async (content: string, how: 'loud' | 'quiet'): Promise<Outcome<string>> => {
    const flags = how === 'quiet' ? SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS : SUPPRESS_EMBEDS
    const body = { content, ...nobody, flags }
    const outcome = await discordCall(() => rest.post(path, { auth: false, query: posted, body }))
    return named(outcome, nameOf)
  }
  const isKnown = root !== undefined && /^\d{1,25}$/.test(root)
  return tellThread(
    { notice, ...(isKnown ? { root } : {}) },
    {
      post: (how) => post(discordMessage(text), how),
      edit: (message) => {
        const body = { content: discordMessage(text), ...nobody, flags: SUPPRESS_EMBEDS }
        const query = new URLSearchParams(thread)
        return discordCall(() => rest.patch(`${path}/messages/${message}`, { auth: false, query, body }))
      },
      answer: () => post(discordAnswer(text), notice.severity === 'info' ? 'quiet' : 'loud'),
    },
  )
}

function nameOf(answer: unknown): string | undefined {
  return discordMessageSchema.safeParse(answer).data?.id
}

function discordCall<T>(call: () => Promise<T>): Promise<Outcome<T>> {
  return outcomeOf(call, refusalOf)
}

const MESSAGE_MAX = 200
const UNKNOWN_MESSAGE = 10_008
const UNKNOWN_WEBHOOK = 10_015
const FORUM = 220_001

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
function refusalOf(error: unknown): Trouble | undefined {
  const held = discordHeldBackSchema.safeParse(error).data
  if (held !== undefined) {
    return { kind: 'failed', detail: 'too many messages at once', afterMs: Math.ceil(held.retryAfter) }
  }
  const refusal = discordRefusalSchema.safeParse(error).data
  if (refusal === undefined) return undefined
  const { status, code, rawError } = refusal
  const words = rawError === undefined ? '' : ` ${plainText(rawError.message, MESSAGE_MAX)}`
  const said = `Discord says:${words} (HTTP ${status}, code ${plainText(String(code ?? 'none'), 20)})`
  if (code === UNKNOWN_MESSAGE) return { kind: 'gone', detail: said }
  if (code === FORUM) return { kind: 'rejected', detail: `${said}: use the webhook of a text channel` }
  if (status === 401 || code === UNKNOWN_WEBHOOK) {
    return { kind: 'unauthorised', detail: `${said}: the webhook was deleted, or its URL is wrong` }
  }
  return { kind: 'rejected', detail: said }
}
