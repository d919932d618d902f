/**
 * Somebody's own endpoint for notices: it verifies the signature by the reference library of Standard Webhooks, checks
 * the body, and counts a repeated notice once, as a receiver should.
 */
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { z } from 'zod'
import { NOTICE_KINDS } from '../../src/core/notice.ts'
import { type ChatReply, type ChatRequest, type ChatServer, createChatServer } from './chat-server.ts'

const iso = z.iso.datetime()
const line = z.string()

const noticeSchema = z.strictObject({
  type: z.literal('nightguard.notice'),
  id: z.string().min(1),
  at: iso,
  thread: z.string().min(1),
  kind: z.enum(NOTICE_KINDS),
  severity: z.enum(['critical', 'warning', 'info']),
  target: z.string(),
  incidentId: z.string().optional(),
  verdict: z.string(),
  cause: z.string().optional(),
  reason: z.string(),
  since: iso,
  endedAt: iso.optional(),
  fixedBy: z.looseObject({ kind: z.string() }).optional(),
  would: z.looseObject({ rung: z.string() }).optional(),
  targets: z.array(z.string()).optional(),
  story: z.array(z.strictObject({ at: iso, kind: z.string(), text: z.string() })),
  text: z.strictObject({
    mark: line,
    title: line,
    brief: line,
    lines: z.array(line),
    story: z.array(z.strictObject({ time: line, text: line })),
    buttons: z.array(z.strictObject({ button: z.string(), label: line })),
  }),
})

export type ReceivedNotice = z.output<typeof noticeSchema>

export type WebhookReceiver = ChatServer & {
  /** Each notice once, in the order of their arrival. */
  messages(): readonly ReceivedNotice[]
  /** Deliveries of what was there already. */
  repeats(): number
  changeKey(key: string): void
}

type State = { webhook: Webhook; readonly notices: Map<string, ReceivedNotice>; repeats: number }

/** `key` as in the guard's secret: `whsec_…`, or any text. */
export function createWebhookReceiver(options: { readonly key: string }): WebhookReceiver {
  const state: State = { webhook: verifierOf(options.key), notices: new Map(), repeats: 0 }
  const server = createChatServer({
    answer: (request) => answer(state, request),
    limited: (seconds) => ({ status: 429, headers: { 'retry-after': String(seconds) } }),
    broken: { status: 500 },
    secrets: [options.key],
  })
  return {
    ...server,
    messages: () => [...state.notices.values()],
    repeats: () => state.repeats,
    changeKey: (key) => {
      state.webhook = verifierOf(key)
    },
  }
}

function verifierOf(key: string): Webhook {
  return key.startsWith('whsec_') ? new Webhook(key) : new Webhook(Buffer.from(key), { format: 'raw' })
}

function answer(state: State, { verb, headers, body }: ChatRequest): ChatReply {
  if (verb !== 'POST') return { status: 405 }
  const verified = verify(state.webhook, { body, headers })
  if (verified === undefined) return { status: 401 }
  const parsed = noticeSchema.safeParse(verified)
  if (!parsed.success) return { status: 400, body: { error: z.prettifyError(parsed.error) } }
  const id = headers['webhook-id'] ?? ''
  if (state.notices.has(id)) state.repeats += 1
  else state.notices.set(id, parsed.data)
  return { status: 200, body: {} }
}

function verify(
  webhook: Webhook,
  { body, headers }: { body: string; headers: Readonly<Record<string, string>> },
): unknown {
  try {
    return webhook.verify(body, headers)
  } catch (error) {
    if (error instanceof WebhookVerificationError || error instanceof SyntaxError) return undefined
    throw error
  }
}
