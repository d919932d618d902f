/** The sandbox as its users meet it: who may ask it, what it tells, and that its scheduler ticks by itself. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SCHEDULER_EMAIL } from '../../sandbox/config.ts'
import { AUDIENCE, type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts'
import type { TargetView } from '../../src/core/report.ts'
import type { JournalEvent } from '../../src/ports/journal.ts'

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ port: 0, scheduler: 'off', tell: () => undefined, ...options })
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** With headers that `fetch` would not send. */
function ask(
  sandbox: Sandbox,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const asking = request(`${sandbox.url}${path}`, { agent: false, method, headers }, async (response) => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      const { statusCode = 0, headers: got } = response
      resolve({ status: statusCode, type: got['content-type'] ?? '', body: Buffer.concat(chunks).toString() })
    })
    asking.once('error', reject)
    asking.end(body)
  })
}

async function problemOf(answer: Promise<{ status: number; type: string; body: string }>) {
  const { status, type, body } = await answer
  const problem = JSON.parse(body) as { type: string }
  return { status, type, problem: problem.type }
}

const json = { 'content-type': 'application/json' }

describe('who may ask', () => {
  it.each(['/', '/health', '/api/targets', '/tick', '/sandbox/faults'])(
    '%s by another name (DNS rebinding): 403',
    async (path) => {
      const sandbox = await start()
      for (const host of ['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '169.254.169.254'])
        expect((await ask(sandbox, path, { headers: { host } })).status).toBe(403)
    },
  )

  it('by its own names, with and without a port', async () => {
    const sandbox = await start()
    const { port } = new URL(sandbox.url)
    for (const host of [
      'localhost',
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      `LOCALHOST:${port}`,
    ])
      expect((await ask(sandbox, '/health', { headers: { host } })).status).toBe(200)
  })

  it.each([
    ['/tick', {}],
    ['/sync', {}],
    ['/api/targets/bot/recover', { action: 'reset', reason: 'x', force: true }],
    ['/api/targets/bot/pause', { minutes: 5, reason: 'x' }],
    ['/sandbox/faults', { target: 'bot', fault: 'vm-freezes' }],
    ['/sandbox/secrets/smtp-password', { value: 'x' }],
  ])('a page of another site that writes to %s: 403, and nothing happens', async (path, body) => {
    const sandbox = await start()
    const before = sandbox.world.machines.map((machine) => machine.snapshot().bootId)
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect(
        await problemOf(
          ask(sandbox, path, {
            method: 'POST',
            headers: { ...json, ...headers },
            body: JSON.stringify(body),
          }),
        ),
      ).toEqual({ status: 403, type: 'application/problem+json', problem: '/problems/foreign-origin' })
    expect(sandbox.world.machines.map((machine) => machine.snapshot().bootId)).toEqual(before)
    expect(sandbox.world.machines.map((machine) => machine.still())).toEqual(['no', 'no', 'no'])
    expect(sandbox.world.secretManager.requests.get('secrets.addVersion')).toBeUndefined()
  })

  it('its own page may write', async () => {
    const sandbox = await start()
    const headers = { ...json, origin: sandbox.url }
    const body = JSON.stringify({ target: 'bot', fault: 'health-slow' })
    expect((await ask(sandbox, '/sandbox/faults', { method: 'POST', headers, body })).status).toBe(200)
  })

  it('a token counts as anywhere else: a wrong one is no visitor from this machine', async () => {
    const sandbox = await start()
    const { identity } = sandbox.world
    const tick = (token: string) =>
      ask(sandbox, '/tick', { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    const statusOf = async (token: string) => (await tick(token)).status
    expect(await statusOf(identity.token({ email: SCHEDULER_EMAIL, audience: AUDIENCE }))).toBe(200)
    expect(await statusOf(identity.token({ email: SCHEDULER_EMAIL, audience: 'another' }))).toBe(401)
    expect(await statusOf(identity.token({ email: 'eve@example.com', audience: AUDIENCE }))).toBe(403)
    expect(await statusOf('rubbish')).toBe(401)
    const whole = identity.token({ email: SCHEDULER_EMAIL, audience: AUDIENCE })
    expect(await statusOf(`${whole.slice(0, whole.lastIndexOf('.'))}.SIGNATURE_REMOVED_BY_GOOGLE`)).toBe(401)
  })

  it('the scheduler may tick and no more', async () => {
    const sandbox = await start()
    const token = sandbox.world.identity.token({ email: SCHEDULER_EMAIL, audience: AUDIENCE })
    const headers = { ...json, authorization: `Bearer ${token}` }
    const body = JSON.stringify({ action: 'reset', reason: 'x', force: true })
    const recover = ask(sandbox, '/api/targets/bot/recover', { method: 'POST', headers, body })
    expect((await recover).status).toBe(403)
    expect((await ask(sandbox, '/api/targets', { headers })).status).toBe(403)
  })
})

describe('its scheduler', () => {
  it('ticks by itself, over HTTP, until the sandbox ends; nothing is left running', async () => {
    const events: JournalEvent[] = []
    let ticked = (): void => undefined
    const twice = new Promise<void>((resolve) => {
      ticked = () => events.filter(({ fields }) => fields['event'] === 'tick').length >= 2 && resolve()
    })
    const sandbox = await start({
      scheduler: 'on',
      policy: { tick: { everyMs: 1_000, deadlineMs: 9_000 }, confirmation: { gapMinMs: 500 } },
      wrap: (ports) => ({
        ...ports,
        journal: {
          write(event) {
            events.push(event)
            ticked()
          },
        },
      }),
    })
    await twice
    const { targets } = JSON.parse((await ask(sandbox, '/api/targets')).body) as { targets: TargetView[] }
    expect(targets.map(({ id, lastTickAt }) => ({ id, ticked: lastTickAt !== undefined }))).toEqual([
      { id: 'bot', ticked: true },
      { id: 'crawler', ticked: true },
      { id: 'mailer', ticked: true },
    ])
    await sandbox.close()
    await expect(ask(sandbox, '/health')).rejects.toThrow('ECONNREFUSED')
  })
})

describe('its policy', () => {
  it('can be changed section by section, and is checked like any other', async () => {
    await expect(start({ policy: { probe: { timeoutMs: 0 } } })).rejects.toThrow('policy.probe.timeoutMs')
    await expect(start({ policy: { prope: {} } })).rejects.toThrow('prope')
  })
})

it('leaves nothing behind when its port is taken', async () => {
  const sandbox = await start()
  const directories = () => readdirSync(tmpdir()).filter((name) => name.startsWith('night-guard-'))
  const place = mkdtempSync(join(tmpdir(), 'temporary-'))
  onTestFinished(() => rmSync(place, { recursive: true }))
  vi.stubEnv('TMPDIR', place)
  onTestFinished(() => void vi.unstubAllEnvs())
  const close = vi.fn(async () => undefined)
  const world = { ...sandbox.world, close }
  const port = Number(new URL(sandbox.url).port)
  await expect(start({ port, world })).rejects.toThrow('EADDRINUSE')
  await expect(start({ port })).rejects.toThrow('EADDRINUSE')
  expect({ directories: directories(), closed: close.mock.calls }).toEqual({ directories: [], closed: [] })
})
