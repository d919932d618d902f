/** The command in Korean: how the language is chosen, what is said, and that nothing is forgotten. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languageOf } from '../../src/cli/language.ts'
import { actionName, type NameKind, nameOf } from '../../src/words/names.ts'
import { say } from '../../src/words/say.ts'
import { sentence } from '../../src/words/sentences.ts'
import { isProse, textsIn } from '../words/source-texts.ts'
import { type Desk, type FakeService, runCli, startService } from './run-cli.ts'

describe('The language', () => {
  it.each<[string, string[], Record<string, string>, string]>([
    ['is English by default', ['status'], {}, 'en'],
    ['is what --lang says', ['--lang', 'ko'], { NIGHTGUARD_LANG: 'en', LANG: 'C' }, 'ko'],
    ['is what --lang= says, the last one', ['--lang=en', '--lang=ko'], {}, 'ko'],
    ['is not what stands behind --', ['--', '--lang', 'ko'], {}, 'en'],
    ['is what NIGHTGUARD_LANG says', [], { NIGHTGUARD_LANG: 'ko', LC_ALL: 'en_US.UTF-8' }, 'ko'],
    ['is what LC_ALL says', [], { LC_ALL: 'ko_KR.UTF-8', LC_MESSAGES: 'en_US', LANG: 'en_US' }, 'ko'],
    ['is what LC_MESSAGES says', [], { LC_ALL: '', LC_MESSAGES: 'ko_KR', LANG: 'en_US' }, 'ko'],
    ['is what LANG says', [], { LANG: 'ko' }, 'ko'],
    ['is English where LC_ALL is another', [], { LC_ALL: 'C.UTF-8', LANG: 'ko_KR.UTF-8' }, 'en'],
    ['is English for a language that is none of ours', [], { LANG: 'kok_IN' }, 'en'],
    [
      'goes on to the next for a word that is none',
      ['--lang'],
      { NIGHTGUARD_LANG: 'x', LANG: 'ko_KR' },
      'ko',
    ],
  ])('%s', (_, words, env, language) => {
    expect(languageOf(words, env)).toBe(language)
  })
})

/** Those of failures, too, which test/words can't see said. */
describe('Every text of the command', () => {
  const root = fileURLToPath(new URL('../../src/cli/', import.meta.url))
  const sources = globSync(`${root}**/*.ts`).map((file) => ({ file, source: readFileSync(file, 'utf8') }))
  /** What a shell is given, and what only a header or yargs reads. */
  const NO_WORDS = [
    /^\$0 /,
    /^eval "/,
    /^[a-z]+ [[<][a-z]+[\]>]$/,
    /%s/,
    /^Bearer \{\}$/,
    /^nightguard \{\}--help$/,
    // The markup, style and content policy of the proxy's own pages.
    /^<!doctype html>/,
    /^:root \{/,
    /^[a-z]+-[a-z]+ '/,
  ]
  const FIGURES = ['{}, application/problem+json', '{}, {} ms']

  it('has its Korean', () => {
    const prose = sources.flatMap(({ file, source }) => textsIn(file, source).filter(isProse))
    const labels = sources.flatMap(({ source }) =>
      [...source.matchAll(/\bsay\(\s*language,\s*'([^']+)'/g)].map(([, text = '']) => text),
    )
    const texts = [...prose.map(({ text }) => text), ...labels]
    const lacking = texts.filter(
      (text) =>
        say('ko', text) === text &&
        !FIGURES.includes(text) &&
        !NO_WORDS.some((pattern) => pattern.test(text)),
    )
    expect([...new Set(lacking)]).toEqual([])
  })
})

const name = (kind: NameKind, value: string) => nameOf(kind, value, 'ko')

/** Rows as a terminal shows them in line: a syllable is two columns wide. */
function inLine(...rows: readonly (readonly string[])[]): string {
  const columns = (text: string) => text.length + [...text.matchAll(/[가-힣]/g)].length
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => columns(row[at] ?? ''))))
  return rows
    .map((row) =>
      row
        .map((text, at) => text + ' '.repeat((widths[at] ?? 0) - columns(text)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

describe.concurrent('In Korean', () => {
  let service: FakeService
  beforeAll(async () => {
    service = await startService()
  })
  afterAll(() => service.close())

  const SEOUL = { LANG: 'ko_KR.UTF-8', TZ: 'Asia/Seoul' }
  const ask = (desk: Desk, ...words: string[]) => runCli([...words, '--url', desk.url], SEOUL)

  const TARGET = {
    id: 'bot',
    verdict: 'healthy',
    reason: 'the health endpoint answers as it should',
    phase: 'watching',
    phaseSince: '2026-03-01T12:00:00.000Z',
    armed: true,
    evidence: { http: { kind: 'ok', detail: '12 ms' }, ssh: { kind: 'banner-timeout' } },
    breaker: { kind: 'closed' },
    budgets: [
      { rung: 'restart-workload', unit: 'agent.service', used: 1, max: 3, windowMs: 3_600_000 },
      { rung: 'reboot or reset', used: 2, max: 2, windowMs: 21_600_000 },
    ],
    workloads: [
      { unit: 'agent.service', container: 'systemd-agent', state: 'active (running)', health: 'healthy' },
    ],
    secrets: [{ name: 'token', secret: 'bot-token', wanted: 'latest', applied: '3' }],
    mode: 'observe',
    uptime: { hours24: 0.9995, days7: 1 },
  }
  const BROKEN = {
    ...TARGET,
    id: 'web-server',
    verdict: 'unhealthy',
    cause: 'vm-frozen',
    reason: '정상\u001b[2J',
    phase: 'recovering',
    paused: { by: 'me', reason: '업그레이드', until: '2026-03-01T12:00:00.000Z' },
    outlook: { rung: 'reset', notBeforeAt: '2026-03-01T12:00:00.000Z', why: 'odd' },
    uptime: {},
  }

  const WELL = sentence(TARGET.reason, 'ko')

  it('the columns of a table stay in line', async () => {
    const desk = service.desk({ body: { targets: [TARGET, BROKEN] } })
    const rows = inLine(
      ['대상', '판정', '단계', '가동률 24시간', '마지막 점검', '이유'],
      ['bot', name('verdict', 'healthy'), name('phase', 'watching'), '99.95%', '아직 없음', WELL],
      [
        'web-server',
        name('verdict', 'unhealthy'),
        `${name('phase', 'recovering')}, 일시 중지됨`,
        '–',
        '아직 없음',
        `${name('cause', 'vm-frozen')}: 정상\uFFFD[2J`,
      ],
    )
    expect(await ask(desk, 'status')).toEqual({
      code: 1,
      err: '',
      out: `${rows}
→ web-server: ${actionName({ rung: 'reset' }, 'ko')} (2026-03-01 21:00:00+09:00 이후): odd
관찰만 하는 모드입니다. 판단하고 기록하지만 조치하지 않습니다.
`,
    })
  })

  it('one target in full', async () => {
    const desk = service.desk({ body: TARGET })
    const restart = `${name('budget', 'restart-workload')} agent.service`
    expect((await ask(desk, 'status', 'bot')).out).toBe(`bot  ${name('verdict', 'healthy')}  ${WELL}
단계         ${name('phase', 'watching')} (2026-03-01 21:00:00+09:00부터)
모드         관찰만 하는 모드입니다. 판단하고 기록하지만 조치하지 않습니다.
가동률       24시간 99.95%, 7일 100%
마지막 점검  아직 없음

${inLine(
  ['증거', '결과', '설명'],
  [name('witness', 'http'), name('word', 'ok'), '12 ms'],
  [name('witness', 'ssh'), name('word', 'banner-timeout'), ''],
)}

${inLine(
  ['워크로드', '컨테이너', '상태', '헬스 체크'],
  ['agent.service', 'systemd-agent', 'active (running)', 'healthy'],
)}

${inLine(['Podman 시크릿', '시크릿', '원하는 버전', '적용된 버전'], ['token', 'bot-token', 'latest', '3'])}

${inLine(
  ['복구 한도', '사용', '기간'],
  [restart, '3회 중 1회', '1시간'],
  [name('budget', 'reboot or reset'), '2회 중 2회', '6시간'],
)}
`)
  })

  it("the service's JSON stays English and in UTC", async () => {
    const desk = service.desk({ body: { targets: [TARGET] } })
    expect(JSON.parse((await ask(desk, 'status', '--json')).out)).toEqual({ targets: [TARGET] })
  })

  it('reports and orders', async () => {
    const report = {
      ...TARGET,
      actions: [{ rung: 'restart-workload', result: 'done', detail: 'agent.service' }],
    }
    const ordered = service.desk({ body: { report, target: TARGET } })
    const order = await ask(ordered, 'recover', 'bot', '--action', 'auto', '--reason', '느림')
    const restarted = [name('rung', 'restart-workload'), name('result', 'done')] as const
    expect(order.out.split('\n')[0]).toBe(`${restarted.join(': ')}, agent.service`)

    const ticked = service.desk({ body: { at: '2026-03-01T12:00:00Z', durationMs: 41, targets: [report] } })
    const rows = inLine(
      ['대상', '판정', '단계', '조치', '이유'],
      ['bot', name('verdict', 'healthy'), name('phase', 'watching'), restarted.join(' '), WELL],
    )
    expect((await ask(ticked, 'tick')).out).toBe(`${rows}\n2026-03-01 21:00:00+09:00, 41 ms\n`)
  })

  it('incidents and alerts', async () => {
    const incident = {
      id: 'bot-1',
      target: 'bot',
      openedAt: '2026-03-01T03:12:00.000Z',
      openedBy: 'guard',
      closedAt: '2026-03-01T03:14:05.000Z',
      cause: 'vm-frozen',
      state: 'closed',
      timeline: [{ at: '2026-03-01T03:12:00.000Z', kind: 'opened', text: 'odd' }],
      timelineDropped: 2,
    }
    const listed = service.desk({ body: { incidents: [incident], next: 'abc' } })
    const [closed, frozen] = [name('incident', 'closed'), name('cause', 'vm-frozen')]
    const rows = inLine(
      ['인시던트', '대상', '발생', '지속', '상태', '원인'],
      ['bot-1', 'bot', '2026-03-01 12:12:00+09:00', '2분 5초', closed, frozen],
    )
    expect((await ask(listed, 'incidents')).out).toBe(`${rows}\n더 보기: --cursor abc\n`)
    const told = service.desk({ body: incident })
    expect((await ask(told, 'incidents', 'bot-1')).out).toBe(`bot-1  ${closed}  ${frozen}
대상 bot, 2026-03-01 12:12:00+09:00에 감시 서비스가 감지함, 2분 5초 동안 지속

${inLine(['시각', '내용', ''], ['2026-03-01 12:12:00+09:00', name('timeline', 'opened'), 'odd'])}
생략된 항목이 2개 더 있습니다
`)

    const tested = service.desk({ body: { results: [{ channel: 'telegram:1', result: 'sent' }] } })
    const tests = inLine(['채널', '결과', '설명'], ['telegram:1', name('delivery', 'sent'), ''])
    expect((await ask(tested, 'alerts', 'test')).out).toBe(`${tests}\n`)
  })

  it('what is wrong, and what to do', async () => {
    expect(await runCli(['status'], { ...SEOUL, NIGHTGUARD_URL: 'http://127.0.0.1:2' })).toEqual({
      code: 1,
      out: '',
      err: 'http://127.0.0.1:2에 연결할 수 없습니다: connect ECONNREFUSED 127.0.0.1:2\n→ 서비스를 시작하거나(체험: nightguard sandbox), --url 또는 NIGHTGUARD_URL로 다른 주소를 지정하세요\n',
    })
    const desk = service.desk({ status: 502, body: '<html>' })
    expect((await ask(desk, 'status')).err).toBe(
      '서비스가 상태 코드 502(으)로 응답했습니다\n→ --url을 확인하고 서비스 로그를 살펴보세요\n',
    )
    // No text from outside is taken for one of ours.
    const odd = service.desk({ status: 500, body: { title: '{constructor}', detail: '{status}' } })
    expect((await ask(odd, 'status')).err.split('\n')[0]).toBe('{constructor}: {status}')
  })

  it.each<[string[], string]>([
    [[], '무엇을 할지 적어 주세요. 명령이 없습니다'],
    [['statsu'], '그런 명령은 없습니다. status을(를) 찾으시나요?'],
    [['status', 'a', 'b'], '알 수 없는 명령입니다: b'],
    [['arm', 'bot'], '필수 인수가 주어지지 않았습니다: reason'],
    [['arm', 'bot', '--reason', 'a', '--reason', 'b'], '--reason 옵션이 두 번 쓰였습니다'],
    [['history', 'bot', '--days', '0'], '--days 값은 1에서 90 사이의 정수여야 합니다'],
  ])('wrong usage: %j', async (words, message) => {
    const { code, err } = await runCli(words, SEOUL)
    expect({ code, line: err.split('\n')[0] }).toEqual({ code: 2, line: message })
  })

  it('help', async () => {
    const { code, out } = await runCli(['recover', '--help', '--lang', 'ko'])
    expect(code).toBe(0)
    for (const text of ['옵션:', '예시:', '대상 id', '이유. 기록에 남습니다', '[필수]'])
      expect(out).toContain(text)
    expect(out).not.toMatch(/Options|Examples|required/)
  })
})
