/** The production entry as a process: what it refuses to start with, what it serves, and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'

const ENTRY = new URL('../src/server.ts', import.meta.url).pathname
const SCHEDULER = 'scheduler@my-project.iam.gserviceaccount.com'
const UP_WITHIN_MS = 15_000
const LOOK_EVERY_MS = 25
/** Cloud Run kills after this. */
const END_WITHIN_MS = 10_000

let directory = ''
let cleanups: (() => void)[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'night-guard-server-'))
  cleanups = [() => rmSync(directory, { recursive: true, force: true })]
})

afterEach(() => {
  for (const cleanup of cleanups.toReversed()) cleanup()
})

type Configuration = Readonly<Record<string, unknown>>

function configuration(changes: Configuration = {}): Configuration {
  return {
    project: 'my-project',
    targets: [
      {
        id: 'bot',
        zone: 'us-west1-b',
        instance: 'bot',
        health: { url: 'http://198.51.100.7:8080/health' },
        ssh: { user: 'nightguard', privateKey: { secret: 'nightguard-ssh-key' } },
      },
    ],
    auth: { mode: 'token', audience: 'https://guard.example', scheduler: [SCHEDULER] },
    store: { sqlite: join(directory, 'guard.db') },
    ...changes,
  }
}

type Service = {
  readonly child: ChildProcess
  /** What it wrote so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<number | null>
}

function start(environment: Readonly<Record<string, string>>): Service {
  // Only what is given: the test's own environment must configure nothing.
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory, PORT: '0', ...environment }
  const child = spawn(process.execPath, [ENTRY], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  cleanups.push(() => child.kill('SIGKILL'))
  const texts = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    texts.stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    texts.stderr += chunk.toString()
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, stdout: () => texts.stdout, stderr: () => texts.stderr, ended }
}

function startWith(config: Configuration, environment: Readonly<Record<string, string>> = {}): Service {
  return start({ NIGHTGUARD_CONFIG: stringify(config), ...environment })
}

async function until<Found>(what: string, look: () => Found | undefined): Promise<Found> {
  const endsAt = Date.now() + UP_WITHIN_MS
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    if (Date.now() > endsAt) throw new Error(`In vain waited for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** The URL of a service that listens. */
async function urlOf({ stdout }: Service): Promise<string> {
  const port = await until('the port', () => /"port":(\d+)/.exec(stdout())?.[1])
  return `http://127.0.0.1:${port}`
}

async function refusal(service: Service) {
  return { code: await service.ended, stderr: service.stderr().trim(), stdout: service.stdout() }
}

/** An HTTP server on loopback that answers every request with this status. */
async function answering(status: number): Promise<string> {
  const server: Server = createServer((_request, response) => response.writeHead(status).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('it does not start', () => {
  it('without a configuration', async () => {
    expect(await refusal(start({}))).toEqual({
      code: 2,
      stderr:
        'NIGHTGUARD_CONFIG:1:1: the configuration is not set: give it the path of a nightguard.yaml, or the YAML itself',
      stdout: '',
    })
  })

  it('with a broken one: each problem by file, line, column and field', async () => {
    const path = join(directory, 'nightguard.yaml')
    const text = stringify(configuration({ zone: 'x' })).replace('us-west1-b', '7')
    writeFileSync(path, text)
    const { code, stderr } = await refusal(start({ NIGHTGUARD_CONFIG: path }))
    const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1
    expect(code).toBe(2)
    expect(stderr.split('\n').map((line) => line.slice(0, line.indexOf(' ')))).toEqual([
      `${path}:${lineOf('zone: 7')}:11:`,
      `${path}:${lineOf('zone: x')}:1:`,
    ])
    expect(stderr).toContain('targets[0].zone')
  })

  it('with SQLite on Cloud Run', async () => {
    const path = join(directory, 'nightguard.yaml')
    const text = stringify(configuration())
    writeFileSync(path, text)
    const line = text.split('\n').findIndex((part) => part.includes('sqlite:')) + 1
    expect(await refusal(start({ NIGHTGUARD_CONFIG: path, K_SERVICE: 'night-guard' }))).toEqual({
      code: 2,
      stderr: `${path}:${line}:11: store.sqlite can not be used on Cloud Run, where files do not last`,
      stdout: '',
    })
  })

  it.each([
    ['auth', { auth: undefined }, 'auth is missing'],
    [
      'an audience',
      { auth: { mode: 'token', scheduler: [SCHEDULER] } },
      'auth.audience is missing, and so is url',
    ],
    ['anybody who may use it', { auth: { mode: 'token', audience: 'x' } }, 'auth names nobody'],
    ['a store', { store: {} }, 'store '],
    ['its own URL in iam mode', { auth: { mode: 'iam', scheduler: [SCHEDULER] } }, 'url is missing'],
  ])('without %s', async (_name, changes, message) => {
    const { code, stderr } = await refusal(startWith(configuration(changes)))
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(new RegExp(`^NIGHTGUARD_CONFIG:\\d+:\\d+: ${message}`)),
    })
  })

  it('with health URLs that it will never ask, each by its line', async () => {
    const [bot] = configuration()['targets'] as readonly [object]
    const targets = ['http://169.254.169.254/', 'http://[::1]:8080/'].map((url, index) => ({
      ...bot,
      id: `bot-${index}`,
      instance: `bot-${index}`,
      health: { url },
    }))
    const config = configuration({ targets, canary: { urls: ['http://127.1/'] } })
    const lines = stringify(config).split('\n')
    const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1
    const why = 'loopback, link-local, multicast and the like are never asked'
    expect(await refusal(startWith(config))).toEqual({
      code: 2,
      stderr: [
        `NIGHTGUARD_CONFIG:${lineOf('169.254')}:12: targets[0].health.url must not be at 169.254.169.254: ${why}`,
        `NIGHTGUARD_CONFIG:${lineOf('[::1]')}:12: targets[1].health.url must not be at ::1: ${why}`,
        `NIGHTGUARD_CONFIG:${lineOf('127.1')}:7: canary.urls[0] must not be at 127.0.0.1: ${why}`,
      ].join('\n'),
      stdout: '',
    })
  })

  it.each(['eighty', '65536', '0x50'])('on the port %j', async (PORT) => {
    const { code, stderr } = await refusal(startWith(configuration(), { PORT }))
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `PORT must be a port's number, not ${JSON.stringify(PORT)}`,
    })
  })

  it('on a port that is taken', async () => {
    const taken = createTcpServer().listen(0, '0.0.0.0')
    await once(taken, 'listening')
    cleanups.push(() => taken.close())
    const PORT = String((taken.address() as AddressInfo).port)
    const { code, stderr } = await refusal(startWith(configuration(), { PORT }))
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Port ${PORT} can't be had: listen EADDRINUSE: address already in use 0.0.0.0:${PORT}`,
    })
  })
})

describe('in token mode', () => {
  it('serves /health to anyone, and nothing else without a token', async () => {
    const service = startWith(configuration())
    const url = await urlOf(service)
    const health = await fetch(`${url}/health`)
    expect({ status: health.status, body: await health.json() }).toEqual({
      status: 200,
      body: { status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    })
    const made = ['e30', Buffer.from('{"email":"x"}').toString('base64url'), 'c2ln'].join('.')
    for (const headers of [
      {},
      { authorization: `Bearer ${made}` },
      { authorization: `Bearer ${stripped()}` },
    ]) {
      const tick = await fetch(`${url}/tick`, { method: 'POST', headers })
      expect({ status: tick.status, type: tick.headers.get('content-type') }).toEqual({
        status: 401,
        type: 'application/problem+json',
      })
    }
    for (const path of ['/', '/api/targets', '/api/incidents'])
      expect((await fetch(`${url}${path}`)).status).toBe(401)
    service.child.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    expect(service.stderr()).toBe('')
    const events = service
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(events.map(({ severity, message }) => ({ severity, message }))).toEqual([
      { severity: 'INFO', message: `listening on port ${new URL(url).port}` },
      { severity: 'INFO', message: 'ended' },
    ])
  })
})

it('starts with the example', async () => {
  const path = join(directory, 'nightguard.yaml')
  const example = readFileSync(new URL('../examples/nightguard.yaml', import.meta.url), 'utf8')
  const text = example.replace('./nightguard.db', join(directory, 'guard.db'))
  expect(text).not.toBe(example)
  writeFileSync(path, text)
  const url = await urlOf(start({ NIGHTGUARD_CONFIG: path }))
  expect((await fetch(`${url}/health`)).status).toBe(200)
})

it('says at the start that its store cannot be reached, and serves on', async () => {
  const service = startWith(configuration({ store: { sqlite: join(directory, 'nowhere', 'guard.db') } }))
  const url = await urlOf(service)
  const warning = await until('the warning', () =>
    service
      .stdout()
      .split('\n')
      .find((line) => line.includes('"WARNING"')),
  )
  const { message, detail } = JSON.parse(warning) as Record<string, unknown>
  expect({ message, detail }).toEqual({
    message: `The store can't be reached; nothing is done to any target until it can: ${detail}`,
    detail: expect.stringContaining('open'),
  })
  expect((await fetch(`${url}/health`)).status).toBe(200)
})

/** A token as Cloud Run hands it on in iam mode: whole but for its signature. */
function stripped(email = SCHEDULER): string {
  const now = Math.floor(Date.now() / 1_000)
  const claims = {
    iss: 'https://accounts.google.com',
    aud: 'https://guard.example',
    iat: now,
    exp: now + 3_600,
    email,
    email_verified: true,
  }
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}.SIGNATURE_REMOVED_BY_GOOGLE`
}

function iam(url: string, changes: Configuration = {}): Configuration {
  const auth = { mode: 'iam', audience: 'https://guard.example', scheduler: [SCHEDULER] }
  return configuration({ auth, url, ...changes })
}

describe('in iam mode', () => {
  it('refuses to serve when its own URL lets anyone in', async () => {
    const url = await answering(200)
    const { code, stderr } = await refusal(startWith(iam(url)))
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: `auth.mode is iam, and the service is not known to be private: GET ${url}/health without a token was answered with 200`,
    })
  })

  it('refuses to serve when it can not be found out, after three attempts', async () => {
    const url = await answering(503)
    const service = startWith(iam(url))
    const { code, stdout } = await refusal(service)
    const attempts = stdout.split('\n').filter((line) => line.includes('"attempt"'))
    expect({ code, attempts: attempts.length }).toEqual({ code: 3, attempts: 3 })
  })

  it('believes the scheduler once it was turned away, and grants nobody more than that', async () => {
    const policy = { probe: { timeoutMs: 200, idleTimeoutMs: 200 } }
    const service = startWith(iam(await answering(403), { policy }))
    const url = await urlOf(service)
    const ask = (path: string, method: string, email?: string) =>
      fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${stripped(email)}` } })
    expect((await ask('/tick', 'POST')).status).toBe(200)
    expect((await ask('/tick', 'POST', 'stranger@example.com')).status).toBe(403)
    expect((await ask('/api/targets', 'GET')).status).toBe(403)
    service.child.kill('SIGTERM')
    expect(await service.ended).toBe(0)
  })
})

/** Health URLs on loopback are refused, so the target that hangs needs another address of this machine. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address
if (ownAddress === undefined)
  process.stderr.write('SKIPPED: SIGTERM in a tick needs an address besides loopback\n')

async function hangingTarget(): Promise<{ url: string; asked: () => number }> {
  const sockets: Socket[] = []
  const server = createTcpServer((socket) => sockets.push(socket.on('error', () => socket.destroy())))
  server.listen(0, ownAddress)
  await once(server, 'listening')
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    url: `http://${ownAddress}:${(server.address() as AddressInfo).port}/health`,
    asked: () => sockets.length,
  }
}

describe.skipIf(ownAddress === undefined)('told to end while a tick waits for a target that hangs', () => {
  async function midTick(policy: object): Promise<{ service: Service; tick: Promise<Response | Error> }> {
    const target = await hangingTarget()
    const [entry] = configuration()['targets'] as readonly [object]
    const service = startWith(
      iam(await answering(403), { targets: [{ ...entry, health: { url: target.url } }], policy }),
    )
    const url = await urlOf(service)
    const tick = fetch(`${url}/tick`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stripped()}` },
    }).catch((error: Error) => error)
    await until('the probe', () => (target.asked() > 0 ? true : undefined))
    service.child.kill('SIGTERM')
    return { service, tick }
  }

  it('finishes it and gives its answer when it ends in time', async () => {
    const { service, tick } = await midTick({ probe: { timeoutMs: '1s', idleTimeoutMs: 500, count: 1 } })
    const killedAt = Date.now()
    expect(await service.ended).toBe(0)
    expect(Date.now() - killedAt).toBeLessThan(END_WITHIN_MS)
    const answer = await tick
    expect(answer).toBeInstanceOf(Response)
    expect((answer as Response).status).toBe(200)
    const report = (await (answer as Response).json()) as { targets: { id: string; actions: unknown[] }[] }
    expect(report.targets.map(({ id, actions }) => ({ id, actions }))).toEqual([{ id: 'bot', actions: [] }])
  })

  it('ends all the same, within 10 s, when it does not', async () => {
    const { service, tick } = await midTick({
      probe: { timeoutMs: '40s', idleTimeoutMs: 500, count: 1 },
      tick: { deadlineMs: '4m' },
      lease: { durationMs: '20m' },
    })
    const killedAt = Date.now()
    expect(await service.ended).toBe(0)
    expect(Date.now() - killedAt).toBeLessThan(END_WITHIN_MS)
    expect(await tick).toBeInstanceOf(Error)
  })
})
