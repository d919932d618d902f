/** Buttons under a message: pressed in Telegram, carried out by a tick, once, for those who may. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { SANDBOX_CHAT } from '../../sandbox/chat/chats.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { Ports } from '../../src/app/ports.ts'
import { kill, kindsOf, loadChatLibraries, OUTBOX, telegramOf, ticking } from './alerts-stage.ts'
import { type Service, type ServiceOptions, startArmed, startService, TIMING } from './harness.ts'
import { lives } from './outage.ts'

beforeAll(loadChatLibraries)

const OWNER = SANDBOX_CHAT.telegramUser
const STRANGER = 999
const ALL = ['Recover now', 'Pause the guard', 'Leave it']
const USED = 'This button has expired or was used before. Nothing was done.'
const NOT_ALLOWED = 'You are not on the list of those who may press this. Nothing was done.'
const PAUSED = 'bot is paused: watched, not acted on.'

function start(options: ServiceOptions = {}): Promise<Service> {
  return startArmed({ alerts: 'on', ...options, policy: { outbox: OUTBOX, ...options.policy } })
}

/** Nobody but a person can mend it: the message stands, with its buttons. */
async function stuck(options: ServiceOptions = {}): Promise<Service> {
  const service = await start(options)
  await service.world.breakIt('ssh-key-rejected', { machine: 'bot' })
  await ticking(service, 'the message has buttons', () => buttonsOf(service).length === 3)
  return service
}

function buttonsOf({ world }: Service): readonly string[] {
  return telegramOf(world).find(({ buttons }) => buttons.length > 0)?.buttons ?? []
}

function press({ world }: Pick<Service, 'world'>, label: string, userId: number = OWNER): string {
  const { telegram } = world.chats
  const message = telegram.messages().find(({ buttons }) => buttons.flat().includes(label))
  if (message === undefined) throw new Error(`No message has a button ${label}`)
  return telegram.press(message.id, message.buttons.flat().indexOf(label), userId)
}

/** What a button carries, as a program of the chat's members can read it. */
function dataOf({ world }: Service, label: string): string {
  const carries = new RegExp(`"text":"${label}","callback_data":"([^"]+)"`)
  const data = world.chats.telegram.log.map(({ body }) => carries.exec(body)?.[1])
  return data.find((found) => found !== undefined) ?? ''
}

function answersIn({ world }: Pick<Service, 'world'>): readonly string[] {
  const answers = world.chats.telegram.answers().toSorted((one, other) => (one.press < other.press ? -1 : 1))
  return answers.map(({ text }) => text)
}

async function pauseOf(service: Service) {
  return (await service.target('bot')).paused
}

describe('a button that is pressed by who may', () => {
  it('pause: the target is watched and not acted on; the message says so and offers less', async () => {
    const service = await stuck()
    press(service, 'Pause the guard')
    await service.tick()
    expect(answersIn(service)).toEqual([PAUSED])
    expect(await pauseOf(service)).toMatchObject({ by: 'telegram:4711', reason: 'by a button of its alert' })
    await ticking(service, 'the message offers less', () => buttonsOf(service).length === 1)
    expect(buttonsOf(service)).toEqual(['Leave it'])
    expect(telegramOf(service.world)[0]?.text.at(-1)).toBe(
      'TIME paused for 1 min by telegram:4711: by a button of its alert',
    )
    expect(service.world.chats.telegram.unconfirmed()).toBe(0)
  })

  it('recover: what the guard would still have waited for is done at once', async () => {
    const policy = { cooldown: { stepsMs: ['1h'] }, probationMs: '30m', incident: LONG }
    const service = await start({ policy })
    await kill(service)
    await ticking(service, 'it is mended once', () => lives(service, 'bot').restarts === 1)
    await kill(service)
    await ticking(service, 'it cools down', async () => (await service.target('bot')).phase === 'waiting')
    press(service, 'Recover now')
    await ticking(service, 'it is mended again', () => lives(service, 'bot').restarts === 2)
    expect(answersIn(service)).toEqual(['bot: workload restart: done.'])
    const [incident] = await service.incidents('bot')
    expect(incident?.actions.map(({ by }) => by)).toEqual([
      { kind: 'guard' },
      { kind: 'person', who: 'telegram:4711', reason: 'by a button of its alert' },
    ])
    expect(buttonsOf(service)).not.toContain('Recover now')
  })

  it('recover, where nothing can be done: it says so and why', async () => {
    const service = await stuck()
    press(service, 'Recover now')
    await service.tick()
    expect(answersIn(service)).toEqual([
      expect.stringMatching(/^Nothing was done: the evidence asks for no action/),
    ])
  })

  it('start: a VM that a person stopped is started', async () => {
    const service = await start({ policy: { alerts: { warnAfterMs: '50ms', warningOverMs: '50ms' } } })
    await service.world.breakIt('vm-stopped-by-person', { machine: 'bot' })
    await ticking(service, 'the message has buttons', () => buttonsOf(service).length > 0)
    expect(buttonsOf(service)).toEqual(['Start the VM', 'Leave it'])
    press(service, 'Start the VM')
    const isWell = async () => (await service.target('bot')).verdict === 'healthy'
    await ticking(service, 'it is well', isWell)
    expect(answersIn(service)).toEqual(['bot: VM start: done.'])
    expect(lives(service, 'bot').boots).toBe(1)
    expect(telegramOf(service.world)[0]?.buttons).toEqual([])
  })

  it('leave it: nobody is reminded any more, and no button is left', async () => {
    const service = await stuck({ policy: { tick: { everyMs: '1s' }, alerts: { remindEveryMs: '1s' } } })
    const begunAt = Date.now()
    press(service, 'Leave it')
    await service.tick()
    expect(answersIn(service)).toEqual(['bot is left as it is: no more reminders.'])
    await ticking(service, 'a reminder would be due', () => Date.now() - begunAt > 1_500)
    expect(kindsOf(service.world)).toEqual(['triggered', 'progress'])
    expect(buttonsOf(service)).toEqual([])
  })
})

const LONG = { relapsedProbationMs: '30m' }

describe('a button that is pressed', () => {
  it('twice before a tick: is carried out once', async () => {
    const service = await stuck()
    press(service, 'Pause the guard')
    press(service, 'Pause the guard')
    await service.tick()
    expect(answersIn(service)).toEqual([PAUSED, USED])
  })

  it('by a stranger: nothing is done, and the stranger is told', async () => {
    const service = await stuck()
    press(service, 'Pause the guard', STRANGER)
    await service.tick()
    expect([answersIn(service), await pauseOf(service)]).toEqual([[NOT_ALLOWED], undefined])
    expect(buttonsOf(service)).toEqual(ALL)
  })

  it('again later, by what it carried: nothing is done', async () => {
    const service = await stuck()
    const data = dataOf(service, 'Pause the guard')
    press(service, 'Pause the guard')
    await service.tick()
    await service.order('bot', 'resume', { reason: 'back again' })
    service.world.chats.telegram.forge({ data, userId: OWNER, chat: SANDBOX_CHAT.telegramChat })
    await service.tick()
    expect([answersIn(service), await pauseOf(service)]).toEqual([[PAUSED, USED], undefined])
  })

  it('in another chat, with what it carries: nothing is done', async () => {
    const service = await stuck()
    const data = dataOf(service, 'Pause the guard')
    service.world.chats.telegram.forge({ data, userId: OWNER, chat: '31337' })
    await service.tick()
    expect([answersIn(service), await pauseOf(service)]).toEqual([[NOT_ALLOWED], undefined])
  })

  it('forged, however often: nothing is done, and whoever may press is heard behind it', async () => {
    const service = await stuck()
    const { telegram } = service.world.chats
    const made = ['pause', 'bot-1 pause', 'A'.repeat(22), '{"thread":"bot-1","button":"pause"}', '\u202E<b>']
    const forged = Array.from({ length: 30 }, (_, index) => made[index % made.length] ?? '')
    for (const data of forged) telegram.forge({ data, userId: OWNER, chat: SANDBOX_CHAT.telegramChat })
    await service.tick()
    expect([answersIn(service), await pauseOf(service)]).toEqual([forged.map(() => USED), undefined])
    for (const data of forged) telegram.forge({ data, userId: STRANGER, chat: SANDBOX_CHAT.telegramChat })
    press(service, 'Pause the guard')
    await service.tick()
    expect(answersIn(service).slice(30)).toEqual([...forged.map(() => NOT_ALLOWED), PAUSED])
    expect(await pauseOf(service)).toMatchObject({ by: 'telegram:4711' })
  })

  it('after its time: nothing is done', async () => {
    let aheadMs = 0
    const wrap = ({ clock, ...ports }: Ports): Ports => ({
      ...ports,
      clock: { ...clock, now: () => clock.now() + aheadMs },
    })
    const service = await stuck({
      wrap,
      policy: { alerts: { buttonsMs: '30s', remindEveryMs: '1h', remindWarningEveryMs: '1h' } },
    })
    aheadMs = 31_000
    press(service, 'Pause the guard')
    await service.tick()
    expect([answersIn(service), await pauseOf(service)]).toEqual([[USED], undefined])
  })

  it('while the service is down: is carried out after its start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'night-guard-buttons-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const world = await createWorld({ timing: TIMING })
    onTestFinished(world.close)
    const place = { world, storePath: join(directory, 'night-guard.db') }
    const first = await stuck(place)
    await first.close()
    press(place, 'Pause the guard')
    expect(answersIn(place)).toEqual([])
    const second = await startService({ ...place, alerts: 'on', policy: { outbox: OUTBOX } })
    await second.tick()
    expect(answersIn(place)).toEqual([PAUSED])
    expect(await pauseOf(second)).toMatchObject({ by: 'telegram:4711' })
  })
})

describe('with nothing to press', () => {
  it('nobody asks for presses', async () => {
    const service = await start()
    await service.tick()
    await service.tick()
    expect(service.world.chats.telegram.log).toEqual([])
  })

  it('a channel that can’t be asked for presses is a line in the log, and the tick is complete', async () => {
    const service = await stuck()
    service.world.chats.telegram.conflict('webhook')
    const { targets } = await service.tick()
    expect(targets).toHaveLength(3)
    const lines = service.journal.filter(({ fields }) => fields['event'] === 'buttons')
    expect(lines).toEqual([
      {
        severity: 'NOTICE',
        message: expect.stringMatching(/^alerts: buttons can't be read: .*webhook/),
        fields: { event: 'buttons', detail: expect.any(String) },
      },
    ])
  })
})
