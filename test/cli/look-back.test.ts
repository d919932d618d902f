/** The verbs that look back, and the test of alerts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, type FakeService, runCli, startService } from './run-cli.ts'

let service: FakeService
beforeAll(async () => {
  service = await startService()
})
afterAll(() => service.close())

const ask = (desk: Desk, words: readonly string[], env: Record<string, string> = {}) =>
  runCli([...words, '--url', desk.url], env)
const asked = (desk: Desk) => desk.asked.map(({ headers: _, ...rest }) => rest)

describe.concurrent('nightguard alerts test', () => {
  const SENT = { channel: 'telegram:123', result: 'sent' }
  const FAILED = { channel: 'webhook:example.com', result: 'failed', detail: 'HTTP 500\u001b[2J' }

  it('has a test sent through every channel, and tells of each in a line', async () => {
    const desk = service.desk({ body: { results: [SENT] } })
    expect(await ask(desk, ['alerts', 'test'])).toEqual({
      code: 0,
      err: '',
      out: 'CHANNEL       RESULT  DETAIL\ntelegram:123  sent\n',
    })
    expect(asked(desk)).toEqual([{ method: 'POST', path: '/api/alerts/test', body: {} }])
  })

  it('fails when one channel failed', async () => {
    const desk = service.desk({ body: { results: [SENT, FAILED] } })
    expect(await ask(desk, ['alerts', 'test'])).toEqual({
      code: 1,
      err: '',
      out: [
        'CHANNEL              RESULT  DETAIL',
        'telegram:123         sent',
        'webhook:example.com  failed  HTTP 500\uFFFD[2J',
        '',
      ].join('\n'),
    })
  })

  it('fails when nobody would be told of anything', async () => {
    const desk = service.desk({ body: { results: [] } })
    expect(await ask(desk, ['alerts', 'test'])).toEqual({
      code: 1,
      err: '',
      out: 'Nobody is told of anything: the configuration has no channel under notify.\n',
    })
  })

  it('hands programs the JSON', async () => {
    const desk = service.desk({ body: { results: [SENT] } })
    const { code, out } = await ask(desk, ['alerts', 'test', '--json'])
    expect({ code, body: JSON.parse(out) }).toEqual({ code: 0, body: { results: [SENT] } })
  })
})

describe.concurrent('nightguard incidents ID --markdown', () => {
  const MARKDOWN = '# bot: VM frozen\n\n\tline \u001b[31mred\u202e\r\nlast\n\n'
  const type = { 'content-type': 'text/markdown; charset=utf-8' }

  it('prints the report as it is, but inert', async () => {
    const desk = service.desk({ body: MARKDOWN, headers: type })
    expect(await ask(desk, ['incidents', 'bot-1', '--markdown'])).toEqual({
      code: 0,
      err: '',
      out: '# bot: VM frozen\n\n\tline \uFFFD[31mred\uFFFD\nlast\n',
    })
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/incidents/bot-1/markdown?lang=en' }])
    expect(desk.asked[0]?.headers.accept).toBe('text/markdown, application/problem+json')
  })

  it("asks for it in the reader's language", async () => {
    const desk = service.desk({ body: MARKDOWN, headers: type })
    await ask(desk, ['incidents', 'bot-1', '--markdown', '--lang', 'ko'])
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/incidents/bot-1/markdown?lang=ko' }])
  })

  it('tells a problem as always', async () => {
    const body = {
      title: 'No such incident',
      status: 404,
      detail: 'There is no incident x',
      mend: 'List them',
    }
    const desk = service.desk({ status: 404, body })
    expect(await ask(desk, ['incidents', 'x', '--markdown'])).toEqual({
      code: 1,
      out: '',
      err: 'No such incident: There is no incident x\n→ List them\n',
    })
  })

  it('takes nothing else for a report', async () => {
    const desk = service.desk({ body: '<html>', headers: { 'content-type': 'text/html' } })
    const { code, out, err } = await ask(desk, ['incidents', 'x', '--markdown'])
    expect({ code, out, line: err.split('\n')[0] }).toEqual({
      code: 1,
      out: '',
      line: "The answer is not Night Guard's",
    })
  })

  it.each([
    ['without an id', ['incidents', '--markdown'], "--markdown needs an incident's id"],
    ['as JSON', ['incidents', 'x', '--markdown', '--json'], 'Either --markdown or --json'],
  ])('is wrong usage %s', async (_, words, message) => {
    const { code, err } = await runCli(words)
    expect({ code, line: err.split('\n')[0] }).toEqual({ code: 2, line: message })
  })
})

const looks = { healthy: 0, degraded: 0, unhealthy: 0, inconclusive: 0 }
const gauge = (mean: number, max: number) => ({ mean, max })

describe.concurrent('nightguard history', () => {
  const target = { id: 'bot', verdict: 'healthy', uptime: { hours24: 1, days7: 0.999999, days30: 0.5 } }
  const points = [
    {
      ...looks,
      fromAt: '2026-03-01T02:50:00.000Z',
      toAt: '2026-03-01T02:59:00.000Z',
      healthy: 10,
      latencyMs: gauge(10, 20),
      memoryUsedMb: gauge(500, 512),
    },
    {
      ...looks,
      fromAt: '2026-03-01T03:00:00.000Z',
      toAt: '2026-03-01T03:09:00.000Z',
      healthy: 5,
      unhealthy: 5,
      latencyMs: gauge(12.5, 30),
      memoryStallPercent: gauge(1.25, 40.5),
    },
    {
      ...looks,
      fromAt: '2026-03-01T03:10:00.000Z',
      toAt: '2026-03-01T03:39:00.000Z',
      healthy: 30,
      latencyMs: gauge(40, 41),
    },
    {
      ...looks,
      fromAt: '2026-03-01T16:00:00.000Z',
      toAt: '2026-03-01T16:09:00.000Z',
      inconclusive: 10,
    },
  ]
  const desk = (some: readonly object[] = points) =>
    service.desk((path) => ({ body: path.includes('/history') ? { target: 'bot', points: some } : target }))

  it('tells of a day by the hour', async () => {
    const own = desk()
    expect(await ask(own, ['history', 'bot'])).toEqual({
      code: 0,
      err: '',
      out: `bot  uptime
24 h  100%
7 d   99.99%
30 d  50%
90 d  –

HOUR              UP     LATENCY ms  MEMORY MB  SWAP MB  STALLED %
2026-03-01 02:00  100%   10 / 20     500 / 512  –        –
2026-03-01 03:00  87.5%  33 / 41     –          –        1.3 / 41
2026-03-01 16:00  –      –           –          –        –
Values are mean / highest.
`,
    })
    expect(asked(own).toSorted((one, other) => one.path.localeCompare(other.path))).toEqual([
      { method: 'GET', path: '/api/targets/bot' },
      { method: 'GET', path: '/api/targets/bot/history?days=1' },
    ])
  })

  it("tells of more by the day, and days are the reader's", async () => {
    const { out } = await ask(desk(), ['history', 'bot', '--days', '7'], { TZ: 'Asia/Seoul' })
    expect(out.split('\n').slice(6)).toEqual([
      'DAY         UP   LATENCY ms  MEMORY MB  SWAP MB  STALLED %',
      '2026-03-01  90%  29 / 41     500 / 512  –        1.3 / 41',
      '2026-03-02  –    –           –          –        –',
      'Values are mean / highest.',
      '',
    ])
  })

  it('says so when there is nothing to tell', async () => {
    const { code, out } = await ask(desk([]), ['history', 'bot'])
    expect({ code, last: out.split('\n').at(-2) }).toEqual({
      code: 0,
      last: 'Nothing was measured in this time.',
    })
  })

  it("hands programs the history's JSON, for one request", async () => {
    const own = desk()
    const { out } = await ask(own, ['history', 'bot', '--json'])
    expect(JSON.parse(out)).toEqual({ target: 'bot', points })
    expect(own.asked).toHaveLength(1)
  })

  it.each(['0', '91', '1.5', 'x'])('takes no %s days', async (days) => {
    const { code, err } = await runCli(['history', 'bot', '--days', days])
    expect({ code, line: err.split('\n')[0] }).toEqual({
      code: 2,
      line: '--days must be a whole number from 1 to 90',
    })
  })
})

describe.concurrent('nightguard shadow', () => {
  const report = {
    mode: 'observe',
    fromAt: '2026-02-22T00:00:00.000Z',
    toAt: '2026-03-01T00:00:00.000Z',
    targets: [
      {
        id: 'bot',
        outages: 2,
        would: [
          {
            at: '2026-02-25T03:12:00.000Z',
            rung: 'restart-workload',
            unit: 'agent.service',
            cause: 'workload-hung',
            reason: 'agent.service hangs',
            incidentId: 'bot-1',
            lastedMs: 135_000,
          },
          {
            at: '2026-02-26T03:12:00.000Z',
            rung: 'reset',
            cause: 'vm-frozen',
            reason: 'silent\u009b',
            incidentId: 'bot-2',
          },
        ],
      },
      { id: 'web', outages: 1, would: [] },
      { id: 'db', outages: 0, would: [] },
    ],
    cut: true,
  }

  it('tells what would have been done', async () => {
    const desk = service.desk({ body: report })
    expect(await ask(desk, ['shadow'])).toEqual({
      code: 0,
      err: '',
      out: `From 2026-02-22 00:00:00Z to 2026-03-01 00:00:00Z
bot: 2 outages
web: 1 outage
db: no outage

AT                    TARGET  WOULD HAVE DONE           OUTAGE WENT ON  INCIDENT  WHY
2026-02-25 03:12:00Z  bot     restart of agent.service  2 min 15 s      bot-1     workload hung: agent.service hangs
2026-02-26 03:12:00Z  bot     hard reset                lasts           bot-2     VM frozen: silent\uFFFD
There were more incidents than were looked through.
`,
    })
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/shadow?days=7' }])
  })

  it('says so when it acts, and when it would have done nothing', async () => {
    const body = { ...report, mode: 'act', targets: [{ id: 'bot', outages: 0, would: [] }], cut: false }
    const desk = service.desk({ body })
    const { out } = await ask(desk, ['shadow', '--days', '30'])
    expect(out.split('\n').slice(1)).toEqual([
      'The guard acts (policy.mode is act): what is told here is from when it observed.',
      'bot: no outage',
      '',
      'It would have done nothing.',
      '',
    ])
    expect(asked(desk)).toEqual([{ method: 'GET', path: '/api/shadow?days=30' }])
  })
})
