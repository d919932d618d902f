/** The sandbox's page of chats, over HTTP: what it shows, what can be pressed and taken down there, and by whom. */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { SANDBOX_CHAT } from '../../sandbox/chat/chats.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'

/** The first alert loads each chat's library. */
beforeAll(async () => {
  await Promise.all([import('grammy'), import('@slack/web-api'), import('@discordjs/rest')])
})

const PATIENT = { outbox: { sendMs: '6s', claimMs: '8s' } }

async function start() {
  const told: string[] = []
  const sandbox = await startSandbox({
    port: 0,
    scheduler: 'off',
    alerts: 'on',
    policy: PATIENT,
    tell: (line) => told.push(line),
  })
  onTestFinished(() => sandbox.close())
  const { url, world } = sandbox
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, { headers })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return { url, chats: world.chats, world, told, get, post }
}

type Started = Awaited<ReturnType<typeof start>>

/** The bot writes to its chat. */
async function say({ chats }: Started, text: string, buttons: readonly string[] = []): Promise<void> {
  const keyboard = buttons.map((label) => [{ text: label, callback_data: `data of ${label}` }])
  const answer = await fetch(`${chats.endpoints.telegram}/bot${SANDBOX_CHAT.telegramToken}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: SANDBOX_CHAT.telegramChat,
      text,
      ...(keyboard.length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }),
    }),
  })
  expect(answer.status).toBe(200)
}

describe('GET /sandbox/chats.json', () => {
  it('has all four, empty at first', async () => {
    const { get } = await start()
    const empty = { outage: 'none', messages: [], told: [] }
    expect(JSON.parse((await get('/sandbox/chats.json')).text)).toEqual({
      chats: [
        { name: 'telegram', ...empty },
        { name: 'slack', ...empty },
        { name: 'discord', ...empty },
        { name: 'webhook', ...empty, repeats: 0 },
      ],
    })
  })

  it('has what a test alert brought, on each', async () => {
    const { get, post } = await start()
    await post('/api/alerts/test', {})
    const { chats } = JSON.parse((await get('/sandbox/chats.json')).text) as {
      chats: { messages: { text: string; silent: boolean }[] }[]
    }
    const heads = chats.map(({ messages }) => messages.map(({ text }) => text.split('\n')[0]))
    expect(heads).toEqual(chats.map(() => ['🔵 Night Guard: test alert']))
    expect(chats.map(({ messages }) => messages[0]?.silent)).toEqual([true, false, true, false])
  })
})

describe('GET /sandbox/chats', () => {
  it('is a page of its own, under the strict policy, with no script or style in it', async () => {
    const { get } = await start()
    const { status, headers, text } = await get('/sandbox/chats')
    expect(status).toBe(200)
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(text).not.toMatch(/<script(?![^>]* src=")|<style| style=| on[a-z]+=/)
    expect([...text.matchAll(/<h2 [^>]*>([^<]+)/g)].map(([, name]) => name)).toEqual([
      'Telegram',
      'Slack',
      'Discord',
      'Webhook',
    ])
    expect((await get('/sandbox/chats.js')).headers.get('content-type')).toBe(
      'text/javascript; charset=utf-8',
    )
  })

  it('shows messages oldest first, and what can be pressed', async () => {
    const service = await start()
    await say(service, '🔴 first\nsecond line', ['Recover now', 'Leave it'])
    await say(service, '🟢 last')
    const { text } = await service.get('/sandbox/chats')
    expect(text).toMatch(
      /data-tone="bad"><p class="what"><b><span class="dot"><\/span> first<\/b>[\s\S]*<p>second line<\/p>[\s\S]*<\/span> last/,
    )
    expect(text).toContain('data-post="/sandbox/chats/telegram/press"')
    expect(text).toContain('data-body="{&quot;message&quot;:101,&quot;button&quot;:1}"')
    const live = await service.get('/sandbox/chats/live')
    expect(live.text).toMatch(/^<div id="chats" [\s\S]*<\/span> last[\s\S]*<\/div>$/)
  })

  it('speaks Korean to who reads it', async () => {
    const { get } = await start()
    expect((await get('/sandbox/chats', { 'accept-language': 'ko' })).text).toContain('사람들에게 알린 내용')
    expect((await get('/sandbox/chats?lang=ko')).headers.get('set-cookie')).toContain(
      'night-guard-language=ko',
    )
  })

  it('shows hostile text and labels inert', async () => {
    const service = await start()
    await say(service, '<script>alert(1)</script>\n"\u202Eevil\u0007', ['"><img src=x onerror=alert(1)>'])
    const { text } = await service.get('/sandbox/chats')
    for (const live of ['<script>', '<img', '\u202E', '\u0007']) expect(text).not.toContain(live)
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).toContain('⟨U+202E⟩evil␇')
  })
})

describe('POST /sandbox/chats/telegram/press', () => {
  it('presses as the one who may; the bot hears of it', async () => {
    const service = await start()
    await say(service, 'x', ['Recover now', 'Leave it'])
    const answer = await service.post('/sandbox/chats/telegram/press', { message: 101, button: 1 })
    expect(answer).toEqual({
      status: 200,
      body: { press: expect.stringMatching(/^\d+$/), message: 101, button: 1, label: 'Leave it' },
    })
    expect(service.chats.telegram.unconfirmed()).toBe(1)
    expect(service.told).toContain('you press "Leave it" under message 101 in Telegram')
  })

  it.each([
    [{ message: 101, button: 2 }, 404, 'message 101 has no button 2'],
    [{ message: 7, button: 0 }, 404, 'message 7 has no button 0'],
    [{ message: 101 }, 400, 'Not right: button'],
    [{ message: '101', button: 0 }, 400, 'Not right: message'],
    [{ message: 101, button: 0, data: 'x' }, 400, 'Not right: data'],
    ['{', 400, 'Not right: body'],
  ])('%j: %i', async (body, status, detail) => {
    const service = await start()
    await say(service, 'x', ['Recover now', 'Leave it'])
    const answer = await service.post('/sandbox/chats/telegram/press', body)
    expect({ status: answer.status, detail: answer.body['detail'] }).toEqual({ status, detail })
    expect(service.chats.telegram.unconfirmed()).toBe(0)
  })

  it('is none of another site’s business', async () => {
    const service = await start()
    await say(service, 'x', ['Recover now'])
    const foreign = { origin: 'https://evil.example' }
    const body = { message: 101, button: 0 }
    expect((await service.post('/sandbox/chats/telegram/press', body, foreign)).status).toBe(403)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(
      (await service.post('/sandbox/chats/telegram/press', 'message=101&button=0', form)).status,
    ).not.toBe(200)
    expect(service.chats.telegram.unconfirmed()).toBe(0)
    const own = { origin: service.url }
    expect((await service.post('/sandbox/chats/telegram/press', body, own)).status).toBe(200)
  })
})

describe('POST /sandbox/chats/{name}/outage', () => {
  it.each([
    ['500', 'the server is in trouble (HTTP 500)'],
    ['refuse', 'the connection was refused'],
  ])('%s: the channel is down, the page says so, and it works again', async (kind, detail) => {
    const { get, post, told } = await start()
    expect(await post('/sandbox/chats/slack/outage', { kind })).toEqual({
      status: 200,
      body: { chat: 'slack', outage: kind },
    })
    expect(JSON.stringify((await post('/api/alerts/test', {})).body)).toContain(detail)
    const page = await get('/sandbox/chats')
    expect(page.text).toMatch(/id="chat-slack"[\s\S]*It is down: /)
    await post('/sandbox/chats/slack/outage', { kind: 'none' })
    expect(JSON.stringify((await post('/api/alerts/test', {})).body)).not.toContain('failed')
    expect(told).toEqual(expect.arrayContaining([`you take slack down: ${kind}`, 'you let slack work again']))
  })

  it.each([
    ['signal', { kind: '500' }, 404, 'no such chat; known: telegram, slack, discord, webhook'],
    ['__proto__', { kind: '500' }, 404, 'no such chat; known: telegram, slack, discord, webhook'],
    ['slack', { kind: 'gone' }, 400, 'Not right: kind'],
    ['slack', {}, 400, 'Not right: kind'],
  ])('%s with %j: %i', async (name, body, status, detail) => {
    const { post } = await start()
    const answer = await post(`/sandbox/chats/${name}/outage`, body)
    expect({ status: answer.status, detail: answer.body['detail'] }).toEqual({ status, detail })
  })
})

describe('who may', () => {
  it('a token counts here as anywhere else: a scheduler’s may neither look nor press', async () => {
    const { get, post, world } = await start()
    const token = await world.identity.token({
      email: 'scheduler@night-guard-sandbox.iam.gserviceaccount.com',
      audience: 'night-guard-sandbox',
    })
    const headers = { authorization: `Bearer ${token}` }
    expect((await get('/sandbox/chats', headers)).status).toBe(403)
    expect((await get('/sandbox/chats.json', headers)).status).toBe(403)
    expect((await post('/sandbox/chats/slack/outage', { kind: '500' }, headers)).status).toBe(403)
  })
})
