/** One incident from detection to close, as the readers of each channel see it, in both languages. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Ports } from '../../src/app/ports.ts'
import {
  discordOf,
  kill,
  kindsOf,
  loadChatLibraries,
  OUTBOX,
  slackOf,
  telegramOf,
  tickUntilClosed,
} from './alerts-stage.ts'
import { type Service, type ServiceOptions, startArmed, until } from './harness.ts'

beforeAll(loadChatLibraries)

/** A service whose restarts of units wait until they are let go on. */
async function startSlowly(options: ServiceOptions = {}) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const wrap = (ports: Ports): Ports => ({
    ...ports,
    shell: {
      ...ports.shell,
      async restartWorkload(...order) {
        await released
        return ports.shell.restartWorkload(...order)
      },
    },
  })
  const policy = { outbox: OUTBOX, probationMs: '500ms' }
  const service = await startArmed({ alerts: 'on', policy, wrap, ...options })
  await kill(service)
  const { chats } = service.world
  const acting = service.tick()
  const channels = [chats.telegram, chats.slack, chats.discord, chats.webhook]
  await until('all know', () => channels.every((channel) => channel.messages().length > 0))
  return { service, acting, release }
}

const DETECTED = [
  '🔴 bot: workload failed',
  'bot.service is failed (start-limit-hit).',
  'Since TIME.',
  'The guard is at work on it: nothing is needed from you yet.',
  '',
  'TIME workload failed: bot.service is failed (start-limit-hit)',
]
const ISSUED = [...DETECTED, 'TIME restart of bot.service issued']
const STORY = [
  'TIME workload failed: bot.service is failed (start-limit-hit)',
  'TIME restart of bot.service issued',
  'TIME restart of bot.service: done',
  'TIME well again N s after the restart of bot.service, proved',
]
const CLOSED = [
  '🟢 bot: back after N s',
  'It broke at TIME, it was back at TIME.',
  'workload failed: bot.service is failed (start-limit-hit).',
  'Mended by the guard: restart of bot.service.',
  '',
  ...STORY,
  'TIME closed: well since its probation began; 0 min in all',
]
const OVER =
  '🟢 bot: back after N s. It broke at TIME, it was back at TIME. Mended by the guard: restart of bot.service.'
const BUTTONS = ['Recover now', 'Pause the guard', 'Leave it']

/** The latest news of an open incident: what it says of how things stand is tested with the words. */
const mended = expect.arrayContaining(STORY)

describe('an incident from detection to close', () => {
  it('is one message on each chat, edited as it goes and answered at its end, and one notice a change', async () => {
    const { service, acting, release } = await startSlowly()
    const { world } = service
    const first = { buttons: BUTTONS, silent: false }
    await until('that it was issued is told', () => world.chats.discord.messages()[0]?.edits === 1)
    await until('by all', () => kindsOf(world).length === 2)
    expect(telegramOf(world)).toEqual([{ ...first, text: ISSUED, edits: 1 }])
    expect(slackOf(world)).toEqual([{ text: ISSUED, edits: 1, replies: [] }])
    expect(discordOf(world)).toEqual([{ text: ISSUED, silent: false, edits: 1 }])
    expect(world.chats.webhook.messages()[0]).toMatchObject({
      kind: 'triggered',
      severity: 'critical',
      target: 'bot',
      cause: 'workload-failed',
      text: { mark: '🔴', title: 'bot: workload failed', lines: DETECTED.slice(1, 4).map(anySince) },
    })

    release()
    await acting
    expect(telegramOf(world)).toEqual([{ ...first, text: mended, edits: 2 }])
    expect(slackOf(world)).toEqual([{ text: mended, edits: 2, replies: [] }])
    expect(discordOf(world)).toEqual([{ text: mended, silent: false, edits: 2 }])
    expect(kindsOf(world)).toEqual(['triggered', 'progress', 'progress'])

    await tickUntilClosed(service)
    expect(telegramOf(world)).toEqual([
      { text: CLOSED, buttons: [], silent: false, edits: 3 },
      { text: [OVER], buttons: [], replyTo: 101, silent: true, edits: 0 },
    ])
    expect(slackOf(world)).toEqual([{ text: CLOSED, edits: 3, replies: [{ text: OVER, broadcast: true }] }])
    expect(discordOf(world)).toEqual([
      { text: CLOSED, silent: false, edits: 3 },
      { text: [OVER], silent: true, edits: 0 },
    ])
    expect(kindsOf(world)).toEqual(['triggered', 'progress', 'progress', 'resolved'])
    expect(numbersOf(service)).toEqual([1, 2, 3, 4])
    expect(world.chats.webhook.repeats()).toBe(0)
  })

  it('is told in Korean, with the times of the reader’s zone', async () => {
    const { service, acting, release } = await startSlowly({
      alerts: 'on',
      policy: { outbox: OUTBOX, probationMs: '500ms' },
      language: 'ko',
      timeZone: 'Asia/Seoul',
    })
    release()
    await acting
    await tickUntilClosed(service)
    const { world } = service
    const [message, answer] = telegramOf(world)
    expect(message).toEqual({ text: CLOSED_IN_KOREAN, buttons: [], silent: false, edits: 3 })
    expect(answer).toEqual({ text: [OVER_IN_KOREAN], buttons: [], replyTo: 101, silent: true, edits: 0 })
    expect(slackOf(world)[0]?.text).toEqual(CLOSED_IN_KOREAN)
    expect(discordOf(world)[0]?.text).toEqual(CLOSED_IN_KOREAN)
    const [notice] = world.chats.webhook.messages()
    const inSeoul = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Seoul', timeStyle: 'medium' })
    const [line] = notice?.story ?? []
    expect(notice?.text.story.map(({ time }) => time)).toEqual([inSeoul.format(Date.parse(line?.at ?? ''))])
    // What programs read stays English.
    expect(notice?.reason).toBe('bot.service is failed (start-limit-hit)')
  })
})

const CLOSED_IN_KOREAN = [
  '🟢 bot: N초 만에 복구됨',
  'TIME에 멈췄고 TIME에 복구되었습니다.',
  '워크로드 실패 – bot.service: failed 상태입니다 (start-limit-hit)',
  'Night Guard가 복구했습니다: bot.service 재시작.',
  '',
  'TIME 워크로드 실패 – bot.service: failed 상태입니다 (start-limit-hit)',
  'TIME bot.service 재시작: 실행했습니다',
  'TIME bot.service 재시작: 완료',
  'TIME bot.service 재시작 후 N초 만에 정상으로 돌아왔습니다 (실행 확인됨)',
  'TIME 종료: 복구 후 관찰하는 동안 계속 정상이었습니다. 모두 0분 걸렸습니다',
]
const OVER_IN_KOREAN =
  '🟢 bot: N초 만에 복구됨. TIME에 멈췄고 TIME에 복구되었습니다. Night Guard가 복구했습니다: bot.service 재시작.'

function anySince(line: string): unknown {
  return line.startsWith('Since') ? expect.stringMatching(/^Since \d\d:\d\d\.$/) : line
}

function numbersOf({ world }: Service): readonly number[] {
  return world.chats.webhook.messages().map(({ id }) => Number(id.split('.').at(-1)))
}
