/** Pub/Sub's pushes of changed secrets, and the test of the alerts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIdentityEmulator, type IdentityEmulator } from '../../sandbox/google/identity-emulator.ts'
import { createGoogleIdentityVerifier } from '../../src/adapters/google/identity.ts'
import type { Guard } from '../../src/app/guard.ts'
import type { AlertTest } from '../../src/core/report.ts'
import { type Authenticate, createAuthenticate } from '../../src/http/auth.ts'
import { NOW } from './fake-guard.ts'
import { createHarness } from './harness.ts'

type Changed = Awaited<ReturnType<Guard['secretChanged']>>
const SYNCED: Changed = { kind: 'synced', targets: ['bot'] }

type Stage = {
  readonly push: (body: unknown, headers?: Record<string, string>) => Promise<Response>
  /** The secrets that the guard was told of, in order. */
  readonly told: readonly string[]
}

function createStage(
  options: {
    answer?: (secret: string) => Promise<Changed>
    role?: string
    now?: () => number
    authenticate?: Authenticate
  } = {},
): Stage {
  const { answer = async () => SYNCED, role = 'pusher', now = () => NOW, authenticate } = options
  const told: string[] = []
  const { post } = createHarness({
    role,
    now,
    project: 'my-project',
    ...(authenticate === undefined ? {} : { authenticate }),
    answers: {
      secretChanged(secret) {
        told.push(secret)
        return answer(secret)
      },
    },
  })
  return { told, push: (body, headers) => post('/events/secret-manager', body, headers) }
}

const SECRET_ID = 'projects/123456789/secrets/bot-token'

/** As Pub/Sub sends it, with both spellings of what it names twice. */
function pushOf(attributes: object, messageId = '1'): object {
  return {
    message: {
      attributes,
      data: 'eyJuYW1lIjoicHJvamVjdHMvMTIzNDU2Nzg5L3NlY3JldHMvYm90LXRva2VuIn0=',
      messageId,
      message_id: messageId,
      publishTime: '2026-03-04T03:14:20.123Z',
      publish_time: '2026-03-04T03:14:20.123Z',
    },
    subscription: 'projects/my-project/subscriptions/nightguard-secrets',
    deliveryAttempt: 3,
  }
}

const event = (eventType: string, secretId = SECRET_ID) => ({
  eventType,
  secretId,
  versionId: `${secretId}/versions/4`,
  timestamp: '2026-03-04T03:14:20.123456-00:00',
  dataFormat: 'JSON_API_V1',
})
const ADDED = event('SECRET_VERSION_ADD')

describe('A notification of Secret Manager', () => {
  it('that somebody published by hand, without attributes, is taken and nothing is done', async () => {
    const { push, told } = createStage()
    const response = await push({ message: { messageId: '2', data: 'aGk=' } })
    expect([response.status, told]).toEqual([204, []])
  })

  it.each([
    'SECRET_VERSION_ADD',
    'SECRET_VERSION_ENABLE',
    'SECRET_VERSION_DISABLE',
    'SECRET_VERSION_DESTROY',
    'SECRET_VERSION_DESTROY_SCHEDULED',
  ])('%s: another version is served, so what uses the secret is synced', async (type) => {
    const { push, told } = createStage()
    const response = await push(pushOf(event(type)))
    expect({ status: response.status, body: await response.text(), told }).toEqual({
      status: 204,
      body: '',
      told: ['bot-token'],
    })
  })

  it.each<[string, object]>([
    ['a new secret, which has no version', event('SECRET_CREATE')],
    ['other labels or topics', event('SECRET_UPDATE')],
    ['a deleted secret: what is on the VM is kept', event('SECRET_DELETE')],
    ['a reminder to rotate', event('SECRET_ROTATE')],
    ['a test of the topic, without a secret', { eventType: 'TOPIC_CONFIGURED' }],
    ["somebody's own message, without a type", {}],
    ['a type that is yet to come', event('SECRET_VERSION_PRAISED')],
    ['an unknown type with a name that is none', event('SECRET_VERSION_PRAISED', 'nonsense')],
    ["another project's secret", event('SECRET_VERSION_ADD', 'projects/other-project/secrets/bot-token')],
    [
      'a regional secret',
      event('SECRET_VERSION_ADD', 'projects/123456789/locations/us-west1/secrets/bot-token'),
    ],
  ])('does nothing, and is acknowledged, for %s', async (_, attributes) => {
    const { push, told } = createStage()
    expect((await push(pushOf(attributes))).status).toBe(204)
    expect(told).toEqual([])
  })

  it.each([
    ['by number', SECRET_ID],
    ['by name', 'projects/my-project/secrets/bot-token'],
  ])("is this project's when it names it %s", async (_, secretId) => {
    const { push, told } = createStage()
    await push(pushOf(event('SECRET_VERSION_ADD', secretId)))
    expect(told).toEqual(['bot-token'])
  })

  const { secretId: _, ...nameless } = ADDED
  it.each<[string, unknown, readonly string[]]>([
    ['no body', undefined, ['message']],
    ['no object', '[]', ['body']],
    ['no JSON', '{"message":', ['body']],
    ['no message', {}, ['message']],
    ['an unwrapped message', event('SECRET_VERSION_ADD'), ['message']],
    ['an endless type', pushOf({ eventType: 'X'.repeat(101) }), ['message.attributes.eventType']],
    ['a change of no secret', pushOf(nameless), ['message.attributes.secretId']],
    [
      'a change of what is no secret',
      pushOf(event('SECRET_VERSION_ADD', 'projects/1/topics/x')),
      ['message.attributes.secretId'],
    ],
    [
      'a name that leads elsewhere',
      pushOf(event('SECRET_VERSION_ADD', 'projects/1/secrets/../../2/secrets/x')),
      ['message.attributes.secretId'],
    ],
    [
      'an endless name',
      pushOf(event('SECRET_VERSION_ADD', `projects/1/secrets/${'x'.repeat(600)}`)),
      ['message.attributes.secretId'],
    ],
    ['a message without an id', { message: { attributes: ADDED } }, ['message.messageId']],
  ])('is refused, its field named: %s', async (_case, body, fields) => {
    const { push, told } = createStage()
    const response = await push(body, { 'content-type': 'application/json' })
    const problem = (await response.json()) as { errors: { field: string }[] }
    expect({ status: response.status, fields: problem.errors.map(({ field }) => field), told }).toEqual({
      status: 400,
      fields,
      told: [],
    })
  })

  it('that is larger than any of them is refused unread', async () => {
    const { push, told } = createStage()
    const body = { ...pushOf(ADDED), more: 'x'.repeat(64 * 1024) }
    expect((await push(body)).status).toBe(413)
    expect(told).toEqual([])
  })
})

describe('Delivered again', () => {
  it('a message that has succeeded is acknowledged at once; another one of the same secret is not', async () => {
    const { push, told } = createStage()
    for (const id of ['1', '1', '2', '1']) expect((await push(pushOf(ADDED, id))).status).toBe(204)
    expect(told).toEqual(['bot-token', 'bot-token'])
  })

  it('a message that is still worked on waits for that, and shares its end', async () => {
    const work = Promise.withResolvers<Changed>()
    const { push, told } = createStage({ answer: () => work.promise })
    const both = Promise.all([push(pushOf(ADDED)), push(pushOf(ADDED))])
    work.resolve(SYNCED)
    expect((await both).map(({ status }) => status)).toEqual([204, 204])
    expect(told).toEqual(['bot-token'])
  })

  it.each<[string, Changed, string]>([
    ['another run is at work', { kind: 'busy', detail: 'a tick holds bot' }, '/problems/busy'],
    ['the store is away', { kind: 'unavailable', detail: 'locked' }, '/problems/store-unavailable'],
  ])('it is worked on when the first time failed: %s', async (_, failure, type) => {
    const answers = [failure, SYNCED]
    const { push, told } = createStage({ answer: async () => answers.shift() ?? SYNCED })
    const first = await push(pushOf(ADDED))
    const { status, headers } = first
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '30' })
    expect(await first.json()).toMatchObject({ type })
    expect((await push(pushOf(ADDED))).status).toBe(204)
    expect((await push(pushOf(ADDED))).status).toBe(204)
    expect(told).toEqual(['bot-token', 'bot-token'])
  })

  it('it is worked on when the first time met a bug', async () => {
    let calls = 0
    const { push } = createStage({
      answer: async () => {
        calls += 1
        if (calls === 1) throw new Error('a bug')
        return SYNCED
      },
    })
    expect((await push(pushOf(ADDED))).status).toBe(500)
    expect((await push(pushOf(ADDED))).status).toBe(204)
    expect(calls).toBe(2)
  })

  it('it is worked on once more when an hour has passed, or a thousand others have come', async () => {
    let now = NOW
    const { push, told } = createStage({ now: () => now })
    const again = async () => {
      const before = told.length
      await push(pushOf(ADDED, 'first'))
      return told.length - before
    }
    expect(await again()).toBe(1)
    now += 3_599_999
    expect(await again()).toBe(0)
    now += 1
    expect(await again()).toBe(1)
    for (let id = 0; id < 1_000; id += 1) await push(pushOf(ADDED, String(id)))
    expect(await again()).toBe(1)
  })
})

describe('Who may push', () => {
  const AUDIENCE = 'https://guard.example.com'
  const PUSHER = 'pusher@my-project.iam.gserviceaccount.com'
  let google: IdentityEmulator
  let authenticate: Authenticate
  beforeAll(async () => {
    google = await createIdentityEmulator()
    authenticate = createAuthenticate({
      mode: 'token',
      roles: { scheduler: ['scheduler@example.com'], pusher: [PUSHER], operators: [], viewers: [] },
      verifier: createGoogleIdentityVerifier({ audiences: [AUDIENCE], certsUrl: google.certsUrl }),
    })
  })
  afterAll(() => google.close())

  it.each([
    ["Pub/Sub's account, by its token for this service", { email: PUSHER, audience: AUDIENCE }, 204, 1],
    ['the same account, its token made out to another', { email: PUSHER, audience: 'https://other' }, 401, 0],
    ['an account without the role', { email: 'scheduler@example.com', audience: AUDIENCE }, 403, 0],
    ['an account that nobody named', { email: 'other@example.com', audience: AUDIENCE }, 403, 0],
    ['nobody', undefined, 401, 0],
  ])('%s', async (_, claims, status, times) => {
    const { push, told } = createStage({ authenticate })
    const headers: Record<string, string> =
      claims === undefined ? {} : { authorization: `Bearer ${google.token(claims)}` }
    const response = await push(pushOf(ADDED), headers)
    expect({ status: response.status, times: told.length }).toEqual({ status, times })
  })

  it.each(['scheduler', 'viewer', 'operator', 'nobody'])('not the role %s', async (role) => {
    const { push, told } = createStage({ role })
    expect((await push(pushOf(ADDED))).status).toBe(role === 'nobody' ? 401 : 403)
    expect(told).toEqual([])
  })
})

describe('POST /api/alerts/test', () => {
  const RESULTS: readonly AlertTest[] = [
    { channel: 'telegram:123', result: 'sent' },
    { channel: 'webhook:example.com', result: 'failed', detail: 'HTTP 500' },
  ]

  function createAlerts(role: string) {
    const { post, asked } = createHarness({
      role,
      answers: { testAlerts: async () => ({ kind: 'tested', results: RESULTS }) },
    })
    return { asked, test: (body?: unknown) => post('/api/alerts/test', body) }
  }

  it.each([
    ['no body', undefined],
    ['an empty one', {}],
  ])('tells what became of it on each channel: %s', async (_, body) => {
    const { test, asked } = createAlerts('operator')
    const response = await test(body)
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { results: RESULTS },
    })
    expect(asked).toEqual([{ call: 'testAlerts', with: [{ by: 'operator@example.com' }] }])
  })

  it.each([
    ['a field that is none', 'operator', { channel: 'x' }, 400],
    ['a viewer', 'viewer', {}, 403],
    ['a pusher', 'pusher', {}, 403],
    ['nobody', 'nobody', {}, 401],
  ])('refuses %s', async (_, role, body, status) => {
    const { test, asked } = createAlerts(role)
    expect((await test(body)).status).toBe(status)
    expect(asked).toEqual([])
  })
})
