/** Notices of one incident, from the first message to the last, and what they say in words. */
import type { Notice, NoticeKind } from '../../../src/core/notice.ts'
import { type AlertText, alertText } from '../../../src/words/alert-text.ts'
import { READER } from './stage.ts'

/** 03:12 in Seoul. */
export const BEGAN_AT = Date.UTC(2026, 10, 21, 18, 12, 0)
const MINUTE_MS = 60_000

export function noticeOf(kind: NoticeKind, change: Partial<Notice> = {}): Notice {
  const number = change.number ?? 1
  return {
    schema: 1,
    id: `inc-bot-1.${number}`,
    thread: 'inc-bot-1',
    number,
    target: 'bot',
    kind,
    severity: kind === 'resolved' || kind === 'test' ? 'info' : 'critical',
    at: BEGAN_AT + number * MINUTE_MS,
    incidentId: 'inc-bot-1',
    verdict: kind === 'resolved' ? 'healthy' : 'unhealthy',
    cause: 'workload-hung',
    reason: 'agent.service answers nothing',
    since: BEGAN_AT,
    story: [{ at: BEGAN_AT, kind: 'opened', text: 'opened: workload-hung' }],
    ...change,
  }
}

const OFFER = { buttons: ['recover', 'pause'], offeredAt: BEGAN_AT } as const
const ACTED = { at: BEGAN_AT + MINUTE_MS, kind: 'action', text: 'restart-workload of agent.service' }

/** Triggered, news, a call for a person, a reminder, and the end. */
export function incident(): readonly Notice[] {
  const opened = { at: BEGAN_AT, kind: 'opened', text: 'opened: workload-hung' }
  const story = [opened, ACTED]
  const later = { buttons: ['recover', 'pause'], offeredAt: BEGAN_AT + 3 * MINUTE_MS } as const
  return [
    noticeOf('triggered', { number: 1, offer: OFFER }),
    noticeOf('progress', { number: 2, offer: OFFER, story }),
    noticeOf('person', { number: 3, offer: later, story, reason: 'the restart did not help' }),
    noticeOf('reminder', { number: 4, offer: later, story, reason: 'nobody has come yet' }),
    noticeOf('resolved', { number: 5, story, endedAt: BEGAN_AT + 5 * MINUTE_MS, reason: 'well again' }),
  ]
}

export function wordsOf(notice: Notice): AlertText {
  return alertText(notice, READER)
}

/** As a message of any chat shows it, without markup. */
export function shown(notice: Notice): string {
  const { mark, title, lines, story } = wordsOf(notice)
  const told = story.map(({ time, text }) => `${time} ${text}`)
  return [`${mark} ${title}`, ...lines, ...(told.length === 0 ? [] : ['', ...told])].join('\n')
}

export function shownBrief(notice: Notice): string {
  const { mark, brief } = wordsOf(notice)
  return `${mark} ${brief}`
}
