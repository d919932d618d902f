/**
 * The HTTP side that the emulators of Google's APIs share: listening, JSON, error bodies, counting, and
 * failing on demand. What a request means is each emulator's own business.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { assertNever } from '../../src/core/assert-never.ts'

export type ApiRequest = {
  readonly verb: string
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
}

export type ApiReply = { readonly status: number; readonly body: unknown }

/** A request's method in the API's words (`instances.reset`), and what answers it. */
export type ApiRoute = {
  readonly method: string
  readonly answer: () => ApiReply | Promise<ApiReply>
}

/** How the next request fails. `…-after-acting`: the order is carried out, but nobody hears of it. */
export type Failure =
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly reason?: string }
  | { readonly kind: 'broken-json' }
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang-after-acting' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'drop-after-acting' }

export type ApiServer = {
  /** Loopback only; 0 lets the system choose. */
  listen(port?: number): Promise<{ port: number }>
  close(): Promise<void>
  /** The next `times` requests (of `method`, when given) fail so. */
  failNext(failure: Failure, options?: { readonly method?: string; readonly times?: number }): void
  /** How often each method was asked, the failed ones included. */
  readonly requests: ReadonlyMap<string, number>
}

/** Thrown by an emulator's code to answer with an error, as the real API words it. */
export class ApiError extends Error {
  readonly reply: ApiReply

  constructor(reply: ApiReply, message: string) {
    super(message)
    this.reply = reply
  }
}

const BODY_MAX_BYTES = 1024 * 1024

type Planned = { readonly failure: Failure; readonly method: string | undefined; left: number }

/** `errorBody` words an error as this API does. */
export function createApiServer(options: {
  readonly route: (request: ApiRequest) => ApiRoute | undefined
  readonly errorReply: (status: number, message: string, reason?: string) => ApiReply
}): ApiServer {
  const requests = new Map<string, number>()
  const planned: Planned[] = []
  const sockets = new Set<Socket>()

  function takeFailure(method: string): Failure | undefined {
    const index = planned.findIndex((plan) => plan.method === undefined || plan.method === method)
    const plan = planned[index]
    if (plan === undefined) return undefined
    plan.left -= 1
    if (plan.left === 0) planned.splice(index, 1)
    return plan.failure
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator')
    const body = await readJson(request)
    const route = options.route({
      verb: request.method ?? 'GET',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      body,
    })
    const method = route?.method ?? 'unknown'
    requests.set(method, (requests.get(method) ?? 0) + 1)
    const answer = route?.answer ?? (() => options.errorReply(404, `Not found: ${url.pathname}`, 'notFound'))
    const failure = takeFailure(method)
    if (failure === undefined) return send(response, await outcomeOf(answer))
    await fail(failure, {
      request,
      response,
      answer: () => outcomeOf(answer),
      errorReply: options.errorReply,
    })
  }

  async function outcomeOf(answer: ApiRoute['answer']): Promise<ApiReply> {
    try {
      return await answer()
    } catch (error) {
      if (error instanceof ApiError) return error.reply
      return options.errorReply(500, `The emulator failed: ${String(error)}`, 'backendError')
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(new Error(String(error))))
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  return {
    listen: async (port = 0) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
      await promise
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('The emulator has no port.')
      return { port: address.port }
    },
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
      await promise
    },
    failNext: (failure, { method, times = 1 } = {}) => {
      planned.push({ failure, method, left: times })
    },
    requests,
  }
}

type Failing = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly answer: () => Promise<ApiReply>
  readonly errorReply: (status: number, message: string, reason?: string) => ApiReply
}

/** Requests left hanging end with their connection, at the latest when the server closes. */
async function fail(failure: Failure, { request, response, answer, errorReply }: Failing): Promise<void> {
  switch (failure.kind) {
    case 'status':
      return send(response, errorReply(failure.status, failure.message ?? 'As planned.', failure.reason))
    case 'broken-json':
      return sendText(response, { status: 200, type: 'application/json', text: '{"id": "12' })
    case 'html':
      return sendText(response, { status: failure.status, type: 'text/html', text: '<h1>Bad gateway</h1>' })
    case 'slow': {
      const timer = setTimeout(async () => send(response, await answer()), failure.delayMs)
      request.socket.once('close', () => clearTimeout(timer))
      return
    }
    case 'hang-after-acting':
      await answer()
      return
    case 'hang':
      return
    case 'drop-after-acting':
      await answer()
      request.socket.destroy()
      return
    case 'drop':
      request.socket.destroy()
      return
    default:
      return assertNever(failure)
  }
}

function send(response: ServerResponse, { status, body }: ApiReply): void {
  sendText(response, { status, type: 'application/json; charset=UTF-8', text: JSON.stringify(body) })
}

function sendText(
  response: ServerResponse,
  { status, type, text }: { readonly status: number; readonly type: string; readonly text: string },
): void {
  response.writeHead(status, { 'content-type': type }).end(text)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > BODY_MAX_BYTES) throw new Error('The request is too long.')
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return text === '' ? undefined : JSON.parse(text)
}
