/** The chat emulators on the wire, where the adapters don't reach: what the real APIs would refuse is refused. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Chats, createChats, SANDBOX_CHAT } from '../../../sandbox/chat/chats.ts'
import { shownMarkdown } from '../../../sandbox/chat/discord-markdown.ts'
import { shownMarkup } from '../../../sandbox/chat/slack-blocks.ts'
import { parseTelegramHtml } from '../../../sandbox/chat/telegram-html.ts'

let chats: Chats
beforeEach(async () => {
  chats = await createChats()
})
afterEach(() => chats.close())

const { telegramToken, slackToken, discordWebhookId, discordToken } = SANDBOX_CHAT

async function post(url: string, body: string, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers, body })
  return { status: response.status, ...((await response.json()) as object) }
}

const bot = (method: string, body: unknown, token: string = telegramToken) =>
  post(`${chats.endpoints.telegram}/bot${token}/${method}`, JSON.stringify(body), {
    'content-type': 'application/json',
  })

const slack = (method: string, form: Record<string, string>, token: string = slackToken) =>
  post(`${chats.endpoints.slack}${method}`, new URLSearchParams(form).toString(), {
    authorization: `Bearer ${token}`,
    'content-type': 'application/x-www-form-urlencoded',
  })

const discord = (body: unknown, path = `${discordWebhookId}/${discordToken}?wait=true`) =>
  post(`${chats.endpoints.discord}/v10/webhooks/${path}`, JSON.stringify(body), {
    'content-type': 'application/json',
  })

describe('the Telegram emulator', () => {
  const hello = { chat_id: '4711', text: '<b>x</b> &amp; y', parse_mode: 'HTML' }

  it('shows a message without its markup', async () => {
    expect(await bot('sendMessage', hello)).toMatchObject({
      ok: true,
      result: { message_id: 101, text: 'x & y' },
    })
    expect(chats.telegram.messages()).toMatchObject([{ id: 101, text: 'x & y', edits: 0 }])
  })

  it.each([
    ['an unknown chat', { ...hello, chat_id: '1' }, 'Bad Request: chat not found'],
    ['no text', { ...hello, text: '<b> </b>' }, 'Bad Request: message text is empty'],
    ['too long a text', { ...hello, text: 'x'.repeat(4097) }, 'Bad Request: message is too long'],
    [
      'an unknown tag',
      { ...hello, text: '밤 <h1>x</h1>' },
      'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 4',
    ],
    [
      'an open tag',
      { ...hello, text: '<b>x' },
      'Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b"',
    ],
    [
      'too long a button',
      { ...hello, reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: 'x'.repeat(65) }]] } },
      'Bad Request: BUTTON_DATA_INVALID',
    ],
    [
      'an answer to nothing',
      { ...hello, reply_parameters: { message_id: 9 } },
      'Bad Request: message to be replied not found',
    ],
  ])('refuses %s', async (_what, body, description) => {
    expect(await bot('sendMessage', body)).toEqual({ status: 400, ok: false, error_code: 400, description })
  })

  it('refuses a wrong token, an unknown method, and a chat that has blocked the bot', async () => {
    expect(await bot('sendMessage', hello, '1:wrong')).toMatchObject({ error_code: 401 })
    expect(await bot('sendMessage', hello, 'nonsense')).toMatchObject({ error_code: 404 })
    expect(await bot('getMe2', {})).toMatchObject({ error_code: 404 })
    chats.telegram.block('4711', 'blocked')
    expect(await bot('sendMessage', hello)).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    })
  })

  it('edits, refuses to edit without a change, and deletes', async () => {
    await bot('sendMessage', hello)
    const edit = { ...hello, message_id: 101, text: 'z' }
    expect(await bot('editMessageText', edit)).toMatchObject({ ok: true })
    expect(await bot('editMessageText', edit)).toMatchObject({
      description: expect.stringMatching(/^Bad Request: message is not modified/),
    })
    expect(await bot('deleteMessage', { chat_id: '4711', message_id: 101 })).toMatchObject({ result: true })
    expect(await bot('editMessageText', edit)).toMatchObject({
      description: 'Bad Request: message to edit not found',
    })
  })

  it('delivers updates until a higher offset confirms them', async () => {
    const ids = [1, 2, 3].map(() => chats.telegram.forge({ data: 'x', userId: 1, chat: 1 }))
    const updates = async (asked: object) => {
      const { result } = (await bot('getUpdates', asked)) as { result: { callback_query: { id: string } }[] }
      return result.map((update) => update.callback_query.id)
    }
    expect(await updates({})).toEqual(ids)
    expect(await updates({ limit: 1 })).toEqual(ids.slice(0, 1))
    expect(await updates({ offset: 700_002 })).toEqual(ids.slice(1))
    expect(await updates({ offset: 0 })).toEqual(ids.slice(1))
    expect(await updates({ offset: -1 })).toEqual(ids.slice(2))
    expect(await updates({ allowed_updates: ['message'] })).toEqual([])
  })

  it('lets a request wait for updates, and ends it when another one comes', async () => {
    const wait = () => bot('getUpdates', { timeout: 30 })
    const arrived = (count: number) => expect.poll(() => chats.telegram.log.length).toBe(count)
    const first = wait()
    await arrived(1)
    const second = wait()
    expect(await first).toMatchObject({
      error_code: 409,
      description: expect.stringMatching(/^Conflict: terminated by other/),
    })
    await arrived(2)
    const id = chats.telegram.forge({ data: 'x', userId: 1, chat: 1 })
    expect(await second).toMatchObject({ result: [{ callback_query: { id } }] })
  })

  it.each([
    ['a < b & c', { kind: 'unparsable', why: 'Unsupported start tag "" at byte offset 2' }],
    [
      '<b>a</i>',
      { kind: 'unparsable', why: 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"' },
    ],
    ['a</b>', { kind: 'unparsable', why: 'Unexpected end tag at byte offset 1' }],
    ['<b', { kind: 'unparsable', why: 'Unclosed start tag at byte offset 0' }],
    ['&lt;b&gt; &#48;&#x30; &copy; &', { kind: 'text', text: '<b> 00 &copy; &' }],
    ['<a href="https://x.example/?a=1&amp;b">a</a>', { kind: 'text', text: 'a' }],
  ])('reads %j as Telegram does', (html, expected) => {
    expect(parseTelegramHtml(html)).toEqual(expected)
  })
})

describe('the Slack emulator', () => {
  it.each([
    ['a wrong token', { channel: '#alerts', text: 'x' }, 'wrong', 'invalid_auth'],
    ['an unknown channel', { channel: '#nowhere', text: 'x' }, slackToken, 'channel_not_found'],
    ['no text', { channel: '#alerts' }, slackToken, 'no_text'],
    ['unknown blocks', { channel: '#alerts', blocks: '[{"type":"x"}]' }, slackToken, 'invalid_blocks'],
    ['broken blocks', { channel: '#alerts', blocks: '[' }, slackToken, 'invalid_blocks_format'],
    ['an unknown argument', { channel: '#alerts', text: 'x', color: 'red' }, slackToken, 'invalid_arguments'],
  ])('refuses %s, with status 200', async (_what, form, token, error) => {
    expect(await slack('chat.postMessage', form, token)).toEqual({ status: 200, ok: false, error })
  })

  it('updates by the id of the channel only, and what is there', async () => {
    await slack('chat.postMessage', { channel: '#alerts', text: 'x' })
    const ts = '1700000001.000100'
    const update = (form: Record<string, string>) => slack('chat.update', { ts, text: 'y', ...form })
    expect(await update({ channel: '#alerts' })).toMatchObject({ error: 'channel_not_found' })
    expect(await update({ channel: 'C0SANDBOX1', ts: '1.1' })).toMatchObject({ error: 'message_not_found' })
    expect(await update({ channel: 'C0SANDBOX1' })).toMatchObject({ ok: true, ts })
    expect(chats.slack.messages()).toMatchObject([{ text: 'y', edits: 1, replies: [] }])
  })

  it.each([
    ['<!channel> hello', { text: '!channel hello', mentions: ['channel'] }],
    ['<@U1> &lt;!here&gt; *bold*', { text: '@U1 <!here> bold', mentions: ['U1'] }],
    ['<https://x.example|label>', { text: 'label', mentions: [] }],
  ])('reads %j as Slack does', (markup, expected) => {
    expect(shownMarkup(markup)).toEqual(expected)
  })
})

describe('the Discord emulator', () => {
  it.each([
    ['an unknown webhook', { content: 'x' }, '1/abc', 404, 10_015],
    ['a wrong token', { content: 'x' }, `${SANDBOX_CHAT.discordWebhookId}/wrong`, 401, 50_027],
    ['an empty message', { content: ' ' }, undefined, 400, 50_006],
    ['too long a message', { content: 'x'.repeat(2001) }, undefined, 400, 50_035],
    ['a flag that webhooks must not set', { content: 'x', flags: 64 }, undefined, 400, 50_035],
  ])('refuses %s', async (_what, body, path, status, code) => {
    expect(await discord(body, path)).toMatchObject({ status, code })
  })

  it('rings whom the message may ring, and nobody else', async () => {
    await discord({ content: '@everyone <@1>' })
    await discord({ content: '@everyone <@1>', allowed_mentions: { parse: [] } })
    await discord({ content: '\\@everyone' })
    expect(chats.discord.messages().map(({ pings }) => pings)).toEqual([['@everyone', '<@1>'], [], []])
  })

  it('gives a message back, and knows when it is gone', async () => {
    await discord({ content: 'x' })
    const url = `${chats.endpoints.discord}/v10/webhooks/${discordWebhookId}/${discordToken}/messages/1300000000000000001`
    expect(await (await fetch(url)).json()).toMatchObject({ id: '1300000000000000001', content: 'x' })
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    expect(await (await fetch(url)).json()).toMatchObject({ code: 10_008 })
  })

  it.each([
    ['**a** b', { text: 'a b', markup: ['**', '**'], mentions: [] }],
    ['\\*\\*a\\*\\*', { text: '**a**', markup: [], mentions: [] }],
    ['# a\n- b\n1. c', { text: 'a\nb\nc', markup: ['#', '-', '1.'], mentions: [] }],
    ['[a](https://x)', { text: 'a](x)', markup: ['[', 'https://'], mentions: [] }],
    ['\\[a\\]\\(https\\://x\\)', { text: '[a](https://x)', markup: [], mentions: [] }],
  ])('reads %j as Discord does', (content, expected) => {
    expect(shownMarkdown(content)).toEqual(expected)
  })
})

describe('the webhook receiver', () => {
  it('takes nothing without a signature', async () => {
    const [, , , webhook] = chats.configs({ language: 'en', timeZone: 'UTC' })
    const url = webhook?.kind === 'webhook' ? webhook.url : ''
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await fetch(url)).status).toBe(405)
    expect(chats.webhook.messages()).toEqual([])
  })
})

describe('the switches', () => {
  const hello = () => bot('sendMessage', { chat_id: '4711', text: 'x' })

  it('limit so many requests, and no more', async () => {
    chats.telegram.rateLimit({ count: 2, retryAfterSeconds: 3 })
    const statuses = []
    for (let count = 0; count < 3; count += 1) statuses.push(await hello())
    expect(statuses).toMatchObject([
      { error_code: 429, parameters: { retry_after: 3 } },
      { error_code: 429 },
      { ok: true },
    ])
  })

  it('refuse connections, and take them again on the same port', async () => {
    await chats.telegram.outage('refuse')
    await expect(hello()).rejects.toThrow('fetch failed')
    await chats.telegram.outage('500')
    expect(await hello()).toMatchObject({ status: 500 })
    await chats.telegram.outage('none')
    expect(await hello()).toMatchObject({ ok: true })
  })

  it('keep a log of what arrived and when, without tokens', async () => {
    const before = Date.now()
    await hello()
    await slack('chat.postMessage', { channel: '#alerts', text: slackToken })
    await discord({ content: 'x' })
    const logs = [...chats.telegram.log, ...chats.slack.log, ...chats.discord.log]
    expect(logs.map(({ path, status }) => [path, status])).toEqual([
      ['/bot[token]/sendMessage', 200],
      ['/api/chat.postMessage', 200],
      ['/api/v10/webhooks/1200000000000000042/[token]', 200],
    ])
    expect(logs[1]).toMatchObject({ headers: { authorization: 'Bearer [token]' } })
    for (const token of [telegramToken, slackToken, discordToken])
      expect(JSON.stringify(logs)).not.toContain(token)
    for (const { at } of logs) expect(at).toBeGreaterThanOrEqual(before)
  })
})
