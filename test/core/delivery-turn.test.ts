/** Whose turn it is on a channel: quiet hours and whom they let through, old news, and what was rejected. */
import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../src/core/delivering.ts'
import { attempted } from '../../src/core/delivering.ts'
import { type Turn, turnOf } from '../../src/core/delivery-turn.ts'
import type { NoticeKind, OutboxEntry } from '../../src/core/notice.ts'
import { HOUR, MINUTE, NOW, policy } from './build.ts'

const MORNING = NOW + 5 * HOUR
const NO: Attempt = { kind: 'rejected', detail: 'no' }

function aThread(kinds: readonly NoticeKind[], ageMs: number): readonly OutboxEntry[] {
  return kinds.map((kind, index) => ({
    schema: 1,
    id: `bot-1.${index + 1}`,
    thread: 'bot-1',
    number: index + 1,
    target: 'bot',
    kind,
    severity: 'critical',
    at: NOW - ageMs + index,
    verdict: 'unhealthy',
    reason: 'it is gone',
    since: NOW - ageMs,
    story: [],
    deliveries: [],
  }))
}

type Options = { readonly loud?: readonly NoticeKind[]; readonly now?: number; readonly recoveredAt?: number }

function turnsOf(thread: readonly OutboxEntry[], options: Options = {}): readonly Turn[] {
  const { loud, now = NOW, recoveredAt = 0 } = options
  const quietUntil = ({ kind }: OutboxEntry) =>
    loud === undefined || loud.includes(kind) ? undefined : MORNING
  return thread.map((entry, index) =>
    turnOf(entry, thread.slice(index + 1), { channel: 'chat', now, policy, quietUntil, recoveredAt }),
  )
}

const SEND: Turn = { kind: 'send' }
const GONE: Turn = { kind: 'superseded' }
const HELD: Turn = { kind: 'wait', until: MORNING }

describe('in quiet hours', () => {
  it.each<[string, readonly NoticeKind[], readonly NoticeKind[], readonly Turn[]]>([
    [
      'a person is called at once, and that tells the rest',
      ['triggered', 'person'],
      ['person'],
      [GONE, SEND],
    ],
    ['also behind mere news', ['progress', 'reminder', 'person'], ['person'], [GONE, GONE, SEND]],
    ['also behind a relapse', ['again', 'person'], ['person'], [GONE, SEND]],
    ['a beginning and its end wait for the morning', ['triggered', 'resolved'], ['person'], [HELD, HELD]],
    ['an end goes along, in its order', ['resolved', 'again', 'person'], ['person'], [SEND, GONE, SEND]],
    ['news that ring no phone replace none that do', ['triggered', 'progress'], ['progress'], [HELD, SEND]],
    ['what comes after waits again', ['person', 'resolved'], ['person'], [SEND, HELD]],
  ])('%s', (_name, kinds, loud, turns) => {
    expect(turnsOf(aThread(kinds, 1_000), { loud })).toEqual(turns)
  })
})

describe('what has waited long', () => {
  it.each<[string, readonly NoticeKind[], readonly Turn[]]>([
    ['of the reminders only the last', ['reminder', 'reminder', 'reminder'], [GONE, GONE, SEND]],
    ['the last one is kept', ['triggered', 'reminder'], [SEND, SEND]],
    ['news before an end', ['triggered', 'progress', 'progress', 'resolved'], [SEND, GONE, GONE, SEND]],
    ['whatever calls, begins or ends', ['person', 'resolved', 'again', 'resolved'], [SEND, SEND, SEND, SEND]],
  ])('%s', (_name, kinds, turns) => {
    expect(turnsOf(aThread(kinds, HOUR))).toEqual(turns)
  })

  it('news of the last minute are told, each of them', () => {
    expect(turnsOf(aThread(['progress', 'progress'], 1_000))).toEqual([SEND, SEND])
  })

  it('what can’t be sent itself yet speaks for nobody', () => {
    expect(turnsOf(aThread(['reminder', 'resolved'], HOUR), { loud: ['reminder'] })).toEqual([SEND, HELD])
  })
})

describe('what was rejected', () => {
  const [first, second] = aThread(['triggered', 'resolved'], HOUR)
  if (first === undefined || second === undefined) throw new Error('a thread of two')
  const rejected = (times: number): OutboxEntry =>
    Array.from({ length: times }).reduce<OutboxEntry>(
      (entry) => attempted(entry, { channel: 'chat', attempt: NO }, { policy, now: NOW }),
      first,
    )
  const now = NOW + 1

  it.each<[string, readonly OutboxEntry[], Options, Turn]>([
    ['waits its time', [rejected(1)], {}, { kind: 'wait', until: NOW + MINUTE }],
    ['also before what was there then', [rejected(1), second], {}, { kind: 'wait', until: NOW + MINUTE }],
    ['is tried at once when there is news', [rejected(1), { ...second, at: NOW + 1 }], {}, SEND],
    ['is tried once more before it is passed', [rejected(3), second], {}, SEND],
    ['is tried at once when the channel has recovered', [rejected(5)], { recoveredAt: NOW + 1 }, SEND],
  ])('%s', (_name, thread, options, turn) => {
    expect(turnsOf(thread, { now, ...options })[0]).toEqual(turn)
  })
})
