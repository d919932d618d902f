/**
 * From Secret Manager's notification, over Google's own Pub/Sub emulator, into the running container. The emulator signs
 * no tokens: the sandbox knows it by its socket; tokens are tested in test/http/events.test.ts.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { SANDBOX_PROJECT } from '../../sandbox/fleet.ts'
import { type PubSubEmulator, pubSubMissing, startPubSub } from '../emulators/pubsub-emulator.ts'
import { type Service, startArmed, until } from './harness.ts'
import { lives } from './outage.ts'

const SECRET = 'telegram-bot-token'
const NAME = 'telegram_bot_token'
const LIVE_WITHIN_MS = 15_000

const missing = pubSubMissing()
const note = missing === undefined ? '' : ` – SKIPPED, ${missing} is missing`

const added = (secret = SECRET) => ({
  attributes: {
    eventType: 'SECRET_VERSION_ADD',
    secretId: `projects/123456789/secrets/${secret}`,
    versionId: `projects/123456789/secrets/${secret}/versions/2`,
    timestamp: new Date().toISOString(),
    dataFormat: 'JSON_API_V1',
  },
  data: JSON.stringify({ name: `projects/123456789/secrets/${secret}/versions/2`, state: 'ENABLED' }),
})

const valueIn = (service: Service) => service.machine('bot').containerSecrets('bot.service').get(NAME)
const restartsOf = (service: Service) => lives(service, 'bot').restarts

/** Between Pub/Sub and the service: counts, and turns the first ones away. */
async function startDoor(service: Service, options: { turnedAway?: number } = {}) {
  const answers: number[] = []
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const turnsAway = answers.length < (options.turnedAway ?? 0)
    const status = turnsAway ? 503 : await forwarded(service, request.url ?? '', body)
    answers.push(status)
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}/events/secret-manager`, answers }
}

async function forwarded(service: Service, path: string, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(`${service.url}${path}`, { method: 'POST', headers, body })).status
}

describe.skipIf(missing !== undefined)(`A notification by Pub/Sub${note}`, () => {
  let pubSub: PubSubEmulator
  beforeAll(async () => {
    pubSub = await startPubSub()
  }, 60_000)
  afterAll(() => pubSub?.close())

  it('brings a new version into the running container within 15 s, in one restart', async () => {
    const service = await startArmed()
    await pubSub.createPush({ name: 'straight', endpoint: `${service.url}/events/secret-manager` })
    service.world.secretManager.addVersion(SECRET, 'by-event')
    const publishedAt = Date.now()
    await pubSub.publish('straight', added())
    await until('the container has the new value', () => valueIn(service) === 'by-event')
    expect(Date.now() - publishedAt).toBeLessThan(LIVE_WITHIN_MS)
    expect(restartsOf(service)).toBe(1)
  })

  it('that is turned away at first comes again until it is through', async () => {
    const service = await startArmed()
    const { endpoint, answers } = await startDoor(service, { turnedAway: 2 })
    await pubSub.createPush({ name: 'turned-away', endpoint })
    service.world.secretManager.addVersion(SECRET, 'in-the-end')
    await pubSub.publish('turned-away', added())
    await until('it is through', () => answers.at(-1) === 204)
    expect(answers.slice(0, 2)).toEqual([503, 503])
    expect({ value: valueIn(service), restarts: restartsOf(service) }).toEqual({
      value: 'in-the-end',
      restarts: 1,
    })
  })

  it('is acknowledged and does nothing twice, late, of another secret or of an unknown kind', async () => {
    const service = await startArmed()
    const { endpoint, answers } = await startDoor(service)
    await pubSub.createPush({ name: 'harmless', endpoint })
    service.world.secretManager.addVersion(SECRET, 'once')
    const { attributes } = added()
    const messages = [
      added(),
      added(),
      { attributes: { ...attributes, eventType: 'SECRET_VERSION_DESTROY' } },
      { attributes: { ...attributes, eventType: 'SECRET_ROTATE' } },
      { attributes: { eventType: 'TOPIC_CONFIGURED' } },
      added('nobody-uses-it'),
    ]
    for (const message of messages) await pubSub.publish('harmless', message)
    const acknowledged = () => answers.filter((status) => status === 204).length
    await until('all are acknowledged', () => acknowledged() === messages.length)
    // Side by side they may meet, and those that are told so come again.
    expect(answers.filter((status) => status !== 204 && status !== 503)).toEqual([])
    expect({ value: valueIn(service), restarts: restartsOf(service) }).toEqual({ value: 'once', restarts: 1 })
  })

  it('of what is no event is taken, so that it does not come again, and nothing is done', async () => {
    const service = await startArmed()
    const { endpoint, answers } = await startDoor(service)
    await pubSub.createPush({ name: 'foreign', endpoint })
    await pubSub.publish('foreign', { attributes: { project: SANDBOX_PROJECT } })
    await until('it is answered', () => answers.length > 0)
    expect(answers[0]).toBe(204)
    expect(restartsOf(service)).toBe(0)
  })
})
