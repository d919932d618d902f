/** Who gets through the loopback proxy of `nightguard open`, and who doesn't: keys, cookies, names, origins, paths. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { scriptIn } from '../../src/http/assets/script.ts'
import { enter, type Got, order, type Sent, send, stageProxy, startUpstream } from './open-stage.ts'

/** A proxy before something that tells what it was asked. */
async function stage(options: { readonly now?: () => number } = {}) {
  const asked: string[] = []
  const service = await startUpstream((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.setHeader('content-type', 'text/plain')
    response.end('the service')
  })
  return { proxy: await stageProxy({ service, ...options }), service, asked }
}

const told = ({ status, body }: Got) => ({ status, detail: (JSON.parse(body) as { detail: string }).detail })

const NO_SESSION = { status: 401, detail: 'This browser has no session, or its session has ended' }
const FOREIGN = { status: 403, detail: 'The request comes from a page of another site' }
const NO_ADDRESS = { status: 400, detail: 'This is no address of the service' }
const NOT_BY_PAGE = { status: 403, detail: 'The request does not come from the script of the dashboard' }

describe('The key', () => {
  it('is exchanged for a cookie by a redirect that leaves it behind', async () => {
    const { proxy, asked } = await stage()
    expect(proxy.url).toBe(`http://127.0.0.1:${proxy.port}/?key=${proxy.key}`)
    expect(Buffer.from(proxy.key, 'base64url')).toHaveLength(32)
    const { status, headers, body } = await send(proxy.port, { path: `/?key=${proxy.key}&lang=ko` })
    const { date: _, connection: __, 'keep-alive': ___, 'set-cookie': cookies, ...rest } = headers
    expect({ status, body, rest }).toEqual({
      status: 303,
      body: '',
      rest: {
        location: '/',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'transfer-encoding': 'chunked',
      },
    })
    const [cookie = ''] = cookies ?? []
    expect(cookie).toMatch(
      new RegExp(`^night-guard-session-${proxy.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    )
    expect(cookie).not.toContain(proxy.key)
    const inside = await send(proxy.port, { headers: { cookie: cookie.split(';')[0] ?? '' } })
    expect({ status: inside.status, body: inside.body, asked }).toEqual({
      status: 200,
      body: 'the service',
      asked: ['GET /'],
    })
    expect(proxy.events).toEqual(['opened', 'asked'])
  })

  it('works once: whoever brings it a second time ends the session for both', async () => {
    const { proxy, asked } = await stage()
    const cookie = await enter(proxy)
    expect(told(await send(proxy.port, { path: `/?key=${proxy.key}` }))).toEqual({
      status: 401,
      detail: 'This link was opened a second time, so the session has ended',
    })
    expect(told(await send(proxy.port, { headers: { cookie } }))).toEqual(NO_SESSION)
    expect({ asked, events: proxy.events }).toEqual({ asked: [], events: ['opened', 'key-again'] })
  })

  it('brought again by the browser that has the session changes nothing', async () => {
    const { proxy } = await stage()
    const cookie = await enter(proxy)
    const again = await send(proxy.port, { path: `/?key=${proxy.key}`, headers: { cookie } })
    expect([again.status, again.headers.location, again.headers['set-cookie']]).toEqual([303, '/', undefined])
    expect((await send(proxy.port, { headers: { cookie } })).status).toBe(200)
  })

  it('works for a minute, and is late afterwards', async () => {
    let now = 1_000_000
    const { proxy } = await stage({ now: () => now })
    now += 60_000
    expect(told(await send(proxy.port, { path: `/?key=${proxy.key}` }))).toEqual(NO_SESSION)
    now -= 1
    await enter(proxy)
    now += 1
    expect(told(await send(proxy.port, { path: `/?key=${proxy.key}` }))).toEqual(NO_SESSION)
    expect(proxy.events).toEqual(['opened'])
  })

  it.each<[string, (key: string) => Sent]>([
    ['another key', (key) => ({ path: `/?key=${key.slice(1)}x` })],
    ['an empty key', () => ({ path: '/?key=' })],
    ['a key asked by HEAD', (key) => ({ path: `/?key=${key}`, method: 'HEAD' })],
    [
      'a browser that fetches ahead',
      (key) => ({ path: `/?key=${key}`, headers: { 'sec-purpose': 'prefetch' } }),
    ],
    ['the key at another path', (key) => ({ path: `/status?key=${key}` })],
  ])('is not used up by %s', async (_, sent) => {
    const { proxy } = await stage()
    expect((await send(proxy.port, sent(proxy.key))).status).toBe(401)
    await enter(proxy)
  })
})

describe('The cookie', () => {
  it.each<[string, (name: string, value: string) => string | undefined]>([
    ['is missing', () => undefined],
    ['is another', (name, value) => `${name}=${value.slice(1)}x`],
    ['is empty', (name) => `${name}=`],
    ['has the name of another port', (name, value) => `${name}0=${value}`],
  ])('that %s lets nobody in', async (_, made) => {
    const { proxy, asked } = await stage()
    const [name = '', value = ''] = (await enter(proxy)).split('=')
    const cookie = made(name, value)
    const got = await send(proxy.port, cookie === undefined ? {} : { headers: { cookie } })
    expect({ told: told(got), asked }).toEqual({ told: NO_SESSION, asked: [] })
  })

  it('of another proxy lets nobody in', async () => {
    const [one, other] = await Promise.all([stage(), stage()])
    const [, value = ''] = (await enter(other.proxy)).split('=')
    await enter(one.proxy)
    const cookie = `night-guard-session-${one.proxy.port}=${value}`
    expect(told(await send(one.proxy.port, { headers: { cookie } }))).toEqual(NO_SESSION)
  })

  it('is found among others of this machine, also behind one of its name that somebody else set', async () => {
    const { proxy } = await stage()
    const cookie = await enter(proxy)
    const [name = ''] = cookie.split('=')
    const jar = `a=b; ${name}=forged; ${cookie}; night-guard-theme=dark`
    expect((await send(proxy.port, { headers: { cookie: jar } })).status).toBe(200)
  })

  it('missing is answered to a person by a page that says what to do, in the language of the command or of a choice', async () => {
    const { service } = await stage()
    const proxy = await stageProxy({ service, language: 'ko' })
    const accept = 'text/html,*/*'
    const korean = await send(proxy.port, { headers: { accept } })
    expect([korean.status, korean.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8'])
    expect(korean.body).toContain('<html lang="ko">')
    expect(korean.body).toContain('터미널에서 nightguard open을 실행하고, 출력된 링크를 1분 안에 여세요.')
    const english = await send(proxy.port, { headers: { accept, cookie: 'night-guard-language=en' } })
    expect(english.body).toContain('<html lang="en">')
    expect(english.body).toContain('Run nightguard open in a terminal, and open the link that it prints')
  })
})

describe('A request of the session is let in only', () => {
  it.each<[string, Record<string, string>]>([
    ['another name that leads here', { host: 'evil.example' }],
    ['such a name with our port', { host: 'evil.example:PORT' }],
    ['our name with another port', { host: '127.0.0.1:1' }],
    ['our name without its port', { host: '127.0.0.1' }],
    ['another name of loopback', { host: '127.0.0.2:PORT' }],
    ['a name that begins like ours', { host: 'localhost.evil.example:PORT' }],
  ])('by our own name, not by %s', async (_, headers) => {
    const { proxy, asked } = await stage()
    const cookie = await enter(proxy)
    const host = (headers['host'] ?? '').replace('PORT', String(proxy.port))
    const got = await send(proxy.port, { headers: { cookie, host } })
    expect({ told: told(got), asked }).toEqual({
      told: { status: 421, detail: 'This is not a name by which the dashboard is reached' },
      asked: [],
    })
    const keyed = await send(proxy.port, { path: `/?key=${proxy.key}`, headers: { host } })
    expect(keyed.status).toBe(421)
  })

  it('by localhost, too', async () => {
    const { proxy } = await stage()
    const cookie = await enter(proxy)
    const host = `LocalHost:${proxy.port}`
    expect((await send(proxy.port, { headers: { cookie, host } })).status).toBe(200)
    const { method, headers } = order(proxy.port, cookie)
    const origin = `http://localhost:${proxy.port}`
    expect((await send(proxy.port, { method, headers: { ...headers, host, origin } })).status).toBe(200)
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'by a method of the dashboard, not by %s',
    async (method) => {
      const { proxy, asked } = await stage()
      const cookie = await enter(proxy)
      const { status, headers } = await send(proxy.port, { method, headers: { cookie } })
      expect({ status, allow: headers.allow, asked }).toEqual({
        status: 405,
        allow: 'GET, HEAD, POST',
        asked: [],
      })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
    },
  )

  it.each([
    'http://evil.example/',
    'http://127.0.0.1/api/targets',
    '//evil.example/',
    '/../etc/passwd',
    '/api/../../x',
    '/api/%2e%2e/x',
    '/api/.%2E/x',
    '/./x',
    '/..',
    '/api/..%2fx',
    '/api/a%2fb',
    '/api/a%5Cb',
    '/api/a%00b',
    '/api/%',
    '/api/%zz',
    '/api\\..\\x',
    '/api/"x"',
    '*',
    `/${'a'.repeat(8_192)}`,
  ])('for an address of the service, not for %s', async (path) => {
    const { proxy, asked } = await stage()
    const cookie = await enter(proxy)
    expect({ told: told(await send(proxy.port, { path, headers: { cookie } })), asked }).toEqual({
      told: NO_ADDRESS,
      asked: [],
    })
  })

  it.each([
    '/api/targets?a=b&c=%2F..%2F&d=[x]|{y}',
    '/targets/a..b',
    '/targets/%EC%9D%B4',
    '/assets/0a-script.js',
  ])('and %s is passed on as it is', async (path) => {
    const { proxy, asked } = await stage()
    const cookie = await enter(proxy)
    await send(proxy.port, { path, headers: { cookie } })
    expect(asked).toEqual([`GET ${path}`])
  })

  it('without another protocol: no upgrade, no tunnel', async () => {
    const { proxy, asked } = await stage()
    const cookie = await enter(proxy)
    const upgrade = { cookie, connection: 'upgrade', upgrade: 'websocket' }
    expect(told(await send(proxy.port, { headers: upgrade }))).toEqual(NO_ADDRESS)

    const socket = connect(proxy.port, '127.0.0.1')
    socket.write(
      `CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nCookie: ${cookie}\r\n\r\n`,
    )
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk.toString()
    })
    await once(socket, 'close')
    expect({ said, asked }).toEqual({ said: '', asked: [] })
  })

  it.each<[string, Record<string, string>]>([
    [
      'an image of another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    ],
    [
      'a script of another site',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    ],
    [
      'a frame of another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
    [
      'a fetch of another port',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    ],
  ])('from our own page, not for %s', async (_, headers) => {
    const { proxy, asked } = await stage()
    const cookie = await enter(proxy)
    expect({ told: told(await send(proxy.port, { headers: { ...headers, cookie } })), asked }).toEqual({
      told: FOREIGN,
      asked: [],
    })
  })

  it('though a link on any page may lead a person here', async () => {
    const { proxy } = await stage()
    const cookie = await enter(proxy)
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect((await send(proxy.port, { headers: { ...headers, cookie } })).status).toBe(200)
  })
})

describe('A write of the session is passed on only', () => {
  const RECOVER = '/api/targets/bot/recover'
  const without = (name: string) => (headers: Record<string, string>) => {
    const { [name]: _, ...rest } = headers
    return rest
  }

  it.each<[string, (headers: Record<string, string>) => Record<string, string>, object]>([
    [
      "from our own origin, not from another site's",
      (all) => ({ ...all, origin: 'https://evil.example' }),
      FOREIGN,
    ],
    ['… not from another port', (all) => ({ ...all, origin: 'http://127.0.0.1:1' }), FOREIGN],
    ['… not from an origin without a name', (all) => ({ ...all, origin: 'null' }), FOREIGN],
    [
      '… not from localhost to 127.0.0.1',
      (all) => ({ ...all, origin: (all['origin'] ?? '').replace('127.0.0.1', 'localhost') }),
      FOREIGN,
    ],
    [
      '… not over https',
      (all) => ({ ...all, origin: (all['origin'] ?? '').replace('http:', 'https:') }),
      FOREIGN,
    ],
    ['… not without an origin', without('origin'), FOREIGN],
    ["with the page's own header", without('x-night-guard-page'), NOT_BY_PAGE],
    ["with the page's own header, as it is", (all) => ({ ...all, 'x-night-guard-page': '0' }), NOT_BY_PAGE],
    [
      'as JSON, not as a form',
      (all) => ({ ...all, 'content-type': 'text/plain' }),
      { status: 415, detail: 'Only JSON is passed on' },
    ],
    ['as JSON that says so', without('content-type'), { status: 415, detail: 'Only JSON is passed on' }],
    [
      'as JSON, not as its like',
      (all) => ({ ...all, 'content-type': 'application/jsonp' }),
      { status: 415, detail: 'Only JSON is passed on' },
    ],
  ])('%s', async (_, change, refused) => {
    const { proxy, asked } = await stage()
    const { method, headers } = order(proxy.port, await enter(proxy))
    const got = await send(proxy.port, { method, path: RECOVER, headers: change(headers), body: '{}' })
    expect({ told: told(got), asked }).toEqual({ told: refused, asked: [] })
  })

  it('with a session', async () => {
    const { proxy, asked } = await stage()
    const { method, headers } = order(proxy.port, 'a=b')
    expect(told(await send(proxy.port, { method, path: RECOVER, headers, body: '{}' }))).toEqual(NO_SESSION)
    expect(asked).toEqual([])
  })

  it('up to 64 KiB, whether it says its size or not', async () => {
    const { proxy, asked } = await stage()
    const all = order(proxy.port, await enter(proxy))
    const size = 64 * 1024
    const sized = (bytes: number): Sent => ({ ...all, path: RECOVER, body: 'x'.repeat(bytes) })
    const chunked = (bytes: number): Sent => ({
      ...sized(bytes),
      headers: { ...all.headers, 'transfer-encoding': 'chunked' },
    })
    const statuses: number[] = []
    for (const sent of [sized(size), sized(size + 1), chunked(size), chunked(size + 1)]) {
      statuses.push((await send(proxy.port, sent)).status)
    }
    expect(statuses).toEqual([200, 413, 200, 413])
    expect(asked).toEqual([`POST ${RECOVER}`, `POST ${RECOVER}`])
  })
})

it("the dashboard's script sends the header that is asked for", () => {
  for (const language of ['en', 'ko'] as const) {
    expect(scriptIn(language)).toContain("'content-type': 'application/json', 'x-night-guard-page': '1'")
  }
})
