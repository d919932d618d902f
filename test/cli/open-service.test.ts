/** What passes between a browser and the service through the proxy of `nightguard open`, and what is said when nothing does. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTokens } from '../../src/cli/fresh-tokens.ts'
import { findToken } from '../../src/cli/token.ts'
import {
  AUDIENCE,
  enter,
  OPERATOR,
  order,
  send,
  stageProxy,
  startRealService,
  startUpstream,
  tokensOf,
  VIEWER,
} from './open-stage.ts'

const HTML = { accept: 'text/html' }
const told = (body: string) => {
  const { status, detail, mend } = JSON.parse(body) as { status: number; detail: string; mend: string }
  return { status, detail, mend }
}

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('With the real service', () => {
  it('shows the dashboard to its operator, and carries out the orders of its page', async () => {
    const service = await startRealService()
    const proxy = await stageProxy({ service: service.url, tokens: tokensOf(service.tokenOf(OPERATOR)) })
    const cookie = await enter(proxy)
    const page = await send(proxy.port, { headers: { ...HTML, cookie } })
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8'])
    expect(page.body).toContain('id="target-nightguard"')
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")

    const script = /src="(\/assets\/[^"]+)"/.exec(page.body)?.[1] ?? ''
    const asset = await send(proxy.port, { path: script, headers: { cookie } })
    expect([asset.status, asset.headers['cache-control']]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
    expect(asset.body).toContain('x-night-guard-page')

    const ordered = await send(proxy.port, {
      ...order(proxy.port, cookie),
      path: '/api/targets/nightguard/recover',
      body: JSON.stringify({ action: 'auto', reason: 'slow', dryRun: true }),
    })
    expect(ordered.status).toBe(200)
    expect(service.asked.filter(({ call }) => call === 'order').map((asked) => asked.with)).toEqual([
      [
        'nightguard',
        { kind: 'recover', by: OPERATOR, force: false, dryRun: true, action: 'auto', reason: 'slow' },
      ],
    ])
  })

  it('the service hears a program with a token: nothing of the browser but its wishes', async () => {
    const service = await startRealService()
    const token = service.tokenOf(OPERATOR)
    const proxy = await stageProxy({ service: service.url, tokens: tokensOf(token) })
    const cookie = await enter(proxy)
    const browser = {
      ...order(proxy.port, cookie).headers,
      cookie: `jupyter=abc; ${cookie}; night-guard-language=ko; night-guard-theme=dark; night-guard-theme="x"`,
      accept: 'application/json',
      'accept-language': 'ko-KR,ko;q=0.9',
      authorization: 'Bearer of-the-browser',
      'x-serverless-authorization': 'Bearer of-the-browser',
      'x-goog-iap-jwt-assertion': 'x',
      'x-forwarded-for': '10.0.0.1',
      forwarded: 'for=10.0.0.1',
      referer: `http://127.0.0.1:${proxy.port}/`,
      'sec-fetch-site': 'same-origin',
      connection: 'keep-alive, x-hop',
      'x-hop': '1',
      te: 'trailers',
    }
    const body = JSON.stringify({ reason: 'checked' })
    const armed = await send(proxy.port, {
      method: 'POST',
      path: '/api/targets/nightguard/arm',
      headers: browser,
      body,
    })
    expect(armed.status).toBe(200)
    const {
      connection: _,
      'user-agent': __,
      'accept-encoding': ___,
      ...heard
    } = service.heard.at(-1)?.headers ?? {}
    expect(heard).toEqual({
      host: new URL(service.url).host,
      accept: 'application/json',
      'accept-language': 'ko-KR,ko;q=0.9',
      authorization: `Bearer ${token}`,
      'content-length': String(body.length),
      'content-type': 'application/json',
      cookie: 'night-guard-language=ko; night-guard-theme=dark',
      'sec-fetch-mode': 'cors',
      'x-serverless-authorization': `Bearer ${token}`,
    })
  })

  it('a choice of language survives: its cookie comes through, and goes back', async () => {
    const service = await startRealService()
    const proxy = await stageProxy({ service: service.url, tokens: tokensOf(service.tokenOf(VIEWER)) })
    const cookie = await enter(proxy)
    const chosen = await send(proxy.port, { path: '/?lang=ko&theme=dark', headers: { ...HTML, cookie } })
    const kept = chosen.headers['set-cookie'] ?? []
    expect(kept).toEqual([
      'night-guard-language=ko; Max-Age=31536000; Path=/; SameSite=Lax',
      'night-guard-theme=dark; Max-Age=31536000; Path=/; SameSite=Lax',
    ])
    const jar = [cookie, ...kept.map((each) => each.split(';')[0])].join('; ')
    const next = await send(proxy.port, { headers: { ...HTML, cookie: jar } })
    expect(next.body).toContain('<html lang="ko" data-theme="dark">')
  })

  it.each<[string, 'viewer' | 'nobody' | 'other-audience' | 'rubbish' | 'none', number, string, string]>([
    [
      'no role at all',
      'nobody',
      403,
      'nobody@example.com lacks the role viewer',
      'Have nobody@example.com listed in the auth section',
    ],
    [
      'a token for another service',
      'other-audience',
      401,
      'The service does not accept the ID token of operator@example.com: The token is for another audience',
      '32555940559.apps.googleusercontent.com',
    ],
    ['no token', 'none', 401, 'The service wants to know who you are', 'Set NIGHTGUARD_TOKEN'],
  ])('%s: a page says who was turned away and what is missing', async (_, who, status, title, mend) => {
    const service = await startRealService()
    const token =
      who === 'other-audience'
        ? service.identity.token({ email: OPERATOR, audience: 'https://other.example.com' })
        : service.tokenOf('nobody@example.com')
    const proxy = await stageProxy({
      service: service.url,
      ...(who === 'none' ? {} : { tokens: tokensOf(token) }),
    })
    const cookie = await enter(proxy)
    const page = await send(proxy.port, { headers: { ...HTML, cookie } })
    expect(page.status).toBe(status)
    expect(page.body).toContain(`<h1>${title}</h1>`)
    expect(page.body).toContain(mend)
    expect(page.body).not.toContain(token)
    // A page's script is told by the service itself.
    const problem = await send(proxy.port, { path: '/fragments/targets', headers: { cookie, accept: '*/*' } })
    expect([problem.status, (JSON.parse(problem.body) as { type: string }).type]).toEqual([
      status,
      status === 401 ? '/problems/unauthenticated' : '/problems/forbidden',
    ])
  })

  it('a viewer sees the dashboard, and is told which role an order needs', async () => {
    const service = await startRealService()
    const proxy = await stageProxy({ service: service.url, tokens: tokensOf(service.tokenOf(VIEWER)) })
    const cookie = await enter(proxy)
    expect((await send(proxy.port, { headers: { ...HTML, cookie } })).status).toBe(200)
    const path = '/api/targets/nightguard/arm'
    const { status, body } = await send(proxy.port, {
      ...order(proxy.port, cookie),
      path,
      body: '{"reason":"x"}',
    })
    expect([status, told(body).detail]).toEqual([
      403,
      'viewer@example.com does not have the role that this needs: operator',
    ])
  })
})

/** A gcloud that prints what its file holds, and counts how often it was asked. */
function fakeGcloud() {
  const directory = mkdtempSync(join(tmpdir(), 'nightguard-open-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const [program, token, count] = ['gcloud', 'token', 'count'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(count, '')
  writeFileSync(
    program,
    `#!/bin/sh\n[ "$*" = "auth print-identity-token" ] || exit 1\necho >>'${count}'\ncat '${token}'\n`,
  )
  chmodSync(program, 0o755)
  vi.stubEnv('PATH', `${directory}:${process.env['PATH']}`)
  vi.stubEnv('NIGHTGUARD_TOKEN', '')
  return {
    logIn: (text: string) => writeFileSync(token, `${text}\n`),
    timesAsked: () => readFileSync(count, 'utf8').length,
  }
}

describe("gcloud's tokens", () => {
  const find = () => findToken(new URL(`${AUDIENCE}/`))
  const MINUTE_MS = 60_000

  it('are asked for once by many, used while they are good, and renewed before they expire', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const gcloud = fakeGcloud()
    const service = await startRealService()
    gcloud.logIn(service.tokenOf(OPERATOR))
    const proxy = await stageProxy({ service: service.url, tokens: createTokens({ find }) })
    const cookie = await enter(proxy)
    const look = async () => (await send(proxy.port, { headers: { ...HTML, cookie } })).status
    expect(await Promise.all([look(), look(), look()])).toEqual([200, 200, 200])
    expect(gcloud.timesAsked()).toBe(1)
    vi.setSystemTime(Date.now() + 54 * MINUTE_MS)
    expect([await look(), gcloud.timesAsked()]).toEqual([200, 1])
    vi.setSystemTime(Date.now() + 1.5 * MINUTE_MS)
    const renewed = service.tokenOf(OPERATOR)
    gcloud.logIn(renewed)
    expect([await look(), gcloud.timesAsked()]).toEqual([200, 2])
    expect(service.heard.at(-1)?.headers['authorization']).toBe(`Bearer ${renewed}`)
  })

  it('that the service no longer takes are asked for anew at once, and the order is carried out once', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const gcloud = fakeGcloud()
    const service = await startRealService()
    gcloud.logIn(service.tokenOf(VIEWER))
    const proxy = await stageProxy({ service: service.url, tokens: createTokens({ find }) })
    const cookie = await enter(proxy)
    const arm = () =>
      send(proxy.port, {
        ...order(proxy.port, cookie),
        path: '/api/targets/nightguard/arm',
        body: '{"reason":"x"}',
      })
    expect((await arm()).status).toBe(403)
    // Logged in as somebody else, in another terminal.
    gcloud.logIn(service.tokenOf(OPERATOR))
    expect((await arm()).status).toBe(403)
    vi.setSystemTime(Date.now() + 6_000)
    expect((await arm()).status).toBe(200)
    expect(service.asked.filter(({ call }) => call === 'order')).toHaveLength(1)
    expect(gcloud.timesAsked()).toBe(2)
  })

  it('that can no longer be had are missed on a page, with advice', async () => {
    const gcloud = fakeGcloud()
    gcloud.logIn('no token at all')
    const proxy = await stageProxy({ service: 'http://127.0.0.1:2', tokens: createTokens({ find }) })
    const cookie = await enter(proxy)
    const page = await send(proxy.port, { headers: { ...HTML, cookie } })
    expect(page.status).toBe(502)
    expect(page.body).toContain('<h1>gcloud&#39;s answer is no ID token</h1>')
    expect(page.body).toContain('Get one by: gcloud auth login, then gcloud auth print-identity-token')
    expect(page.body).not.toContain('no token at all')
  })

  it.each<[string, object, number]>([
    ['one that expires in an hour is used for 55 minutes', { exp: 3_600 }, 55 * MINUTE_MS],
    ['one that says it lives longer is used for an hour', { exp: 86_400 }, 60 * MINUTE_MS],
    ['one that is about to expire is used for half a minute', { exp: 100 }, 30_000],
    ['one that does not say is used for five minutes', {}, 5 * MINUTE_MS],
    ['one that says rubbish is used for five minutes', { exp: 'soon', email: '<b>' }, 5 * MINUTE_MS],
  ])('%s', async (_, claims, usedMs) => {
    let now = 0
    let found = 0
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
    const find = async () => {
      found += 1
      return `x.${payload}.${found}`
    }
    const tokens = createTokens({ find, now: () => now })
    await tokens.current()
    now = usedMs - 1
    expect([await tokens.current(), tokens.account()]).toEqual([`x.${payload}.1`, undefined])
    now = usedMs
    expect(await tokens.current()).toBe(`x.${payload}.2`)
  })
})

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
