/** What a channel says of refusals in the API's own words, so that a person can mend what is wrong. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SANDBOX_CHAT } from '../../../sandbox/chat/chats.ts'
import { createChannels } from '../../../src/adapters/notify/channels.ts'
import type { ChannelConfig } from '../../../src/core/channel.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import { closeRawServers, rawServer, response } from '../probe/raw-server.ts'
import { noticeOf } from './notices.ts'
import { type ChannelKind, LIMITS, openStage, READER, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
  await closeRawServers()
})

const told = (kind: ChannelKind, root?: string) =>
  stage.channel(kind).send({ notice: noticeOf('triggered'), ...(root === undefined ? {} : { root }) }, LIMITS)

describe('a channel is rejected, and says how to mend it', () => {
  it('when the person has blocked the bot', async () => {
    stage.chats.telegram.block(SANDBOX_CHAT.telegramChat, 'blocked')
    expect(await told('telegram')).toEqual({
      kind: 'rejected',
      detail:
        'Telegram says: Forbidden: bot was blocked by the user (403): the bot must be a member of the chat, and not blocked',
    })
  })

  it('when the Discord webhook was deleted', async () => {
    stage.chats.discord.removeWebhook()
    expect(await told('discord')).toEqual({
      kind: 'rejected',
      detail:
        'Discord says: Unknown Webhook (HTTP 404, code 10015): the webhook was deleted, or its URL is wrong',
    })
  })
})

/** One answer to whatever is asked. */
async function answered(
  config: ChannelConfig,
  { key, status, body }: { readonly key: string; readonly status: number; readonly body: unknown },
) {
  const bytes = response(status, JSON.stringify(body), {
    connection: 'close',
    'content-type': 'application/json',
  })
  const { port } = await rawServer((socket) => socket.end(bytes))
  const root = `http://127.0.0.1:${port}`
  const [channel] = createChannels({
    configs: [config],
    secretSource: {
      version: async (secret, wanted) => ({ kind: 'version', secret, wanted, version: '1' }),
      access: async () => ({ kind: 'payload', value: new Sensitive(key) }),
    },
    clock: { now: () => Date.now() },
    allowLoopback: true,
    endpoints: { telegram: root, slack: `${root}/api/`, discord: `${root}/api` },
  })
  return channel?.send({ notice: noticeOf('triggered') }, LIMITS)
}

const slack: ChannelConfig = { ...READER, kind: 'slack', token: { secret: 's' }, channel: '#alerts' }
const telegram: ChannelConfig = { ...READER, kind: 'telegram', token: { secret: 't' }, chat: '1', users: [] }
const discord: ChannelConfig = { ...READER, kind: 'discord', webhook: { secret: 'd' } }

describe.each([
  ['channel_not_found', 'rejected', /correct the channel/],
  ['not_in_channel', 'rejected', /invite the app/],
  ['missing_scope', 'rejected', /chat:write/],
  ['is_archived', 'rejected', /is_archived/],
  ['token_revoked', 'rejected', /token_revoked/],
  ['internal_error', 'failed', /internal_error/],
  ['ratelimited', 'failed', /ratelimited/],
] as const)('Slack says %s', (error, kind, words) => {
  it(`which is ${kind}`, async () => {
    const answer = { key: SANDBOX_CHAT.slackToken, status: 200, body: { ok: false, error } }
    expect(await answered(slack, answer)).toEqual({ kind, detail: expect.stringMatching(words) })
  })
})

describe.each([
  [400, 'Bad Request: chat not found', {}, /correct the chat in the configuration/],
  [
    400,
    'Bad Request: group chat was upgraded to a supergroup chat',
    { migrate_to_chat_id: -1_001_234 },
    /number is -1001234 now/,
  ],
  [403, 'Forbidden: bot was kicked from the group chat', {}, /must be a member/],
  [404, 'Not Found', {}, /no bot has this token/],
] as const)('Telegram says %i %s', (code, description, parameters, words) => {
  it('which is rejected', async () => {
    const body = { ok: false, error_code: code, description, parameters }
    const answer = { key: SANDBOX_CHAT.telegramToken, status: code, body }
    expect(await answered(telegram, answer)).toEqual({
      kind: 'rejected',
      detail: expect.stringMatching(words),
    })
  })
})

it('says of a Discord forum that a text channel is needed', async () => {
  const message = 'Webhooks posted to forum channels must have a thread_name or thread_id'
  const key = stage.chats.secrets['sandbox-discord-webhook'] ?? ''
  const sent = await answered(discord, { key, status: 400, body: { message, code: 220_001 } })
  expect(sent).toEqual({ kind: 'rejected', detail: expect.stringMatching(/webhook of a text channel$/) })
})

it('posts into the Discord thread that the URL names', async () => {
  const name = stage.secretName('discord')
  stage.vault.addVersion(name, `${stage.chats.secrets[name]}?thread_id=1250000000000000001`)
  const sent = await told('discord')
  expect(sent).toMatchObject({ kind: 'sent' })
  expect(stage.chats.discord.messages()).toMatchObject([{ threadId: '1250000000000000001' }])
})

it('is not fooled by an answer that is no answer of that API', async () => {
  const empty = { status: 200, body: {} }
  const key = stage.chats.secrets['sandbox-discord-webhook'] ?? ''
  const sent = [
    await answered(telegram, { key: SANDBOX_CHAT.telegramToken, ...empty }),
    await answered(slack, { key: SANDBOX_CHAT.slackToken, ...empty }),
    await answered(discord, { key, ...empty }),
  ]
  const unreadable = { kind: 'failed', detail: 'the answer could not be understood' }
  expect(sent).toEqual([unreadable, unreadable, unreadable])
})
