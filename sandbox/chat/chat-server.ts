/**
 * The HTTP side that the chat emulators share: listening on loopback, outages, rate limits and slowness on demand,
 * and a log of what arrived. What a request means is each emulator's own business.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { assertNever } from '../../src/core/assert-never.ts'

export type ChatRequest = {
  readonly verb: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type ChatReply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON; absent: an empty answer. */
  readonly body?: unknown
}

/** `refuse`: nothing listens. `hang`: requests are taken and never answered. */
export type Outage = 'refuse' | '500' | 'hang' | 'none'

/** What arrived, the refused included; tokens are not shown. */
export type Arrival = {
  readonly at: number
  readonly verb: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Absent while it hangs. */
  status?: number
}

export type ChatServer = {
  /** 0 lets the system choose. */
  listen(port?: number): Promise<{ readonly port: number }>
  close(): Promise<void>
  outage(kind: Outage): Promise<void>
  /** The next `count` requests are too many. */
  rateLimit(limit: { readonly count: number; readonly retryAfterSeconds: number }): void
  /** Every answer takes so long, from now on; what was asked for is done at once. */
  slow(ms: number): void
  readonly log: readonly Arrival[]
}

export type ChatServerOptions = {
  readonly answer: (request: ChatRequest) => ChatReply | Promise<ChatReply>
  /** How this API says that it was too much, and that it is in trouble. */
  readonly limited: (retryAfterSeconds: number) => ChatReply
  readonly broken: ChatReply
  /** Not shown in the log. */
  readonly secrets: readonly string[]
}

const BODY_BYTES_MAX = 1024 * 1024
const LOG_MAX = 1_000

type Switches = {
  outage: Outage
  slowMs: number
  limit: { left: number; retryAfterSeconds: number }
}

export function createChatServer(options: ChatServerOptions): ChatServer {
  const switches: Switches = { outage: 'none', slowMs: 0, limit: { left: 0, retryAfterSeconds: 0 } }
  const log: Arrival[] = []
  const listener = createListener((request, response) => take({ options, switches, log }, request, response))
  let port = 0
  return {
    listen: async (wanted = 0) => {
      port = await listener.open(wanted)
      return { port }
    },
    close: () => listener.close(),
    outage: async (kind) => {
      const before = switches.outage
      switches.outage = kind
      if (kind === 'refuse') await listener.close()
      else if (before === 'refuse') await listener.open(port)
    },
    rateLimit: ({ count, retryAfterSeconds }) => {
      switches.limit = { left: count, retryAfterSeconds }
    },
    slow: (ms) => {
      switches.slowMs = ms
    },
    log,
  }
}

type Context = {
  readonly options: ChatServerOptions
  readonly switches: Switches
  readonly log: Arrival[]
}

async function take(
  { options, switches, log }: Context,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(incoming)
  const url = new URL(incoming.url ?? '/', 'http://chat')
  const headers = headersOf(incoming)
  const request = {
    verb: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: body ?? '',
  }
  const arrival: Arrival = hidden({ at: Date.now(), ...request }, options.secrets)
  log.push(arrival)
  if (log.length > LOG_MAX) log.shift()
  const reply = body === undefined ? TOO_LONG : await replyTo({ options, switches }, request)
  if (reply === undefined) return
  const send = () => {
    arrival.status = reply.status
    respond(response, reply)
  }
  if (switches.slowMs === 0) return send()
  const timer = setTimeout(send, switches.slowMs)
  incoming.socket.once('close', () => clearTimeout(timer))
}

const TOO_LONG: ChatReply = { status: 413, body: { error: 'Request Entity Too Large' } }

/** Undefined: never. */
function replyTo(
  { options, switches }: Pick<Context, 'options' | 'switches'>,
  request: ChatRequest,
): ChatReply | Promise<ChatReply> | undefined {
  const { outage, limit } = switches
  switch (outage) {
    case 'hang':
      return undefined
    case '500':
      return options.broken
    case 'refuse':
    case 'none':
      break
    default:
      return assertNever(outage)
  }
  if (limit.left > 0) {
    limit.left -= 1
    return options.limited(limit.retryAfterSeconds)
  }
  return options.answer(request)
}

function respond(response: ServerResponse, { status, headers = {}, body }: ChatReply): void {
  if (body === undefined) {
    response.writeHead(status, headers).end()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** As given to `JSON.stringify` and back, with every secret replaced. */
function hidden(
  { at, verb, path, headers, body }: ChatRequest & { readonly at: number },
  secrets: readonly string[],
): Arrival {
  const hide = (text: string): string =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, '[token]'), text)
  const shown = Object.entries(headers).map(([name, value]) => [name, hide(value)])
  return { at, verb, path: hide(path), headers: Object.fromEntries(shown), body: hide(body) }
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** Undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk)
  }
  return bytes > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks).toString('utf8')
}

type Listener = { open(port: number): Promise<number>; close(): Promise<void> }

/** Opens and closes as often as wanted; closing cuts every connection. */
function createListener(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Listener {
  const sockets = new Set<Socket>()
  let server: Server | undefined
  return {
    open: async (port) => {
      const opened = createServer((request, response) => {
        handle(request, response).catch((error: unknown) => response.destroy(new Error(String(error))))
      })
      opened.on('connection', (socket) => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
      })
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      opened.once('error', reject)
      opened.listen(port, '127.0.0.1', resolve)
      await promise
      server = opened
      const address = opened.address()
      if (address === null || typeof address === 'string') throw new Error('The emulator has no port.')
      return address.port
    },
    close: async () => {
      const closing = server
      server = undefined
      if (closing === undefined) return
      const { promise, resolve } = Promise.withResolvers<void>()
      closing.close(() => resolve())
      for (const socket of sockets) socket.destroy()
      await promise
    },
  }
}
