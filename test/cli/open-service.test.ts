/** What passes between a browser and the real service through the proxy of `nightguard open`. */
import { describe, expect, it } from 'vitest'
import { enter, OPERATOR, order, send, stageProxy, startRealService, tokensOf, VIEWER } from './open-stage.ts'

const HTML = { accept: 'text/html' }
const told = (body: string) => {
  const { status, detail, mend } = JSON.parse(body) as { status: number; detail: string; mend: string }
  return { status, detail, mend }
}

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
