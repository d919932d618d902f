/** What the tests of `nightguard open` stand on: the real app behind a real port with real tokens, a proxy, a raw client. */
import { spawn } from 'node:child_process'
import { createServer, type IncomingHttpHeaders, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { createIdentityEmulator, type IdentityEmulator } from '../../sandbox/google/identity-emulator.ts'
import { createGoogleIdentityVerifier } from '../../src/adapters/google/identity.ts'
import type { Guard } from '../../src/app/guard.ts'
import { createTokens, type Tokens } from '../../src/cli/fresh-tokens.ts'
import { type LoopbackProxy, type ProxyEvent, type ProxyOptions, startProxy } from '../../src/cli/proxy.ts'
import { createApp } from '../../src/http/app.ts'
import { createAuthenticate } from '../../src/http/auth.ts'
import { type Asked, createFakeGuard } from '../http/fake-guard.ts'

export const AUDIENCE = 'https://guard.example.com'
export const OPERATOR = 'operator@example.com'
export const VIEWER = 'viewer@example.com'

export type RealService = {
  readonly url: string
  readonly identity: IdentityEmulator
  /** What the guard was asked, and the headers of all requests. */
  readonly asked: readonly Asked[]
  readonly heard: readonly { readonly path: string; readonly headers: Readonly<Record<string, string>> }[]
  tokenOf(email: string): string
}

/** The real app and the real check of tokens, on a guard that answers what it is told to. Ends with its test. */
export async function startRealService(answers: Partial<Guard> = {}): Promise<RealService> {
  const identity = await createIdentityEmulator()
  onTestFinished(() => identity.close())
  const guard = createFakeGuard(answers)
  const verifier = createGoogleIdentityVerifier({ audiences: [AUDIENCE], certsUrl: identity.certsUrl })
  const roles = { scheduler: [], pusher: [], operators: [OPERATOR], viewers: [VIEWER] }
  const app = createApp({
    guard,
    authenticate: createAuthenticate({ mode: 'token', roles, verifier }),
    version: '1.2.3',
    project: 'night-guard-test',
    journal: { write: () => undefined },
    now: Date.now,
  })
  const heard: { path: string; headers: Record<string, string> }[] = []
  const url = await new Promise<string>((resolve) => {
    const hear = (asked: Request) => {
      const { pathname, search } = new URL(asked.url)
      heard.push({ path: `${pathname}${search}`, headers: Object.fromEntries(asked.headers) })
      return app.fetch(asked)
    }
    const server = serve({ fetch: hear, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
      resolve(`http://127.0.0.1:${port}`),
    )
    onTestFinished(
      () =>
        new Promise<void>((done) => {
          server.close(() => done())
          if ('closeAllConnections' in server) server.closeAllConnections()
        }),
    )
  })
  const tokenOf = (email: string) => identity.token({ email, audience: AUDIENCE })
  return { url, identity, asked: guard.asked, heard, tokenOf }
}

/** Something that answers as told, in place of the service. Ends with its test. */
export async function startUpstream(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export type StagedProxy = LoopbackProxy & { readonly key: string; readonly events: readonly ProxyEvent[] }

export type StagedOptions = { readonly service: string; readonly tokens?: Tokens } & Partial<
  Pick<ProxyOptions, 'now' | 'limits' | 'language' | 'port'>
>

/** Ends with its test. */
export async function stageProxy({ service, ...options }: StagedOptions): Promise<StagedProxy> {
  const events: ProxyEvent[] = []
  const proxy = await startProxy({
    port: 0,
    language: 'en',
    tokens: noTokens(),
    ...options,
    service: new URL(service.endsWith('/') ? service : `${service}/`),
    on: (event) => events.push(event),
  })
  onTestFinished(() => proxy.close())
  return { ...proxy, events, key: new URL(proxy.url).searchParams.get('key') ?? '' }
}

export function noTokens(): Tokens {
  return createTokens({ find: async () => undefined })
}

/** The same one again and again. */
export function tokensOf(token: string): Tokens {
  return createTokens({ find: async () => token })
}

export type Sent = {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Uint8Array
}
export type Got = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }

/** As it is: no path is tidied, no header is added but Host. Rejects when the connection is broken off. */
export function send(
  port: number,
  { method = 'GET', path = '/', headers = {}, body }: Sent = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.once('error', reject)
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    asking.once('error', reject)
    asking.end(body)
  })
}

/** Brings the key, and gives the `Cookie` header that it was exchanged for. */
export async function enter({ port, key }: { readonly port: number; readonly key: string }): Promise<string> {
  const { status, headers } = await send(port, { path: `/?key=${key}` })
  const cookie = headers['set-cookie']?.[0]?.split(';')[0]
  if (status !== 303 || cookie === undefined) throw new Error(`The key was answered with ${status}`)
  return cookie
}

/** As the dashboard's script sends an order. */
export function order(
  port: number,
  cookie: string,
): { readonly method: 'POST'; readonly headers: Record<string, string> } {
  return {
    method: 'POST',
    headers: {
      cookie,
      origin: `http://127.0.0.1:${port}`,
      'content-type': 'application/json',
      'x-night-guard-page': '1',
    },
  }
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export type Running = {
  /** The first link that it printed. */
  readonly url: string
  readonly port: number
  readonly key: string
  kill(signal: NodeJS.Signals): void
  /** When it and all that it started have closed their output. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
}

/** The real command, once it has printed its link; `under: 'shell'` makes a shell its parent. */
export function startOpen(
  words: readonly string[],
  {
    env = {},
    under = 'test',
  }: { readonly env?: Readonly<Record<string, string>>; readonly under?: 'test' | 'shell' } = {},
): Promise<Running> {
  const own = [process.execPath, MAIN, 'open', ...words]
  const [program = '', ...args] = under === 'test' ? own : ['sh', '-c', '"$@" & wait', 'sh', ...own]
  const child = spawn(program, args, {
    env: { PATH: process.env['PATH'], TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, out, err }))
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return new Promise((resolve, reject) => {
    void ended.then(() => reject(new Error(`It ended before it printed a link: ${err}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const [url, port, key = ''] = /http:\/\/127\.0\.0\.1:(\d+)\/\?key=([\w-]+)(?=[\s"])/.exec(out) ?? []
      if (url === undefined) return
      resolve({ url, port: Number(port), key, kill: (signal) => void child.kill(signal), ended })
    })
  })
}
