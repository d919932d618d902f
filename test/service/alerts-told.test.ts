/** Who is told of what: several targets, half a fleet, reminders, quiet hours, tests, and nobody at all. */
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createWorld } from '../../sandbox/world.ts'
import { createChannels } from '../../src/adapters/notify/channels.ts'
import type { Ports } from '../../src/app/ports.ts'
import type { AlertTest } from '../../src/core/report.ts'
import {
  headsOf,
  kill,
  kindsOf,
  loadChatLibraries,
  OUTBOX,
  telegramOf,
  ticking,
  tickUntilClosed,
} from './alerts-stage.ts'
import { type Service, startArmed, TIMING, until } from './harness.ts'

beforeAll(loadChatLibraries)

const ALL = ['triggered', 'progress', 'progress', 'resolved']

describe('two targets in trouble at once', () => {
  it('have a thread each, and neither hears of the other', async () => {
    const policy = { outbox: OUTBOX, probationMs: '300ms', fleet: { targetsMin: 4 } }
    const service = await startArmed({ alerts: 'on', policy })
    const { world } = service
    await kill(service, 'bot')
    await kill(service, 'mailer')
    await tickUntilClosed(service, 'bot')
    await tickUntilClosed(service, 'mailer')
    expect([kindsOf(world, 'bot'), kindsOf(world, 'mailer')]).toEqual([ALL, ALL])
    for (const name of ['bot', 'mailer']) {
      const messages = telegramOf(world).filter(({ text }) => text[0]?.startsWith(`🟢 ${name}: `))
      const other = name === 'bot' ? 'mailer' : 'bot'
      expect(messages.map(({ edits, silent }) => ({ edits, silent }))).toEqual([
        { edits: 3, silent: false },
        { edits: 0, silent: true },
      ])
      expect(JSON.stringify(messages)).not.toContain(other)
    }
    expect(world.chats.slack.messages().map(({ replies }) => replies.length)).toEqual([1, 1])
    expect(world.chats.discord.messages()).toHaveLength(4)
  })
})

describe('three targets of three', () => {
  it('have one alert and one end for all: no phone rings for any of them alone', async () => {
    const policy = { outbox: OUTBOX, probationMs: '300ms', fleet: { holdMs: '1h' } }
    const service = await startArmed({ alerts: 'on', policy })
    const { world } = service
    for (const { name } of world.machines) await world.breakIt('vm-freezes', { machine: name })
    await ticking(service, 'the fleet is told of', () => kindsOf(world).length > 0)
    await ticking(service, 'each has an incident', () => haveIncidents(service))
    expect(telegramOf(world)).toEqual([{ text: FLEET, buttons: ['Leave it'], silent: false, edits: 0 }])
    expect([headsOf.slack(world), headsOf.discord(world)]).toEqual([[FLEET[0]], [FLEET[0]]])
    expect(world.chats.webhook.messages()).toMatchObject([
      { kind: 'triggered', cause: 'fleet', targets: ['bot', 'crawler', 'mailer'] },
    ])

    for (const { name } of world.machines) await world.breakIt('heal', { machine: name })
    await until('all are well', () => areWell(service))
    await ticking(service, 'its end is told', () => kindsOf(world).includes('resolved'))
    for (const { name } of world.machines) await tickUntilClosed(service, name)
    expect(telegramOf(world)).toEqual([
      { text: FLEET_OVER, buttons: [], silent: false, edits: 1 },
      { text: [FLEET_OVER.slice(0, 2).join('. ')], buttons: [], replyTo: 101, silent: true, edits: 0 },
    ])
    expect(kindsOf(world)).toEqual(['triggered', 'resolved'])
  })
})

const FLEET = [
  '🔴 Fleet: many targets fail at once',
  '3 of 3 targets fail at once: destructive rungs are held, then released one at a time.',
  'Since TIME.',
  'Look for what they share: network, project, quota, a rollout.',
  'This alert speaks for bot, crawler, mailer.',
]
const FLEET_OVER = [
  '🟢 Fleet: many targets fail at once, over after N s',
  'It began at TIME and was over at TIME.',
  '0 of 3 targets fail now.',
]

async function haveIncidents(service: Service): Promise<boolean> {
  const all = await Promise.all(service.world.machines.map(({ name }) => service.incidents(name)))
  return all.every((incidents) => incidents.length === 1)
}

function areWell({ world }: Service): boolean {
  return world.machines.every((machine) => {
    const { still, workloads } = machine.snapshot()
    const work = workloads.map(({ active, health = 'healthy' }) => `${active} ${health}`)
    return still === 'no' && work.every((state) => state === 'active healthy')
  })
}

describe('a person who is needed', () => {
  it('is called once, then reminded at the policy’s pace, with buttons that are fresh', async () => {
    const alerts = { remindEveryMs: '1s', buttonsMs: '1s' }
    const policy = { outbox: OUTBOX, tick: { everyMs: '1s' }, alerts }
    const service = await startArmed({ alerts: 'on', policy })
    const { world } = service
    await world.breakIt('ssh-key-rejected', { machine: 'bot' })
    const isReminded = () => kindsOf(world).filter((kind) => kind === 'reminder').length === 2
    await ticking(service, 'two reminders', isReminded)
    expect(kindsOf(world)).toEqual(['triggered', 'reminder', 'reminder'])
    const [first, second, third] = world.chats.webhook.messages().map(({ at }) => Date.parse(at))
    expect([(second ?? 0) - (first ?? 0) >= 1_000, (third ?? 0) - (second ?? 0) >= 1_000]).toEqual([
      true,
      true,
    ])
    const answer = { text: [REMINDED], buttons: [], replyTo: 101, silent: false, edits: 0 }
    expect(telegramOf(world)).toEqual([
      {
        text: expect.arrayContaining([
          '🔴 bot: no way in, for N s now',
          "The guard can't mend this by itself: you are needed.",
        ]),
        buttons: ['Recover now', 'Pause the guard', 'Leave it'],
        silent: false,
        edits: 2,
      },
      answer,
      answer,
    ])
  })
})

const REMINDED =
  '🔴 bot: no way in, for N s now. The health check fails and SSH lets nobody in: auth-failed (the private key was not taken).'

describe('quiet hours', () => {
  it('hold one channel back, the others not; at their end the beginning and the end arrive, in order, once', async () => {
    const world = await createWorld({ timing: TIMING })
    onTestFinished(world.close)
    let aheadMs = 0
    const reader = { language: 'en', timeZone: 'Asia/Seoul' } as const
    const [telegram] = world.chats.configs({ ...reader, quiet: quietAround(Date.now(), reader) })
    const [, ...others] = world.chats.configs(reader)
    const wrap = ({ clock, ...ports }: Ports): Ports => {
      const shifted = { ...clock, now: () => clock.now() + aheadMs }
      const { secretSource } = ports
      const configs = telegram === undefined ? others : [telegram, ...others]
      const { endpoints } = world.chats
      const chats = { configs, secretSource, endpoints, clock: shifted, allowLoopback: true }
      return { ...ports, clock: shifted, channels: createChannels(chats) }
    }
    const policy = { outbox: OUTBOX, probationMs: '300ms' }
    const service = await startArmed({ alerts: 'on', world, wrap, policy })
    await kill(service)
    await tickUntilClosed(service)
    expect(kindsOf(world)).toEqual(ALL)
    expect(world.chats.telegram.messages()).toEqual([])

    aheadMs = 25 * 60_000
    await ticking(service, 'it is told', () => telegramOf(world).length === 2)
    const [message, answer] = telegramOf(world)
    expect([message?.text[0], message?.edits, message?.silent]).toEqual(['🟢 bot: back after N s', 1, false])
    expect(answer?.replyTo).toBe(101)
    const calls = world.chats.telegram.log.map(({ path }) => path.split('/').at(-1))
    const sent = calls.filter((call) => call !== 'getUpdates')
    expect(sent).toEqual(['sendMessage', 'editMessageText', 'sendMessage'])
    expect(kindsOf(world)).toEqual(ALL)
  })
})

/** Ten minutes to each side, by the clock on the reader's wall. */
function quietAround(now: number, { timeZone }: { readonly timeZone: string }) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  return { from: format.format(now - 600_000), to: format.format(now + 600_000), except: [] }
}

describe('POST /api/alerts/test', () => {
  it('goes through every channel at once and says what became of it on each; nothing is kept', async () => {
    const service = await startArmed({ alerts: 'on', policy: { outbox: OUTBOX } })
    const { world } = service
    await world.chats.slack.outage('500')
    const answer = await service.post<{ results: readonly AlertTest[] }>('/api/alerts/test')
    expect(answer).toEqual({
      status: 200,
      type: 'application/json',
      body: {
        results: [
          { channel: 'telegram:4711', result: 'sent' },
          { channel: 'slack:C0SANDBOX1', result: 'failed', detail: 'the server is in trouble (HTTP 500)' },
          { channel: 'discord:sandbox-discord-webhook', result: 'sent' },
          { channel: 'webhook:sandbox-webhook-key', result: 'sent' },
        ],
      },
    })
    const text = [
      '🔵 Night Guard: test alert',
      'A test, asked for by you@sandbox.example: nothing is wrong.',
      'This shows only that alerts reach you.',
    ]
    expect(telegramOf(world)).toEqual([{ text, buttons: [], silent: true, edits: 0 }])
    expect([headsOf.slack(world), headsOf.discord(world), kindsOf(world)]).toEqual([[], [text[0]], ['test']])
    expect(entriesIn(service.storePath)).toEqual([])
  })

  it('with no channel: nobody to test', async () => {
    const service = await startArmed()
    const { status, body } = await service.post('/api/alerts/test')
    expect({ status, body }).toEqual({ status: 200, body: { results: [] } })
  })
})

describe('with no channel', () => {
  it('there is nobody to tell: the outbox stays empty', async () => {
    const service = await startArmed({ policy: { probationMs: '300ms' } })
    await kill(service)
    await tickUntilClosed(service)
    expect(entriesIn(service.storePath)).toEqual([])
    const { telegram, slack, discord, webhook } = service.world.chats
    expect([telegram, slack, discord, webhook].flatMap(({ log }) => log)).toEqual([])
  })
})

function entriesIn(path: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const rows = database.prepare('SELECT id FROM outbox ORDER BY id').all()
  database.close()
  return rows.map((row) => row['id'])
}
