import { describe, expect, it } from 'vitest'
import { problemSchema } from '../../src/schemas/api-problem.ts'
import { createHarness } from './harness.ts'

const RECOVER = '/api/targets/nightguard/recover'
const PAUSE = '/api/targets/nightguard/pause'
/** How Zod would say it; a person is told what to send. */
const ZODS_WORDS = /expected|received|invalid|too (?:big|small)/i

describe('a request that is not right', () => {
  it.each([
    ['an unknown field', RECOVER, { action: 'auto', reason: 'r', forced: true }, ['forced']],
    ['two unknown fields', '/tick', { target: 'x', dryrun: true }, ['target', 'dryrun']],
    ['a field that is missing', RECOVER, { action: 'auto' }, ['reason']],
    ['all that is missing', RECOVER, undefined, ['action', 'reason']],
    ['an unknown action', RECOVER, { action: 'explode', reason: 'r' }, ['action']],
    ['a blank reason', RECOVER, { action: 'auto', reason: '  ' }, ['reason']],
    ['a reason that is too long', RECOVER, { action: 'auto', reason: 'x'.repeat(501) }, ['reason']],
    ['a word for a truth', RECOVER, { action: 'auto', reason: 'r', force: 'yes' }, ['force']],
    ['no minutes', PAUSE, { minutes: 0, reason: 'r' }, ['minutes']],
    ['half a minute', PAUSE, { minutes: 0.5, reason: 'r' }, ['minutes']],
    ['a pause without an end', PAUSE, { minutes: 1e9, reason: 'r' }, ['minutes']],
    ['a list where an object belongs', '/tick', [], ['body']],
    ['null', '/tick', 'null', ['body']],
    ['an empty list of targets', '/tick', { targets: [] }, ['targets']],
    ['a target that is no text', '/sync', { targets: ['a', 7] }, ['targets.1']],
    ['broken JSON', '/tick', '{"targets":', ['body']],
    ['a query that would be ignored', '/tick?dryRun=true', {}, ['dryRun']],
    ['a field with a name of terminal codes', '/tick', { '\u001b[31m': 1 }, ['␛[31m']],
  ])('POST with %s names the field', async (_, path, body, fields) => {
    const { post, asked } = createHarness()
    const response = await post(path, body)
    const problem = problemSchema.parse(await response.json())
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(problem.errors?.map((error) => error.field)).toEqual(fields)
    for (const { message } of problem.errors ?? []) expect(message).not.toMatch(ZODS_WORDS)
    expect(asked).toEqual([])
  })

  it.each([
    ['limit', '/api/incidents?limit=0'],
    ['limit', '/api/incidents?limit=101'],
    ['limit', '/api/incidents?limit=many'],
    ['limit', '/api/incidents?limit=1&limit=2'],
    ['page', '/api/incidents?page=2'],
    ['verdict', '/api/targets?verdict=unhealthy'],
  ])('GET names %s in %s', async (field, path) => {
    const response = await createHarness().get(path)
    expect(response.status).toBe(400)
    const { errors = [] } = problemSchema.parse(await response.json())
    expect(errors.map((error) => error.field)).toEqual([field])
    for (const { message } of errors) expect(message).not.toMatch(ZODS_WORDS)
  })

  it('a cursor that no page gave is 400', async () => {
    const incidents = async () => ({ kind: 'bad-cursor' as const, detail: 'Not one of ours' })
    const response = await createHarness({ answers: { incidents } }).get('/api/incidents?cursor=x')
    expect(await response.json()).toEqual({
      type: '/problems/bad-request',
      title: 'The request is not right',
      status: 400,
      detail: 'Not right: cursor',
      mend: 'Mend the named fields, and ask again.',
      errors: [{ field: 'cursor', message: 'Not one of ours' }],
    })
  })

  it('names twenty fields at most', async () => {
    const body = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, 1]))
    const response = await createHarness().post('/tick', body)
    expect(problemSchema.parse(await response.json()).errors).toHaveLength(20)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
    '%s is 415',
    async (type) => {
      const response = await createHarness().post('/tick', '{}', { 'content-type': type })
      expect(response.status).toBe(415)
      expect(await response.json()).toMatchObject({ type: '/problems/unsupported-media-type' })
    },
  )

  it('a body without a type is 415', async () => {
    const { app } = createHarness()
    const body = new Blob(['{}'])
    const response = await app.request('/tick', {
      method: 'POST',
      body,
      headers: { 'x-test-role': 'operator' },
    })
    expect(response.status).toBe(415)
  })

  it('a body over 64 KiB is 413, also when its length is not told', async () => {
    const body = JSON.stringify({ targets: ['x'.repeat(64 * 1024)] })
    const { app, post } = createHarness()
    expect((await post('/tick', body)).status).toBe(413)
    const response = await app.request(
      new Request('http://localhost/tick', {
        method: 'POST',
        body: new Blob([body]).stream(),
        headers: {
          'x-test-role': 'operator',
          'content-type': 'application/json',
          'transfer-encoding': 'chunked',
        },
        duplex: 'half',
      }),
    )
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ type: '/problems/body-too-large', status: 413 })
  })
})

describe('where there is nothing', () => {
  it('an unknown route is 404', async () => {
    const response = await createHarness().get('/api/nothing')
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      type: '/problems/not-found',
      title: 'There is nothing here',
      status: 404,
      detail: 'Nothing is at /api/nothing',
      mend: 'Check the path. GET / is the dashboard, GET /api/targets lists the targets.',
    })
  })

  it('an unknown target is 404 and names the known ones', async () => {
    const response = await createHarness().get('/api/targets/other')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      detail: 'other is not watched; the targets are nightguard',
      known: ['nightguard'],
    })
  })

  it('an unknown incident is 404', async () => {
    const response = await createHarness().get('/api/incidents/i-9')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ type: '/problems/unknown-incident' })
  })

  it.each([
    ['GET', '/tick', 'POST'],
    ['PUT', '/api/targets', 'GET, HEAD'],
    ['DELETE', '/api/targets/nightguard', 'GET, HEAD'],
    ['GET', '/api/targets/nightguard/recover', 'POST'],
    ['POST', '/', 'GET, HEAD'],
  ])('%s %s is 405', async (method, path, allow) => {
    const response = await createHarness().app.request(path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    expect(await response.json()).toMatchObject({ type: '/problems/method-not-allowed', status: 405 })
  })

  it.each(['/health', '/', '/api/targets'])('HEAD %s has the headers and no body', async (path) => {
    const response = await createHarness().app.request(path, {
      method: 'HEAD',
      headers: { 'x-test-role': 'operator' },
    })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })
})

describe('a bug', () => {
  it('is a 500 that tells nothing of the inside, and an error in the journal', async () => {
    const targets = async () => {
      throw new TypeError('secret inside')
    }
    const { get, journal } = createHarness({ answers: { targets } })
    const response = await get('/api/targets')
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({
      type: '/problems/internal',
      title: 'Night Guard failed',
      status: 500,
      detail: 'A bug of Night Guard kept it from answering; the log has the details',
      mend: 'Try again. If it stays, read the log at severity ERROR and report it.',
    })
    expect(journal).toEqual([
      {
        severity: 'ERROR',
        message: 'GET /api/targets failed: secret inside',
        fields: { error: expect.stringContaining('TypeError: secret inside') },
      },
    ])
  })
})
