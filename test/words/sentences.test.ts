import { describe, expect, it } from 'vitest'
import { koreanOf, sentence, sentenceFor } from '../../src/words/sentences.ts'

describe('a sentence of the guard in Korean', () => {
  it.each([
    [
      'a whole text',
      'the VM runs, but HTTP, SSH and heartbeat are all gone',
      'VM은 실행 중이지만 HTTP, SSH, 하트비트가 모두 끊겼습니다',
    ],
    [
      'a sentence in a sentence',
      'the VM runs, but neither HTTP nor SSH answers; sshd accepts and says nothing (tick 1 of 3); to be confirmed',
      'VM은 실행 중이지만 HTTP와 SSH가 모두 응답하지 않습니다. sshd가 연결만 받고 아무 말이 없습니다 (3번 중 1번째 점검) (확인 중)',
    ],
    [
      'a cause before its reason',
      'workload-hung: bot.service looks well and answers nobody: status 503, expected 200',
      '워크로드 응답 없음 – bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
    ],
    [
      'sentences in a row',
      'bot.service is failed (exit-code); api.service exited (137)',
      'bot.service: failed 상태입니다 (exit-code); api.service: 종료되었습니다 (종료 코드 137)',
    ],
    [
      'a sentence that has a semicolon itself, and one behind it',
      'all workloads are well; only the endpoint that reports on them fails; never seen healthy yet: watched, not acted on',
      '워크로드는 모두 정상이고, 이를 보고하는 엔드포인트만 실패합니다. 아직 정상인 적이 없어, 지켜보기만 하고 조치하지 않습니다',
    ],
    [
      'a list of which each item is known',
      'memory 812 MB (over 700), swap 91 % (over 80)',
      '메모리 812 MB (기준 700 MB 초과), 스왑 91 % (기준 80 % 초과)',
    ],
    [
      'an action with its result',
      'restart-workload of bot.service (attempt 2): failed: exit code 1: Job failed, see the journal',
      'bot.service 재시작 (2번째 시도): 실패: 종료 코드 1: Job failed, see the journal',
    ],
    [
      'what a person said stays',
      'alice@example.com asks for reset: the bot: hangs, done',
      'alice@example.com 님이 요청했습니다(강제 리셋): the bot: hangs, done',
    ],
    [
      'what the VM said stays, though it reads like the guard',
      'curl: exit code 28: connection timed out: no answer in time',
      'curl: 종료 코드 28: connection timed out: no answer in time',
    ],
    ['a single word of a list', 'healthy', '정상'],
  ])('%s', (_, english, korean) => {
    expect(sentence(english, 'ko')).toBe(korean)
    expect(sentence(english, 'en')).toBe(english)
  })

  it.each([
    '',
    'kernel: Out of memory: Killed process 812 (python3)',
    'the VM is on fire',
    'the VM is RUNNING now',
    'bot.service',
    '{reason}; to be tested',
    '__proto__: toString',
  ])('what the guard never says stays as it is: %j', (text) => {
    expect(sentence(text, 'ko')).toBe(text)
    expect(koreanOf(text)).toBeUndefined()
  })
})

describe('a sentence for a reader', () => {
  const text = 'restart-workload of bot.service cools down, until 2026-11-21T18:12:05.000Z at the latest'

  it('has its times in the zone of the reader, and names for actions', () => {
    expect([
      sentenceFor(text, { language: 'en', timeZone: 'Asia/Seoul' }),
      sentenceFor(text, { language: 'ko', timeZone: 'Asia/Seoul' }),
    ]).toEqual([
      'restart of bot.service cools down, until 2026-11-22 03:12 at the latest',
      'bot.service 재시작: 다시 하기 전에 간격을 둡니다 (늦어도 2026년 11월 22일 03:12까지)',
    ])
  })

  it('is the text itself where the guard never says it', () => {
    expect(sentenceFor('2026-11-21T18:12:05.000Z panic', { language: 'en', timeZone: 'UTC' })).toBe(
      '2026-11-21T18:12:05.000Z panic',
    )
  })
})

const LENGTH = 64 * 1024
const HOSTILE = [
  '; ',
  ': ',
  ', ',
  'a: b; ',
  'paused: ',
  '; to be confirmed',
  ', until ',
  'bot.service, ',
  'bot.service is ',
  ' is ',
  'the VM is ',
  'reading version ',
  'exit code 1: ',
  'restart-workload of ',
  '{reason}',
  'nothing was done: ',
  '\u202e',
  'a',
]

describe('hostile text is taken apart in no time', () => {
  it.each(HOSTILE)('%j over and over', (piece) => {
    const texts = [LENGTH, 4_096].flatMap((length) => {
      const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
      return [text, `paused: ${text}`.slice(0, length), `${text.slice(0, length - 20)}; to be confirmed`]
    })
    for (const text of texts) expect(fastestMs(() => sentence(text, 'ko'))).toBeLessThan(5)
  })

  it('and nesting ends', () => {
    const text = `${'paused: '.repeat(20)}the VM is RUNNING`
    expect(sentence(text, 'ko')).toBe(`${'일시 중지됨: '.repeat(9)}${'paused: '.repeat(11)}the VM is RUNNING`)
  })
})

/** The best of several, so that a busy machine fails nothing. */
function fastestMs(work: () => void): number {
  const times = Array.from({ length: 7 }, () => {
    const startedAt = performance.now()
    work()
    return performance.now() - startedAt
  })
  return Math.min(...times)
}
