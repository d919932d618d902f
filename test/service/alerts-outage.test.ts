/** A channel in trouble: the others are not delayed, nothing is lost, and once it is back all arrives, in order, once. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Outage } from '../../sandbox/chat/chat-server.ts'
import {
  discordOf,
  headsOf,
  kill,
  kindsOf,
  loadChatLibraries,
  OUTBOX,
  slackOf,
  telegramOf,
  ticking,
  tickUntilClosed,
} from './alerts-stage.ts'
import { type Service, startArmed } from './harness.ts'

beforeAll(loadChatLibraries)

const ALL = ['triggered', 'progress', 'progress', 'resolved']
const TIMES_OUT = { ...OUTBOX, sendMs: '1500ms' }

function startTold(policy: object = {}): Promise<Service> {
  return startArmed({ alerts: 'on', policy: { outbox: OUTBOX, probationMs: '300ms', ...policy } })
}

/** One request a notice, but for the last: an edit and an answer. */
const SENT = ['sendMessage', 'editMessageText', 'editMessageText', 'editMessageText', 'sendMessage']

/** What Telegram was asked for and did. */
function takenBy({ world }: Service): readonly (string | undefined)[] {
  const { log } = world.chats.telegram
  const taken = log.filter(({ status, path }) => status === 200 && !path.endsWith('/getUpdates'))
  return taken.map(({ path }) => path.split('/').at(-1))
}

describe('a channel that is down during an incident', () => {
  it.each<[Outage, object]>([
    ['refuse', OUTBOX],
    ['500', OUTBOX],
    ['hang', TIMES_OUT],
  ])(
    '%s: the others hear all at once; it hears all in order, once, when it is back',
    async (kind, outbox) => {
      const service = await startTold({ outbox })
      const { world } = service
      await world.chats.telegram.outage(kind)
      await kill(service)
      await tickUntilClosed(service)
      expect(kindsOf(world)).toEqual(ALL)
      expect([slackOf(world)[0]?.edits, discordOf(world)[0]?.edits]).toEqual([3, 3])
      expect(telegramOf(world)).toEqual([])

      await world.chats.telegram.outage('none')
      await ticking(service, 'Telegram has heard the end', () => telegramOf(world).length === 2)
      expect(takenBy(service)).toEqual(SENT)
      const [message, answer] = telegramOf(world)
      expect([message?.text[0], message?.edits, message?.buttons]).toEqual(['🟢 bot: back after N s', 3, []])
      expect(answer?.replyTo).toBe(101)
      // Nobody else heard anything twice.
      expect([kindsOf(world), world.chats.webhook.repeats()]).toEqual([ALL, 0])
      expect([slackOf(world)[0]?.edits, discordOf(world).length]).toEqual([3, 2])
    },
  )

  it('hangs: a tick goes on beside it, and lasts no longer than one try to send', async () => {
    const service = await startTold({ outbox: TIMES_OUT })
    await service.world.chats.telegram.outage('hang')
    await kill(service)
    const [line] = (await service.tick()).targets
    expect(line?.actions).toEqual([{ rung: 'restart-workload', result: 'done', detail: 'bot.service' }])
    const { chats } = service.world
    const [first] = chats.webhook.log
    const [asked] = chats.telegram.log.filter(({ path }) => path.endsWith('/sendMessage'))
    // Side by side: the webhook was not kept waiting for Telegram's time-out.
    expect(Math.abs((first?.at ?? 0) - (asked?.at ?? 0))).toBeLessThan(1_400)
    expect(chats.telegram.log.filter(({ path }) => path.endsWith('/sendMessage'))).toHaveLength(1)
  })
})

describe('a channel that is told too much', () => {
  it('says when to come again, and is not asked before', async () => {
    const service = await startTold()
    const { telegram } = service.world.chats
    telegram.rateLimit({ count: 1, retryAfterSeconds: 1 })
    await kill(service)
    await tickUntilClosed(service)
    await ticking(service, 'Telegram has heard the end', () => telegram.messages().length === 2)
    const sends = telegram.log.filter(({ path }) => !path.endsWith('/getUpdates'))
    const [limited, next] = sends
    expect([limited?.status, next?.status]).toEqual([429, 200])
    expect((next?.at ?? 0) - (limited?.at ?? 0)).toBeGreaterThanOrEqual(1_000)
    expect(takenBy(service)).toEqual(SENT)
  })
})

describe('a channel whose token is wrong', () => {
  it('is tried on, seldom, and hears all once a new version of the secret is there', async () => {
    const service = await startTold()
    const { chats, secretManager } = service.world
    const token = '7100000002:AAanotherAnotherAnotherAnotherAnother'
    chats.telegram.changeToken(token)
    await kill(service)
    await tickUntilClosed(service)
    expect(chats.telegram.messages()).toEqual([])
    const refused = service.journal.filter(({ fields }) => fields['event'] === 'delivery')
    expect(refused[0]).toMatchObject({
      severity: 'WARNING',
      fields: { channel: 'telegram:4711', target: 'bot', detail: expect.stringContaining('Unauthorized') },
    })
    expect(JSON.stringify(service.journal)).not.toMatch(/AAanother|AAsandbox/)

    secretManager.addVersion('sandbox-telegram-token', token)
    await ticking(service, 'Telegram has heard the end', () => chats.telegram.messages().length === 2)
    expect(takenBy(service)).toEqual(SENT)
    expect(headsOf.telegram(service.world)[0]).toBe('🟢 bot: back after N s')
  })
})
