import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { fieldErrors } from '../../src/http/problem.ts'
import {
  DAYS_MAX,
  historyQuerySchema,
  INCIDENTS_MAX,
  incidentQuerySchema,
  PAUSE_MINUTES_MAX,
  pauseRequestSchema,
  REASON_CHARS_MAX,
  recoverRequestSchema,
  resumeRequestSchema,
  runRequestSchema,
  shadowQuerySchema,
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

  it.each<[string, z.ZodType, unknown, readonly string[]]>([
    [
      'an empty pause',
      pauseRequestSchema,
      {},
      [
        `minutes: Say for how many minutes: a whole number from 1 to ${PAUSE_MINUTES_MAX}`,
        'reason: Say why, in a few words',
      ],
    ],
    [
      'half a minute, and a blank reason',
      pauseRequestSchema,
      { minutes: 0.5, reason: ' ' },
      [
        `minutes: Say for how many minutes: a whole number from 1 to ${PAUSE_MINUTES_MAX}`,
        'reason: Say why, in a few words',
      ],
    ],
    [
      'a pause without end',
      pauseRequestSchema,
      { minutes: PAUSE_MINUTES_MAX + 1, reason: 'x'.repeat(REASON_CHARS_MAX + 1) },
      [
        `minutes: Say for how many minutes: a whole number from 1 to ${PAUSE_MINUTES_MAX}`,
        `reason: Must have at most ${REASON_CHARS_MAX} characters`,
      ],
    ],
    [
      'an empty recover',
      recoverRequestSchema,
      {},
      [
        'action: Must be one of auto, restart-workload, reboot, reset, start',
        'reason: Say why, in a few words',
      ],
    ],
    [
      'targets that are a text, and a flag that is one',
      runRequestSchema,
      { targets: 'bot', dryRun: 'yes' },
      ["targets: Must be a list of targets' ids", 'dryRun: Must be true or false'],
    ],
    [
      'no targets in the list',
      runRequestSchema,
      { targets: [] },
      ['targets: Name at least one target, or leave it out for all'],
    ],
    ['a target that is a number', runRequestSchema, { targets: [1] }, ["targets.0: Must be a target's id"]],
    ['a list as the body', runRequestSchema, [], ['body: Must be a JSON object']],
    [
      'a limit that is a word',
      incidentQuerySchema,
      { limit: 'many' },
      [`limit: Must be a whole number from 1 to ${INCIDENTS_MAX}`],
    ],
    [
      'a limit of too many',
      incidentQuerySchema,
      { limit: '1000' },
      [`limit: Must be a whole number from 1 to ${INCIDENTS_MAX}`],
    ],
  ])('%s is refused in plain words', (_, schema, value, expected) => {
    const { error } = schema.safeParse(value)
    const errors = error === undefined ? [] : fieldErrors(error, 'body')
    expect(errors.map(({ field, message }) => `${field}: ${message}`)).toEqual(expected)
  })

  it.each([
    ['history', historyQuerySchema, 1],
    ['shadow', shadowQuerySchema, 7],
  ])('the days of %s are a whole number up to what is kept', (_, schema, daysDefault) => {
    expect(schema.parse({})).toEqual({ days: daysDefault })
    expect(schema.parse({ days: String(DAYS_MAX) })).toEqual({ days: DAYS_MAX })
    for (const days of ['0', '91', '1.5', 'all']) expect(schema.safeParse({ days }).success).toBe(false)
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
      'get /api/black-boxes/{id}',
      'get /api/incidents',
      'get /api/incidents/{id}',
      'get /api/incidents/{id}/markdown',
      'get /api/shadow',
      'get /api/targets',
      'get /api/targets/{id}',
      'get /api/targets/{id}/history',
      'get /health',
      'get /metrics',
      'get /openapi.json',
      'post /api/alerts/test',
      'post /api/targets/{id}/arm',
      'post /api/targets/{id}/pause',
      'post /api/targets/{id}/recover',
      'post /api/targets/{id}/resume',
      'post /events/secret-manager',
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
        'mode',
        'uptime',
        'days',
      ],
    })
    expect(document.components?.schemas?.['RecoverRequest']).toMatchObject({
      required: ['action', 'reason'],
      additionalProperties: false,
    })
  })
})
