/** What the proxy of `nightguard open` makes of a service's answers, and what it says when there are none. */
import type { IncomingHttpHeaders } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { enter, order, send, stageProxy, startUpstream, tokensOf } from './open-stage.ts'

const HTML = { accept: 'text/html' }
const told = (body: string) => {
  const { status, detail, mend } = JSON.parse(body) as { status: number; detail: string; mend: string }
  return { status, detail, mend }
}

describe('A service', () => {
  type Reply = {
    readonly status?: number
    readonly headers?: Record<string, string | string[]>
    readonly body?: string | Buffer
  }

  /** Asks for one page of a service that answers so. */
  async function look(reply: Reply, { path = '/', base = '', headers = {} as Record<string, string> } = {}) {
    const asked: { url: string; headers: IncomingHttpHeaders }[] = []
    const service = await startUpstream((request, response) => {
      asked.push({ url: request.url ?? '', headers: request.headers })
      response.writeHead(reply.status ?? 200, reply.headers ?? {})
      response.end(reply.body ?? 'hello')
    })
    const claims = Buffer.from('{"email":"me@example.com"}').toString('base64url')
    const proxy = await stageProxy({ service: `${service}${base}`, tokens: tokensOf(`aaa.${claims}.ccc`) })
    const cookie = await enter(proxy)
    return { got: await send(proxy.port, { path, headers: { ...headers, cookie } }), asked, service, proxy }
  }

  it('of which only harmless headers come through; pages that have no policy may do nothing', async () => {
    const { got } = await look({
      headers: {
        'content-type': 'text/html',
        etag: '"1"',
        'set-cookie': [
          'night-guard-theme=dark; Domain=guard.example.com; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=60; Evil',
          'night-guard-session-1=x; Path=/',
          'GAESA=abc; Path=/',
          'night-guard-language=ko"; Path=/',
        ],
        'clear-site-data': '"*"',
        'strict-transport-security': 'max-age=1',
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': 'true',
        'cross-origin-resource-policy': 'cross-origin',
        'www-authenticate': 'Basic',
        'keep-alive': 'timeout=99',
        connection: 'x-hop',
        'x-hop': '1',
        refresh: '0; url=https://evil.example',
        server: 'Google Frontend',
      },
    })
    const { date: _, connection: __, 'keep-alive': keepAlive, ...headers } = got.headers
    expect(keepAlive).not.toBe('timeout=99')
    expect({ status: got.status, headers }).toEqual({
      status: 200,
      headers: {
        'content-type': 'text/html',
        'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'",
        'cross-origin-resource-policy': 'same-origin',
        etag: '"1"',
        'referrer-policy': 'no-referrer',
        'set-cookie': ['night-guard-theme=dark; Path=/; HttpOnly; Max-Age=60'],
        'transfer-encoding': 'chunked',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      },
    })
  })

  it('that compresses is understood', async () => {
    const { got } = await look({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('plain words') })
    expect([got.body, got.headers['content-encoding']]).toEqual(['plain words', undefined])
  })

  it('below a path is asked below it, and its redirects stay there', async () => {
    const within = await look(
      { status: 302, headers: { location: '/guard/incidents?a=b#c' } },
      { base: '/guard', path: '/x?y=z' },
    )
    expect([within.asked.map(({ url }) => url), within.got.status, within.got.headers.location]).toEqual([
      ['/guard/x?y=z'],
      302,
      '/incidents?a=b#c',
    ])
    const outside = await look({ status: 302, headers: { location: '/other/x' } }, { base: '/guard' })
    expect(outside.got.status).toBe(502)
  })

  it.each([
    'https://evil.example/',
    '//evil.example/',
    'http://127.0.0.1:1/',
    'http://me@SERVICE/',
    'http://SERVICE//evil.example',
    'javascript:alert(1)',
    'http://[',
  ])('that leads to %s is not followed, and nobody there gets a token', async (location) => {
    const service = await startUpstream((request, response) => {
      response.writeHead(307, { location: location.replace('SERVICE', request.headers.host ?? '') })
      response.end()
    })
    const proxy = await stageProxy({ service })
    const got = await send(proxy.port, { headers: { cookie: await enter(proxy) } })
    expect([got.headers.location, told(got.body)]).toEqual([
      undefined,
      {
        status: 502,
        detail: 'The service leads elsewhere, and that is not followed',
        mend: "Is this the service's own URL? Check --url and NIGHTGUARD_URL",
      },
    ])
  })

  it('behind Cloud Run: who may not invoke it is told so', async () => {
    const reply = {
      status: 403,
      headers: { 'content-type': 'text/html; charset=UTF-8' },
      body: '<h1>Forbidden</h1>',
    }
    const page = await look(reply, { headers: HTML })
    expect(page.got.status).toBe(403)
    expect(page.got.body).toContain('<h1>Cloud Run turns me@example.com away</h1>')
    expect(page.got.body).toContain('roles/run.invoker')
    const { got } = await look(reply, { path: '/fragments/targets' })
    expect(told(got.body).detail).toBe('Cloud Run turns me@example.com away')
  })

  it('that is down is said to be so, on a page and to a script', async () => {
    const proxy = await stageProxy({ service: 'http://127.0.0.1:2' })
    const cookie = await enter(proxy)
    const page = await send(proxy.port, { headers: { ...HTML, cookie } })
    expect([page.status, page.headers['cache-control']]).toEqual([502, 'no-store'])
    expect(page.body).toContain('reach http://127.0.0.1:2: connect ECONNREFUSED 127.0.0.1:2</h1>')
    expect(page.body).toContain('Start the service (nightguard sandbox tries it out)')
    const script = await send(proxy.port, { headers: { cookie } })
    expect(script.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(script.body)).toEqual({
      type: '/problems/nightguard-open',
      title: 'nightguard',
      status: 502,
      detail: "Can't reach http://127.0.0.1:2: connect ECONNREFUSED 127.0.0.1:2",
      mend: 'Start the service (nightguard sandbox tries it out), or name another with --url or NIGHTGUARD_URL',
    })
  })

  it('that is slow is given up on, reads and writes each in their time', async () => {
    const service = await startUpstream(() => undefined)
    const proxy = await stageProxy({ service, limits: { readMs: 60, writeMs: 120 } })
    const cookie = await enter(proxy)
    const read = await send(proxy.port, { headers: { cookie } })
    expect(told(read.body)).toEqual({
      status: 504,
      detail: `Can't reach ${service}: it gave no answer in time`,
      mend: 'Start the service (nightguard sandbox tries it out), or name another with --url or NIGHTGUARD_URL',
    })
    const write = await send(proxy.port, { ...order(proxy.port, cookie), path: '/tick', body: '{}' })
    expect(write.status).toBe(504)
  })

  it('that stops in the middle of an answer is broken off', async () => {
    const service = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.write('the beginning')
    })
    const proxy = await stageProxy({ service, limits: { readMs: 200 } })
    const cookie = await enter(proxy)
    await expect(send(proxy.port, { headers: { cookie } })).rejects.toThrow('aborted')
  })

  it('that turns somebody away without an end is not waited for', async () => {
    const service = await startUpstream((_, response) => {
      response.writeHead(403, { 'content-type': 'text/html' })
      response.write('<h1>For')
    })
    const claims = Buffer.from('{"email":"me@example.com"}').toString('base64url')
    const limits = { readMs: 300 }
    const proxy = await stageProxy({ service, limits, tokens: tokensOf(`aaa.${claims}.ccc`) })
    const cookie = await enter(proxy)
    for (const headers of [{ cookie }, { ...HTML, cookie }]) {
      const got = await send(proxy.port, { headers })
      expect([got.status, got.body.includes('Cloud Run turns me@example.com away')]).toEqual([403, true])
    }
  })

  it('that answers too much is broken off, or not begun when it says so', async () => {
    const service = await startUpstream((request, response) => {
      if (request.url === '/said') response.setHeader('content-length', 2_000)
      response.write('x'.repeat(900))
      response.end('x'.repeat(1_100))
    })
    const proxy = await stageProxy({ service, limits: { answeredBytesMax: 1_024 } })
    const cookie = await enter(proxy)
    const got = await send(proxy.port, { path: '/said', headers: { cookie } })
    expect([got.status, told(got.body).mend]).toEqual([502, 'Ask for less, or use the command line'])
    await expect(send(proxy.port, { path: '/unsaid', headers: { cookie } })).rejects.toThrow(
      /aborted|socket hang up/,
    )
  })

  it('is not kept busy by a browser that has gone, but an order goes on', async () => {
    const left: string[] = []
    const answered = Promise.withResolvers<void>()
    const arrived = { GET: Promise.withResolvers<void>(), POST: Promise.withResolvers<void>() }
    const service = await startUpstream((request, response) => {
      const method = request.method as 'GET' | 'POST'
      arrived[method].resolve()
      response.once('close', () => {
        left.push(`${method} ${response.writableFinished ? 'answered' : 'left'}`)
        if (method === 'GET') answered.resolve()
      })
      if (method === 'POST') void answered.promise.then(() => response.end('{}'))
    })
    const proxy = await stageProxy({ service })
    const cookie = await enter(proxy)
    const { method, headers } = order(proxy.port, cookie)
    const leaving = new AbortController()
    const url = `http://127.0.0.1:${proxy.port}/tick`
    const ordering = fetch(url, { method, headers, body: '{}', signal: leaving.signal }).catch(() => 'gone')
    const looking = fetch(url, { headers: { cookie }, signal: leaving.signal }).catch(() => 'gone')
    await Promise.all([arrived.GET.promise, arrived.POST.promise])
    leaving.abort()
    expect(await Promise.all([ordering, looking])).toEqual(['gone', 'gone'])
    await vi.waitFor(() => expect(left).toEqual(['GET left', 'POST answered']), {
      timeout: 10_000,
      interval: 10,
    })
  })

  it('whose words are hostile is shown inert', async () => {
    const reply = {
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
      body: JSON.stringify({ title: 'x', detail: '<script>alert(1)</script>\u202e\u001b[2J', status: 401 }),
    }
    const { got } = await look(reply, { headers: HTML })
    expect(got.status).toBe(401)
    expect(got.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\uFFFD\uFFFD[2J')
    expect(got.body).not.toContain('<script')
  })
})
