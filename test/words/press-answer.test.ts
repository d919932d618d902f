import { expect, it } from 'vitest'
import type { PressAnswer } from '../../src/core/press.ts'
import { pressAnswer } from '../../src/words/press-answer.ts'

const read = (answer: PressAnswer, language: 'en' | 'ko' = 'en') =>
  pressAnswer(answer, { language, timeZone: 'UTC' })

it.each<[PressAnswer, string, string]>([
  [
    { kind: 'not-allowed' },
    'You are not on the list of those who may press this. Nothing was done.',
    '이 버튼을 누를 수 있는 사람 목록에 없습니다. 아무것도 하지 않았습니다.',
  ],
  [
    { kind: 'expired' },
    'This button has expired or was used before. Nothing was done.',
    '만료되었거나 이미 사용한 버튼입니다. 아무것도 하지 않았습니다.',
  ],
  [
    { kind: 'unavailable' },
    "The guard's memory can't be reached. Nothing was done.",
    'Night Guard의 저장소에 연결할 수 없습니다. 아무것도 하지 않았습니다.',
  ],
  [
    { kind: 'busy' },
    'The guard is acting on it already: wait for its next message.',
    'Night Guard가 이미 조치하고 있습니다. 다음 메시지를 기다려 주세요.',
  ],
  [
    { kind: 'paused', target: 'bot' },
    'bot is paused: watched, not acted on.',
    'bot: 일시 중지했습니다. 지켜보기만 하고 조치하지 않습니다.',
  ],
  [
    { kind: 'left', target: 'bot' },
    'bot is left as it is: no more reminders.',
    'bot: 그대로 둡니다. 더 알리지 않습니다.',
  ],
  [{ kind: 'done', target: 'bot', actions: [] }, 'bot: nothing had to be done.', 'bot: 할 일이 없었습니다.'],
  [
    { kind: 'done', target: 'bot', actions: [{ rung: 'reset', result: 'done' }] },
    'bot: hard reset: done.',
    'bot: 강제 리셋: 완료.',
  ],
])('%j', (answer, english, korean) => {
  expect([read(answer), read(answer, 'ko')]).toEqual([english, korean])
})

it('shows what a machine may have said as inert text, and not too much of it', () => {
  const detail = `<b>\u001b[31m\u202e${'x'.repeat(500)}`
  expect(read({ kind: 'refused', detail })).toBe(`Nothing was done: <b>␛[31m⟨U+202E⟩${'x'.repeat(111)}…`)
})
