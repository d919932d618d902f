import { describe, expect, it } from 'vitest'
import type { GuardMetrics } from '../../src/app/guard.ts'
import { addMetricsRoutes } from '../../src/http/routes/metrics.ts'
import { PROMTOOL_IS_HERE, PROMTOOL_NOTE, promtool } from '../promtool.ts'
import { at, NOW } from './fake-guard.ts'
import { createSmallApp, fullView, guardThat, noFigures } from './small-app.ts'

function createScraped(figures: () => GuardMetrics) {
  const { get } = createSmallApp((app, access) =>
    addMetricsRoutes(app, { guard: guardThat({ metrics: figures }), access, version: '1.2.3' }),
  )
  const scrape = async () => (await get('/metrics', { role: 'viewer' })).text()
  return { get, scrape }
}

/** The lines of one metric, without HELP and TYPE. */
function linesOf(text: string, name: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
}

const scrapeOnce = async (changes: Partial<GuardMetrics>) => createScraped(() => noFigures(changes)).scrape()

const BUSY: Partial<GuardMetrics> = {
  startedAt: NOW - 7_200_000,
  lastCompleteTickAt: NOW - 20_000,
  lastTickDurationMs: 1_234,
  ticks: { complete: 118, partial: 2, 'store-unavailable': 1 },
  targets: [
    {
      lookedAt: NOW - 20_000,
      latencyMs: 12.5,
      view: fullView({
        budgets: [
          { rung: 'restart-workload', unit: 'agent.service', used: 1, max: 3, windowMs: 3_600_000 },
          { rung: 'reboot or reset', used: 2, max: 2, windowMs: 6 * 3_600_000 },
          { rung: 'reboot or reset', used: 2, max: 3, windowMs: 24 * 3_600_000 },
        ],
        secrets: [
          { name: 'bot_token', secret: 'bot-token', wanted: 'latest', applied: '7', appliedAt: at(7_200) },
          { name: 'api_key', secret: 'api-key', wanted: 'latest' },
        ],
        uptime: { hours24: 0.9993, days7: 1 },
      }),
    },
    {
      lookedAt: NOW - 21_000,
      view: fullView({
        id: 'second',
        verdict: 'unhealthy',
        phase: 'gave-up',
        armed: false,
        breaker: { kind: 'open', since: at(60), rung: 'reset', reason: 'spent' },
        paused: { by: 'a@b.c', reason: 'work', since: at(60), until: at(-60) },
        incidentId: 'i-9',
        mode: 'observe',
        trouble: 'a newer schema',
      }),
    },
  ],
  actions: [{ target: 'second', rung: 'reset', result: 'failed', count: 2 }],
  deliveries: [{ channel: 'telegram:123', result: 'failed', count: 4 }],
  notices: [{ kind: 'triggered', count: 3 }],
}

describe('who may read /metrics', () => {
  it.each([
    [undefined, 401],
    ['scheduler', 403],
    ['pusher', 403],
    ['viewer', 200],
    ['operator', 200],
  ])('%s: %i', async (role, status) => {
    const { get } = createScraped(() => noFigures())
    expect((await get('/metrics', role === undefined ? {} : { role })).status).toBe(status)
  })

  it('is the Prometheus text format, kept by nobody', async () => {
    const { headers } = await createScraped(() => noFigures()).get('/metrics', { role: 'viewer' })
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ])
  })
})

describe('what /metrics says of the guard', () => {
  it.each([
    ['nightguard_build_info', ['nightguard_build_info{version="1.2.3"} 1']],
    ['nightguard_started_timestamp_seconds', [`nightguard_started_timestamp_seconds ${NOW / 1_000 - 7_200}`]],
    [
      'nightguard_last_complete_tick_timestamp_seconds',
      [`nightguard_last_complete_tick_timestamp_seconds ${NOW / 1_000 - 20}`],
    ],
    ['nightguard_last_tick_duration_seconds', ['nightguard_last_tick_duration_seconds 1.234']],
    [
      'nightguard_ticks_total',
      [
        'nightguard_ticks_total{outcome="complete"} 118',
        'nightguard_ticks_total{outcome="partial"} 2',
        'nightguard_ticks_total{outcome="store-unavailable"} 1',
      ],
    ],
    [
      'nightguard_actions_total',
      ['nightguard_actions_total{target="second",rung="reset",result="failed"} 2'],
    ],
    [
      'nightguard_deliveries_total',
      [
        'nightguard_deliveries_total{channel="telegram:123",result="sent"} 0',
        'nightguard_deliveries_total{channel="telegram:123",result="failed"} 4',
        'nightguard_deliveries_total{channel="telegram:123",result="rejected"} 0',
      ],
    ],
    ['nightguard_targets_left_out', ['nightguard_targets_left_out 0']],
  ])('%s', async (name, lines) => {
    expect(linesOf(await scrapeOnce(BUSY), name)).toEqual(lines)
  })

  it('counts every kind of notice from the start', async () => {
    expect(linesOf(await scrapeOnce(BUSY), 'nightguard_notices_total')).toEqual(
      ['triggered', 'progress', 'person', 'again', 'resolved', 'reminder', 'test'].map(
        (kind) => `nightguard_notices_total{kind="${kind}"} ${kind === 'triggered' ? 3 : 0}`,
      ),
    )
  })

  it.each(['nightguard_last_complete_tick_timestamp_seconds', 'nightguard_last_tick_duration_seconds'])(
    'says nothing, rather than 0, of what has not happened yet: %s',
    async (name) => {
      expect(linesOf(await scrapeOnce({}), name)).toEqual([])
    },
  )

  it('shows what is so now, not what was at the last scrape', async () => {
    let figures = noFigures(BUSY)
    const { scrape } = createScraped(() => figures)
    await scrape()
    figures = noFigures({ ticks: { complete: 119, partial: 0, 'store-unavailable': 0 } })
    const text = await scrape()
    expect(linesOf(text, 'nightguard_ticks_total')[0]).toBe('nightguard_ticks_total{outcome="complete"} 119')
    expect(linesOf(text, 'nightguard_target_up')).toEqual([])
    expect(linesOf(text, 'nightguard_last_tick_duration_seconds')).toEqual([])
  })

  it('has the process itself in it, the lag of its event loop included', async () => {
    const text = await scrapeOnce({})
    const names = [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_seconds',
    ]
    expect(names.filter((name) => linesOf(text, name).length === 0)).toEqual([])
  })
})

describe('what /metrics says of a target', () => {
  it.each([
    ['up', ['{target="nightguard"} 1', '{target="second"} 0']],
    [
      'verdict',
      [
        '{target="nightguard",verdict="healthy"} 1',
        '{target="nightguard",verdict="degraded"} 0',
        '{target="nightguard",verdict="unhealthy"} 0',
        '{target="nightguard",verdict="inconclusive"} 0',
        '{target="second",verdict="healthy"} 0',
        '{target="second",verdict="degraded"} 0',
        '{target="second",verdict="unhealthy"} 1',
        '{target="second",verdict="inconclusive"} 0',
      ],
    ],
    [
      'last_look_timestamp_seconds',
      [`{target="nightguard"} ${NOW / 1_000 - 20}`, `{target="second"} ${NOW / 1_000 - 21}`],
    ],
    ['probe_duration_seconds', ['{target="nightguard"} 0.0125']],
    ['armed', ['{target="nightguard"} 1', '{target="second"} 0']],
    ['paused', ['{target="nightguard"} 0', '{target="second"} 1']],
    ['breaker_open', ['{target="nightguard"} 0', '{target="second"} 1']],
    ['incident_open', ['{target="nightguard"} 0', '{target="second"} 1']],
    ['observe_only', ['{target="nightguard"} 0', '{target="second"} 1']],
    ['trouble', ['{target="nightguard"} 0', '{target="second"} 1']],
    [
      'budget_used',
      [
        '{target="nightguard",rung="restart-workload",unit="agent.service",window="1h"} 1',
        '{target="nightguard",rung="reboot or reset",unit="",window="6h"} 2',
        '{target="nightguard",rung="reboot or reset",unit="",window="24h"} 2',
      ],
    ],
    [
      'budget_max',
      [
        '{target="nightguard",rung="restart-workload",unit="agent.service",window="1h"} 3',
        '{target="nightguard",rung="reboot or reset",unit="",window="6h"} 2',
        '{target="nightguard",rung="reboot or reset",unit="",window="24h"} 3',
      ],
    ],
    ['uptime_ratio', ['{target="nightguard",window="24h"} 0.9993', '{target="nightguard",window="7d"} 1']],
    [
      'secret_applied',
      ['{target="nightguard",secret="bot_token"} 1', '{target="nightguard",secret="api_key"} 0'],
    ],
    [
      'secret_applied_timestamp_seconds',
      [`{target="nightguard",secret="bot_token"} ${Math.floor(NOW / 1_000) - 7_200}`],
    ],
  ])('nightguard_target_%s', async (name, lines) => {
    const full = `nightguard_target_${name}`
    expect(linesOf(await scrapeOnce(BUSY), full)).toEqual(lines.map((line) => `${full}${line}`))
  })

  it('has exactly one phase', async () => {
    const phases = linesOf(await scrapeOnce(BUSY), 'nightguard_target_phase')
    expect(phases).toHaveLength(2 * 8)
    expect(phases.filter((line) => line.endsWith(' 1'))).toEqual([
      'nightguard_target_phase{target="nightguard",phase="watching"} 1',
      'nightguard_target_phase{target="second",phase="gave-up"} 1',
    ])
  })

  it('says neither up nor down while nothing can be concluded', async () => {
    const view = fullView({ verdict: 'inconclusive' })
    expect(linesOf(await scrapeOnce({ targets: [{ view, lookedAt: NOW }] }), 'nightguard_target_up')).toEqual(
      [],
    )
  })
})

describe('what is hostile or too much', () => {
  const HOSTILE = 'x"} 1\nnightguard_target_up{target="fake"} 0\\\u202e\u001b[31m'

  it('labels cannot break out of their quotes', async () => {
    const text = await scrapeOnce({
      targets: [{ view: fullView({ id: HOSTILE }), lookedAt: NOW }],
      actions: [{ target: HOSTILE, rung: HOSTILE, result: HOSTILE, count: 1 }],
      deliveries: [{ channel: HOSTILE, result: 'sent', count: 1 }],
    })
    expect(linesOf(text, 'nightguard_target_up')).toEqual([
      'nightguard_target_up{target="x\\"} 1␊nightguard_target_up{target=\\"fake\\"} 0\\\\⟨U+202E⟩␛[31m"} 1',
    ])
    expect(text).not.toMatch(/^nightguard_target_up\{target="fake"/m)
  })

  it('labels are bounded', async () => {
    const text = await scrapeOnce({ targets: [{ view: fullView({ id: 'x'.repeat(5_000) }), lookedAt: NOW }] })
    expect(linesOf(text, 'nightguard_target_up')).toEqual([
      `nightguard_target_up{target="${'x'.repeat(100)}…"} 1`,
    ])
  })

  it('figures that are no numbers are left out', async () => {
    const view = fullView({
      secrets: [{ name: 'a', secret: 'a', wanted: '1', applied: '1', appliedAt: 'never' }],
    })
    const text = await scrapeOnce({
      targets: [{ view, lookedAt: Number.NaN, latencyMs: Number.POSITIVE_INFINITY }],
    })
    const names = [
      'last_look_timestamp_seconds',
      'probe_duration_seconds',
      'secret_applied_timestamp_seconds',
    ]
    expect(names.flatMap((name) => linesOf(text, `nightguard_target_${name}`))).toEqual([])
  })

  it('targets are bounded, and what is left out is told', async () => {
    const targets = Array.from({ length: 1_005 }, (_, index) => ({
      view: fullView({ id: `t-${index}` }),
      lookedAt: NOW,
    }))
    const text = await scrapeOnce({ targets })
    expect(linesOf(text, 'nightguard_target_up')).toHaveLength(1_000)
    expect(linesOf(text, 'nightguard_targets_left_out')).toEqual(['nightguard_targets_left_out 5'])
  })
})

describe(`as Prometheus reads it${PROMTOOL_NOTE}`, () => {
  it.skipIf(!PROMTOOL_IS_HERE).each([
    ['a process that has just begun', {}],
    ['a busy one', BUSY],
  ])('all of it keeps the rules of names, units and help: %s', async (_, changes) => {
    expect(promtool(['check', 'metrics'], await scrapeOnce(changes))).toEqual({ code: 0, said: '' })
  })

  it('each metric has its help', async () => {
    const text = await scrapeOnce(BUSY)
    const typed = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    const helped = [...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name)
    expect(helped).toEqual(typed)
    expect(new Set(typed).size).toBe(typed.length)
  })
})
