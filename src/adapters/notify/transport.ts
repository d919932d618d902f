/**
 * The connection under every channel: a `fetch` for the chat libraries, bounded in time and bytes, that follows no
 * redirect and connects to no forbidden address. What means the same in every API (a rate limit, a server in
 * trouble, no connection) is told here, once, as a CallError.
 */
import { Agent, type Dispatcher } from 'undici'
import { rateLimitSchema } from '../../schemas/chat.ts'
import { parseJsonText } from '../../schemas/json-text.ts'
import { type AddressRule, forbiddenHostOf, guardedLookup } from '../http-address.ts'
import { httpFailure } from '../http-failure.ts'
import { CallError, type Trouble } from './outcome.ts'

export type TransportOptions = {
  readonly rule: AddressRule
  /** Closes the connections. */
  readonly signal: AbortSignal
  /** 0: only the status and headers are waited for. */
  readonly answerBytesMax: number
  /** Epoch milliseconds: for a `Retry-After` that is a date. */
  readonly now: () => number
}

/** The part of `fetch` that the chat libraries use. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<Response>
type FetchInit = {
  readonly method?: string | undefined
  readonly headers?: unknown
  readonly body?: unknown
}

const HEADERS_BYTES_MAX = 16 * 1024
/** Longer is believed of nobody: it may be a mistake, and trying once an hour does no harm. */
const AFTER_MAX_MS = 3_600_000

/** Undici's own time-outs are off: the signal ends everything. */
export function openTransport(options: TransportOptions): Fetch {
  const { rule, signal, answerBytesMax, now } = options
  const agent = new Agent({
    connect: { lookup: guardedLookup(rule), timeout: 0 },
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: HEADERS_BYTES_MAX,
  })
  let connected = false
  agent.on('connect', () => {
    connected = true
  })
  signal.addEventListener('abort', () => void agent.destroy(), { once: true })

  async function ask(url: URL, init: FetchInit): Promise<{ answer: Dispatcher.ResponseData; body: Buffer }> {
    try {
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
        headers: headersOf(init.headers),
        body: typeof init.body === 'string' ? init.body : null,
        signal,
      })
      return { answer, body: await readBody(answer, answerBytesMax) }
    } catch (error) {
      throw error instanceof CallError ? error : new CallError(noAnswer(error, { connected }))
    }
  }

  return async (input, init = {}) => {
    const url = new URL(input)
    const forbidden = forbiddenHostOf(url.href, rule)
    if (forbidden !== undefined) {
      throw new CallError({ kind: 'rejected', detail: `${forbidden} is an address that is never asked` })
    }
    const { answer, body } = await ask(url, init)
    const trouble = troubleOf(answer, { body, now: now() })
    if (trouble !== undefined) throw new CallError(trouble)
    const isEmpty = [204, 205, 304].includes(answer.statusCode)
    return new Response(isEmpty ? null : new Uint8Array(body), {
      status: answer.statusCode,
      headers: responseHeaders(answer),
    })
  }
}

/** Of the library's, those that mean something here; what comes back is never compressed. */
function headersOf(given: unknown): Record<string, string> {
  const headers = new Headers(given as Headers | Record<string, string> | undefined)
  headers.delete('connection')
  headers.delete('content-length')
  headers.set('accept-encoding', 'identity')
  if (!headers.has('user-agent')) headers.set('user-agent', 'night-guard')
  return Object.fromEntries(headers.entries())
}

function responseHeaders({ headers }: Dispatcher.ResponseData): Headers {
  const response = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) response.set(name, String(value))
  }
  return response
}

async function readBody({ body }: Dispatcher.ResponseData, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  if (bytesMax === 0) {
    // The connection is cut with the rest unread, which is no failure.
    body.on('error', () => undefined)
    return Buffer.alloc(0)
  }
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) {
      throw new CallError({ kind: 'failed', detail: `the answer was longer than ${bytesMax} bytes` })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function noAnswer(error: unknown, { connected }: { connected: boolean }): Trouble {
  const failure = httpFailure(error, { connected, answered: false })
  switch (failure.kind) {
    case 'refused':
      return { kind: 'failed', detail: 'the connection was refused' }
    case 'silent':
      return { kind: 'failed', detail: 'nothing answered' }
    case 'answers-bad':
    case 'not-asked':
      return { kind: 'failed', detail: failure.detail }
  }
}

function troubleOf(
  { statusCode, headers }: Dispatcher.ResponseData,
  { body, now }: { body: Buffer; now: number },
): Trouble | undefined {
  const isLimited = statusCode === 429
  if (!isLimited && statusCode !== 408 && statusCode !== 425 && statusCode < 500) return undefined
  const asked = retryAfterMs({ header: headers['retry-after'], body: isLimited ? body : undefined, now })
  const afterMs = asked === undefined ? undefined : Math.min(AFTER_MAX_MS, Math.max(0, Math.ceil(asked)))
  const detail = isLimited
    ? 'too many messages at once (HTTP 429)'
    : `the server is in trouble (HTTP ${statusCode})`
  return { kind: 'failed', detail, ...(afterMs === undefined ? {} : { afterMs }) }
}

/**
 * Telegram: `parameters.retry_after` (https://core.telegram.org/bots/api#responseparameters), Discord: `retry_after`
 * with fractions, both in seconds and more exact than the header; everybody else: `Retry-After` (RFC 9110, 10.2.3).
 */
function retryAfterMs(answer: {
  readonly header: string | readonly string[] | undefined
  readonly body: Buffer | undefined
  readonly now: number
}): number | undefined {
  const { header, body, now } = answer
  const json = body === undefined ? undefined : parseJsonText(body.toString('utf8'))
  const parsed = rateLimitSchema.safeParse(json?.kind === 'json' ? json.value : undefined)
  const seconds = parsed.data?.parameters?.retry_after ?? parsed.data?.retry_after
  if (seconds !== undefined) return seconds * 1_000
  const text = header === undefined ? '' : String(header).trim()
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const date = /^[A-Z][a-z]{2},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : date - now
}
