import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../src/core/decision.ts'
import {
  healthSchema,
  orderResultSchema,
  syncReportSchema,
  targetListSchema,
  targetSchema,
  tickReportSchema,
} from '../../src/schemas/api.ts'
import { historySchema, shadowSchema } from '../../src/schemas/api-history.ts'
import { blackBoxSchema, incidentListSchema, incidentSchema } from '../../src/schemas/api-incident.ts'
import { at, incident, targetReport, targetView } from './fake-guard.ts'
import { createHarness } from './harness.ts'

describe('what the routes answer', () => {
  it('GET /health answers anyone, and touches nothing', async () => {
    const { get, asked } = createHarness({ role: 'nobody' })
    const response = await get('/health')
    expect(await response.json()).toEqual({ status: 'ok', version: '1.2.3' })
    expect(asked).toEqual([])
  })

  it('GET /api/targets wraps the list', async () => {
    expect(await (await createHarness().get('/api/targets')).json()).toEqual({ targets: [targetView()] })
  })

  it('GET /api/targets/{id} answers the target itself', async () => {
    expect(await (await createHarness().get('/api/targets/nightguard')).json()).toEqual(targetView())
  })

  it('GET /api/incidents/{id} answers the incident itself', async () => {
    expect(await (await createHarness().get('/api/incidents/i-1')).json()).toEqual(incident())
  })

  it.each([
    ['/health', healthSchema],
    ['/api/targets', targetListSchema],
    ['/api/targets/nightguard', targetSchema],
    ['/api/incidents', incidentListSchema],
    ['/api/incidents/i-1', incidentSchema],
    ['/api/targets/nightguard/history?days=7', historySchema],
    ['/api/shadow', shadowSchema],
    ['/api/black-boxes/b-1', blackBoxSchema],
  ])('GET %s answers exactly what its schema says', async (path, schema) => {
    const body: unknown = await (await createHarness().get(path)).json()
    expect(schema.parse(body)).toEqual(body)
  })

  it.each([
    ['/tick', {}, tickReportSchema],
    ['/sync', {}, syncReportSchema],
    ['/api/targets/nightguard/arm', { reason: 'x' }, orderResultSchema],
  ])('POST %s answers exactly what its schema says', async (path, sent, schema) => {
    const body: unknown = await (await createHarness().post(path, sent)).json()
    expect(schema.parse(body)).toEqual(body)
  })

  it.each([
    ['no query', '/api/incidents', { limit: 20 }],
    [
      'all of it',
      '/api/incidents?target=nightguard&limit=5&cursor=c1',
      { target: 'nightguard', limit: 5, cursor: 'c1' },
    ],
  ])('GET /api/incidents passes on %s', async (_, path, query) => {
    const { get, asked } = createHarness()
    await get(path)
    expect(asked).toEqual([{ call: 'incidents', with: [query] }])
  })

  it('GET /api/incidents hands on the cursor of the next page', async () => {
    const incidents = async () => ({ kind: 'page' as const, incidents: [], next: 'c2' })
    const response = await createHarness({ answers: { incidents } }).get('/api/incidents')
    expect(await response.json()).toEqual({ incidents: [], next: 'c2' })
  })
})

describe('the past', () => {
  it.each([
    ['/api/targets/nightguard/history', { call: 'history', with: ['nightguard', { days: 1 }] }],
    ['/api/targets/nightguard/history?days=90', { call: 'history', with: ['nightguard', { days: 90 }] }],
    ['/api/shadow', { call: 'shadow', with: [{ days: 7 }] }],
    ['/api/shadow?days=30', { call: 'shadow', with: [{ days: 30 }] }],
  ])('GET %s asks for its days', async (path, call) => {
    const { get, asked } = createHarness()
    expect((await get(path)).status).toBe(200)
    expect(asked).toEqual([call])
  })

  it.each(['0', '91', '1.5', 'week', ''])('is not there for days=%s', async (days) => {
    const { get, asked } = createHarness()
    for (const path of ['/api/targets/nightguard/history', '/api/shadow']) {
      const response = await get(`${path}?days=${days}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        errors: [{ field: 'days', message: 'Must be a whole number from 1 to 90' }],
      })
    }
    expect(asked).toEqual([])
  })

  it.each([
    ['/api/targets/other/history', 'unknown-target'],
    ['/api/black-boxes/other', 'unknown-black-box'],
    ['/api/incidents/other/markdown', 'unknown-incident'],
  ])('GET %s is 404', async (path, name) => {
    const response = await createHarness().get(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ type: `/problems/${name}` })
  })

  it.each([
    '/api/targets/nightguard/history',
    '/api/shadow',
    '/api/black-boxes/b-1',
    '/api/incidents/i-1/markdown',
  ])('GET %s without the store is 503', async (path) => {
    const unavailable = async () => ({ kind: 'unavailable' as const, detail: 'Locked' })
    const answers = {
      history: unavailable,
      shadow: unavailable,
      blackBox: unavailable,
      incident: unavailable,
    }
    expect((await createHarness({ answers }).get(path)).status).toBe(503)
  })
})

describe('an incident as Markdown', () => {
  const withBoxes = () =>
    createHarness({
      answers: {
        incident: async () => ({
          kind: 'found',
          incident: incident({
            blackBoxes: [
              { id: 'b-1', at: at(119), before: 'reset' },
              { id: 'b-gone', at: at(119), before: 'reset' },
            ],
          }),
        }),
      },
    })

  it('is a file of its own, with the black boxes that are still kept', async () => {
    const { get, asked } = withBoxes()
    const response = await get('/api/incidents/i-1/markdown')
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': 'attachment; filename="incident-i-1.md"',
      'cache-control': 'no-store',
    })
    expect(await response.text()).toContain('nightguard')
    expect(asked.map(({ call, with: options }) => [call, ...options])).toEqual([
      ['incident', 'i-1'],
      ['blackBox', 'b-1'],
      ['blackBox', 'b-gone'],
    ])
  })

  it('speaks the configured language, or the one that is asked for', async () => {
    const texts = await Promise.all(
      [{}, { reader: { language: 'ko' as const } }].flatMap((options) =>
        ['', '?lang=en', '?lang=ko'].map(async (query) => {
          const response = await createHarness(options).get(`/api/incidents/i-1/markdown${query}`)
          return /[가-힣]/.test(await response.text())
        }),
      ),
    )
    expect(texts).toEqual([false, false, true, true, false, true])
  })

  it('is given no header by the name of an incident', async () => {
    const answers = { incident: async () => ({ kind: 'found', incident: incident() }) as const }
    const response = await createHarness({ answers }).get('/api/incidents/%22%0d%0ax%3A%20y/markdown')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="incident--x-y.md"')
  })

  it('is in no other language', async () => {
    expect((await createHarness().get('/api/incidents/i-1/markdown?lang=de')).status).toBe(400)
  })
})

describe('rounds', () => {
  it.each([
    ['an empty body', undefined, {}, { dryRun: false }],
    ['an empty body that says it is JSON', '', { 'content-type': 'application/json' }, { dryRun: false }],
    ['an empty body of another type', '', { 'content-type': 'application/octet-stream' }, { dryRun: false }],
    ['an empty object', {}, {}, { dryRun: false }],
    ['targets', { targets: ['nightguard'] }, {}, { targets: ['nightguard'], dryRun: false }],
    ['a dry run', { dryRun: true }, {}, { dryRun: true }],
  ])('POST /tick and /sync take %s', async (_, body, headers, options) => {
    const { post, asked } = createHarness({ role: 'scheduler' })
    expect((await post('/tick', body, headers)).status).toBe(200)
    expect((await post('/sync', body, headers)).status).toBe(200)
    expect(asked).toEqual([
      { call: 'tick', with: [options] },
      { call: 'sync', with: [options] },
    ])
  })

  it.each(['/tick', '/sync'])('POST %s of an unknown target names the known ones', async (path) => {
    const unknown = async () => ({ kind: 'unknown-target' as const, id: 'x', known: ['nightguard'] })
    const response = await createHarness({ answers: { tick: unknown, sync: unknown } }).post(path, {
      targets: ['x'],
    })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ type: '/problems/unknown-target', known: ['nightguard'] })
  })

  it.each(['/tick', '/sync'])('POST %s without the store is 503', async (path) => {
    const unavailable = async () => ({ kind: 'unavailable' as const, detail: 'The database is locked' })
    const harness = createHarness({ answers: { tick: unavailable, sync: unavailable }, role: 'scheduler' })
    const response = await harness.post(path)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await response.json()).toEqual({
      type: '/problems/store-unavailable',
      title: "The guard's memory can't be reached",
      status: 503,
      detail: 'The database is locked',
      mend: 'Nothing was done. Try again; if it stays, look at the store.',
    })
  })
})

describe('orders', () => {
  const by = 'operator@example.com'
  it.each([
    [
      'recover',
      { action: 'auto', reason: ' It hangs ' },
      { kind: 'recover', action: 'auto', reason: 'It hangs', by, force: false, dryRun: false },
    ],
    [
      'recover',
      { action: 'restart-workload', unit: 'agent.service', reason: 'r', force: true, dryRun: true },
      {
        kind: 'recover',
        action: 'restart-workload',
        unit: 'agent.service',
        reason: 'r',
        by,
        force: true,
        dryRun: true,
      },
    ],
    ['arm', { reason: 'r' }, { kind: 'arm', by, reason: 'r' }],
    ['pause', { minutes: 30, reason: 'r' }, { kind: 'pause', by, minutes: 30, reason: 'r' }],
    ['resume', { reason: 'r' }, { kind: 'resume', by, reason: 'r', closeBreaker: false }],
    ['resume', { reason: 'r', closeBreaker: true }, { kind: 'resume', by, reason: 'r', closeBreaker: true }],
  ])('POST …/%s %j is given in the name of who asks', async (verb, body, order) => {
    const { post, asked } = createHarness()
    const response = await post(`/api/targets/nightguard/${verb}`, body)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ report: targetReport(), target: targetView() })
    expect(asked).toEqual([{ call: 'order', with: ['nightguard', order] }])
  })

  const refusals: readonly (readonly [Refusal['kind'], number])[] = [
    ['in-flight', 409],
    ['breaker-open', 423],
    ['healthy', 423],
    ['paused', 423],
    ['observing', 423],
    ['lost-race', 409],
    ['expired', 409],
    ['barred', 423],
    ['not-applicable', 409],
    ['unknown-unit', 400],
  ]
  it.each(refusals)('a refusal because of %s is %i, with what was seen', async (kind, status) => {
    const order = async () =>
      ({ kind: 'refused', refusal: { kind, detail: 'For a reason' }, report: targetReport() }) as const
    const body = { action: 'auto', reason: 'r' }
    const response = await createHarness({ answers: { order } }).post('/api/targets/nightguard/recover', body)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      type: `/problems/${kind}`,
      status,
      detail: 'For a reason',
      mend: expect.stringMatching(/\w/),
      report: targetReport(),
    })
  })

  it('an order without the store is 503', async () => {
    const order = async () => ({ kind: 'unavailable' as const, detail: 'Locked' })
    const response = await createHarness({ answers: { order } }).post('/api/targets/nightguard/arm', {
      reason: 'r',
    })
    expect(response.status).toBe(503)
  })

  it('an order on an unknown target is 404', async () => {
    const response = await createHarness().post('/api/targets/other/arm', { reason: 'r' })
    expect(response.status).toBe(404)
  })
})
