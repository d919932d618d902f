import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { createHttpProbe } from '../../../src/adapters/http-probe.ts'
import type { HttpEvidence } from '../../../src/core/evidence.ts'
import type { HealthCheck } from '../../../src/core/target.ts'
import { closeRawServers, deadPort, type RawServer, rawServer, response } from './raw-server.ts'

const probe = createHttpProbe({ clock: systemClock, allowLoopback: true })
const TIMEOUT_MS = 300

afterEach(closeRawServers)

/** The evidence without what no two runs share. */
async function asked(url: string, expected: HealthCheck['expect'] = { status: 200 }): Promise<object> {
  const before = Date.now()
  const evidence = await probe.health({ url, expect: expected }, { timeoutMs: TIMEOUT_MS })
  return normalised(evidence, before)
}

function normalised({ at, durationMs, ...rest }: HttpEvidence, before: number): object {
  expect(at).toBeGreaterThanOrEqual(before)
  expect(durationMs).toBeLessThan(TIMEOUT_MS + 500)
  return rest
}

async function nobodyIsConnected(server: RawServer): Promise<void> {
  await vi.waitFor(() => expect(server.connections()).toBe(0))
}

const KIT_BODY = {
  kit: 'night-guard/1',
  status: 'failed',
  workloads: [{ unit: 'agent.service', state: 'failed', health: 'unhealthy' }],
}
const KIT = {
  status: 'failed',
  workloads: [{ unit: 'agent.service', state: 'failed', health: 'unhealthy' }],
}
const HEALTHY = { status: 200, json: { status: 'healthy' } }

describe('an answer', () => {
  it.each([
    ['the right status is ok, whatever the body', 200, 'hello', { status: 200 }, { kind: 'ok' }],
    ['an expected 503 is ok', 503, '', { status: 503 }, { kind: 'ok' }],
    ['the right status and members are ok', 200, '{"status":"healthy","more":1}', HEALTHY, { kind: 'ok' }],
    [
      'another status answers badly',
      500,
      'oops',
      HEALTHY,
      { kind: 'answers-bad', status: 500, detail: 'status 500, expected 200' },
    ],
    [
      'another member answers badly',
      200,
      '{"status":"degraded"}',
      HEALTHY,
      { kind: 'answers-bad', status: 200, detail: '"status" is "degraded", expected "healthy"' },
    ],
    [
      'a missing member answers badly',
      200,
      '{}',
      HEALTHY,
      { kind: 'answers-bad', status: 200, detail: '"status" is missing, expected "healthy"' },
    ],
    [
      'a body that is not JSON answers badly where JSON is expected',
      200,
      '<html>',
      HEALTHY,
      { kind: 'answers-bad', status: 200, detail: 'the body is not JSON' },
    ],
    [
      'a JSON list answers badly where members are expected',
      200,
      '[]',
      HEALTHY,
      { kind: 'answers-bad', status: 200, detail: 'the body is not a JSON object' },
    ],
    [
      'invalid UTF-8 is not JSON',
      200,
      Buffer.from([0x22, 0xc3, 0x28, 0x22]),
      HEALTHY,
      { kind: 'answers-bad', status: 200, detail: 'the body is not JSON' },
    ],
    [
      "the kit's body is read with a bad status too",
      503,
      JSON.stringify(KIT_BODY),
      HEALTHY,
      { kind: 'answers-bad', status: 503, detail: 'status 503, expected 200', kit: KIT },
    ],
    [
      "the kit's body is read with a good status",
      200,
      JSON.stringify(KIT_BODY),
      { status: 200 },
      { kind: 'ok', kit: KIT },
    ],
  ])('%s', async (_name, status, body, expected, evidence) => {
    const server = await rawServer((socket) => socket.end(response(status, body)))
    expect(await asked(server.url, expected)).toEqual(evidence)
    await nobodyIsConnected(server)
  })

  it('is asked for by a GET on a connection of its own, uncompressed', async () => {
    const server = await rawServer((socket) => socket.write(response(200, '')))
    await asked(`${server.url}?deep=1`)
    await asked(server.url)
    expect(server.requests).toHaveLength(2)
    expect(server.requests[0]?.split('\r\n')).toEqual(
      expect.arrayContaining([
        'GET /health?deep=1 HTTP/1.1',
        'connection: close',
        'accept-encoding: identity',
        'user-agent: night-guard',
      ]),
    )
    await nobodyIsConnected(server)
  })

  it('with a redirect answers badly, and the redirect is not followed', async () => {
    const other = await rawServer((socket) => socket.end(response(200, '')))
    const server = await rawServer((socket) => socket.end(response(302, '', { location: other.url })))
    expect(await asked(server.url)).toEqual({
      kind: 'answers-bad',
      status: 302,
      detail: 'status 302, expected 200: redirects are not followed',
    })
    expect(other.requests).toEqual([])
  })

  it('with a compressed body answers badly, and nothing is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000))
    const server = await rawServer((socket) =>
      socket.end(response(200, bomb.subarray(0, 20_000), { 'content-encoding': 'gzip' })),
    )
    expect(await asked(server.url)).toEqual({
      kind: 'answers-bad',
      status: 200,
      detail: 'the body is compressed (gzip), though none was asked for',
    })
  })

  it('of exactly 64 KiB is read whole', async () => {
    const server = await rawServer((socket) => socket.end(response(200, 'x'.repeat(64 * 1024))))
    expect(await asked(server.url)).toEqual({ kind: 'ok' })
  })

  it('that floods is cut off after 64 KiB', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      const pour = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      }
      socket.on('drain', pour)
      pour()
    })
    expect(await asked(server.url)).toEqual({ kind: 'answers-bad', status: 200, detail: 'body over 64 KiB' })
    await nobodyIsConnected(server)
  })
})

const CLOSED = 'the connection was closed before the answer ended'

describe('a broken answer', () => {
  it.each([
    ['closed mid-body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', { status: 200, detail: CLOSED }],
    ['closed before the headers', '', { detail: CLOSED }],
    ['closed mid-headers', 'HTTP/1.1 200 OK\r\nserver', { detail: CLOSED }],
    [
      'broken chunking',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n',
      { status: 200, detail: 'broken HTTP' },
    ],
    ['not HTTP', 'SSH-2.0-OpenSSH_10.0\r\n', { detail: 'broken HTTP' }],
    [
      'endless headers',
      `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
      { detail: 'headers over 16 KiB' },
    ],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
      { detail: 'broken HTTP (UND_ERR_RES_CONTENT_LENGTH_MISMATCH)' },
    ],
  ])('(%s) answers badly', async (_name, bytes, evidence) => {
    const server = await rawServer((socket) => socket.end(bytes, 'latin1'))
    expect(await asked(server.url)).toEqual({ kind: 'answers-bad', ...evidence })
    await nobodyIsConnected(server)
  })

  it('that is reset answers badly', async () => {
    const server = await rawServer((socket) => socket.resetAndDestroy())
    expect(await asked(server.url)).toEqual({ kind: 'answers-bad', detail: CLOSED })
  })

  it('without TLS where TLS is expected answers badly', async () => {
    const server = await rawServer((socket) => socket.end(response(200, '')))
    const evidence = await asked(server.url.replace('http:', 'https:'))
    expect(evidence).toEqual({
      kind: 'answers-bad',
      detail: expect.stringMatching(/^TLS failed \(ERR_SSL_/),
    })
    await nobodyIsConnected(server)
  })
})

const TOO_SLOW = `the answer did not end within ${TIMEOUT_MS} ms`

describe('time', () => {
  it.each([
    ['a machine that never answers is silent', '', '', { kind: 'silent' }],
    ['headers that never end answer badly', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n', { detail: TOO_SLOW }],
    ['a status line that never ends answers badly', 'H', '', { detail: TOO_SLOW }],
    [
      'a body that never ends answers badly',
      'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n',
      'x',
      { status: 200, detail: TOO_SLOW },
    ],
  ])('%s', async (_name, first, drop, evidence) => {
    const server = await rawServer((socket) => {
      socket.write(first)
      const drip = setInterval(() => socket.write(drop), 40)
      socket.on('close', () => clearInterval(drip))
    })
    const full = 'detail' in evidence ? { kind: 'answers-bad', ...evidence } : evidence
    expect(await asked(server.url)).toEqual(full)
    await nobodyIsConnected(server)
  })

  it('a machine that takes the connection and never says hello in TLS is silent', async () => {
    const server = await rawServer(() => undefined)
    expect(await asked(server.url.replace('http:', 'https:'))).toEqual({ kind: 'silent' })
    await nobodyIsConnected(server)
  })
})

describe('no connection', () => {
  it('a port that nothing listens on is refused', async () => {
    expect(await asked(`http://127.0.0.1:${await deadPort()}/`)).toEqual({ kind: 'refused' })
  })

  it('a name that is nobody’s is no word about the target', async () => {
    expect(await asked('http://nobody.invalid/')).toEqual({
      kind: 'not-asked',
      detail: expect.stringMatching(/^the name could not be looked up \((ENOTFOUND|EAI_AGAIN)\)$/),
    })
  })
})

describe('addresses that no target has', () => {
  const strict = createHttpProbe({ clock: systemClock })

  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://0x7f.1:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:169.254.169.254]/',
    'http://169.254.169.254/computeMetadata/v1/',
    'http://0.0.0.0:PORT/',
    'http://[::]:PORT/',
    'http://[fe80::1]/',
    'http://224.0.0.1/',
    'http://[64:ff9b::7f00:1]/',
  ])('%s is not asked', async (url) => {
    const server = await rawServer((socket) => socket.end(response(200, '')))
    const check = { url: url.replace('PORT', String(server.port)), expect: { status: 200 } }
    const evidence = await strict.health(check, { timeoutMs: TIMEOUT_MS })
    expect(evidence).toEqual({
      kind: 'not-asked',
      at: evidence.at,
      durationMs: evidence.durationMs,
      detail: expect.stringContaining('is a loopback, link-local, unspecified or multicast address'),
    })
    expect(await strict.reachable(check.url, { timeoutMs: TIMEOUT_MS })).toBe(false)
    expect(server.requests).toEqual([])
  })

  it('the sandbox may ask loopback, but not the metadata server', async () => {
    expect(await asked('http://169.254.169.254/')).toEqual({
      kind: 'not-asked',
      detail: '169.254.169.254 is a loopback, link-local, unspecified or multicast address',
    })
  })
})

describe('reachable', () => {
  it.each([
    [200, true],
    [301, true],
    [404, true],
    [499, true],
    [500, false],
    [503, false],
  ])('an answer of %d says %s', async (status, reachable) => {
    const server = await rawServer((socket) => socket.write(response(status, 'x'.repeat(200_000))))
    expect(await probe.reachable(server.url, { timeoutMs: TIMEOUT_MS })).toBe(reachable)
    await nobodyIsConnected(server)
  })

  it('an answer whose body never ends is one', async () => {
    const server = await rawServer((socket) => socket.write('HTTP/1.1 204 No\r\n\r\n'))
    expect(await probe.reachable(server.url, { timeoutMs: TIMEOUT_MS })).toBe(true)
    const endless = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'))
    expect(await probe.reachable(endless.url, { timeoutMs: TIMEOUT_MS })).toBe(true)
  })

  it('no answer in time, and a refused connection, say no', async () => {
    const server = await rawServer(() => undefined)
    expect(await probe.reachable(server.url, { timeoutMs: TIMEOUT_MS })).toBe(false)
    expect(await probe.reachable(`http://127.0.0.1:${await deadPort()}/`, { timeoutMs: TIMEOUT_MS })).toBe(
      false,
    )
  })
})
