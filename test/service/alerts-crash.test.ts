/** Processes that die at the worst moment, two at work at once, and a memory that is gone: what people hear then. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createWorld, type World } from '../../sandbox/world.ts'
import type { Ports } from '../../src/app/ports.ts'
import type { Store } from '../../src/ports/store.ts'
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
import { startArmed, startService, TIMING, until } from './harness.ts'

beforeAll(loadChatLibraries)

const ALL = ['triggered', 'progress', 'progress', 'resolved']
const POLICY = { outbox: OUTBOX, probationMs: '300ms' }
const CLAIM_OVER_MS = 9_000

/** A world and a file that outlive the services on them. */
async function ground(): Promise<{ readonly world: World; readonly storePath: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-crash-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const world = await createWorld({ timing: TIMING })
  onTestFinished(world.close)
  return { world, storePath: join(directory, 'night-guard.db') }
}

/** Ports of a process whose clock is that much later. */
function ahead(ms: number): (ports: Ports) => Ports {
  return ({ clock, ...ports }) => ({ ...ports, clock: { ...clock, now: () => clock.now() + ms } })
}

const GONE = { kind: 'unavailable', detail: 'the process is gone' } as const

/** From the moment of its death on nothing of a process gets through, to its memory or to people. */
function mortal(isLast: (call: keyof Store) => boolean) {
  let dead = false
  const lives = (call: keyof Store): boolean => {
    dead ||= isLast(call)
    return !dead
  }
  const storeOf = (store: Store): Store => ({
    ...store,
    load: async (ids) => (lives('load') ? store.load(ids) : new Map(ids.map((id) => [id, GONE]))),
    commit: async (commit) => (lives('commit') ? store.commit(commit) : GONE),
    outbox: async (query) => (lives('outbox') ? store.outbox(query) : GONE),
    outboxEntries: async (ids) => (lives('outboxEntries') ? store.outboxEntries(ids) : GONE),
    putOutboxEntry: async (entry, version) =>
      lives('putOutboxEntry') ? store.putOutboxEntry(entry, version) : GONE,
  })
  return ({ store, channels, ...ports }: Ports): Ports => ({
    ...ports,
    store: storeOf(store),
    channels: channels.map((channel) => ({
      ...channel,
      send: async (...sending) =>
        dead ? { kind: 'failed', detail: 'the process is gone' } : channel.send(...sending),
    })),
  })
}

describe('a process that dies', () => {
  /** Nobody acts on it: what is told does not hang on a lease. */
  const FAULT = { machine: 'bot' } as const

  it('between the state’s commit and the delivery: the next one delivers', async () => {
    const place = await ground()
    const { world } = place
    const wrap = mortal((call) => call === 'outbox')
    const first = await startArmed({ ...place, alerts: 'on', policy: POLICY, wrap })
    await world.breakIt('ssh-key-rejected', FAULT)
    await until('it dies', async () => (await first.post('/tick')).status === 503)
    await first.close()
    expect([kindsOf(world), telegramOf(world)]).toEqual([[], []])

    const second = await startService({ ...place, alerts: 'on', policy: POLICY })
    await ticking(second, 'it is told', () => kindsOf(world).length > 0)
    await world.breakIt('heal', FAULT)
    await tickUntilClosed(second)
    expect(kindsOf(world)).toEqual(['triggered', 'resolved'])
    expect(telegramOf(world).map(({ edits, replyTo }) => ({ edits, replyTo }))).toEqual([
      { edits: 1, replyTo: undefined },
      { edits: 0, replyTo: 101 },
    ])
  })

  it('between sending and writing that down: sent again under the same id, and counted once', async () => {
    const place = await ground()
    const { world } = place
    let puts = 0
    // The first of them is the claim.
    const wrap = mortal((call) => call === 'putOutboxEntry' && ++puts > 1)
    const first = await startArmed({ ...place, alerts: 'on', policy: POLICY, wrap })
    await world.breakIt('ssh-key-rejected', FAULT)
    await until('it dies', async () => (await first.post('/tick')).status === 503)
    await first.close()
    const { webhook } = world.chats
    const sent = [headsOf.telegram(world), headsOf.slack(world), headsOf.discord(world), kindsOf(world)]
    expect(sent).toEqual([[RED], [RED], [RED], ['triggered']])

    const second = await startService({ ...place, alerts: 'on', policy: POLICY, wrap: ahead(CLAIM_OVER_MS) })
    await ticking(second, 'it is repeated', () => webhook.repeats() === 1)
    const ids = webhook.log.map(({ headers }) => headers['webhook-id'])
    expect([ids.length, new Set(ids).size]).toEqual([2, 1])
    await world.breakIt('heal', FAULT)
    await tickUntilClosed(second)
    expect([kindsOf(world), webhook.repeats()]).toEqual([['triggered', 'resolved'], 1])
    // Telegram can't tell a repeat: the message that nobody wrote down stays as it was sent.
    expect(telegramOf(world).map(({ text, replyTo }) => [text[0]?.slice(0, 7), replyTo])).toEqual([
      ['🔴 bot:', undefined],
      ['🟢 bot:', undefined],
      ['🟢 bot:', 102],
    ])
  })
})

const RED = '🔴 bot: no way in, a person is needed'

describe('two services on one store', () => {
  it('tell each thing once, whoever of them finds it', async () => {
    const place = await ground()
    const { world } = place
    const options = { ...place, alerts: 'on', policy: POLICY } as const
    const one = await startArmed(options)
    const other = await startService(options)
    await kill(one)
    await until('its end is told', async () => {
      await Promise.all([other.post('/tick'), one.post('/tick')])
      return kindsOf(world).includes('resolved')
    })
    await Promise.all([other.tick(), one.tick()])
    expect([kindsOf(world), world.chats.webhook.repeats()]).toEqual([ALL, 0])
    const once = { edits: 3, texts: 2 }
    const [telegram, slack, discord] = [telegramOf(world), slackOf(world), discordOf(world)]
    expect([
      { edits: telegram[0]?.edits, texts: telegram.length },
      { edits: slack[0]?.edits, texts: slack.length + (slack[0]?.replies.length ?? 0) },
      { edits: discord[0]?.edits, texts: discord.length },
    ]).toEqual([once, once, once])
  })
})

describe('a memory that is gone', () => {
  it('is told once past the outbox on every channel, and again after the policy’s time', async () => {
    let isGone = false
    let aheadMs = 0
    const gone = mortalStore(() => isGone)
    const wrap = ({ clock, ...ports }: Ports): Ports =>
      gone({ ...ports, clock: { ...clock, now: () => clock.now() + aheadMs } })
    const service = await startArmed({ alerts: 'on', policy: { outbox: OUTBOX }, wrap })
    const { world } = service
    const tick = async () => (await service.post('/tick')).status
    isGone = true
    expect([await tick(), await tick()]).toEqual([503, 503])
    expect(telegramOf(world)).toEqual([{ text: LOST, buttons: [], silent: false, edits: 0 }])
    const heads = () => [
      headsOf.telegram(world),
      headsOf.slack(world),
      headsOf.discord(world),
      kindsOf(world),
    ]
    expect(heads()).toEqual([[LOST[0]], [LOST[0]], [LOST[0]], ['triggered']])
    // Only a tick comes by itself: who asks for something is answered.
    expect((await service.order('bot', 'pause', { minutes: 1, reason: 'x' })).status).toBe(503)
    aheadMs = 59_000
    expect([await tick(), kindsOf(world).length]).toEqual([503, 1])
    aheadMs = 61_000
    expect([await tick(), await tick(), kindsOf(world).length]).toEqual([503, 503, 2])
    isGone = false
    expect([await tick(), kindsOf(world).length]).toEqual([200, 2])
  })
})

const LOST = [
  '🔴 night-guard: a person is needed',
  "The memory of the guard can't be reached, nothing is done to any target: gone: nothing was done.",
  'Since TIME.',
  "The guard can't mend this by itself: you are needed.",
]

/** A store that can't be reached while `isGone`. */
function mortalStore(isGone: () => boolean): (ports: Ports) => Ports {
  return ({ store, ...ports }) => ({
    ...ports,
    store: {
      ...store,
      load: async (ids) =>
        isGone() ? new Map(ids.map((id) => [id, { kind: 'unavailable', detail: 'gone' }])) : store.load(ids),
    },
  })
}
