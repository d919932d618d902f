import { describe, expect, it } from 'vitest'
import type { BlackBoxView, IncidentView } from '../../src/core/report.ts'
import { incidentMarkdown } from '../../src/words/incident-markdown.ts'

const FROZEN = 'the VM runs, but HTTP, SSH and heartbeat are all gone'
const incident: IncidentView = {
  schema: 2,
  id: 'bot-mj1',
  target: 'bot',
  beganAt: '2026-11-21T18:12:05.000Z',
  openedAt: '2026-11-21T18:13:05.000Z',
  openedBy: 'guard',
  recoveredAt: '2026-11-21T18:15:19.000Z',
  closedAt: '2026-11-21T18:20:19.000Z',
  cause: 'vm-frozen',
  state: 'closed',
  timeline: [
    { at: '2026-11-21T18:13:05.000Z', kind: 'opened', text: `vm-frozen: ${FROZEN}` },
    {
      at: '2026-11-21T18:13:10.000Z',
      kind: 'black-box',
      text: 'black box kept: serial-console, kernel-oom',
    },
    { at: '2026-11-21T18:13:11.000Z', kind: 'action', text: 'reset issued' },
    {
      at: '2026-11-21T18:13:40.000Z',
      kind: 'person',
      text: 'alice@example.com asks for reset: it | hangs',
    },
    { at: '2026-11-21T18:15:19.000Z', kind: 'verified', text: 'well again 128 s after the reset, proved' },
  ],
  timelineDropped: 2,
  actions: [
    {
      id: 'bot-mj1.reset.1',
      incidentId: 'bot-mj1',
      rung: 'reset',
      attempt: 1,
      cause: 'vm-frozen',
      purpose: 'recovery',
      by: { kind: 'guard' },
      force: false,
      status: 'proved',
      intendedAt: '2026-11-21T18:13:06.000Z',
      issuedAt: '2026-11-21T18:13:11.000Z',
      endedAt: '2026-11-21T18:15:19.000Z',
      result: { kind: 'done', detail: 'reset of bot (us-west1-b): done' },
      baseline: { bootId: 'boot-1' },
      fence: 3,
    },
    {
      id: 'bot-mj1.restart-workload.bot.service.2',
      incidentId: 'bot-mj1',
      rung: 'restart-workload',
      unit: 'bot.service',
      attempt: 2,
      cause: 'manual',
      purpose: 'recovery',
      by: { kind: 'person', who: 'alice@example.com', reason: 'it | hangs' },
      force: true,
      status: 'intended',
      intendedAt: '2026-11-21T18:13:40.000Z',
      baseline: {},
      fence: 4,
    },
  ],
  fixedBy: { kind: 'action', actionId: 'bot-mj1.reset.1', rung: 'reset', by: 'guard', proved: true },
  relapses: 1,
  notices: 3,
  blackBoxes: [
    { id: 'bot-mj1.reset.1', at: '2026-11-21T18:13:08.000Z', before: 'reset' },
    { id: 'bot-mj1.reboot.1', at: '2026-11-21T18:13:09.000Z', before: 'reboot' },
  ],
  would: [
    {
      at: '2026-11-21T18:13:05.000Z',
      rung: 'reset',
      cause: 'vm-frozen',
      reason: FROZEN,
    },
  ],
}
const box: BlackBoxView = {
  schema: 1,
  id: 'bot-mj1.reset.1',
  incidentId: 'bot-mj1',
  target: 'bot',
  at: '2026-11-21T18:13:08.000Z',
  before: 'reset',
  sections: [
    { kind: 'text', name: 'serial-console', text: 'Out of memory: Killed process 812\n', cut: true },
    { kind: 'unavailable', name: 'kernel-oom', detail: 'not asked: SSH does not work' },
  ],
}

describe('the export of an incident', () => {
  it('tells all of it, in English', () => {
    expect(
      incidentMarkdown(incident, [box], { language: 'en', timeZone: 'Asia/Seoul' }),
    ).toBe(`# bot: VM frozen

| Fact | Value |
| --- | --- |
| Target | bot |
| Cause | VM frozen |
| State | closed |
| Opened by | the guard |
| Began | 2026-11-22 03:12:05 |
| Confirmed | 2026-11-22 03:13:05 |
| Recovered | 2026-11-22 03:15:19 |
| Closed | 2026-11-22 03:20:19 |
| Outage | 3 min 14 s |
| What mended it | Mended by the guard: hard reset. |
| Relapses | 1 |
| Incident | bot-mj1 |
| Times are in | Asia/Seoul |

## Timeline

| Time | Kind | What happened |
| --- | --- | --- |
| 2026-11-22 03:13:05 | opened | VM frozen: the VM runs, but HTTP, SSH and heartbeat are all gone |
| 2026-11-22 03:13:10 | black box | black box kept: serial-console, kernel-oom |
| 2026-11-22 03:13:11 | action | hard reset issued |
| 2026-11-22 03:13:40 | person | alice@example.com asks for reset: it \\| hangs |
| 2026-11-22 03:15:19 | verified | well again 128 s after the hard reset, proved |

Entries after the first that were left out: 2.

## Actions

| Action | By whom, and why | Intended | Issued | Ended | Status | Result |
| --- | --- | --- | --- | --- | --- | --- |
| hard reset | the guard: VM frozen | 2026-11-22 03:13:06 | 2026-11-22 03:13:11 | 2026-11-22 03:15:19 | proved | done: reset of bot (us-west1-b): done |
| restart of bot.service (attempt 2) | alice@example.com, by force: it \\| hangs | 2026-11-22 03:13:40 | – | – | intended | – |

## What would have been done

| Time | Action | Cause | Reason |
| --- | --- | --- | --- |
| 2026-11-22 03:13:05 | hard reset | VM frozen | the VM runs, but HTTP, SSH and heartbeat are all gone |

## Black box of 2026-11-22 03:13:08, before: hard reset

### serial console

Some of it was left out.

\`\`\`text
Out of memory: Killed process 812
\`\`\`

### kernel's out-of-memory lines

Not to be had: not asked: SSH does not work

## Black box of 2026-11-22 03:13:09, before: reboot

It is not kept any more.
`)
  })

  it('and in Korean', () => {
    expect(incidentMarkdown(incident, [box], { language: 'ko', timeZone: 'Asia/Seoul' })).toBe(`# bot: VM 멈춤

| 항목 | 값 |
| --- | --- |
| 대상 | bot |
| 원인 | VM 멈춤 |
| 상태 | 종료 |
| 기록을 연 쪽 | Night Guard |
| 시작 | 2026년 11월 22일 03:12:05 |
| 확인 | 2026년 11월 22일 03:13:05 |
| 복구 | 2026년 11월 22일 03:15:19 |
| 종료 | 2026년 11월 22일 03:20:19 |
| 중단 시간 | 3분 14초 |
| 복구 방법 | Night Guard가 복구했습니다: 강제 리셋. |
| 재발 횟수 | 1 |
| 장애 | bot-mj1 |
| 시간대 | Asia/Seoul |

## 시간순 기록

| 시각 | 종류 | 내용 |
| --- | --- | --- |
| 2026년 11월 22일 03:13:05 | 발생 | VM 멈춤 – VM은 실행 중이지만 HTTP, SSH, 하트비트가 모두 끊겼습니다 |
| 2026년 11월 22일 03:13:10 | 블랙박스 | 블랙박스 보관: 직렬 콘솔, 커널 메모리 부족(OOM) 기록 |
| 2026년 11월 22일 03:13:11 | 조치 | 강제 리셋: 실행했습니다 |
| 2026년 11월 22일 03:13:40 | 사람 | alice@example.com 님이 요청했습니다(강제 리셋): it \\| hangs |
| 2026년 11월 22일 03:15:19 | 확인 | 강제 리셋 후 128초 만에 정상으로 돌아왔습니다 (실행 확인됨) |

첫 항목 뒤에 생략된 항목: 2개.

## 조치

| 조치 | 누가, 왜 | 예정 | 실행 | 끝 | 상태 | 결과 |
| --- | --- | --- | --- | --- | --- | --- |
| 강제 리셋 | Night Guard: VM 멈춤 | 2026년 11월 22일 03:13:06 | 2026년 11월 22일 03:13:11 | 2026년 11월 22일 03:15:19 | 실행 확인됨 | 완료: bot (us-west1-b) 강제 리셋: 완료 |
| bot.service 재시작 (2번째 시도) | alice@example.com (강제): it \\| hangs | 2026년 11월 22일 03:13:40 | – | – | 예정 | – |

## 했을 조치

| 시각 | 조치 | 원인 | 사유 |
| --- | --- | --- | --- |
| 2026년 11월 22일 03:13:05 | 강제 리셋 | VM 멈춤 | VM은 실행 중이지만 HTTP, SSH, 하트비트가 모두 끊겼습니다 |

## 블랙박스 2026년 11월 22일 03:13:08, 조치 직전: 강제 리셋

### 직렬 콘솔

일부가 생략되었습니다.

\`\`\`text
Out of memory: Killed process 812
\`\`\`

### 커널 메모리 부족(OOM) 기록

얻지 못했습니다: SSH가 되지 않아 확인하지 않았습니다

## 블랙박스 2026년 11월 22일 03:13:09, 조치 직전: 재부팅

더는 보관되어 있지 않습니다.
`)
  })

  it('of one that has only begun says what is not yet', () => {
    const { recoveredAt: _recovered, closedAt: _closed, fixedBy: _fixed, ...open } = incident
    const fresh: IncidentView = {
      ...open,
      openedBy: 'person',
      state: 'open',
      timeline: [],
      timelineDropped: 0,
      actions: [],
      blackBoxes: [],
      would: [],
    }
    expect(incidentMarkdown(fresh, [], { language: 'en', timeZone: 'UTC' })).toBe(`# bot: VM frozen

| Fact | Value |
| --- | --- |
| Target | bot |
| Cause | VM frozen |
| State | open |
| Opened by | a person |
| Began | 2026-11-21 18:12:05 |
| Confirmed | 2026-11-21 18:13:05 |
| Recovered | not yet |
| Closed | not yet |
| Outage | not yet |
| What mended it | not yet |
| Relapses | 1 |
| Incident | bot-mj1 |
| Times are in | UTC |

## Timeline

| Time | Kind | What happened |
| --- | --- | --- |

## Actions

Nothing was done.
`)
  })
})

describe('hostile text in an export breaks out of nothing', () => {
  const hostile = 'x | y\n# z <script> `a` [b](http://c) ``` ~~~ \u202e \\'
  const action = incident.actions[1]
  if (action === undefined) throw new Error('The incident has two actions')
  const report = incidentMarkdown(
    {
      ...incident,
      target: hostile,
      timeline: [{ at: incident.openedAt, kind: 'person', text: hostile }],
      actions: [
        {
          ...action,
          unit: hostile,
          by: { kind: 'person', who: hostile, reason: hostile },
          result: { kind: 'failed', detail: hostile },
        },
      ],
      would: [{ at: incident.openedAt, rung: 'reset', unit: hostile, cause: hostile, reason: hostile }],
    },
    [
      {
        ...box,
        sections: [
          { kind: 'text', name: 'memory', text: `${hostile}\n\`\`\`\`\n# out\n`, cut: false },
          { kind: 'unavailable', name: 'units', detail: hostile },
        ],
      },
    ],
    { language: 'en', timeZone: 'UTC' },
  )
  const lines = report.split('\n')
  const fences = lines.flatMap((line, index) => (line.startsWith('`````') ? [index] : []))
  const outside = [...lines.slice(0, fences[0]), ...lines.slice((fences[1] ?? 0) + 1)]

  it('rows keep their cells', () => {
    const heads = outside.flatMap((line, index) => (/^\| ---/.test(line) ? [index] : []))
    for (const head of heads) {
      const cells = (line: string): number => line.replace(/\\[\s\S]/g, '').split('|').length
      for (let row = head + 1; outside[row]?.startsWith('|'); row += 1)
        expect(cells(outside[row] ?? '')).toBe(cells(outside[head] ?? ''))
    }
  })

  it('nothing outside of the fence is HTML, code, a link or a heading of its own', () => {
    const bare = outside.join('\n').replace(/\\[\s\S]/g, '')
    expect(bare).not.toMatch(/[<>`[\]~\u202e]|:\/\//)
    expect(outside.filter((line) => line.startsWith('#'))).toEqual([
      '# x \\| y␊\\# z \\<script\\> \\`a\\` \\[b\\](http\\://c) \\`\\`\\` \\~\\~\\~ ⟨U+202E⟩ \\\\: VM frozen',
      '## Timeline',
      '## Actions',
      '## What would have been done',
      '## Black box of 2026-11-21 18:13:08, before: hard reset',
      '### memory',
      '### units',
      '## Black box of 2026-11-21 18:13:09, before: reboot',
    ])
  })

  it('the fence is longer than what stands in it', () => {
    expect(lines.slice(fences[0], (fences[1] ?? 0) + 1)).toEqual([
      '`````text',
      'x | y',
      '# z <script> `a` [b](http://c) ``` ~~~ ⟨U+202E⟩ \\',
      '````',
      '# out',
      '`````',
    ])
  })
})
