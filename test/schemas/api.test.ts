import { describe, expect, it } from 'vitest'
import {
  INCIDENTS_MAX,
  incidentQuerySchema,
  PAUSE_MINUTES_MAX,
  pauseRequestSchema,
  REASON_CHARS_MAX,
  recoverRequestSchema,
  resumeRequestSchema,
  runRequestSchema,
} from '../../src/schemas/api-requests.ts'
import { createHarness } from '../http/harness.ts'

describe('what a request may be', () => {
  it.each([
    ['a run of all', runRequestSchema, {}],
    ['a run of a thousand', runRequestSchema, { targets: Array(1_000).fill('a') }],
    ['the longest reason', recoverRequestSchema, { action: 'auto', reason: 'x'.repeat(REASON_CHARS_MAX) }],
    ['a unit', recoverRequestSchema, { action: 'restart-workload', unit: 'agent.service', reason: 'r' }],
    ['the longest pause', pauseRequestSchema, { minutes: PAUSE_MINUTES_MAX, reason: 'r' }],
    ['a resume', resumeRequestSchema, { reason: 'r', closeBreaker: true }],
  ])('%s', (_, schema, value) => {
    expect(schema.parse(value)).toEqual(value)
  })

  it.each([
    ['a run of more', runRequestSchema, { targets: Array(1_001).fill('a') }],
    ['an empty id', runRequestSchema, { targets: [''] }],
    ['a resume by rung', recoverRequestSchema, { action: 'resume', reason: 'r' }],
    ['a call of a person', recoverRequestSchema, { action: 'human', reason: 'r' }],
    ['an empty unit', recoverRequestSchema, { action: 'auto', unit: '', reason: 'r' }],
    ['a longer pause', pauseRequestSchema, { minutes: PAUSE_MINUTES_MAX + 1, reason: 'r' }],
    ['minutes as text', pauseRequestSchema, { minutes: '5', reason: 'r' }],
  ])('but not %s', (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })

  it('a query is text, with 20 incidents unless told', () => {
    expect(incidentQuerySchema.parse({})).toEqual({ limit: 20 })
    expect(incidentQuerySchema.parse({ limit: String(INCIDENTS_MAX) })).toEqual({ limit: INCIDENTS_MAX })
  })
})

describe('the description made from the schemas', () => {
  const document = createHarness().app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'x', version: '1' },
  })

  it('has every route of the API', () => {
    const routes = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    )
    expect(routes.sort()).toEqual([
      'get /api/incidents',
      'get /api/incidents/{id}',
      'get /api/targets',
      'get /api/targets/{id}',
      'get /health',
      'post /api/targets/{id}/arm',
      'post /api/targets/{id}/pause',
      'post /api/targets/{id}/recover',
      'post /api/targets/{id}/resume',
      'post /sync',
      'post /tick',
    ])
  })

  it('tells members that may be left out from those that may not', () => {
    expect(document.components?.schemas?.['Target']).toMatchObject({
      required: [
        'id',
        'verdict',
        'reason',
        'phase',
        'armed',
        'evidence',
        'breaker',
        'budgets',
        'workloads',
        'secrets',
      ],
    })
    expect(document.components?.schemas?.['RecoverRequest']).toMatchObject({
      required: ['action', 'reason'],
      additionalProperties: false,
    })
  })
})
