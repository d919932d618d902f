import { describe, expect, it } from 'vitest'
import { assetPath } from '../../src/http/assets/assets.ts'
import { createHarness } from './harness.ts'

const ALWAYS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

function own(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].filter(([name]) => Object.hasOwn(ALWAYS, name)))
}

describe('every answer carries the headers that protect a browser', () => {
  it.each(['/', '/health', '/api/targets', '/nothing', '/api/targets/other', assetPath('style.css')])(
    'GET %s',
    async (path) => {
      expect(own(await createHarness().get(path))).toEqual(ALWAYS)
    },
  )

  it('also a failure', async () => {
    const targets = async () => {
      throw new Error('bug')
    }
    const response = await createHarness({ answers: { targets } }).get('/')
    expect(response.status).toBe(500)
    expect(own(response)).toEqual(ALWAYS)
  })

  it.each(['/', '/api/targets', '/health', '/nothing'])('GET %s is not kept by anyone', async (path) => {
    expect((await createHarness().get(path)).headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['style.css', 'text/css; charset=utf-8'],
    ['script.js', 'text/javascript; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ] as const)('%s is for anyone, and kept for good', async (name, type) => {
    const response = await createHarness({ role: 'nobody' }).get(assetPath(name))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it('an asset of another version is 404', async () => {
    const response = await createHarness().get('/assets/0000000000-style.css')
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store'])
  })
})

describe('writes from a browser', () => {
  it.each([
    ['a program', {}, 200],
    ['a page of this host', { host: 'guard.test', origin: 'https://guard.test' }, 200],
    ['a page of this host and port', { host: 'localhost:8080', origin: 'http://localhost:8080' }, 200],
    ['a page of another site', { host: 'guard.test', origin: 'https://evil.test' }, 403],
    ['a page on another port', { host: 'localhost:8080', origin: 'http://localhost:3000' }, 403],
    ['a page without an origin', { host: 'guard.test', origin: 'null' }, 403],
    ['rubbish for an origin', { host: 'guard.test', origin: 'guard.test' }, 403],
    ['a browser that says so itself', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a browser on its own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('from %s', async (_, headers, status) => {
    const { post, asked } = createHarness()
    expect((await post('/tick', {}, headers)).status).toBe(status)
    expect(asked).toHaveLength(status === 200 ? 1 : 0)
  })

  it('a link from another site may show a page', async () => {
    const headers = { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }
    expect((await createHarness().get('/', headers)).status).toBe(200)
  })
})

describe('the names of the service', () => {
  it.each([
    ['localhost', 200],
    ['LOCALHOST:8080', 200],
    ['127.0.0.1:8080', 200],
    ['127.0.0.1:9090', 403],
    ['evil.test', 403],
    ['localhost.evil.test:8080', 403],
  ])('asked as %s: %i', async (host, status) => {
    const { get } = createHarness({ allowedHosts: ['localhost', '127.0.0.1:8080'] })
    expect((await get('/health', { host })).status).toBe(status)
  })

  it('are any when none is given', async () => {
    expect((await createHarness().get('/health', { host: 'guard-abc.a.run.app' })).status).toBe(200)
  })
})
