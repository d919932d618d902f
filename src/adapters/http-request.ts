/**
 * One GET on a connection of its own, bounded in time and bytes. A new connection each time, because a kept one
 * would not show that the machine still takes new ones, and might break on its own between two ticks.
 */
import { isIP, connect as netConnect, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { type buildConnector, Client, type Dispatcher } from 'undici'
import { type AddressRule, ForbiddenAddressError, guardedLookup, isForbidden } from './http-address.ts'
import { type HttpFailure, httpFailure, httpTimeout } from './http-failure.ts'

export type HttpRequest = {
  readonly url: string
  readonly timeoutMs: number
  readonly rule: AddressRule
  /** Absent: the body is not waited for. */
  readonly bodyBytesMax?: number
}

export type HttpAnswer = {
  readonly kind: 'answer'
  readonly status: number
  readonly contentEncoding?: string
  readonly body: Buffer
}

export type HttpOutcome =
  | HttpAnswer
  /** The body was longer than `bodyBytesMax`. */
  | { readonly kind: 'too-long'; readonly status: number }
  | {
      readonly kind: 'failed'
      readonly failure: HttpFailure
      /** Set when the headers had come. */
      readonly status?: number
    }

type Exchange = { socket?: Socket; connected: boolean; timedOut: boolean; status?: number }

const HEADERS = {
  accept: 'application/json, */*;q=0.5',
  'accept-encoding': 'identity',
  'user-agent': 'night-guard',
}

/** Follows no redirect and undoes no compression: what came is what is told. */
export async function httpRequest(request: HttpRequest): Promise<HttpOutcome> {
  const { timeoutMs, rule, bodyBytesMax } = request
  const url = new URL(request.url)
  const exchange: Exchange = { connected: false, timedOut: false }
  const client = new Client(url.origin, {
    connect: connector(url, { rule, exchange }),
    allowH2: false,
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16 * 1024,
  })
  // Not by an AbortSignal: undici heeds one only once a connection stands.
  const timer = setTimeout(() => {
    exchange.timedOut = true
    void client.destroy()
  }, timeoutMs)
  try {
    const answer = await client.request({
      method: 'GET',
      path: url.pathname + url.search,
      headers: HEADERS,
      reset: true,
    })
    exchange.status = answer.statusCode
    if (bodyBytesMax === undefined) return answered(answer, Buffer.alloc(0))
    const body = await readBody(answer, bodyBytesMax)
    return body === undefined ? { kind: 'too-long', status: answer.statusCode } : answered(answer, body)
  } catch (error) {
    return failed(error, { exchange, timeoutMs })
  } finally {
    clearTimeout(timer)
    await client.destroy()
    exchange.socket?.destroy()
  }
}

function failed(
  error: unknown,
  { exchange, timeoutMs }: { exchange: Exchange; timeoutMs: number },
): HttpOutcome {
  const { socket, connected, timedOut, status } = exchange
  const progress = { connected, answered: (socket?.bytesRead ?? 0) > 0 }
  const failure = timedOut ? httpTimeout(progress, timeoutMs) : httpFailure(error, progress)
  return { kind: 'failed', failure, ...(status === undefined ? {} : { status }) }
}

/** `undefined` when it is longer; leaving the loop destroys the rest unread. */
async function readBody({ body }: Dispatcher.ResponseData, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function answered({ statusCode, headers }: Dispatcher.ResponseData, body: Buffer): HttpAnswer {
  const encoding = headers['content-encoding']
  return {
    kind: 'answer',
    status: statusCode,
    ...(encoding === undefined ? {} : { contentEncoding: String(encoding) }),
    body,
  }
}

/** Our own sockets, so that what came back on them is known even when no answer was made of it. */
function connector(
  url: URL,
  { rule, exchange }: { rule: AddressRule; exchange: Exchange },
): buildConnector.connector {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'https:'
  const port = Number(url.port || (secure ? 443 : 80))
  return (_options, callback) => {
    if (isIP(host) !== 0 && isForbidden(host, rule)) {
      callback(new ForbiddenAddressError(host), null)
      return
    }
    const { fail, succeed } = onlyOnce(callback)
    const socket = netConnect({ host, port, lookup: guardedLookup(rule), noDelay: true })
    exchange.socket = socket
    socket.on('error', fail)
    socket.once('connect', () => {
      exchange.connected = true
      if (!secure) return succeed(socket)
      const encrypted = tlsConnect({ socket, host, ALPNProtocols: ['http/1.1'], ...serverName(host) })
      encrypted.on('error', fail)
      encrypted.once('secureConnect', () => succeed(encrypted))
    })
  }
}

/** undici wants one answer; errors after it reach undici by its own listeners. */
function onlyOnce(callback: buildConnector.Callback): {
  fail: (error: Error) => void
  succeed: (socket: Socket) => void
} {
  let open = true
  const first = (answer: () => void) => {
    if (open) answer()
    open = false
  }
  return {
    fail: (error) => first(() => callback(error, null)),
    succeed: (socket) => first(() => callback(null, socket)),
  }
}

/** TLS has no server names that are addresses. */
function serverName(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {}
}
