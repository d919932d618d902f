import { describe, expect, it } from 'vitest'
import { ROLES, type Role } from '../../src/http/auth.ts'
import { createHarness } from './harness.ts'

const PUBLIC = ['GET /health', 'GET /assets/:file']

/** Who may use each route; everybody else is turned away. */
const DOORS: Readonly<Record<string, readonly Role[]>> = {
  'POST /tick': ['scheduler', 'operator'],
  'POST /sync': ['scheduler', 'operator'],
  'GET /api/targets': ['viewer', 'operator'],
  'GET /api/targets/nightguard': ['viewer', 'operator'],
  'POST /api/targets/nightguard/recover': ['operator'],
  'POST /api/targets/nightguard/arm': ['operator'],
  'POST /api/targets/nightguard/pause': ['operator'],
  'POST /api/targets/nightguard/resume': ['operator'],
  'GET /api/targets/nightguard/history': ['viewer', 'operator'],
  'GET /api/shadow': ['viewer', 'operator'],
  'GET /api/incidents': ['viewer', 'operator'],
  'GET /api/incidents/i-1': ['viewer', 'operator'],
  'GET /api/incidents/i-1/markdown': ['viewer', 'operator'],
  'GET /api/black-boxes/b-1': ['viewer', 'operator'],
  'POST /api/alerts/test': ['operator'],
  'POST /events/secret-manager': ['pusher'],
  'GET /metrics': ['viewer', 'operator'],
  'GET /openapi.json': ['viewer', 'operator'],
  'GET /docs': ['viewer', 'operator'],
  'GET /': ['viewer', 'operator'],
  'GET /fragments/targets': ['viewer', 'operator'],
  'GET /fragments/incidents': ['viewer', 'operator'],
  'GET /fragments/incidents/i-1': ['viewer', 'operator'],
  'GET /fragments/incidents/i-1/black-boxes': ['viewer', 'operator'],
  'GET /fragments/targets/nightguard': ['viewer', 'operator'],
  'GET /fragments/words': ['viewer', 'operator'],
  'GET /targets/nightguard': ['viewer', 'operator'],
  'GET /incidents': ['viewer', 'operator'],
  'GET /incidents/i-1': ['viewer', 'operator'],
  'GET /shadow': ['viewer', 'operator'],
}
const BODY = JSON.stringify({ reason: 'Because' })
const BODIES: Readonly<Record<string, string>> = {
  recover: JSON.stringify({ action: 'auto', reason: 'Because' }),
  pause: JSON.stringify({ minutes: 5, reason: 'Because' }),
  test: '{}',
  'secret-manager': JSON.stringify({
    message: {
      messageId: '1',
      attributes: { eventType: 'SECRET_ROTATE', secretId: 'projects/1/secrets/key' },
    },
    subscription: 'projects/p/subscriptions/s',
  }),
  tick: '{}',
  sync: '{}',
}

async function knock(route: string, role: string): Promise<number> {
  const [method = '', path = ''] = route.split(' ')
  const { app } = createHarness()
  const body = BODIES[path.split('/').at(-1) ?? ''] ?? BODY
  const response = await app.request(path, {
    method,
    headers: { 'x-test-role': role, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    ...(method === 'POST' ? { body } : {}),
  })
  return response.status
}

const callers = ['nobody', ...ROLES]
const matrix = Object.entries(DOORS).flatMap(([route, roles]) =>
  callers.map((caller) => {
    const right = roles.some((role) => role === caller)
    const done = route.startsWith('POST /events') ? 204 : 200
    return [route, caller, right ? done : caller === 'nobody' ? 401 : 403] as const
  }),
)

describe('who may use which route', () => {
  it.each(matrix)('%s as %s: %i', async (route, caller, status) => {
    expect(await knock(route, caller)).toBe(status)
  })

  it('has a door on every route that is not for anyone', () => {
    const { app } = createHarness()
    const routes = app.routes
      .filter((route) => route.method !== 'ALL')
      .map(
        ({ method, path }) =>
          `${method} ${path.replace(/\/:id/, path.includes('incidents') ? '/i-1' : path.includes('boxes') ? '/b-1' : '/nightguard')}`,
      )
    expect([...new Set(routes)].sort()).toEqual([...PUBLIC, ...Object.keys(DOORS)].sort())
  })

  it('says why nobody gets in, and how to', async () => {
    const response = await createHarness({ role: 'nobody' }).get('/api/targets')
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="night-guard"')
    expect(await response.json()).toEqual({
      type: '/problems/unauthenticated',
      title: 'Who asks is not known',
      status: 401,
      detail: 'The request carries no identity',
      mend: 'Send a Google-signed ID token for this service as "Authorization: Bearer TOKEN".',
    })
  })

  it('passes on why a token was rejected', async () => {
    const authenticate = async () => ({ kind: 'rejected', detail: 'The token has expired' }) as const
    const response = await createHarness({ authenticate }).get('/api/targets')
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ detail: 'The token has expired' })
  })

  it('answers 503 when identities cannot be checked', async () => {
    const authenticate = async () => ({ kind: 'unavailable', detail: 'No certificates' }) as const
    const response = await createHarness({ authenticate }).get('/api/targets')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('30')
  })

  it("tells the authenticator the socket's peer, not what a header says", async () => {
    const seen: unknown[] = []
    const { get } = createHarness({
      connection: () => ({ remote: { address: '127.0.0.1', addressType: 'IPv4' } }),
      authenticate: async ({ remoteAddress }) => {
        seen.push(remoteAddress)
        return { kind: 'none' }
      },
    })
    await get('/', { 'x-forwarded-for': '203.0.113.7' })
    expect(seen).toEqual(['127.0.0.1'])
  })

  it('knows no peer where the server cannot tell', async () => {
    const seen: unknown[] = []
    const { get } = createHarness({
      authenticate: async (request) => {
        seen.push('remoteAddress' in request)
        return { kind: 'none' }
      },
    })
    await get('/')
    expect(seen).toEqual([false])
  })
})

describe('a page for whom no door has let in', () => {
  it.each(['/nope', '/'])('%s: tells nothing of the guard, neither its mode nor its zone', async (path) => {
    const { app } = createHarness({
      role: 'nobody',
      mode: 'observe',
      reader: { language: 'en', timeZone: 'Asia/Seoul' },
    })
    const response = await app.request(path, { headers: { accept: 'text/html' } })
    const text = await response.text()
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(text).not.toContain('observes only')
    expect(text).not.toContain('Asia/Seoul')
  })
})
