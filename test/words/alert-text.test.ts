import { describe, expect, it } from 'vitest'
import type { Language, Reader } from '../../src/core/channel.ts'
import type { Notice } from '../../src/core/notice.ts'
import { NOTICE_KINDS } from '../../src/core/notice.ts'
import { alertText } from '../../src/words/alert-text.ts'

/** 03:14:19 in Seoul. */
const AT = Date.UTC(2026, 10, 21, 18, 14, 19)
const BEGAN = AT - 134_000
const OPENED = 'workload-hung: bot.service looks well and answers nobody: status 503, expected 200'

const triggered: Notice = {
  schema: 1,
  id: 'bot-1.1',
  thread: 'bot-1',
  number: 1,
  target: 'bot',
  kind: 'triggered',
  severity: 'critical',
  at: AT,
  since: BEGAN,
  incidentId: 'bot-1',
  verdict: 'unhealthy',
  cause: 'workload-hung',
  reason: 'bot.service looks well and answers nobody: status 503, expected 200',
  story: [{ at: AT - 60_000, kind: 'opened', text: OPENED }],
  offer: { buttons: ['recover', 'pause', 'leave-off'], offeredAt: AT },
}
const { offer: _offer, ...unoffered } = triggered
const issued = { at: AT - 30_000, kind: 'action', text: 'restart-workload of bot.service issued' }
const warning: Notice = {
  ...unoffered,
  id: 'bot-stopped-by-person-1.1',
  thread: 'bot-stopped-by-person-1',
  severity: 'warning',
  verdict: 'degraded',
  cause: 'stopped-by-person',
  reason: 'the VM is TERMINATED: stop by alice@example.com',
  story: [],
}
const { incidentId: _incident, ...stopped } = warning
const fixedBy = {
  kind: 'action',
  actionId: 'bot-1.restart-workload.bot.service.1',
  rung: 'restart-workload',
  unit: 'bot.service',
  by: 'guard',
  proved: true,
} as const
const WELL = 'the health endpoint answers as it should'

const seoul = (language: Language): Reader => ({ language, timeZone: 'Asia/Seoul' })

describe('an alert, triggered', () => {
  it('says what is the matter, since when, and that the guard is at work', () => {
    expect(alertText(triggered, seoul('en'))).toEqual({
      mark: '🔴',
      title: 'bot: workload hung',
      brief: 'bot: workload hung. bot.service looks well and answers nobody: status 503, expected 200.',
      lines: [
        'bot.service looks well and answers nobody: status 503, expected 200.',
        'Since 03:12.',
        'The guard is at work on it: nothing is needed from you yet.',
      ],
      story: [
        {
          time: '03:13:19',
          text: 'workload hung: bot.service looks well and answers nobody: status 503, expected 200',
        },
      ],
      buttons: [
        { button: 'recover', label: 'Recover now' },
        { button: 'pause', label: 'Pause the guard' },
        { button: 'leave-off', label: 'Leave it' },
      ],
    })
    expect(alertText(triggered, seoul('ko'))).toEqual({
      mark: '🔴',
      title: 'bot: 워크로드 응답 없음',
      brief:
        'bot: 워크로드 응답 없음. bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
      lines: [
        'bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
        '03:12부터입니다.',
        'Night Guard가 처리하고 있습니다. 아직 하실 일은 없습니다.',
      ],
      story: [
        {
          time: '03:13:19',
          text: '워크로드 응답 없음 – bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
        },
      ],
      buttons: [
        { button: 'recover', label: '지금 복구' },
        { button: 'pause', label: '일시 중지' },
        { button: 'leave-off', label: '그대로 두기' },
      ],
    })
  })
})

describe('an alert, resolved', () => {
  const resolved: Notice = {
    ...unoffered,
    kind: 'resolved',
    severity: 'info',
    verdict: 'healthy',
    reason: WELL,
    endedAt: AT,
    fixedBy,
    story: [...triggered.story, issued],
  }

  it('says when it broke, when it was back, why, and what mended it', () => {
    expect(alertText(resolved, seoul('en'))).toEqual({
      mark: '🟢',
      title: 'bot: back after 2 min 14 s',
      brief:
        'bot: back after 2 min 14 s. It broke at 03:12, it was back at 03:14. Mended by the guard: restart of bot.service.',
      lines: [
        'It broke at 03:12, it was back at 03:14.',
        'workload hung: bot.service looks well and answers nobody: status 503, expected 200.',
        'Mended by the guard: restart of bot.service.',
      ],
      story: [
        {
          time: '03:13:19',
          text: 'workload hung: bot.service looks well and answers nobody: status 503, expected 200',
        },
        { time: '03:13:49', text: 'restart of bot.service issued' },
      ],
      buttons: [],
    })
    expect(alertText(resolved, seoul('ko'))).toEqual({
      mark: '🟢',
      title: 'bot: 2분 14초 만에 복구됨',
      brief:
        'bot: 2분 14초 만에 복구됨. 03:12에 멈췄고 03:14에 복구되었습니다. Night Guard가 복구했습니다: bot.service 재시작.',
      lines: [
        '03:12에 멈췄고 03:14에 복구되었습니다.',
        '워크로드 응답 없음 – bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
        'Night Guard가 복구했습니다: bot.service 재시작.',
      ],
      story: [
        {
          time: '03:13:19',
          text: '워크로드 응답 없음 – bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
        },
        { time: '03:13:49', text: 'bot.service 재시작: 실행했습니다' },
      ],
      buttons: [],
    })
  })

  it('says the day where it is another, and seconds where the minute is the same', () => {
    const long = { ...resolved, since: AT - 26 * 3_600_000 }
    const short = { ...resolved, since: AT - 9_000 }
    expect([long, short].map((notice) => alertText(notice, seoul('en')).lines[0])).toEqual([
      'It broke at 2026-11-21 01:14, it was back at 03:14.',
      'It broke at 03:14:10, it was back at 03:14:19.',
    ])
  })

  it.each<[NonNullable<Notice['fixedBy']>, string, string]>([
    [
      { ...fixedBy, proved: false },
      'It was well again after this, though it is not proved that it happened: restart of bot.service.',
      '다음 조치 후 정상으로 돌아왔지만, 실제로 실행되었는지는 확인되지 않았습니다: bot.service 재시작.',
    ],
    [
      { kind: 'action', actionId: 'bot-1.reset.1', rung: 'reset', by: 'person', proved: true },
      'Mended by an order of a person: hard reset.',
      '사람의 요청으로 복구했습니다: 강제 리셋.',
    ],
    [
      { kind: 'inner-guard' },
      'Podman and systemd on the VM mended it.',
      'VM의 Podman과 systemd가 스스로 복구했습니다.',
    ],
    [{ kind: 'unknown' }, 'What mended it is not known.', '무엇으로 복구되었는지는 알 수 없습니다.'],
  ])('names what mended it: %j', (by, english, korean) => {
    const notice = { ...resolved, fixedBy: by }
    expect([alertText(notice, seoul('en')).lines[2], alertText(notice, seoul('ko')).lines[2]]).toEqual([
      english,
      korean,
    ])
  })
})

/** The parts that differ: mark, title, brief and lines. */
function said(notice: Notice, language: Language): readonly [string, string, string, readonly string[]] {
  const { mark, title, brief, lines } = alertText(notice, seoul(language))
  return [mark, title, brief, lines]
}

const HELPLESS = 'bot.service is failed (exit-code); neither a restart nor a reboot helped'
type Said = ReturnType<typeof said>
const ALERTS: readonly (readonly [what: string, notice: Notice, english: Said, korean: Said])[] = [
  [
    'news while it goes on, as bad as before',
    { ...unoffered, kind: 'progress', number: 2, story: [...triggered.story, issued] },
    [
      '🔴',
      'bot: workload hung',
      'bot: workload hung. bot.service looks well and answers nobody: status 503, expected 200.',
      [
        'bot.service looks well and answers nobody: status 503, expected 200.',
        'Since 03:12.',
        'The guard is at work on it: nothing is needed from you yet.',
      ],
    ],
    [
      '🔴',
      'bot: 워크로드 응답 없음',
      'bot: 워크로드 응답 없음. bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
      [
        'bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
        '03:12부터입니다.',
        'Night Guard가 처리하고 있습니다. 아직 하실 일은 없습니다.',
      ],
    ],
  ],
  [
    'a person is needed',
    { ...unoffered, kind: 'person', cause: 'workload-failed', reason: HELPLESS },
    [
      '🔴',
      'bot: workload failed, a person is needed',
      `bot: workload failed, a person is needed. ${HELPLESS}.`,
      [
        `${HELPLESS}.`,
        'Since 03:12.',
        "The guard can't mend this by itself: you are needed.",
        "Look at the unit's log on the VM (journalctl -u), mend it, then resume the guard.",
      ],
    ],
    [
      '🔴',
      'bot: 워크로드 실패, 사람의 확인이 필요합니다',
      'bot: 워크로드 실패, 사람의 확인이 필요합니다. bot.service: failed 상태입니다 (exit-code). 재시작과 재부팅으로도 나아지지 않았습니다.',
      [
        'bot.service: failed 상태입니다 (exit-code). 재시작과 재부팅으로도 나아지지 않았습니다.',
        '03:12부터입니다.',
        'Night Guard만으로는 복구할 수 없습니다. 직접 확인해 주세요.',
        'VM에서 유닛의 로그(journalctl -u)를 보고 고친 다음, Night Guard를 다시 시작하세요.',
      ],
    ],
  ],
  [
    'it broke again',
    {
      ...unoffered,
      kind: 'again',
      cause: 'vm-frozen',
      reason: 'the VM runs, but HTTP, SSH and heartbeat are all gone',
    },
    [
      '🔴',
      'bot: VM frozen, again',
      'bot: VM frozen, again. The VM runs, but HTTP, SSH and heartbeat are all gone.',
      [
        'The VM runs, but HTTP, SSH and heartbeat are all gone.',
        'It was well in between; the trouble began at 03:12.',
        'The guard is at work on it: nothing is needed from you yet.',
      ],
    ],
    [
      '🔴',
      'bot: VM 멈춤 (재발)',
      'bot: VM 멈춤 (재발). VM은 실행 중이지만 HTTP, SSH, 하트비트가 모두 끊겼습니다.',
      [
        'VM은 실행 중이지만 HTTP, SSH, 하트비트가 모두 끊겼습니다.',
        '그사이 잠시 정상이었습니다. 처음 시작된 때는 03:12입니다.',
        'Night Guard가 처리하고 있습니다. 아직 하실 일은 없습니다.',
      ],
    ],
  ],
  [
    'a reminder, where a person was called and has not come',
    {
      ...unoffered,
      kind: 'reminder',
      since: AT - 31 * 60_000,
      cause: 'no-way-in',
      reason: 'the health check fails and SSH lets nobody in: auth-failed (the private key was not taken)',
      story: [...triggered.story, { at: AT - 60_000, kind: 'call', text: 'a person is called: x' }],
    },
    [
      '🔴',
      'bot: no way in, for 31 min now',
      'bot: no way in, for 31 min now. The health check fails and SSH lets nobody in: auth-failed (the private key was not taken).',
      [
        'The health check fails and SSH lets nobody in: auth-failed (the private key was not taken).',
        'Since 02:43.',
        "The guard can't mend this by itself: you are needed.",
        "Look at the guard's SSH key, the VM's host key and sshd: nothing is reset for a lost key.",
      ],
    ],
    [
      '🔴',
      'bot: 접속할 방법 없음, 31분째 계속',
      'bot: 접속할 방법 없음, 31분째 계속. 헬스 체크가 실패하고 SSH로도 접속할 수 없습니다: 인증 실패 (개인 키를 받아들이지 않았습니다)',
      [
        '헬스 체크가 실패하고 SSH로도 접속할 수 없습니다: 인증 실패 (개인 키를 받아들이지 않았습니다)',
        '02:43부터입니다.',
        'Night Guard만으로는 복구할 수 없습니다. 직접 확인해 주세요.',
        'Night Guard의 SSH 키, VM의 호스트 키, sshd를 확인하세요. 키를 잃었다고 VM을 리셋하지는 않습니다.',
      ],
    ],
  ],
  [
    'a warning',
    stopped,
    [
      '🟠',
      'bot: stopped by a person',
      'bot: stopped by a person. The VM is TERMINATED: stop by alice@example.com.',
      [
        'The VM is TERMINATED: stop by alice@example.com.',
        'Since 03:12.',
        'The guard does nothing about this by itself.',
        'It stays off until somebody starts it.',
      ],
    ],
    [
      '🟠',
      'bot: 사람이 중지함',
      'bot: 사람이 중지함. VM이 TERMINATED 상태입니다: stop, 실행자 alice@example.com',
      [
        'VM이 TERMINATED 상태입니다: stop, 실행자 alice@example.com',
        '03:12부터입니다.',
        'Night Guard는 이 문제에 스스로 조치하지 않습니다.',
        '누군가 시작할 때까지 꺼진 채로 둡니다.',
      ],
    ],
  ],
  [
    'a warning that is over',
    { ...stopped, kind: 'resolved', severity: 'info', verdict: 'healthy', reason: WELL, endedAt: AT },
    [
      '🟢',
      'bot: stopped by a person, over after 2 min 14 s',
      'bot: stopped by a person, over after 2 min 14 s. It began at 03:12 and was over at 03:14.',
      ['It began at 03:12 and was over at 03:14.', 'The health endpoint answers as it should.'],
    ],
    [
      '🟢',
      'bot: 사람이 중지함, 2분 14초 만에 해소됨',
      'bot: 사람이 중지함, 2분 14초 만에 해소됨. 03:12에 시작되어 03:14에 해소되었습니다.',
      ['03:12에 시작되어 03:14에 해소되었습니다.', '헬스 엔드포인트가 정상으로 응답합니다.'],
    ],
  ],
  [
    'in shadow mode',
    { ...unoffered, would: { rung: 'restart-workload', unit: 'bot.service' } },
    [
      '🔴',
      'bot: workload hung',
      'bot: workload hung. bot.service looks well and answers nobody: status 503, expected 200.',
      [
        'bot.service looks well and answers nobody: status 503, expected 200.',
        'Since 03:12.',
        'Shadow mode. The guard would have restarted bot.service; nothing was done.',
      ],
    ],
    [
      '🔴',
      'bot: 워크로드 응답 없음',
      'bot: 워크로드 응답 없음. bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
      [
        'bot.service: 정상으로 보이지만 응답하지 않습니다 (상태 코드 503, 기대한 값 200)',
        '03:12부터입니다.',
        '관찰 모드입니다. Night Guard가 재시작했을 것입니다: bot.service. 아무것도 하지 않았습니다.',
      ],
    ],
  ],
  [
    'one alert for many targets',
    {
      ...stopped,
      severity: 'critical',
      cause: 'fleet',
      reason: '3 of 5 targets fail at once: destructive rungs are held, then released one at a time',
      targets: ['bot', 'mailer', 'crawler'],
    },
    [
      '🔴',
      'Fleet: many targets fail at once',
      'Fleet: many targets fail at once. 3 of 5 targets fail at once: destructive rungs are held, then released one at a time.',
      [
        '3 of 5 targets fail at once: destructive rungs are held, then released one at a time.',
        'Since 03:12.',
        'Look for what they share: network, project, quota, a rollout.',
        'This alert speaks for bot, mailer, crawler.',
      ],
    ],
    [
      '🔴',
      '전체 대상: 여러 대상이 한꺼번에 실패',
      '전체 대상: 여러 대상이 한꺼번에 실패. 대상 5개 중 3개가 한꺼번에 실패하여, 재부팅과 강제 리셋을 보류했다가 하나씩 풉니다.',
      [
        '대상 5개 중 3개가 한꺼번에 실패하여, 재부팅과 강제 리셋을 보류했다가 하나씩 풉니다.',
        '03:12부터입니다.',
        '네트워크, 프로젝트, 할당량, 배포처럼 함께 쓰는 것을 확인하세요.',
        '함께 알리는 대상: bot, mailer, crawler.',
      ],
    ],
  ],
  [
    'an order of a person that was carried out on a well target',
    { ...unoffered, severity: 'info', verdict: 'healthy', cause: 'manual', reason: WELL },
    [
      '🔵',
      'bot: recovery by hand',
      'bot: recovery by hand. The health endpoint answers as it should.',
      [
        'The health endpoint answers as it should.',
        'Since 03:12.',
        'The guard does what a person asked for.',
      ],
    ],
    [
      '🔵',
      'bot: 수동 복구',
      'bot: 수동 복구. 헬스 엔드포인트가 정상으로 응답합니다.',
      [
        '헬스 엔드포인트가 정상으로 응답합니다.',
        '03:12부터입니다.',
        'Night Guard가 사람의 요청을 실행합니다.',
      ],
    ],
  ],
  [
    'a test',
    {
      ...stopped,
      kind: 'test',
      severity: 'info',
      verdict: 'healthy',
      target: 'night-guard',
      reason: 'a test, asked for by alice@example.com: nothing is wrong',
    },
    [
      '🔵',
      'Night Guard: test alert',
      'Night Guard: test alert. A test, asked for by alice@example.com: nothing is wrong.',
      ['A test, asked for by alice@example.com: nothing is wrong.', 'This shows only that alerts reach you.'],
    ],
    [
      '🔵',
      'Night Guard: 시험 알림',
      'Night Guard: 시험 알림. alice@example.com 님이 요청한 시험입니다. 문제가 있는 것은 아닙니다.',
      [
        'alice@example.com 님이 요청한 시험입니다. 문제가 있는 것은 아닙니다.',
        '알림이 잘 도착하는지 확인하는 메시지일 뿐입니다.',
      ],
    ],
  ],
]

describe('what an alert says', () => {
  it.each(ALERTS)('%s', (_, notice, english, korean) => {
    expect(said(notice, 'en')).toEqual(english)
    expect(said(notice, 'ko')).toEqual(korean)
  })

  it('is tested for every kind of notice', () => {
    const tested = new Set(['triggered', 'resolved', ...ALERTS.map(([, { kind }]) => kind)])
    expect([...tested].toSorted()).toEqual([...NOTICE_KINDS].toSorted())
  })

  it('names the trouble of a notice that has no cause: the store is out of reach', () => {
    const { cause: _cause, ...causeless } = stopped
    const notice: Notice = {
      ...causeless,
      target: 'night-guard',
      severity: 'critical',
      verdict: 'inconclusive',
      reason: "the memory of the guard can't be reached, nothing is done to any target: disk full",
    }
    expect(said(notice, 'ko').slice(1, 3)).toEqual([
      'night-guard: 사람의 확인이 필요합니다',
      'night-guard: 사람의 확인이 필요합니다. Night Guard의 저장소에 연결할 수 없어, 어떤 대상에도 조치하지 않습니다: disk full',
    ])
  })

  it('stops calling for a person when one has come', () => {
    const story = [
      { at: AT - 60_000, kind: 'call', text: 'a person is called: x' },
      { at: AT - 30_000, kind: 'person', text: 'resumed by alice@example.com: mended' },
    ]
    expect(alertText({ ...unoffered, kind: 'progress', story }, seoul('en')).title).toBe('bot: workload hung')
  })
})

describe('an alert is inert and bounded', () => {
  const hostile = '\u202e<b>\u001b[31m\nred\u200b'

  it('whatever a VM, a unit or a person says', () => {
    const notice: Notice = {
      ...triggered,
      target: hostile,
      reason: hostile,
      story: [{ at: AT, kind: 'person', text: `alice asks for reset: ${hostile}` }],
      targets: [hostile],
    }
    const shown = '⟨U+202E⟩<b>␛[31m␊red⟨U+200B⟩'
    expect(alertText(notice, seoul('en'))).toEqual({
      ...alertText(triggered, seoul('en')),
      title: `${shown}: workload hung`,
      brief: `${shown}: workload hung. ${shown}`,
      lines: [
        shown,
        'Since 03:12.',
        'The guard is at work on it: nothing is needed from you yet.',
        `This alert speaks for ${shown}.`,
      ],
      story: [{ time: '03:14:19', text: `alice asks for reset: ${shown}` }],
    })
  })

  it.each(['x', '\u202e', '🦉'])('with %j over and over', (piece) => {
    const long = piece.repeat(70_000)
    const { title, brief, lines, story } = alertText(
      {
        ...triggered,
        target: long,
        reason: long,
        story: Array.from({ length: 40 }, () => ({ at: AT, kind: 'person', text: long })),
        targets: Array.from({ length: 200 }, () => long),
      },
      seoul('ko'),
    )
    expect([title.length <= 161, brief.length <= 301, story.length, lines.length]).toEqual([
      true,
      true,
      12,
      4,
    ])
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(601)
    for (const { text } of story) expect(text.length).toBeLessThanOrEqual(301)
    for (const text of [title, brief, ...lines]) expect(text.isWellFormed()).toBe(true)
  })
})

describe('how an incident stands', () => {
  const lastLine = (standing: NonNullable<Notice['standing']>, language: Language): string | undefined => {
    const reason = standing === 'probation' ? WELL : triggered.reason
    return alertText({ ...unoffered, kind: 'progress', standing, reason }, seoul(language)).lines.at(-1)
  }

  it.each([
    ['at-work', 'en', 'The guard is at work on it: nothing is needed from you yet.'],
    ['probation', 'en', 'It works again. The guard watches whether it stays so.'],
    ['paused', 'en', 'The guard is paused: it watches, and does nothing.'],
    ['left', 'en', 'It is left as it is, as a person asked: no more reminders.'],
    ['probation', 'ko', '다시 동작합니다. 계속 정상인지 Night Guard가 지켜보고 있습니다.'],
    ['paused', 'ko', 'Night Guard가 일시 중지되었습니다. 지켜보기만 하고 조치하지 않습니다.'],
    ['left', 'ko', '사람의 요청에 따라 그대로 둡니다. 더 알리지 않습니다.'],
  ] as const)('%s, in %s: %s', (standing, language, line) => {
    expect(lastLine(standing, language)).toBe(line)
  })

  it('on probation it is neither red nor green, and its title says that it is well again', () => {
    const { mark, title } = alertText({ ...unoffered, kind: 'progress', standing: 'probation' }, seoul('en'))
    expect([mark, title]).toEqual(['🟡', 'bot: workload hung, well again'])
  })
})
