/** What a reader sees of one incident, from the first message to the last, and of text that means harm. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../src/core/notice.ts'
import { incident, noticeOf, shown, shownBrief, wordsOf } from './notices.ts'
import { type ChannelKind, LIMITS, openStage, type Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(() => stage.close())

/** Each notice finds the receipt of the one before it. Gives what could be seen after each. */
async function tell<Seen>(
  kind: ChannelKind,
  notices: readonly Notice[],
  look: () => Seen,
): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  let root: string | undefined
  for (const notice of notices) {
    const sent = await stage.channel(kind).send({ notice, ...(root === undefined ? {} : { root }) }, LIMITS)
    if (sent.kind !== 'sent') throw new Error(`${notice.kind}: ${sent.detail}`)
    root = sent.receipt ?? root
    seen.push(look())
  }
  return seen
}

const [triggered, progress, person, reminder, resolved] = incident() as [
  Notice,
  Notice,
  Notice,
  Notice,
  Notice,
]
const labels = wordsOf(triggered).buttons.map(({ label }) => label)

describe('one incident', () => {
  it('is one message in Telegram, edited as it goes, with answers that ring, and buttons while it lasts', async () => {
    const root = { id: 101, chat: '4711', silent: false, mentions: [] }
    const offered = { ...root, buttons: [labels] }
    const answer = (id: number, notice: Notice, silent: boolean) => ({
      id,
      chat: '4711',
      text: shownBrief(notice),
      buttons: [],
      replyTo: 101,
      silent,
      edits: 0,
      mentions: [],
    })
    const seen = await tell('telegram', incident(), () => stage.chats.telegram.messages())
    expect(seen).toEqual([
      [{ ...offered, text: shown(triggered), edits: 0 }],
      [{ ...offered, text: shown(progress), edits: 1 }],
      [{ ...offered, text: shown(person), edits: 2 }, answer(102, person, false)],
      [
        { ...offered, text: shown(reminder), edits: 3 },
        answer(102, person, false),
        answer(103, reminder, false),
      ],
      [
        { ...root, text: shown(resolved), buttons: [], edits: 4 },
        answer(102, person, false),
        answer(103, reminder, false),
        answer(104, resolved, true),
      ],
    ])
  })

  it('is one thread in Slack, whose answers the channel sees, too', async () => {
    const root = { ts: '1700000001.000100', channel: 'C0SANDBOX1', mentions: [] }
    const reply = (second: number, notice: Notice) => ({
      ts: `${second}.000100`,
      channel: 'C0SANDBOX1',
      text: shownBrief(notice),
      notification: shownBrief(notice),
      mentions: [],
      edits: 0,
      broadcast: true,
    })
    const first = (notice: Notice, edits: number) => ({
      ...root,
      text: shown(notice),
      notification: shownBrief(notice),
      edits,
    })
    const called = reply(1_700_000_002, person)
    const reminded = reply(1_700_000_003, reminder)
    const over = reply(1_700_000_004, resolved)
    expect(await tell('slack', incident(), () => stage.chats.slack.messages())).toEqual([
      [{ ...first(triggered, 0), replies: [] }],
      [{ ...first(progress, 1), replies: [] }],
      [{ ...first(person, 2), replies: [called] }],
      [{ ...first(reminder, 3), replies: [called, reminded] }],
      [{ ...first(resolved, 4), replies: [called, reminded, over] }],
    ])
  })

  it('is one message in Discord, edited as it goes, with a new one for what rings', async () => {
    const root = { id: '1300000000000000001', markup: ['**', '**'], pings: [], silent: false }
    const news = (last: number, notice: Notice, silent: boolean) => ({
      id: `130000000000000000${last}`,
      text: shownBrief(notice),
      markup: [],
      pings: [],
      silent,
      edits: 0,
    })
    const called = news(2, person, false)
    const reminded = news(3, reminder, false)
    expect(await tell('discord', incident(), () => stage.chats.discord.messages())).toEqual([
      [{ ...root, text: shown(triggered), edits: 0 }],
      [{ ...root, text: shown(progress), edits: 1 }],
      [{ ...root, text: shown(person), edits: 2 }, called],
      [{ ...root, text: shown(reminder), edits: 3 }, called, reminded],
      [{ ...root, text: shown(resolved), edits: 4 }, called, reminded, news(4, resolved, true)],
    ])
  })

  it('is one signed JSON a notice for a webhook', async () => {
    await tell('webhook', incident(), () => undefined)
    expect(stage.chats.webhook.messages().map(({ id, kind }) => [id, kind])).toEqual(
      incident().map(({ id, kind }) => [id, kind]),
    )
    expect(stage.chats.webhook.messages().at(-1)).toEqual({
      type: 'nightguard.notice',
      id: 'inc-bot-1.5',
      at: '2026-11-21T18:17:00.000Z',
      thread: 'inc-bot-1',
      kind: 'resolved',
      severity: 'info',
      target: 'bot',
      incidentId: 'inc-bot-1',
      verdict: 'healthy',
      cause: 'workload-hung',
      reason: 'well again',
      since: '2026-11-21T18:12:00.000Z',
      endedAt: '2026-11-21T18:17:00.000Z',
      story: [
        { at: '2026-11-21T18:12:00.000Z', kind: 'opened', text: 'opened: workload-hung' },
        { at: '2026-11-21T18:13:00.000Z', kind: 'action', text: 'restart-workload of agent.service' },
      ],
      text: wordsOf(resolved),
    })
  })

  it('is counted once by a webhook that gets a notice twice', async () => {
    await tell('webhook', [triggered, triggered, triggered], () => undefined)
    expect(stage.chats.webhook.messages().length).toBe(1)
    expect(stage.chats.webhook.repeats()).toBe(2)
  })
})

const ESCAPE = String.fromCharCode(27)
const HOSTILE = [
  '<b>bold</b><script>alert(1)</script><a href="https://evil.example">x</a>',
  '**bold** __under__ ~~gone~~ ||spoiler|| `code` [link](https://evil.example) # head',
  '@everyone @here <@1> <@&2> <!channel> <!here> <@U123> @someone /stop #tag',
  `${ESCAPE}[31mred${ESCAPE}[0m ${ESCAPE}]0;title`,
  '\u202Egnp.exe\u202C \u200Bzero \u2066isolated\u2069',
  'one line\nand - another\r\n> quoted\n1. listed',
  '&lt;b&gt; &amp; & %3Cb%3E \\*escaped\\* :smile: <t:1:R>',
]

describe.each(HOSTILE)('text from outside that says %j', (text) => {
  const notice = noticeOf('triggered', {
    target: 'bot',
    reason: text,
    story: [{ at: 0, kind: 'evidence', text }],
  })
  const controls = /[\p{Cc}\u200B\u202A-\u202E\u2066-\u2069]/u
  const withoutLineEnds = (message: string) => message.replaceAll('\n', ' ')
  const withoutJoiners = (message: string) => message.replaceAll('\u2060', '')

  it('is shown as it is in Telegram, rings nobody and links to nothing but its own letters', async () => {
    await tell('telegram', [notice], () => undefined)
    const [message] = stage.chats.telegram.messages()
    expect(withoutJoiners(message?.text ?? '')).toBe(shown(notice))
    expect(message?.mentions).toEqual([])
    expect(controls.test(withoutLineEnds(message?.text ?? ''))).toBe(false)
  })

  it('is shown as it is in Slack, and rings nobody', async () => {
    await tell('slack', [notice], () => undefined)
    const [message] = stage.chats.slack.messages()
    expect(message?.text).toBe(shown(notice))
    expect(message?.mentions).toEqual([])
    expect(controls.test(withoutLineEnds(message?.text ?? ''))).toBe(false)
  })

  it('is shown as it is in Discord, sets no type and rings nobody', async () => {
    await tell('discord', [notice], () => undefined)
    const [message] = stage.chats.discord.messages()
    expect(message).toMatchObject({ text: shown(notice), markup: ['**', '**'], pings: [] })
    expect(controls.test(withoutLineEnds(message?.text ?? ''))).toBe(false)
  })

  it('is plain text in the JSON for a webhook', async () => {
    await tell('webhook', [notice], () => undefined)
    const [received] = stage.chats.webhook.messages()
    expect(received?.text).toEqual(wordsOf(notice))
    expect(controls.test(JSON.stringify(received))).toBe(false)
  })
})

it.each(['telegram', 'slack', 'discord', 'webhook'] as const)(
  'gets the longest notice through %s, cutting its oldest story first',
  async (kind) => {
    const story = Array.from({ length: 12 }, (_, index) => ({
      at: 0,
      kind: 'evidence',
      text: `${index}: ${'<&*_@긴 글>'.repeat(60)}`,
    }))
    const notice = noticeOf('person', { reason: '<&*_@긴 이유>'.repeat(400), story, targets: ['a', 'b'] })
    await tell(kind, [notice], () => undefined)
    const [message] = stage.chats[kind].messages()
    const text = typeof message?.text === 'string' ? message.text : JSON.stringify(message?.text)
    expect(text).toContain(wordsOf(notice).title)
    if (kind === 'telegram' || kind === 'slack') expect(text).toMatch(/11: /)
  },
)
