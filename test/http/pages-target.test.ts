import { describe, expect, it } from 'vitest'
import { CAUSES } from '../../src/core/state.ts'
import { causeExplained } from '../../src/http/pages/cause-words.ts'
import { at, history, historyPoint, targetView } from './fake-guard.ts'
import { find, findAll, parseMarkup, textOf, withClass, withId, withTag } from './markup.ts'
import { open, TROUBLED, worldHarness } from './pages-world.ts'

/** The text of a section by its heading's id, without the heading. */
function part(page: Awaited<ReturnType<typeof open>>, name: string): string {
  const section = find(page, ({ attributes }) => attributes['aria-labelledby'] === `${name}-title`)
  return textOf(section)
    .replace(textOf(find(section, withId(`${name}-title`))), '')
    .trim()
}

describe("a target's page", () => {
  it('of a healthy one tells everything that is known of it', async () => {
    const page = await open('/targets/nightguard')
    expect(textOf(find(page, withTag('title')))).toBe('nightguard: healthy – Night Guard')
    expect(textOf(find(page, withTag('h1')))).toBe('nightguard healthy')
    const names = ['outlook', 'witnesses', 'uptime', 'workloads', 'secrets', 'budgets']
    expect(Object.fromEntries(names.map((name) => [name, part(page, name)]))).toEqual({
      outlook: 'Nothing The health endpoint answers as it should',
      witnesses: 'Health endpoint ok 12 ms',
      uptime:
        '24 h 100% 7 days 100% 30 days 99.98% 90 days 99.98% Days with trouble ' +
        '2026-03-03 98.61% unhealthy looks: 20, degraded looks: 4 ' +
        'Days are days in UTC. Looks that nothing was concluded from are not counted.',
      workloads: 'agent.service active, healthy',
      secrets: 'bot_token from bot-token version 7 (latest), put 01:14:20',
      budgets:
        'Workload restart agent.service 2 of 3 left in 1 h 2 of 3 left in 1 h ' +
        'Reboot or hard reset 2 of 2 left in 6 h 2 of 2 left in 6 h',
    })
  })

  it('of one in trouble explains the cause, what each witness said, and what comes next', async () => {
    const page = await open('/targets/bot', { targets: [TROUBLED] })
    expect(textOf(find(page, withClass('headline')))).toBe(
      'All targets bot unhealthy No answer by HTTP, SSH or heartbeat VM frozen gave up since 03:04:20 seen 03:14:08',
    )
    expect(part(page, 'outlook')).toBe(
      `Call of a person The budget is spent Now: gave up – The budget is spent ${causeExplained('vm-frozen', 'en')}`,
    )
    expect(part(page, 'witnesses')).toBe(
      'Health endpoint silent 3 probes Heartbeat seen 03:11:00 Compute running Canary 1 of 3',
    )
    const tones = findAll(find(page, withClass('evidence')), withClass('dot')).map(
      ({ attributes }) => attributes['data-tone'],
    )
    expect(tones).toEqual(['bad', 'bad', 'good', 'bad'])
  })

  it.each([
    [
      'looked at by another process only',
      {},
      'Not known yet: it has not been looked at since the guard started.',
    ],
    [
      'observed only',
      { mode: 'observe', outlook: { rung: 'reset', why: 'the VM is frozen' } },
      'Hard reset The VM is frozen It observes only, so it would be written down and not done.',
    ],
    [
      'to be mended later',
      {
        outlook: {
          rung: 'restart-workload',
          unit: 'agent.service',
          notBeforeAt: at(-60),
          why: 'restart-workload cools down',
        },
      },
      'Restart of agent.service (not before 03:15:20 ) Restart-workload cools down',
    ],
  ] as const)('of one that is %s says so', async (_, changes, words) => {
    const { outlook: _outlook, ...rest } = targetView()
    const page = await open('/targets/nightguard', { targets: [{ ...rest, ...changes }] })
    expect(part(page, 'outlook')).toMatch(words.slice(0, 20))
    expect(part(page, 'outlook').replace(/Workload restart/, 'Restart-workload')).toContain(words.slice(-30))
  })

  it('shows budgets as meters that say the same in words', async () => {
    const [meter] = findAll(await open('/targets/nightguard'), withTag('meter'))
    expect(meter?.attributes).toEqual({
      min: '0',
      max: '3',
      low: '1',
      optimum: '3',
      value: '2',
      'aria-labelledby': 'budget-0',
    })
  })

  it('names secrets, their versions and ages, and what is not put yet', async () => {
    const secrets = [
      { name: 'a', secret: 'a', wanted: '3', applied: '3' },
      { name: 'b', secret: 'b-key', wanted: 'latest' },
    ]
    const page = await open('/targets/nightguard', { targets: [targetView({ secrets })] })
    expect(part(page, 'secrets')).toBe('a version 3 b from b-key not put yet, version latest is wanted')
  })

  it('has the commands for who has no script', async () => {
    const targets = [{ ...TROUBLED, armed: false }]
    const shown = find(await open('/targets/bot', { targets }), withClass('commands'))
    expect(findAll(shown, withTag('code')).map(textOf)).toEqual([
      'nightguard recover bot --action auto --reason "…"',
      'nightguard resume bot --reason "…"',
      'nightguard resume bot --close-breaker --reason "…"',
      'nightguard arm bot --reason "…"',
    ])
    const viewed = await open('/targets/bot', { targets, role: 'viewer' })
    expect([findAll(viewed, withClass('commands')), findAll(viewed, withTag('button'))]).toEqual([[], []])
  })

  it('is 404, as a page, for a target that there is not', async () => {
    const response = await worldHarness().get('/targets/other', { accept: 'text/html' })
    expect(response.status).toBe(404)
    expect(textOf(find(parseMarkup(await response.text()), withTag('h1')))).toBe('No such target')
  })

  it.each(CAUSES)('has words for the cause %s', (cause) => {
    expect(causeExplained(cause, 'en')).toMatch(/\.$/)
    expect(causeExplained(cause, 'ko')).toMatch(/다\.$/)
  })
})

describe('what was measured', () => {
  it('is drawn and told without a script, gauge by gauge', async () => {
    const page = await open('/targets/nightguard')
    const figures = findAll(page, withTag('figure'))
    expect(figures.map((figure) => find(figure, withTag('svg')).attributes['aria-label'])).toEqual([
      'Latency: mean 12 ms, at most 40 ms',
      'Memory: mean 512 MB, at most 531 MB',
      'Swap: mean 100 MB, at most 120 MB',
      'Memory pressure: mean 0.4%, at most 3%',
    ])
    const [latency] = figures
    const lines = latency === undefined ? [] : findAll(latency, withTag('path'))
    expect(lines.map(({ attributes }) => attributes)).toEqual([
      { class: 'down', d: 'M554 0h4v100H554Z' },
      { class: 'max', d: 'M550 7L554 7M596 7' },
      { class: 'mean', d: 'M550 72L554 72M596 72' },
    ])
  })

  it('stands in a table as well, newest first', async () => {
    const rows = findAll(find(await open('/targets/nightguard'), withId('measured-rows')), withTag('tr'))
    expect(rows.map(textOf)).toEqual([
      '03:00:00 0 12 ms / 40 ms 512 MB / 531 MB 100 MB / 120 MB 0.4% / 3%',
      '01:00:00 2 12 ms / 40 ms 512 MB / 531 MB 100 MB / 120 MB 0.4% / 3%',
    ])
  })

  it('that is nothing is told, too', async () => {
    const { latencyMs: _, ...without } = historyPoint(600)
    const page = await open('/targets/nightguard', { history: history({ points: [without] }) })
    expect(textOf(find(page, withId('chart-latencyMs')))).toBe(
      'Latency nothing measured The kit reports this; where there is none, it stays empty.',
    )
    const empty = await open('/targets/nightguard', { history: history({ points: [] }) })
    expect(findAll(find(empty, withId('measured-rows')), withTag('tr'))).toEqual([])
  })

  it.each([
    ['', 1],
    ['?days=7', 7],
    ['?days=90', 90],
    ['?days=91', 1],
    ['?days=x', 1],
  ])('is asked for the range of %j: %i days', async (query, days) => {
    const { get, asked } = worldHarness()
    const page = parseMarkup(await (await get(`/targets/nightguard${query}`)).text())
    expect(asked.filter(({ call }) => call === 'history')).toEqual([
      { call: 'history', with: ['nightguard', { days }] },
    ])
    const chosen = findAll(
      find(page, withId('charts')),
      ({ tag, attributes }) => tag === 'a' && attributes['aria-current'] === 'true',
    )
    expect(chosen.map(({ attributes }) => attributes['data-range'])).toEqual([String(days)])
  })

  it('of ninety days stays a small page', async () => {
    const points = Array.from({ length: 400 }, (_, index) => historyPoint((400 - index) * 19_440))
    const response = await worldHarness({ history: history({ points }) }).get('/targets/nightguard?days=90')
    expect((await response.text()).length).toBeLessThan(90_000)
  })
})
