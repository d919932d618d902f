/** Buttons under a message: pressed in Telegram, carried out by a tick, once, for those who may. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { SANDBOX_CHAT } from '../../sandbox/chat/chats.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import type { Ports } from '../../src/app/ports.ts'
import { kill, kindsOf, loadChatLibraries, OUTBOX, telegramOf, ticking, tickUntilClosed } from './alerts-stage.ts'
import { lineOf, type Service, type ServiceOptions, startArmed, startService, TIMING, until } from './harness.ts'
import { lives } from './outage.ts'

beforeAll(loadChatLibraries)

const OWNER = SANDBOX_CHAT.telegramUser
const STRANGER = 999

function start(options: ServiceOptions = {}): Promise<Service> {
  return startArmed({ alerts: 'on', ...options, policy: { outbox: OUTBOX, probationMs: '300ms', ...options.policy } })
}

/** Nobody but a person can mend it: the message stands, with its buttons. */
async function stuck(options: ServiceOptions = {}): Promise<Service> {
  const service = await start(options)
  await service.world.breakIt('ssh-key-rejected', { machine: 'bot' })
  await ticking(service, 'the message has buttons', () => buttonsOf(service).length === 3)
  return service
}

function buttonsOf({ world }: Service): readonly string[] {
  return telegramOf(world)[0]?.buttons ?? []
}

function press({ world }: Service, label: string, userId: number = OWNER): string {
  const [message] = world.chats.telegram.messages()
  const index = message?.buttons.flat().indexOf(label) ?? -1
  return world.chats.telegram.press(message?.id ?? 0, index, userId)
}

/** What a button carries, as everybody in the chat can read it. */
function dataOf({ world }: Service, label: string): string {
  const bodies = world.chats.telegram.log.map(({ body }) => body)
  const found = bodies.map((body) => new RegExp(`"text":"${label}","callback_data":"([^"]+)"`).exec(body)?.[1])
  return found.find((data) => data !== undefined) ?? ''
}

function answersIn(world: World): readonly string[] {
  return world.chats.telegram.answers().map(({ text }) => text)
}

const USED = 'This button has expired or was used before. Nothing was done.'
const NOT_ALLOWED = 'You are not on the list of those who may press this. Nothing was done.'

describe('a button that is pressed by who may', () => {
  it('pause: the target is watched and not acted on; the message says so and offers less', async () => {
    const service = await stuck()
    press(service, 'Pause the guard')
    await service.tick()
    expect(answersIn(service.world)).toEqual(['bot is paused: watched, not acted on.'])
    expect((await service.target('bot')).paused).toMatchObject({ by: 'telegram:4711', reason: 'by a button of its alert' })
    await ticking(service, 'the message says so', () => buttonsOf(service).length === 1)
    console.log(JSON.stringify(telegramOf(service.world), null, 1), service.world.chats.telegram.unconfirmed())
  })

  it('recover: what the guard would still have waited for is done at once', async () => {
    const service = await start({ policy: { cooldown: { stepsMs: ['1h'] }, probationMs: '30m' , incident: {relapsedProbationMs: '30m'}} })
    await kill(service)
    await ticking(service, 'it is mended once', () => lives(service, 'bot').restarts === 1)
    await kill(service)
    await ticking(service, 'it waits', async () => (await service.target('bot')).phase === 'waiting')
    console.log(JSON.stringify(await service.target('bot')))
    press(service, 'Recover now')
    await ticking(service, 'it is mended again', () => lives(service, 'bot').restarts === 2)
    console.log(answersIn(service.world), JSON.stringify(telegramOf(service.world), null, 1))
  })

  it('start: a VM that a person stopped is started', async () => {
    const service = await start({ policy: { alerts: { warnAfterMs: '50ms', warningOverMs: '50ms' } } })
    await service.world.breakIt('vm-stopped-by-person', { machine: 'bot' })
    await ticking(service, 'the message has buttons', () => buttonsOf(service).length > 0)
    console.log(JSON.stringify(telegramOf(service.world), null, 1))
    press(service, buttonsOf(service)[0] ?? '')
    await ticking(service, 'it runs', () => service.machine('bot').power() === 'running')
    await ticking(service, 'it runs', async () => (await service.target('bot')).verdict === 'healthy')
    console.log(answersIn(service.world), JSON.stringify(telegramOf(service.world), null, 1), kindsOf(service.world))
  })

  it('leave it: no more reminders', async () => {
    const service = await stuck({ policy: { tick: { everyMs: '1s' }, alerts: { remindEveryMs: '1s' } } })
    press(service, 'Leave it')
    await service.tick()
    console.log(answersIn(service.world), JSON.stringify(telegramOf(service.world), null, 1), kindsOf(service.world))
  })
})
