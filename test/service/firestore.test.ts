/** The whole service with its memory in Firestore, on the official emulator: what it remembers, and what it does when it can't. */
import { expect, it } from 'vitest'
import type { HistoryView, ShadowReport } from '../../src/core/report.ts'
import type { Problem } from '../../src/schemas/api-problem.ts'
import { describeOnFirestore, type FirestoreEmulator } from '../emulators/firestore-emulator.ts'
import { anIncident, aRollup, aState } from '../fakes/stored.ts'
import { kill, kindsOf, OUTBOX, ticking, tickUntilClosed } from './alerts-stage.ts'
import { besideIt, emptied, openDoor, replaceState } from './firestore-stage.ts'
import { aTime, lineOf, startArmed, startService } from './harness.ts'
import { lives, onlyIncident } from './outage.ts'

const RESTARTED = { rung: 'restart-workload', result: 'done', detail: 'bot.service' }
const QUIET = { restarts: 0, reboots: 0, resets: 0, boots: 0 }
const DAY_MS = 24 * 3_600_000

describeOnFirestore('The service on Firestore', (emulator) => {
  incidents(emulator)
  reading(emulator)
  contention(emulator)
  trouble(emulator)
})

type Emulator = () => FirestoreEmulator

function incidents(emulator: Emulator): void {
  it('restarts what failed, keeps its incident until it is closed, and tells of it until the outbox is empty', async () => {
    const firestore = await emptied(emulator())
    const policy = { outbox: OUTBOX, probationMs: '300ms' }
    const service = await startArmed({ firestore, alerts: 'on', policy })
    await kill(service)
    expect(lineOf(await service.tick(), 'bot').actions).toEqual([RESTARTED])
    await tickUntilClosed(service)
    const incident = await onlyIncident(service, 'bot')
    expect({ state: incident.state, fixedBy: incident.fixedBy, actions: incident.actions.length }).toEqual({
      state: 'closed',
      fixedBy: {
        kind: 'action',
        actionId: `${incident.id}.restart-workload.bot.service.1`,
        rung: 'restart-workload',
        unit: 'bot.service',
        by: 'guard',
        proved: true,
      },
      actions: 1,
    })
    expect(kindsOf(service.world)).toEqual(['triggered', 'progress', 'progress', 'resolved'])
    const store = besideIt(firestore)
    expect(await store.outbox({ targets: ['bot'], limit: 9 })).toEqual({ kind: 'entries', entries: [] })
    const sent = await store.outboxEntries([1, 2, 3, 4].map((number) => `${incident.id}.${number}`))
    expect(sent).toMatchObject({
      entries: Array.from({ length: 4 }, () => ({ entry: { settledAt: expect.any(Number) } })),
    })
  })

  it('keeps a black box of the machine that it resets, and new versions of secrets', async () => {
    const firestore = await emptied(emulator())
    const service = await startArmed({ firestore })
    await service.world.breakIt('secret-rotated', { machine: 'bot' })
    await service.sync()
    expect((await service.target('bot')).secrets).toContainEqual({
      name: 'telegram_bot_token',
      secret: 'telegram-bot-token',
      wanted: 'latest',
      applied: '2',
      appliedAt: aTime,
    })
    const reset = { action: 'reset', reason: 'it looks odd', force: true }
    expect((await service.order('bot', 'recover', reset)).body.report.actions).toMatchObject([
      { rung: 'reset', result: 'done' },
    ])
    const { id, blackBoxes } = await onlyIncident(service, 'bot')
    expect(blackBoxes).toEqual([{ id: `${id}.reset.1`, at: aTime, before: 'reset' }])
    const box = await service.get<{ sections: readonly { name: string; kind: string }[] }>(
      `/api/black-boxes/${id}.reset.1`,
    )
    expect({ status: box.status, console: box.body.sections[0] }).toMatchObject({
      status: 200,
      console: { name: 'serial-console', kind: 'text' },
    })
  })
}

function reading(emulator: Emulator): void {
  it('gives incidents page by page, and the past with what was rolled up before', async () => {
    const firestore = await emptied(emulator())
    const store = besideIt(firestore)
    const now = Date.now()
    for (const age of [1, 2, 3, 4, 5]) {
      const at = now - age * DAY_MS
      const target = `old-${age}`
      const incident = anIncident({
        id: `${target}-1`,
        target,
        beganAt: at,
        openedAt: at,
        closedAt: at + 1,
        state: 'closed',
      })
      await store.commit({ target, expectedVersion: null, state: aState({ target }), incident })
    }
    const service = await startArmed({ firestore })
    type Page = { readonly incidents: readonly { readonly id: string }[]; readonly next?: string }
    const pages: string[][] = []
    let next: string | undefined
    do {
      const cursor = next === undefined ? '' : `&cursor=${next}`
      const { body } = await service.get<Page>(`/api/incidents?limit=2${cursor}`)
      pages.push(body.incidents.map(({ id }) => id))
      next = body.next
    } while (next !== undefined)
    expect(pages).toEqual([['old-1-1', 'old-2-1'], ['old-3-1', 'old-4-1'], ['old-5-1']])

    const found = (await store.load(['bot'])).get('bot')
    if (found?.kind !== 'found') throw new Error(found?.kind)
    const { state, version } = found
    const rollup = aRollup(now - 2 * DAY_MS)
    expect((await store.commit({ target: 'bot', expectedVersion: version, state, rollup })).kind).toBe(
      'committed',
    )
    const { body } = await service.get<HistoryView>('/api/targets/bot/history?days=7')
    expect(body.points[0]).toMatchObject({ fromAt: new Date(now - 2 * DAY_MS).toISOString(), healthy: 1 })
    expect(body.points.length).toBeGreaterThan(1)
    const shadow = await service.get<ShadowReport>('/api/shadow?days=7')
    expect(shadow.body.targets.map(({ outages }) => outages)).toEqual([0, 0, 0])
  })
}

function contention(emulator: Emulator): void {
  it('two services on one database tick at once: one restarts, the other stands aside', async () => {
    const firestore = await emptied(emulator())
    const one = await startArmed({ firestore })
    const other = await startService({ firestore, world: one.world })
    await other.tick()
    await kill(one)
    const reports = await Promise.all([one.tick(), other.tick()])
    const lines = reports.map((report) => lineOf(report, 'bot'))
    expect(lines.map(({ actions }) => actions)).toContainEqual([RESTARTED])
    expect(lines.map(({ trouble }) => trouble)).toContainEqual(expect.stringMatching(/^another run /))
    expect(lives(one, 'bot')).toEqual({ ...QUIET, restarts: 1 })
    const { actions } = await onlyIncident(other, 'bot')
    expect(actions.map(({ status, attempt }) => ({ status, attempt }))).toEqual([
      { status: 'proved', attempt: 1 },
    ])
  })
}

function trouble(emulator: Emulator): void {
  it('a database that goes away: 503 and no action; and it goes on once it is back', async () => {
    const door = await openDoor(await emptied(emulator()))
    const service = await startArmed({ firestore: door })
    await kill(service)
    await door.shut()
    const { status, body } = await service.post<Problem>('/tick')
    expect({ status, type: body.type, detail: body.detail }).toEqual({
      status: 503,
      type: '/problems/store-unavailable',
      detail: expect.stringMatching(/^Firestore, loading the states: .*nothing was done$/),
    })
    expect((await service.get('/api/targets')).status).toBe(503)
    expect((await service.get('/health')).status).toBe(200)
    expect(lives(service, 'bot')).toEqual(QUIET)
    await door.open()
    expect(lineOf(await service.tick(), 'bot').actions).toEqual([RESTARTED])
    expect(lives(service, 'bot')).toEqual({ ...QUIET, restarts: 1 })
  })

  it('a state of a newer Night Guard is left as it is, and its target alone; the others are served', async () => {
    const firestore = await emptied(emulator())
    const service = await startArmed({ firestore })
    const newer = { schema: 99, target: 'bot', mood: 'unheard of' }
    await replaceState(firestore, 'bot', newer)
    await kill(service)
    await kill(service, 'mailer')
    const report = await service.tick()
    expect(lineOf(report, 'bot')).toMatchObject({
      verdict: 'inconclusive',
      actions: [],
      trouble: 'its state was written by a newer Night Guard (schema 99): left alone, nothing is done',
    })
    expect(lineOf(report, 'mailer').actions).toMatchObject([{ rung: 'restart-workload', result: 'done' }])
    expect(lives(service, 'bot')).toEqual(QUIET)
    expect((await besideIt(firestore).load(['bot'])).get('bot')).toEqual({ kind: 'newer', schema: 99 })
  })

  it('a state that is lost or can’t be read: watched and not acted on, until a person arms the target', async () => {
    const firestore = await emptied(emulator())
    const service = await startArmed({ firestore })
    const before = anIncident({ id: 'bot-before' })
    const other = { target: 'other', expectedVersion: null, state: aState({ target: 'other' }) }
    await besideIt(firestore).commit({ ...other, incident: before })
    await replaceState(firestore, 'bot', undefined)
    await replaceState(firestore, 'mailer', { schema: 2, target: 'crawler' })
    await kill(service)
    const report = await service.tick()
    for (const id of ['bot', 'mailer']) {
      const { phase, actions } = lineOf(report, id)
      expect(phase).toBe('unarmed')
      // It is told, and nothing else.
      expect(actions.filter(({ rung }) => rung !== 'human')).toEqual([])
      expect((await service.target(id)).arming).toMatchObject({ kind: 'unarmed', why: 'state-lost' })
    }
    expect(lives(service, 'bot')).toEqual(QUIET)
    await service.world.breakIt('heal', { machine: 'bot' })
    await ticking(service, 'it is well', async () => (await service.target('bot')).verdict === 'healthy')
    for (const id of ['bot', 'mailer']) {
      expect((await service.target(id)).armed).toBe(false)
      expect((await service.order(id, 'arm', { reason: 'I looked at it' })).status).toBe(200)
      expect((await service.target(id)).armed).toBe(true)
    }
    await kill(service)
    await ticking(service, 'it is restarted', () => lives(service, 'bot').restarts === 1)
  })
}
