/** Building channels, pinging a dead man's switch, and what the channels' details may hold. */
import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { createChannels } from '../../../src/adapters/notify/channels.ts'
import { createDeadMan } from '../../../src/adapters/notify/dead-man.ts'
import type { ChannelConfig } from '../../../src/core/channel.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import type { SecretSource } from '../../../src/ports/secret-source.ts'
import { noticeOf } from '../../contract/notifier/notices.ts'
import { LIMITS, READER } from '../../contract/notifier/stage.ts'
import { closeRawServers, deadPort, rawServer, response } from '../../contract/probe/raw-server.ts'

afterEach(closeRawServers)

/** A source with one version of everything. */
function sourceOf(value: string): SecretSource {
  return {
    version: async (secret, wanted) => ({ kind: 'version', secret, wanted, version: '1' }),
    access: async () => ({ kind: 'payload', value: new Sensitive(value) }),
  }
}

const clock = { now: () => Date.now() }
const telegram = (change: Partial<Extract<ChannelConfig, { kind: 'telegram' }>> = {}): ChannelConfig => ({
  ...READER,
  kind: 'telegram',
  token: { secret: 'bot' },
  chat: '1',
  users: [],
  ...change,
})

describe('channels', () => {
  it('have ids that are unique, stable and without secrets, in the order of the configuration', () => {
    const configs: readonly ChannelConfig[] = [
      telegram(),
      telegram(),
      telegram({ chat: '@public' }),
      { ...READER, kind: 'slack', token: { secret: 'slack' }, channel: '#alerts' },
      { ...READER, kind: 'discord', webhook: { secret: 'discord-hook' } },
      { ...READER, kind: 'discord', webhook: { secret: 'other-hook' } },
      { ...READER, kind: 'webhook', url: 'https://example.com/a?b=c', key: { secret: 'key' } },
      { ...READER, kind: 'webhook', url: 'https://example.com/d', key: { secret: 'other-key' } },
      { ...READER, kind: 'webhook', url: 'https://example.com/d', key: { secret: 'key' } },
    ]
    const channels = createChannels({ configs, secretSource: sourceOf('x'), clock })
    expect(channels.map(({ id }) => id)).toEqual([
      'telegram:1',
      'telegram:1#2',
      'telegram:@public',
      'slack:#alerts',
      'discord:discord-hook',
      'discord:other-hook',
      'webhook:key',
      'webhook:other-key',
      'webhook:key#2',
    ])
  })

  it('of one bot share its buttons: presses come in one row, whatever chat they are from', () => {
    const configs = [
      telegram({ chat: '0' }),
      telegram({ chat: '1', users: [7] }),
      telegram({ chat: '2', users: [8] }),
      telegram({ chat: '3', users: [9], token: { secret: 'another-bot' } }),
    ]
    const channels = createChannels({ configs, secretSource: sourceOf('x'), clock })
    expect(channels.map(({ buttons }) => buttons !== undefined)).toEqual([false, true, false, true])
  })

  it('of the real world are never asked on loopback', async () => {
    const { url, requests } = await rawServer((socket) => socket.end(response(200, '')))
    const configs = [{ ...READER, kind: 'webhook', url, key: { secret: 'key' } } as const]
    const [channel] = createChannels({ configs, secretSource: sourceOf('k'.repeat(32)), clock })
    expect(await channel?.send({ notice: noticeOf('test') }, LIMITS)).toEqual({
      kind: 'rejected',
      detail: '127.0.0.1 is an address that is never asked',
    })
    expect(requests).toEqual([])
  })

  it('load no chat library before it is needed', () => {
    const directory = new URL('../../../src/adapters/notify/', import.meta.url)
    const files = readdirSync(directory)
    const libraries = /^import (?!type ).*'(grammy|@slack\/web-api|@discordjs\/rest|discord-api-types.*)'/m
    expect(files.filter((file) => libraries.test(readFileSync(new URL(file, directory), 'utf8')))).toEqual([])
    expect(files.length).toBeGreaterThan(10)
  })
})

const TELEGRAM_TOKEN = '7100000001:AAquotedQuotedQuotedQuotedQuotedQuot'
const DISCORD_TOKEN = 'quotedQuotedQuotedQuotedQuotedQuoted'

describe('a server that quotes the key', () => {
  const send = async (config: ChannelConfig, { key, answer }: { key: string; answer: Buffer }) => {
    const { port } = await rawServer((socket) => socket.end(answer))
    const root = `http://127.0.0.1:${port}`
    const [channel] = createChannels({
      configs: [config],
      secretSource: sourceOf(key),
      clock,
      allowLoopback: true,
      endpoints: { telegram: root, slack: `${root}/api/`, discord: `${root}/api` },
    })
    return channel?.send({ notice: noticeOf('triggered') }, LIMITS)
  }
  const json = (status: number, body: unknown) =>
    response(status, JSON.stringify(body), { connection: 'close', 'content-type': 'application/json' })

  it.each([400, 401, 403, 404, 418])('is not quoted in turn by Telegram (%i)', async (code) => {
    const description = `Bad Request: /bot${TELEGRAM_TOKEN}/sendMessage ${TELEGRAM_TOKEN.split(':')[1]}`
    const answer = json(code, { ok: false, error_code: code, description })
    const sent = await send(telegram(), { key: TELEGRAM_TOKEN, answer })
    expect(sent).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('[redacted]') })
    expect(JSON.stringify(sent)).not.toContain('Quoted')
  })

  it.each([400, 401, 403, 404])('is not quoted in turn by Discord (%i)', async (code) => {
    const key = `https://discord.com/api/webhooks/1234567/${DISCORD_TOKEN}`
    const answer = json(code, { message: `No ${key} and no ${DISCORD_TOKEN}`, code: 50_006 })
    const config: ChannelConfig = { ...READER, kind: 'discord', webhook: { secret: 'hook' } }
    const sent = await send(config, { key, answer })
    expect(sent).toMatchObject({ kind: 'rejected', detail: expect.stringContaining('[redacted]') })
    expect(JSON.stringify(sent)).not.toContain('Quoted')
  })

  it.each([
    ['not JSON', response(200, `<h1>${TELEGRAM_TOKEN}</h1>`, { connection: 'close' })],
    ['broken JSON', response(200, `{"ok":"${TELEGRAM_TOKEN}`, { connection: 'close' })],
    ['HTML with a 403', response(403, `<h1>${TELEGRAM_TOKEN}</h1>`, { connection: 'close' })],
    ['no HTTP', Buffer.from(`${TELEGRAM_TOKEN}\r\n\r\n`)],
  ])('is told in our own words when its answer is %s', async (_what, answer) => {
    const slack: ChannelConfig = { ...READER, kind: 'slack', token: { secret: 'slack' }, channel: '#a' }
    const discord: ChannelConfig = { ...READER, kind: 'discord', webhook: { secret: 'hook' } }
    const asked = [
      send(telegram(), { key: TELEGRAM_TOKEN, answer }),
      send(slack, { key: `xoxb-${TELEGRAM_TOKEN}`, answer }),
      send(discord, { key: `https://discord.com/api/webhooks/1/${DISCORD_TOKEN}`, answer }),
    ]
    const told = await Promise.all(asked)
    expect(JSON.stringify(told)).not.toMatch(/quoted/i)
    for (const sent of told) expect(['failed', 'rejected']).toContain(sent?.kind)
  })
})

describe("a dead man's switch", () => {
  const ping = (url: string, timeoutMs = 5_000) =>
    createDeadMan({ url, allowLoopback: true }).ping({ timeoutMs })

  it.each([
    [200, true],
    [204, true],
    [301, false],
    [404, false],
    [500, false],
  ])('that answers %i has heard it: %s', async (status, heard) => {
    const { url, requests } = await rawServer((socket) =>
      socket.end(response(status, '', { connection: 'close' })),
    )
    expect(await ping(url)).toBe(heard)
    expect(requests[0]).toMatch(/^GET \/health HTTP\/1\.1\r\n/)
  })

  it('that is away or silent has not', async () => {
    expect(await ping(`http://127.0.0.1:${await deadPort()}/`)).toBe(false)
    const { url } = await rawServer(() => undefined)
    expect(await ping(url, 100)).toBe(false)
  })

  it('is never asked on loopback outside of tests', async () => {
    const { url, requests } = await rawServer((socket) => socket.end(response(200, '')))
    expect(await createDeadMan({ url }).ping({ timeoutMs: 1_000 })).toBe(false)
    expect(requests).toEqual([])
  })
})
