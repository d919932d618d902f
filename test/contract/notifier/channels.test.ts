/** What every Channel must do, each against a server that behaves like the real one. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../src/core/notice.ts'
import type { Channel, Sent } from '../../../src/ports/notifier.ts'
import { noticeOf } from './notices.ts'
import { channelOf, KINDS, LIMITS, openStage, type Stage } from './stage.ts'

let stage: Stage
let outcomes: Sent[]
beforeEach(async () => {
  stage = await openStage()
  outcomes = []
})
afterEach(() => stage.close())

async function send(channel: Channel, notice: Notice, root?: string): Promise<Sent> {
  const sent = await channel.send({ notice, ...(root === undefined ? {} : { root }) }, LIMITS)
  outcomes.push(sent)
  return sent
}

/** All keys in all their versions, and the parts that would be enough to use them. */
function secretsOf(kind: (typeof KINDS)[number]): readonly string[] {
  const value = stage.chats.secrets[stage.secretName(kind)] ?? ''
  return [value, ...value.split(/[:/]/).filter((part) => part.length > 12 && part !== 'discord.com')]
}

describe.each(KINDS)('%s as a Channel', (kind) => {
  const count = () => {
    const chat = stage.chats[kind]
    return chat.messages().length
  }

  it('gets a notice through, and gives the message a name where messages have names', async () => {
    const sent = await send(stage.channel(kind), noticeOf('triggered'))
    expect(sent).toEqual(
      kind === 'webhook' ? { kind: 'sent' } : { kind: 'sent', receipt: expect.stringMatching(/^\S{1,100}$/) },
    )
    expect(count()).toBe(1)
  })

  it('reads its key once, however often it is used', async () => {
    const channel = stage.channel(kind)
    const sends = ['1', '2', '3'].map((id) => send(channel, noticeOf('triggered', { id })))
    expect((await Promise.all(sends)).map((sent) => sent.kind)).toEqual(['sent', 'sent', 'sent'])
    await send(channel, noticeOf('triggered', { id: '4' }))
    expect(stage.vault.accesses()).toBe(1)
  })

  it('says how long a rate limit lasts, and gets through after it', async () => {
    const channel = stage.channel(kind)
    stage.server(kind).rateLimit({ count: 1, retryAfterSeconds: 7 })
    const limited = await send(channel, noticeOf('triggered'))
    expect(limited).toEqual({
      kind: 'failed',
      detail: 'too many messages at once (HTTP 429)',
      afterMs: 7_000,
    })
    expect(count()).toBe(0)
    expect(await send(channel, noticeOf('triggered'))).toMatchObject({ kind: 'sent' })
    expect(count()).toBe(1)
  })

  it.each([
    ['500', 'the server is in trouble (HTTP 500)'],
    ['refuse', 'the connection was refused'],
  ] as const)('fails in an outage (%s), asks once, and gets through after it', async (outage, detail) => {
    const channel = stage.channel(kind)
    await stage.server(kind).outage(outage)
    expect(await send(channel, noticeOf('triggered'))).toEqual({ kind: 'failed', detail })
    expect(stage.server(kind).log.length).toBe(outage === 'refuse' ? 0 : 1)
    await stage.server(kind).outage('none')
    expect(await send(channel, noticeOf('triggered'))).toMatchObject({ kind: 'sent' })
    expect(count()).toBe(1)
  })

  it('gives up on a server that never answers when its time is over', async () => {
    const channel = stage.channel(kind)
    await send(channel, noticeOf('triggered'))
    await stage.server(kind).outage('hang')
    const startedAt = performance.now()
    const sent = await channel.send({ notice: noticeOf('triggered', { id: 'later' }) }, { timeoutMs: 300 })
    expect(sent).toEqual({ kind: 'failed', detail: 'no answer within 300 ms' })
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  it('waits for a slow server as long as it has time', async () => {
    stage.server(kind).slow(200)
    expect(await send(stage.channel(kind), noticeOf('triggered'))).toMatchObject({ kind: 'sent' })
  })

  it('is rejected with a wrong key, and looks for no other payload', async () => {
    const channel = stage.channel(kind)
    stage.rotate(kind)
    expect(await send(channel, noticeOf('triggered'))).toEqual({
      kind: 'rejected',
      detail: expect.stringMatching(/401|invalid_auth/),
    })
    expect(await send(channel, noticeOf('triggered'))).toMatchObject({ kind: 'rejected' })
    expect(stage.vault.accesses()).toBe(1)
  })

  it('takes a new key as soon as the old one is refused', async () => {
    const channel = stage.channel(kind)
    await send(channel, noticeOf('triggered'))
    stage.vault.addVersion(stage.secretName(kind), stage.rotate(kind))
    expect(await send(channel, noticeOf('triggered', { id: 'later' }))).toMatchObject({ kind: 'sent' })
    expect(stage.vault.accesses()).toBe(2)
    expect(count()).toBe(2)
  })

  it('says of a secret that is no key of its kind which one it is', async () => {
    stage.vault.addVersion(stage.secretName(kind), 'not a key')
    const sent = await send(stage.channel(kind), noticeOf('triggered'))
    expect(sent).toEqual({ kind: 'rejected', detail: expect.stringContaining(stage.secretName(kind)) })
    expect(stage.server(kind).log).toEqual([])
  })

  it('takes a key with a line end behind it', async () => {
    const name = stage.secretName(kind)
    stage.vault.addVersion(name, `${stage.chats.secrets[name]}\n`)
    expect(await send(stage.channel(kind), noticeOf('triggered'))).toMatchObject({ kind: 'sent' })
  })

  it('fails while Secret Manager can not be reached, and gets through after it', async () => {
    stage.vault.failNext({ kind: 'status', status: 503 }, { times: 3 })
    expect(await send(stage.channel(kind), noticeOf('triggered'))).toMatchObject({ kind: 'failed' })
    expect(await send(stage.channel(kind), noticeOf('triggered'))).toMatchObject({ kind: 'sent' })
  })

  it('is rejected when its secret is not there, and says which', async () => {
    const channel = channelOf(stage.build('no-such-secret'), kind)
    expect(await send(channel, noticeOf('triggered'))).toEqual({
      kind: 'rejected',
      detail: expect.stringContaining('no-such-secret'),
    })
  })

  it('tells nothing secret in any outcome, nor sends it where it does not belong', async () => {
    const channel = stage.channel(kind)
    await send(channel, noticeOf('triggered'))
    const server = stage.server(kind)
    for (const outage of ['500', 'refuse', 'none'] as const) {
      await server.outage(outage)
      if (outage === 'none') server.rateLimit({ count: 1, retryAfterSeconds: 1 })
      await send(channel, noticeOf('triggered'))
    }
    stage.rotate(kind)
    await send(channel, noticeOf('triggered'))
    expect(outcomes.map((sent) => sent.kind)).toEqual(['sent', 'failed', 'failed', 'failed', 'rejected'])
    const told = JSON.stringify([outcomes, channel.id])
    for (const secret of secretsOf(kind)) expect(told).not.toContain(secret)
    const bodies = server.log.map(({ body }) => body).join('\n')
    for (const secret of secretsOf(kind)) expect(bodies).not.toContain(secret)
  })
})

describe.each(['telegram', 'slack', 'discord'] as const)('%s and its threads', (kind) => {
  const messages = () => stage.chats[kind].messages()
  const erase = (receipt: string) => {
    if (kind === 'telegram') stage.chats.telegram.erase(Number(receipt))
    else if (kind === 'discord') stage.chats.discord.erase(receipt)
    else stage.chats.slack.erase(receipt.split('/')[1] ?? '')
  }
  const first = async (): Promise<string> => {
    const sent = await send(stage.channel(kind), noticeOf('triggered'))
    return sent.kind === 'sent' ? (sent.receipt ?? '') : ''
  }

  it('changes nothing when the same news comes twice', async () => {
    const root = await first()
    const notice = noticeOf('progress', { number: 2, reason: 'restarting' })
    expect(await send(stage.channel(kind), notice, root)).toEqual({ kind: 'sent', receipt: root })
    const before = messages().map(({ text }) => text)
    expect(await send(stage.channel(kind), notice, root)).toEqual({ kind: 'sent', receipt: root })
    expect(messages().map(({ text }) => text)).toEqual(before)
  })

  it('takes a first message that finds itself there already for a repeat', async () => {
    const root = await first()
    expect(await send(stage.channel(kind), noticeOf('triggered'), root)).toEqual({
      kind: 'sent',
      receipt: root,
    })
    expect(messages().length).toBe(1)
  })

  it.each(['progress', 'person', 'resolved'] as const)(
    'begins anew with %s when its first message was deleted',
    async (news) => {
      const root = await first()
      erase(root)
      const sent = await send(stage.channel(kind), noticeOf(news, { number: 2 }), root)
      expect(sent).toEqual({ kind: 'sent', receipt: expect.not.stringMatching(root) })
      expect(messages().length).toBe(1)
    },
  )

  it('takes a receipt that is none of its own for no thread', async () => {
    const sent = await send(stage.channel(kind), noticeOf('person'), '../../etc/passwd?x=1')
    expect(sent).toMatchObject({ kind: 'sent' })
    expect(messages().length).toBe(1)
  })

  it('rings nobody twice when the edit failed before the answer', async () => {
    const root = await first()
    stage.server(kind).rateLimit({ count: 1, retryAfterSeconds: 1 })
    const notice = noticeOf('person', { number: 2 })
    expect(await send(stage.channel(kind), notice, root)).toMatchObject({ kind: 'failed', afterMs: 1_000 })
    const before = messages()
    expect(await send(stage.channel(kind), notice, root)).toEqual({ kind: 'sent', receipt: root })
    expect(JSON.stringify(messages()).length).toBeGreaterThan(JSON.stringify(before).length)
  })

  it('sends a test as a message of its own', async () => {
    const root = await first()
    const sent = await send(stage.channel(kind), noticeOf('test', { thread: 'test-1', id: 'test-1.1' }), root)
    expect(sent).toEqual({ kind: 'sent', receipt: expect.not.stringMatching(root) })
    expect(messages().length).toBe(2)
  })
})

it('keeps what waits in quiet hours, and lets through what is excepted', async () => {
  const quiet = { from: '23:00', to: '07:00', except: ['person'] } as const
  const night = await openStage(quiet)
  const now = Date.UTC(2026, 10, 21, 18, 12)
  const channels = KINDS.map((kind) => night.channel(kind))
  await night.close()
  const until = (kind: Notice['kind'], at: number) =>
    channels.map((channel) => channel.waitsUntil(noticeOf(kind), at))
  const seven = Date.UTC(2026, 10, 21, 22, 0)
  expect(until('triggered', now)).toEqual([seven, seven, seven, seven])
  expect(until('person', now)).toEqual([undefined, undefined, undefined, undefined])
  expect(until('triggered', seven)).toEqual([undefined, undefined, undefined, undefined])
})
