/** Secrets, from Secret Manager into the running containers: put, one restart a unit, and never a value anywhere else. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SyncedSecret, SyncReport } from '../../src/core/report.ts'
import { aDuration, lineOf, type Service, startArmed, tickUntil, until } from './harness.ts'
import { lives } from './outage.ts'

const TELEGRAM = { name: 'telegram_bot_token', secret: 'telegram-bot-token' }
const GEMINI = { name: 'gemini_api_key', secret: 'gemini-api-key' }
const SECOND_VALUE = 'the-second-value-Zq7'

/** Containers with a health check are only starting at first, and are no target for a rollout then. */
async function startSettled(options: Parameters<typeof startArmed>[0] = {}): Promise<Service> {
  const service = await startArmed(options)
  await until('all health checks have passed', () =>
    service.world.machines.every((machine) =>
      machine.snapshot().workloads.every(({ health }) => health !== 'starting'),
    ),
  )
  return service
}

function rowsOf(report: SyncReport, id: string): readonly SyncedSecret[] {
  return report.targets.find((target) => target.id === id)?.secrets ?? []
}

function restarts(service: Service) {
  return Object.fromEntries(
    service.world.machines.map(({ name }) => [name, lives(service, name).restarts] as const),
  )
}

async function applied(service: Service, target: string) {
  const { secrets } = await service.target(target)
  return Object.fromEntries(secrets.map((secret) => [secret.name, secret.applied] as const))
}

describe('a new version', () => {
  it('is put and its unit restarted once, in one sync; the container has the value', async () => {
    const service = await startArmed()
    const { secretManager } = service.world
    const before = secretManager.accesses()
    secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    const report = await service.sync({ targets: ['bot'] })
    expect(report.targets).toEqual([
      {
        id: 'bot',
        verdict: 'healthy',
        reason: 'the health endpoint answers as it should',
        phase: 'watching',
        evidence: {
          http: { kind: 'ok', detail: aDuration },
          ssh: { kind: 'ok' },
          inside: { kind: 'ok' },
          workloads: { kind: 'ok', detail: 'bot.service active (running)' },
        },
        actions: [
          { rung: 'put-secret', result: 'done', detail: 'telegram_bot_token version 2' },
          { rung: 'restart-workload', result: 'done', detail: 'bot.service' },
        ],
        secrets: [
          { ...TELEGRAM, version: '2', result: 'put', detail: 'version 1 is there' },
          { ...GEMINI, version: '1', result: 'in-sync' },
        ],
      },
    ])
    expect(secretManager.accesses() - before).toBe(1)
    const bot = service.machine('bot')
    expect(Object.fromEntries(bot.containerSecrets('bot.service'))).toEqual({
      telegram_bot_token: SECOND_VALUE,
      gemini_api_key: 'sandbox-gemini-1',
    })
    expect(bot.podmanSecrets.get('telegram_bot_token')?.labels).toEqual({
      'nightguard.source': 'telegram-bot-token',
      'nightguard.version': '2',
    })
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
    expect(await applied(service, 'bot')).toEqual({ telegram_bot_token: '2', gemini_api_key: '1' })
    expect(await service.incidents('bot')).toEqual([])
  })

  it('two secrets of one unit at once: one restart; a secret of two VMs: one restart each', async () => {
    const service = await startSettled()
    const { secretManager } = service.world
    const before = secretManager.accesses()
    secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    secretManager.addVersion(GEMINI.secret, `${SECOND_VALUE}-g`)
    const report = await service.sync()
    expect(rowsOf(report, 'bot').map(({ version, result }) => ({ version, result }))).toEqual([
      { version: '2', result: 'put' },
      { version: '2', result: 'put' },
    ])
    expect(rowsOf(report, 'crawler').map(({ version, result }) => ({ version, result }))).toEqual([
      { version: '1', result: 'in-sync' },
      { version: '2', result: 'put' },
    ])
    expect(restarts(service)).toEqual({ bot: 1, crawler: 1, mailer: 0 })
    expect(service.story.filter((line) => line.includes('systemctl restart')).toSorted()).toEqual([
      'vm bot: systemctl restart bot.service',
      'vm crawler: systemctl restart api.service',
    ])
    expect(secretManager.accesses() - before).toBe(3)
  })

  it('is found by the tick that polls, without a sync', async () => {
    const service = await startArmed({ policy: { sync: { pollMs: 50 } } })
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    const line = await tickUntil(
      service,
      { target: 'bot', what: 'is restarted' },
      ({ actions }) => actions.length > 0,
    )
    expect(line.actions).toEqual([
      { rung: 'put-secret', result: 'done', detail: 'telegram_bot_token version 2' },
      { rung: 'restart-workload', result: 'done', detail: 'bot.service' },
    ])
    await service.tick()
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
    expect(service.machine('bot').containerSecrets('bot.service').get('telegram_bot_token')).toBe(
      SECOND_VALUE,
    )
  })

  it('found by a tick and a sync at the same time: put and restarted once', async () => {
    const service = await startSettled({ policy: { sync: { pollMs: 1 } } })
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    await Promise.all([service.sync(), service.tick(), service.sync()])
    await service.sync()
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
    expect(await applied(service, 'bot')).toEqual({ telegram_bot_token: '2', gemini_api_key: '1' })
  })
})

describe('payloads are read only when they are needed', () => {
  it('nothing changed: none, however often it is polled and synced', async () => {
    const service = await startSettled({ policy: { sync: { pollMs: 1 } } })
    const before = service.world.secretManager.accesses()
    for (const _round of [1, 2, 3]) {
      await service.tick()
      const report = await service.sync()
      expect(report.targets.flatMap(({ secrets }) => secrets.map(({ result }) => result))).toEqual(
        Array(5).fill('in-sync'),
      )
    }
    expect(service.world.secretManager.accesses()).toBe(before)
    expect(restarts(service)).toEqual({ bot: 0, crawler: 0, mailer: 0 })
  })

  it('a dry run says what it would put, reads none and changes nothing', async () => {
    const service = await startArmed()
    const before = service.world.secretManager.accesses()
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    const secretsBefore = service.machine('bot').podmanSecrets.all()
    const report = await service.sync({ targets: ['bot'], dryRun: true })
    expect(rowsOf(report, 'bot')).toEqual([
      { ...TELEGRAM, version: '2', result: 'would-put', detail: 'version 1 is there' },
      { ...GEMINI, version: '1', result: 'in-sync' },
    ])
    expect(service.world.secretManager.accesses()).toBe(before)
    expect(service.machine('bot').podmanSecrets.all()).toEqual(secretsBefore)
    expect(await applied(service, 'bot')).toEqual({ telegram_bot_token: '1', gemini_api_key: '1' })
    expect(restarts(service)).toEqual({ bot: 0, crawler: 0, mailer: 0 })
  })
})

describe('drift on the machine', () => {
  it('a secret that was removed, and one that was replaced by hand: put again, said why, one restart', async () => {
    const service = await startArmed()
    const { podmanSecrets, containerSecrets } = service.machine('bot')
    podmanSecrets.remove(TELEGRAM.name)
    podmanSecrets.put({ name: GEMINI.name, value: 'by hand' }, Date.now())
    const report = await service.sync({ targets: ['bot'] })
    expect(rowsOf(report, 'bot')).toEqual([
      { ...TELEGRAM, version: '1', result: 'put', detail: 'it was removed on the VM' },
      {
        ...GEMINI,
        version: '1',
        result: 'put',
        detail: 'it is on the VM without our label: somebody else put it there',
      },
    ])
    expect(containerSecrets('bot.service').get(GEMINI.name)).toBe('sandbox-gemini-1')
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
  })

  it('a secret of somebody else is left where it is', async () => {
    const service = await startArmed()
    const { podmanSecrets } = service.machine('bot')
    const theirs = podmanSecrets.put({ name: 'their_secret', value: 'theirs' }, Date.now())
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    await service.sync({ targets: ['bot'] })
    expect(podmanSecrets.get('their_secret')).toEqual(theirs)
  })
})

describe('a source that is not as it should be', () => {
  it.each(['DISABLED', 'DESTROYED'] as const)(
    'latest is %s: the newest enabled one, and it is said',
    async (state) => {
      const service = await startArmed()
      const { secretManager } = service.world
      secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
      await service.sync({ targets: ['bot'] })
      secretManager.setState({ secret: TELEGRAM.secret, version: '2' }, state)
      const note = `version 2 is ${state}; the newest enabled one is used`
      const back = await service.sync({ targets: ['bot'] })
      expect(rowsOf(back, 'bot')[0]).toEqual({
        ...TELEGRAM,
        version: '1',
        result: 'put',
        detail: `version 2 is there; ${note}`,
      })
      const again = await service.sync({ targets: ['bot'] })
      expect(rowsOf(again, 'bot')[0]).toEqual({ ...TELEGRAM, version: '1', result: 'in-sync', detail: note })
      expect(restarts(service)).toEqual({ bot: 2, crawler: 0, mailer: 0 })
    },
  )

  it('Secret Manager down: 200 with unavailable, nothing deleted, nothing restarted, ticks go on', async () => {
    const service = await startSettled()
    const before = service.world.machines.map((machine) => machine.podmanSecrets.all())
    service.world.secretManager.failNext({ kind: 'status', status: 503 }, { times: 1_000 })
    const { status, body } = await service.post<SyncReport>('/sync')
    expect(status).toBe(200)
    expect(body.targets.flatMap(({ secrets }) => secrets.map(({ result }) => result))).toEqual(
      Array(5).fill('unavailable'),
    )
    expect(rowsOf(body, 'mailer')).toEqual([
      {
        name: 'smtp_password',
        secret: 'smtp-password',
        result: 'unavailable',
        detail: 'reading version latest of secret smtp-password: HTTP 503: As planned.',
      },
    ])
    expect(service.world.machines.map((machine) => machine.podmanSecrets.all())).toEqual(before)
    expect(lineOf(await service.tick(), 'bot').verdict).toBe('healthy')
    expect(restarts(service)).toEqual({ bot: 0, crawler: 0, mailer: 0 })
  })

  it('a payload with a wrong checksum is not put, and its unit not restarted', async () => {
    const service = await startArmed()
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    service.world.secretManager.corruptNext('wrong-checksum')
    const report = await service.sync({ targets: ['bot'] })
    expect(rowsOf(report, 'bot')[0]).toMatchObject({ version: '2', result: 'failed' })
    expect(restarts(service)).toEqual({ bot: 0, crawler: 0, mailer: 0 })
    const next = await service.sync({ targets: ['bot'] })
    expect(rowsOf(next, 'bot')[0]).toMatchObject({ version: '2', result: 'put' })
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
  })
})

describe('what a person has stopped or paused', () => {
  it('a unit that a person stopped is not started for a new value', async () => {
    const service = await startSettled()
    await service.world.breakIt('container-stopped-by-person', { machine: 'crawler', unit: 'api.service' })
    service.world.secretManager.addVersion(GEMINI.secret, SECOND_VALUE)
    await service.sync()
    await service.tick()
    const { workloads } = service.machine('crawler').snapshot()
    expect(workloads.map(({ unit, active }) => ({ unit, active }))).toEqual([
      { unit: 'crawler.service', active: 'active' },
      { unit: 'api.service', active: 'inactive' },
    ])
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
  })

  it('a paused target gets nothing; after the pause it does', async () => {
    const service = await startArmed()
    await service.order('bot', 'pause', { minutes: 5, reason: 'x' })
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    const held = await service.sync({ targets: ['bot'] })
    expect(rowsOf(held, 'bot')[0]).toMatchObject({ result: 'would-put' })
    expect(restarts(service)).toEqual({ bot: 0, crawler: 0, mailer: 0 })
    await service.order('bot', 'resume', { reason: 'x' })
    await service.sync({ targets: ['bot'] })
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
  })

  it('a pause that comes while the secrets are put holds the restart back; it is owed until the pause ends', async () => {
    const service = await startArmed({ timing: { podmanMs: 300 } })
    service.world.secretManager.addVersion(TELEGRAM.secret, SECOND_VALUE)
    const { podmanSecrets, containerSecrets } = service.machine('bot')
    const before = podmanSecrets.get(TELEGRAM.name)?.id
    let paused = false
    const syncing = service.sync({ targets: ['bot'] })
    await until('the sync holds the lease', async () => {
      const foreign = lineOf(await service.tick({ targets: ['bot'] }), 'bot').trouble
      if (foreign?.startsWith('another run (sync)') !== true) return false
      const { status } = await service.order('bot', 'pause', { minutes: 5, reason: 'x' })
      paused = status === 200 && podmanSecrets.get(TELEGRAM.name)?.id === before
      return true
    })
    expect(paused).toBe(true)
    const line = lineOf(await syncing, 'bot')
    expect({ actions: line.actions, trouble: line.trouble }).toEqual({
      actions: [
        { rung: 'put-secret', result: 'done', detail: 'telegram_bot_token version 2' },
        { rung: 'rollout', result: 'skipped', detail: 'bot.service: the target is paused' },
      ],
      trouble: undefined,
    })
    expect(restarts(service)).toEqual({ bot: 0, crawler: 0, mailer: 0 })
    await service.order('bot', 'resume', { reason: 'x' })
    await service.sync({ targets: ['bot'] })
    expect(restarts(service)).toEqual({ bot: 1, crawler: 0, mailer: 0 })
    expect(containerSecrets('bot.service').get(TELEGRAM.name)).toBe(SECOND_VALUE)
  })
})

describe('a value', () => {
  it('is nowhere but on its way and in its place: no answer, no story, no log, no byte of the store', async () => {
    const service = await startSettled()
    const said: string[] = []
    const value = `needle-${Math.random().toString(36).slice(2)}-haystack`
    service.world.secretManager.addVersion(TELEGRAM.secret, value)
    const key = service.world.secretManager
    said.push(JSON.stringify(await service.sync({ dryRun: true })))
    said.push(JSON.stringify(await service.sync()))
    await service.world.breakIt('container-exits', { machine: 'bot' })
    said.push(
      JSON.stringify(
        await tickUntil(service, { target: 'bot', what: 'is acted on' }, ({ actions }) => actions.length > 0),
      ),
    )
    for (const path of [
      '/api/targets',
      '/api/targets/bot',
      '/api/incidents',
      '/openapi.json',
      '/sandbox/faults',
    ])
      said.push(JSON.stringify((await service.get(path).catch(String)) ?? ''))
    said.push(await (await fetch(`${service.url}/`)).text())
    expect(service.machine('bot').containerSecrets('bot.service').get(TELEGRAM.name)).toBe(value)
    expect(key.accesses()).toBeGreaterThan(0)
    const files = ['', '-wal', '-shm'].map((suffix) => `${service.storePath}${suffix}`).filter(existsSync)
    const places = [...said, service.story.join('\n'), JSON.stringify(service.journal)]
    const bytes = files.map((file) => readFileSync(file))
    expect(places.length).toBeGreaterThan(8)
    expect(files.length).toBeGreaterThan(0)
    for (const secret of [value, 'sandbox-gemini-1', 'BEGIN OPENSSH PRIVATE KEY']) {
      expect(places.filter((place) => place.includes(secret))).toEqual([])
      expect(bytes.filter((content) => content.includes(secret))).toEqual([])
    }
  })
})
