/** Runs the real command as a child process, and a real service for it to ask. */
import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const COMPILE_CACHE = join(tmpdir(), 'nightguard-test-compile-cache')
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

/** `env` replaces the environment, but for PATH; it is UTC unless `env` says otherwise. */
export function runCli(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return runProgram(process.execPath, [MAIN, ...words], env)
}

export function runProgram(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      // Most of a short run is compiling: the cache halves it.
      env: { PATH: process.env['PATH'], TZ: 'UTC', NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 15_000,
    })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, out, err }))
  })
}

export type Asked = {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers: IncomingMessage['headers']
}
export type Reply = {
  readonly status?: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

/** One of many services behind one port, told apart by their path, so that tests can run side by side. */
export type Desk = { readonly url: string; readonly asked: readonly Asked[] }

export type FakeService = {
  /** A service of its own that answers everything with `reply`, or each path with its own. */
  desk(reply: Reply | ((path: string) => Reply)): Desk
  close(): Promise<void>
}

export async function startService(): Promise<FakeService> {
  const desks: { readonly replyTo: (path: string) => Reply; readonly asked: Asked[] }[] = []
  const server = createServer(async (request, response) => {
    const [, number = '', path = ''] = /^\/desk(\d+)(\/.*)$/.exec(request.url ?? '') ?? []
    const desk = desks[Number(number)]
    const text = (await request.toArray()).join('')
    desk?.asked.push({
      method: request.method ?? '',
      path,
      ...(text === '' ? {} : { body: JSON.parse(text) }),
      headers: request.headers,
    })
    send(response, desk?.replyTo(path) ?? { status: 500, body: 'no such desk' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    desk(reply) {
      const asked: Asked[] = []
      desks.push({ replyTo: typeof reply === 'function' ? reply : () => reply, asked })
      return { url: `http://127.0.0.1:${port}/desk${desks.length - 1}`, asked }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, { status = 200, body, headers = {} }: Reply): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
