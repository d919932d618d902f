/**
 * The way of a browser into a service that wants tokens: a server on this machine that exchanges a one-time key for a
 * cookie and passes the requests of that session on. When it ends is lifetime.ts's business.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Failure } from './failure.ts'
import type { Tokens } from './fresh-tokens.ts'
import { LANGUAGES, type Language } from './language.ts'
import { type Refusal, refusal, refusalAtDoor, refusalOfWrite } from './proxy-door.ts'
import { ALWAYS, chosenLanguage } from './proxy-headers.ts'
import { refuse } from './proxy-page.ts'
import { createSession, type Session } from './proxy-session.ts'
import { type Limits, passOn, type Upstream } from './proxy-upstream.ts'

const HOST = '127.0.0.1'
const CONNECTIONS_MAX = 64
const HEAD_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** For the last answers to get out. */
const CLOSE_WITHIN_MS = 500

const LIMITS: Limits = {
  readMs: 30_000,
  // Longer than the service's own deadline of a tick.
  writeMs: 60_000,
  // What the service takes at most, too.
  askedBytesMax: 64 * 1024,
  answeredBytesMax: 16 * 1024 * 1024,
}

/** `opened`: by the key. `asked`: within the session. `key-again`: somebody else has the key, and nobody is let in any more. */
export type ProxyEvent = 'opened' | 'asked' | 'key-again'

export type ProxyOptions = {
  /** With a `/` at its end; https, or on this machine. */
  readonly service: URL
  readonly tokens: Tokens
  /** 0: one that is free. */
  readonly port: number
  /** Of the pages that it makes itself, unless the visitor chose one. */
  readonly language: Language
  readonly on: (event: ProxyEvent) => void
  /** Epoch milliseconds. */
  readonly now?: () => number
  readonly limits?: Partial<Limits>
}

export type LoopbackProxy = {
  /** `http://127.0.0.1:PORT/?key=…`: whoever has it first is let in. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

type Desk = {
  readonly port: number
  readonly session: Session
  readonly upstream: Upstream
  readonly language: Language
  readonly on: (event: ProxyEvent) => void
}

/** Throws a Failure when the port can't be had. */
export async function startProxy(options: ProxyOptions): Promise<LoopbackProxy> {
  const { service, tokens, language, on, now = Date.now } = options
  const server = createServer({ headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS })
  server.maxConnections = CONNECTIONS_MAX
  const port = await listen(server, options.port)
  const session = createSession({ port, now })
  const upstream = { service, tokens, limits: { ...LIMITS, ...options.limits } }
  const desk: Desk = { port, session, upstream, language, on }
  server.on('request', (request, response) => void serve(request, response, desk))
  // Without a listener for it, Node closes a connection that asks for CONNECT.
  return {
    url: `http://${HOST}:${port}/?key=${session.key}`,
    port,
    close: () => close(server),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)))
    server.listen({ host: HOST, port }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function cannotListen(port: number, error: NodeJS.ErrnoException): Failure {
  const text =
    error.code === 'EADDRINUSE'
      ? { text: 'Port {port} is taken', values: { port } }
      : { text: "Can't listen on port {port}: {why}", values: { port, why: error.message } }
  const mend = { text: 'Name another with --port; without it a free one is taken' }
  return new Failure(text, { mend, cause: error })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

async function serve(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  const language = LANGUAGES.find((each) => each === chosenLanguage(request.headers)) ?? desk.language
  // A browser that goes away in the middle of an answer is no news.
  response.on('error', () => response.destroy())
  const turnAway = (refused: Refusal, connection: 'close' | 'keep'): void => {
    if (!response.destroyed) refuse(request, response, { refusal: refused, language, connection })
  }
  const refused = refusalAtDoor(request, desk)
  if (refused !== undefined) return turnAway(refused, 'close')
  if (isKeyBrought(request)) {
    const notLetIn = exchange(request, response, desk)
    return notLetIn === undefined ? undefined : turnAway(notLetIn, 'close')
  }
  if (!desk.session.isHeldBy(request.headers.cookie ?? '')) return turnAway(noSession(), 'close')
  desk.on('asked')
  const read = await bodyOf(request, desk)
  if (read.kind === 'refusal') return turnAway(read.refusal, 'close')
  const failed = await passOn({ request, body: read.body, language }, response, desk.upstream)
  if (failed !== undefined) turnAway(failed, 'keep')
}

/** The key is brought to `/` only, and never passed on. */
function isKeyBrought({ url = '' }: IncomingMessage): boolean {
  return /^\/\?(?:.*&)?key=/.test(url)
}

/** Lets whoever brings the key first in, or says why not. */
function exchange(
  { headers, method, url = '' }: IncomingMessage,
  response: ServerResponse,
  { session, on }: Desk,
): Refusal | undefined {
  if (session.isHeldBy(headers.cookie ?? '')) {
    enter(response, [])
    return undefined
  }
  // What a browser fetches ahead, nobody has opened.
  const isVisit = method === 'GET' && !`${headers['sec-purpose']} ${headers['purpose']}`.includes('prefetch')
  if (!isVisit) return noSession()
  const redeemed = session.redeem(new URLSearchParams(url.slice('/?'.length)).get('key') ?? '')
  switch (redeemed) {
    case 'first':
      on('opened')
      enter(response, ['set-cookie', session.setCookie])
      return undefined
    case 'again':
      response.once('close', () => on('key-again'))
      return keyAgain()
    case 'late':
    case 'wrong':
      return noSession()
  }
}

/** The address with the key is left at once, and stays in no history and no Referer. */
function enter(response: ServerResponse, more: readonly string[]): void {
  response.writeHead(303, [...ALWAYS.flat(), 'cache-control', 'no-store', 'location', '/', ...more])
  response.end()
}

function noSession(): Refusal {
  return refusal(401, {
    text: 'This browser has no session, or its session has ended',
    mend: 'Run nightguard open in a terminal, and open the link that it prints within a minute. A link works once, in one browser',
  })
}

function keyAgain(): Refusal {
  return refusal(401, {
    text: 'This link was opened a second time, so the session has ended',
    mend: 'Somebody else may have had the link. Run nightguard open in a terminal again',
  })
}

type Read =
  | { readonly kind: 'body'; readonly body: Uint8Array }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }

async function bodyOf(request: IncomingMessage, { upstream }: Desk): Promise<Read> {
  const nothing = { kind: 'body', body: new Uint8Array() } as const
  if (request.method !== 'POST') return nothing
  const refused = refusalOfWrite(request)
  if (refused !== undefined) return { kind: 'refusal', refusal: refused }
  const tooLarge = refusal(413, {
    text: 'This is too much to pass on',
    mend: 'Use the buttons of the dashboard',
  })
  const bytesMax = upstream.limits.askedBytesMax
  if (Number(request.headers['content-length']) > bytesMax) return { kind: 'refusal', refusal: tooLarge }
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += chunk.byteLength
      if (bytes > bytesMax) return { kind: 'refusal', refusal: tooLarge }
      chunks.push(chunk)
    }
  } catch {
    // The browser has gone: nobody waits for this answer, and half an order is none.
    return { kind: 'refusal', refusal: tooLarge }
  }
  return { kind: 'body', body: Buffer.concat(chunks) }
}
