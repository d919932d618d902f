/** The connection under the channels: what answers mean, and what is never waited for, read or followed. */
import { afterEach, describe, expect, it } from 'vitest'
import { CallError, type Trouble } from '../../../src/adapters/notify/outcome.ts'
import { openTransport } from '../../../src/adapters/notify/transport.ts'
import { closeRawServers, deadPort, rawServer, response } from '../../contract/probe/raw-server.ts'

afterEach(closeRawServers)

const NOW = Date.UTC(2026, 10, 21, 18, 12)
type Asked = { readonly signal?: AbortSignal; readonly bytesMax?: number; readonly rule?: 'no-loopback' }

async function ask(url: string, asked: Asked = {}): Promise<Response | Trouble> {
  const controller = new AbortController()
  const fetch = openTransport({
    rule: asked.rule ?? 'loopback-too',
    signal: asked.signal ?? controller.signal,
    answerBytesMax: asked.bytesMax ?? 1_000,
    now: () => NOW,
  })
  try {
    return await fetch(url, { method: 'POST', headers: { connection: 'keep-alive' }, body: '{}' })
  } catch (error) {
    if (error instanceof CallError) return error.trouble
    throw error
  } finally {
    controller.abort()
  }
}

async function answering(bytes: Buffer): Promise<string> {
  return (await rawServer((socket) => socket.end(bytes))).url
}

describe('too many requests', () => {
  const limited = 'too many messages at once (HTTP 429)'
  it.each([
    ['seconds in the header', { 'retry-after': '7' }, '', 7_000],
    ['a date in the header', { 'retry-after': 'Sat, 21 Nov 2026 18:12:30 GMT' }, '', 30_000],
    ['a date that is over', { 'retry-after': 'Sat, 21 Nov 2026 18:00:00 GMT' }, '', 0],
    ['fractions of seconds, as Discord', { 'retry-after': '1' }, '{"retry_after":0.2504}', 251],
    ['a parameter, as Telegram', {}, '{"ok":false,"parameters":{"retry_after":35}}', 35_000],
    ['far too long', { 'retry-after': '999999' }, '', 3_600_000],
  ] as const)('last as long as the other side says: %s', async (_what, headers, body, afterMs) => {
    const url = await answering(response(429, body, { connection: 'close', ...headers }))
    expect(await ask(url)).toEqual({ kind: 'failed', detail: limited, afterMs })
  })

  it.each([
    ['nothing', {}, ''],
    ['nonsense', { 'retry-after': 'soon' }, '{"retry_after":"later"}'],
    ['something negative', { 'retry-after': '-5' }, '{"retry_after":-5}'],
  ])('last unknown when it says %s', async (_what, headers, body) => {
    const url = await answering(response(429, body, { connection: 'close', ...headers }))
    expect(await ask(url)).toEqual({ kind: 'failed', detail: limited })
  })
})

it('tells a server in trouble, with the time that it asks for', async () => {
  const url = await answering(response(503, '', { connection: 'close', 'retry-after': '20' }))
  const detail = 'the server is in trouble (HTTP 503)'
  expect(await ask(url)).toEqual({ kind: 'failed', detail, afterMs: 20_000 })
})

it('follows no redirect', async () => {
  const { url, requests } = await rawServer((socket) =>
    socket.end(response(302, '', { connection: 'close', location: '/elsewhere' })),
  )
  expect(await ask(url)).toMatchObject({ status: 302 })
  expect(requests.length).toBe(1)
})

it('reads no answer that is too long', async () => {
  const url = await answering(response(200, 'x'.repeat(5_000), { connection: 'close' }))
  expect(await ask(url)).toEqual({ kind: 'failed', detail: 'the answer was longer than 1000 bytes' })
})

it('waits for no body where none is wanted', async () => {
  const { url } = await rawServer((socket) =>
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nfirst'),
  )
  expect(await ask(url, { bytesMax: 0 })).toMatchObject({ status: 200 })
})

it('tells a connection that broke, and one that was refused', async () => {
  const { url } = await rawServer((socket) => socket.destroy())
  expect(await ask(url)).toEqual({
    kind: 'failed',
    detail: 'the connection was closed before the answer ended',
  })
  expect(await ask(`http://127.0.0.1:${await deadPort()}/`)).toEqual({
    kind: 'failed',
    detail: 'the connection was refused',
  })
})

it('leaves no connection behind', async () => {
  const server = await rawServer((socket) => socket.write(response(200, '{}')))
  await ask(server.url)
  await expect.poll(() => server.connections()).toBe(0)
})

it.each([
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://169.254.169.254/computeMetadata/v1/',
  'http://0.0.0.0/',
])('never asks %s, where the guard itself is', async (url) => {
  expect(await ask(url, { rule: 'no-loopback' })).toEqual({
    kind: 'rejected',
    detail: expect.stringContaining('is an address that is never asked'),
  })
})

it('never asks a name that leads to loopback', async () => {
  const { port, requests } = await rawServer((socket) => socket.end(response(200, '')))
  expect(await ask(`http://localhost:${port}/`, { rule: 'no-loopback' })).toEqual({
    kind: 'failed',
    detail: expect.stringContaining('loopback'),
  })
  expect(requests).toEqual([])
})
