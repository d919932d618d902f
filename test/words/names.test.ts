import { describe, expect, it } from 'vitest'
import { RUNGS } from '../../src/core/action.ts'
import { BLACK_BOX_SECTIONS } from '../../src/core/black-box.ts'
import { BUTTONS } from '../../src/core/buttons.ts'
import { SSH_KINDS, VM_STATUSES } from '../../src/core/evidence.ts'
import { INCIDENT_STATES, TIMELINE_KINDS } from '../../src/core/incident.ts'
import { NOTICE_KINDS } from '../../src/core/notice.ts'
import { MODES } from '../../src/core/policy.ts'
import { CAUSES, PHASES, VERDICTS } from '../../src/core/state.ts'
import { actionName, isNamed, type NameKind, nameOf } from '../../src/words/names.ts'

const LISTS: readonly (readonly [NameKind, readonly string[]])[] = [
  ['cause', CAUSES],
  ['verdict', VERDICTS],
  ['phase', PHASES],
  ['rung', RUNGS],
  ['incident', INCIDENT_STATES],
  ['timeline', TIMELINE_KINDS],
  ['word', SSH_KINDS],
  ['vm', VM_STATUSES],
  ['section', BLACK_BOX_SECTIONS],
  ['notice', NOTICE_KINDS],
  ['button', BUTTONS],
  ['mode', MODES],
]

describe('names of the closed lists', () => {
  it.each(LISTS)('every %s has one in both languages', (kind, values) => {
    for (const value of values) {
      expect([value, isNamed(kind, value)]).toEqual([value, true])
      expect(nameOf(kind, value, 'en')).toMatch(/^[A-Za-z]/)
      expect(nameOf(kind, value, 'ko')).toMatch(/\p{Script=Hangul}|^SSH$/u)
    }
  })

  it.each<[NameKind, string, string, string]>([
    ['cause', 'workload-hung', 'workload hung', '워크로드 응답 없음'],
    ['verdict', 'unhealthy', 'unhealthy', '비정상'],
    ['phase', 'gave-up', 'gave up', '자동 복구 포기'],
    ['rung', 'reset', 'hard reset', '강제 리셋'],
    ['word', '2 of 3', '2 of 3', '2 of 3'],
    ['cause', 'toString', 'toString', 'toString'],
    ['cause', '__proto__', '__proto__', '__proto__'],
  ])('%s %s', (kind, value, english, korean) => {
    expect([nameOf(kind, value, 'en'), nameOf(kind, value, 'ko')]).toEqual([english, korean])
  })

  it.each([
    [{ rung: 'restart-workload', unit: 'bot.service' }, 'restart of bot.service', 'bot.service 재시작'],
    [{ rung: 'restart-workload' }, 'workload restart', '워크로드 재시작'],
    [{ rung: 'reset' }, 'hard reset', '강제 리셋'],
    [
      { rung: 'rollout', unit: 'bot.service' },
      'restart for new secrets of bot.service',
      'bot.service 새 시크릿용 재시작',
    ],
  ])('an action: $rung of $unit', (action, english, korean) => {
    expect([actionName(action, 'en'), actionName(action, 'ko')]).toEqual([english, korean])
  })
})
