/** The store can't be reached: 503, nothing is done on a machine; and all goes on when it is back. */
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSqliteStore } from '../../src/adapters/store/sqlite.ts'
import type { Ports } from '../../src/app/ports.ts'
import type { TickReport } from '../../src/core/report.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Problem } from '../../src/schemas/api-problem.ts'
import { type Answer, lineOf, type Service, startArmed, startService, tickUntil, until } from './harness.ts'
import { lives, onlyIncident } from './outage.ts'

const QUIET = { restarts: 0, reboots: 0, resets: 0, boots: 0 }

async function kill(service: Service): Promise<void> {
  await service.world.breakIt('container-exits', { machine: 'bot' })
  await until('systemd gives up', () => service.machine('bot').workload().state().active === 'failed')
}

function unreachable(detail: unknown) {
  return {
    status: 503,
    type: 'application/problem+json',
    body: {
      type: '/problems/store-unavailable',
      title: "The guard's memory can't be reached",
      status: 503,
      detail,
      mend: expect.any(String),
    },
  }
}

async function expectAllRefused(service: Service, detail: unknown): Promise<void> {
  const body = { action: 'restart-workload', reason: 'x', force: true }
  const asked: readonly Promise<Answer<unknown>>[] = [
    service.post<Problem>('/tick'),
    service.post<Problem>('/sync'),
    service.order('bot', 'recover', body),
    service.order('bot', 'pause', { minutes: 1, reason: 'x' }),
    service.get<Problem>('/api/targets'),
    service.get<Problem>('/api/targets/bot'),
    service.get<Problem>('/api/incidents'),
    service.get<Problem>('/api/incidents/bot-1'),
  ]
  for (const answer of await Promise.all(asked)) expect(answer).toEqual(unreachable(detail))
  expect((await service.get('/health')).status).toBe(200)
}

/** The real store on the real file, which a test closes and opens again. */
function switchable(path: () => string): { wrap: (ports: Ports) => Ports; close(): void; open(): void } {
  let store: Store | undefined
  const current = (): Store => {
    store ??= createSqliteStore({ path: path() })
    return store
  }
  const facade: Store = {
    load: (targets) => current().load(targets),
    commit: (commit) => current().commit(commit),
    incidents: (query) => current().incidents(query),
    incident: (id) => current().incident(id),
    blackBox: (id) => current().blackBox(id),
    history: (query) => current().history(query),
    outbox: (query) => current().outbox(query),
    outboxEntries: (ids) => current().outboxEntries(ids),
    putOutboxEntry: (entry, expectedVersion) => current().putOutboxEntry(entry, expectedVersion),
    close: () => current().close(),
  }
  return {
    wrap: (ports) => ({ ...ports, store: facade }),
    close: () => void current().close(),
    open() {
      store = undefined
    },
  }
}

function ownDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-store-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

describe('a store that was never there', () => {
  it('a directory in the place of the file: 503 everywhere, and well again once it is gone', async () => {
    const storePath = join(ownDirectory(), 'night-guard.db')
    mkdirSync(storePath)
    const service = await startService({ storePath })
    await expectAllRefused(service, expect.stringMatching(/^SQLite, .*unable to open database file/))
    expect(service.world.machines.map(({ name }) => lives(service, name))).toEqual([QUIET, QUIET, QUIET])
    rmdirSync(storePath)
    expect((await service.get('/api/targets')).status).toBe(200)
    expect(await service.tick()).toMatchObject({
      targets: [{ id: 'bot' }, { id: 'crawler' }, { id: 'mailer' }],
    })
  })
})

describe('a store that goes while the service runs', () => {
  it('closed: a dead unit is left alone, and restarted when the store is back', async () => {
    const path = join(ownDirectory(), 'night-guard.db')
    const store = switchable(() => path)
    const service = await startArmed({ wrap: store.wrap })
    await kill(service)
    store.close()
    await expectAllRefused(service, expect.stringMatching(/^The store is closed(: nothing was done)?$/))
    expect(lives(service, 'bot')).toEqual(QUIET)
    const critical = service.journal.filter(({ severity }) => severity === 'CRITICAL')
    expect(critical.map(({ message }) => message)).toContain(
      "tick: the store can't be reached: The store is closed: nothing was done",
    )
    store.open()
    expect(lineOf(await service.tick(), 'bot').actions).toEqual([
      { rung: 'restart-workload', result: 'done', detail: 'bot.service' },
    ])
  })

  it('that can be read and not written: the tick is a 503, and the machine is not touched', async () => {
    const service = await startArmed()
    await kill(service)
    const other = new DatabaseSync(service.storePath)
    other.exec('BEGIN IMMEDIATE')
    expect(await service.post('/tick')).toEqual(
      unreachable(expect.stringMatching(/database is locked: nothing was done$/)),
    )
    expect(lives(service, 'bot')).toEqual(QUIET)
    expect((await service.get('/api/targets')).status).toBe(200)
    other.exec('ROLLBACK')
    other.close()
    expect(lineOf(await service.tick(), 'bot').actions.map(({ result }) => result)).toEqual(['done'])
    expect(lives(service, 'bot')).toEqual({ ...QUIET, restarts: 1 })
  })

  it('in the middle of an action: it is never repeated, and its end is found by the trace it left', async () => {
    const path = join(ownDirectory(), 'night-guard.db')
    const store = switchable(() => path)
    const service = await startArmed({
      wrap: store.wrap,
      timing: { restartMs: 500 },
      policy: {
        tick: { deadlineMs: 4_200 },
        lease: { durationMs: 4_400, issueRemainingMs: 500 },
        ssh: { connectMs: 700, lookMs: 800, orderMs: '2s', commandMs: 1_900 },
        compute: { callMs: '1s' },
      },
    })
    await kill(service)
    const acting = service.post<TickReport & Problem>('/tick')
    await until(
      'the unit is being restarted',
      () => service.machine('bot').workload().state().active !== 'failed',
    )
    store.close()
    const { status, body } = await acting
    expect({ status, detail: body.detail }).toEqual({
      status: 503,
      detail: 'The store is closed: what the last order gave back could not be noted',
    })
    store.open()
    const standing = lineOf(await service.tick(), 'bot')
    expect({ actions: standing.actions, trouble: standing.trouble }).toEqual({
      actions: [],
      trouble: expect.stringMatching(/^another run \(recovery\) is at work on it/),
    })
    const found = await tickUntil(
      service,
      { target: 'bot', what: 'is settled' },
      ({ phase }) => phase === 'probation',
    )
    expect({ verdict: found.verdict, actions: found.actions }).toEqual({ verdict: 'healthy', actions: [] })
    expect(lives(service, 'bot')).toEqual({ ...QUIET, restarts: 1 })
    const incident = await onlyIncident(service, 'bot')
    expect(incident.actions.map(({ attempt, status: end }) => ({ attempt, end }))).toEqual([
      { attempt: 1, end: 'proved' },
    ])
  })
})
