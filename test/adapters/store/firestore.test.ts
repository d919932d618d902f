/** What is Firestore's own: contention of processes, lost answers, an unreachable database, documents of other versions. */
import { describe, expect, it, vi } from 'vitest'
import type { Commit } from '../../../src/ports/store.ts'
import {
  describeOnFirestore,
  type FirestoreEmulator,
  freshProject,
} from '../../emulators/firestore-emulator.ts'
import { aBlackBox, aNotice, anIncident, aRollup, aState, NOON } from '../../fakes/stored.ts'
import { deadPort, openSilence, openStore, openWay, writeRaw } from './store-stage.ts'

const MINUTE = 60_000
const PATIENCE = { timeout: 15_000, interval: 20 }
const first = (changes: Partial<Commit> = {}): Commit => ({
  target: 'bot',
  expectedVersion: null,
  state: aState(),
  ...changes,
})

describeOnFirestore('Firestore, on its official emulator', (emulator) => {
  contention(emulator)
  lostAnswers(emulator)
  otherVersions(emulator)
  costs(emulator)
})

function contention(emulator: () => FirestoreEmulator): void {
  it('lets exactly one of 20 commits win that two processes send on one version, round after round', async () => {
    const project = freshProject()
    const stores = [openStore(emulator(), { project }), openStore(emulator(), { project })] as const
    let expectedVersion: string | null = null
    for (let round = 0; round < 2; round += 1) {
      const all = Array.from({ length: 20 }, (_, index) =>
        stores[index % 2 === 0 ? 0 : 1].commit(
          first({
            expectedVersion,
            state: aState({ fence: index }),
            notices: [aNotice({ id: `n${round}` })],
          }),
        ),
      )
      const done = await Promise.all(all)
      const won = done.filter((one) => one.kind === 'committed')
      expect(won).toHaveLength(1)
      expect(done.filter(({ kind }) => kind === 'conflict')).toHaveLength(19)
      const winner = done.findIndex(({ kind }) => kind === 'committed')
      const loaded = (await stores[0].load(['bot'])).get('bot')
      expect(loaded).toEqual({ kind: 'found', state: aState({ fence: winner }), version: won[0]?.version })
      expectedVersion = won[0]?.version ?? null
    }
  })
}

function lostAnswers(emulator: () => FirestoreEmulator): void {
  const stage = async (timeoutMs: number) => {
    const project = freshProject()
    const way = await openWay(emulator())
    const store = openStore(way, { project, timeoutMs })
    const direct = openStore(emulator(), { project })
    // The connection is open, and the library loaded.
    await store.load(['bot'])
    const version = async () => {
      const loaded = (await direct.load(['bot'])).get('bot')
      return loaded?.kind === 'found' ? loaded.version : null
    }
    return { way, store, direct, version }
  }

  it('a commit whose answer was cut off is a commit, with the version it got', async () => {
    const { way, store, version } = await stage(10_000)
    way.loseAnswers()
    const committing = store.commit(first({ notices: [aNotice()], incident: anIncident() }))
    await vi.waitUntil(version, PATIENCE)
    way.cut()
    expect(await committing).toEqual({ kind: 'committed', version: await version() })
    const next = first({ expectedVersion: await version(), state: aState({ fence: 1 }) })
    expect(await store.commit(next)).toEqual({ kind: 'committed', version: await version() })
    expect(await store.outbox({ targets: ['bot'], limit: 5 })).toMatchObject({
      entries: [{ entry: { id: 'bot-1/1' } }],
    })
  })

  it('a commit whose answer never comes is found on a new connection', async () => {
    const { way, store, version } = await stage(5_000)
    way.loseAnswers()
    expect(await store.commit(first())).toEqual({ kind: 'committed', version: await version() })
  })

  it('a claim of an outbox entry whose answer was cut off is a claim', async () => {
    const { way, store, direct } = await stage(10_000)
    await store.commit(first({ notices: [aNotice()] }))
    const claimed = { ...aNotice(), deliveries: [], claim: { owner: 'one', until: NOON } }
    const stored = async () => {
      const found = await direct.outboxEntries([claimed.id])
      return found.kind === 'entries' ? found.entries[0] : undefined
    }
    const before = await stored()
    way.loseAnswers()
    const claiming = store.putOutboxEntry(claimed, before?.version ?? null)
    await vi.waitUntil(async () => (await stored())?.entry.claim, PATIENCE)
    way.cut()
    expect(await claiming).toEqual({ kind: 'committed', version: (await stored())?.version })
  })

  it('a commit that lost against another one while its connection was cut is a conflict', async () => {
    const { way, store, direct } = await stage(10_000)
    await direct.commit(first({ state: aState({ fence: 7 }) }))
    way.cut()
    expect(await store.commit(first())).toEqual({ kind: 'conflict' })
    expect((await store.load(['bot'])).get('bot')).toMatchObject({ state: { fence: 7 } })
  })

  it('a connection that was cut while nobody used it is noticed by nobody', async () => {
    const { way, store } = await stage(10_000)
    way.cut()
    expect((await store.load(['bot'])).get('bot')).toMatchObject({ kind: 'absent' })
    way.cut()
    expect(await store.commit(first())).toMatchObject({ kind: 'committed' })
    way.cut()
    expect(await store.incidents({ limit: 5 })).toEqual({ kind: 'page', incidents: [] })
  })

  it('a commit that went through while nobody could be reached any more is unavailable, and stands', async () => {
    const { way, store, version } = await stage(2_000)
    way.loseAnswers()
    const committing = store.commit(first())
    await vi.waitUntil(version, PATIENCE)
    way.close()
    expect(await committing).toEqual({
      kind: 'unavailable',
      detail: expect.stringMatching(/^Firestore, committing the state of bot: /),
    })
  })
}

describe('Firestore, out of reach', () => {
  const askAll = async (store: ReturnType<typeof openStore>) => {
    const startedAt = performance.now()
    const [loaded, ...others] = await Promise.all([
      store.load(['bot']),
      store.commit(first({ notices: [aNotice()] })),
      store.incidents({ limit: 5 }),
      store.incident('bot-1'),
      store.blackBox('bot-1'),
      store.history({ target: 'bot', since: NOON }),
      store.outbox({ targets: ['bot'], limit: 5 }),
      store.outboxEntries(['bot-1/1']),
      store.putOutboxEntry({ ...aNotice(), deliveries: [] }, null),
    ])
    return { all: [loaded.get('bot'), ...others], tookMs: performance.now() - startedAt }
  }
  const unavailable = { kind: 'unavailable', detail: expect.stringMatching(/^Firestore, [^\n]{1,400}$/) }

  it('answers unavailable when nobody listens, at once', async () => {
    const { all, tookMs } = await askAll(openStore(await deadPort(), { project: freshProject() }))
    expect(all).toEqual(all.map(() => unavailable))
    expect(tookMs).toBeLessThan(9_000)
  })

  it('answers unavailable within its time when nobody ever says a word', async () => {
    const timeoutMs = 1_500
    const { all, tookMs } = await askAll(
      openStore(await openSilence(), { project: freshProject(), timeoutMs }),
    )
    expect(all).toEqual(all.map(() => unavailable))
    // Far below the minutes of the library's own time-outs, also on a busy machine.
    expect(tookMs).toBeLessThan(4 * timeoutMs)
  })

  it('refuses a cursor that it never gave without asking anybody', async () => {
    const store = openStore(await deadPort(), { project: freshProject() })
    expect(await store.incidents({ limit: 1, cursor: 'x' })).toMatchObject({ kind: 'bad-cursor' })
  })
})

function otherVersions(emulator: () => FirestoreEmulator): void {
  const put = async (document: unknown, incident?: unknown) => {
    const project = freshProject()
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    await writeRaw(emulator(), project, {
      'nightguard-targets/bot': { document: text, incidentId: 'bot-1' },
      ...(incident === undefined
        ? {}
        : { 'nightguard-incidents/bot-1': { document: JSON.stringify(incident) } }),
    })
    const store = openStore(emulator(), { project })
    return { store, project, loaded: async () => (await store.load(['bot'])).get('bot') }
  }
  const { hours: _hours, days: _days, ...oldState } = aState({ incidentId: 'bot-1' })

  it('lifts a state of the first schema, and writes it as today', async () => {
    const { store, loaded } = await put({ ...oldState, schema: 1 })
    const state = aState({ incidentId: 'bot-1' })
    const before = await loaded()
    expect(before).toEqual({ kind: 'found', state, version: expect.any(String) })
    const expectedVersion = before?.kind === 'found' ? before.version : null
    expect(await store.commit(first({ expectedVersion, state }))).toMatchObject({ kind: 'committed' })
    expect(await loaded()).toMatchObject({ kind: 'found', state })
  })

  it('leaves a state of a newer schema alone, also when something is committed', async () => {
    const { store, loaded } = await put({ schema: 99, everything: 'else' })
    expect(await loaded()).toEqual({ kind: 'newer', schema: 99 })
    for (const expectedVersion of [null, '1795402598.644311000']) {
      expect(await store.commit(first({ expectedVersion, incident: anIncident() }))).toEqual({
        kind: 'conflict',
      })
    }
    expect(await loaded()).toEqual({ kind: 'newer', schema: 99 })
    expect(await store.incident('bot-1')).toEqual({ kind: 'absent' })
  })

  it('leaves a state alone whose incident is of a newer schema', async () => {
    const { store, loaded } = await put(aState({ incidentId: 'bot-1' }), { schema: 9 })
    expect(await loaded()).toEqual({ kind: 'newer', schema: 9 })
    expect(await store.incident('bot-1')).toEqual({
      kind: 'unavailable',
      detail: 'A newer Night Guard wrote it (schema 9)',
    })
  })

  it.each([
    ['no JSON', '{', 'It has no schema number'],
    ['another target', aState({ target: 'x' }), 'It is the state of another target, x'],
    ['a field too many', { ...aState(), extra: 1 }, '✖ Unrecognized key: "extra"'],
  ])('calls a state broken that is %s; a commit on its version replaces it', async (_, document, detail) => {
    const { store, loaded } = await put(document)
    const broken = await loaded()
    expect(broken).toEqual({ kind: 'broken', detail, version: expect.any(String) })
    const expectedVersion = broken?.kind === 'broken' ? broken.version : null
    expect(await store.commit(first({ expectedVersion }))).toMatchObject({ kind: 'committed' })
    expect(await loaded()).toMatchObject({ kind: 'found', state: aState() })
  })

  it('calls a document broken that is no document of ours, and one with fields of other kinds', async () => {
    const project = freshProject()
    await writeRaw(emulator(), project, {
      'nightguard-targets/bot': {},
      'nightguard-targets/two': { document: 5, incidentId: 7 },
    })
    const loaded = await openStore(emulator(), { project }).load(['bot', 'two'])
    const broken = { kind: 'broken', detail: 'It has no schema number', version: expect.any(String) }
    expect(loaded).toEqual(
      new Map([
        ['bot', broken],
        ['two', broken],
      ]),
    )
  })

  it('leaves out, and keeps, what of the outbox, the incidents and the history is broken or newer', async () => {
    const project = freshProject()
    const store = openStore(emulator(), { project })
    await store.commit(first({ notices: [aNotice()], incident: anIncident(), rollup: aRollup(NOON) }))
    const order = '0001772366400001 x'
    await writeRaw(emulator(), project, {
      'nightguard-outbox/a': { document: '{', pending: 'bot', at: NOON },
      'nightguard-outbox/b': { document: '{"schema":9}', pending: 'bot', at: NOON },
      'nightguard-incidents/a': { document: '[]', order },
      'nightguard-history/bot%202026-02-28': { day: '2026-02-28', targetDay: 'bot 2026-02-28', buckets: 'x' },
      'nightguard-black-boxes/a': { document: 'x' },
    })
    expect(await store.outbox({ targets: ['bot'], limit: 9 })).toMatchObject({
      entries: [{ entry: { id: 'bot-1/1' } }],
    })
    expect(await store.outboxEntries(['a', 'b'])).toEqual({ kind: 'entries', entries: [] })
    expect(await store.incidents({ limit: 9 })).toEqual({ kind: 'page', incidents: [anIncident()] })
    const page = await store.incidents({ limit: 1 })
    expect(page).toEqual({ kind: 'page', incidents: [], next: expect.any(String) })
    const cursor = page.kind === 'page' ? (page.next ?? '') : ''
    expect(await store.incidents({ limit: 1, cursor })).toEqual({ kind: 'page', incidents: [anIncident()] })
    expect(await store.history({ target: 'bot', since: 0 })).toEqual({
      kind: 'history',
      buckets: [aRollup(NOON).bucket],
    })
    expect(await store.blackBox('a')).toEqual({
      kind: 'unavailable',
      detail: "The stored black box can't be read: It has no schema number",
    })
    expect(store.usage()).toMatchObject({ deletes: 0 })
  })
}

function costs(emulator: () => FirestoreEmulator): void {
  it('a healthy hour costs one read a minute and two writes each ten minutes', async () => {
    const store = openStore(emulator(), { project: freshProject() })
    await store.commit(first())
    const before = store.usage()
    for (let minute = 0; minute < 60; minute += 1) {
      const loaded = (await store.load(['bot'])).get('bot')
      const expectedVersion = loaded?.kind === 'found' ? loaded.version : null
      if (minute % 10 === 0)
        await store.commit(first({ expectedVersion, rollup: aRollup(NOON + minute * MINUTE) }))
    }
    const { reads, writes, deletes } = store.usage()
    expect({ reads: reads - before.reads, writes: writes - before.writes, deletes }).toEqual({
      reads: 60,
      writes: 12,
      deletes: 0,
    })
    expect(
      before,
      'the first commit looks once for what is to be forgotten: four queries without a result',
    ).toEqual({
      reads: 4,
      writes: 1,
      deletes: 0,
    })
  })

  it('counts what is billed: absent documents, empty queries and each document of a commit', async () => {
    const store = openStore(emulator(), { project: freshProject() })
    await store.load(['bot', 'two'])
    expect(store.usage(), 'two states and one look for traces').toEqual({ reads: 3, writes: 0, deletes: 0 })
    const all = { incident: anIncident(), notices: [aNotice()], rollup: aRollup(NOON), blackBox: aBlackBox() }
    await store.commit(first({ ...all, state: aState({ incidentId: 'bot-1' }) }))
    expect(store.usage()).toEqual({ reads: 3, writes: 5, deletes: 0 })
    await store.load(['bot'])
    expect(store.usage(), 'the state and its incident').toEqual({ reads: 5, writes: 5, deletes: 0 })
    await store.commit(first())
    expect(store.usage(), 'a conflict is no write').toEqual({ reads: 5, writes: 5, deletes: 0 })
  })

  it('a day of roll-ups, one each ten minutes, fits into its document', async () => {
    const store = openStore(emulator(), { project: freshProject() })
    const midnight = NOON - 12 * 60 * MINUTE
    let expectedVersion: string | null = null
    for (let index = 0; index < 144; index += 1) {
      const done = await store.commit(
        first({ expectedVersion, rollup: aRollup(midnight + index * 10 * MINUTE) }),
      )
      expectedVersion = done.kind === 'committed' ? done.version : null
    }
    const reads = store.usage().reads
    const history = await store.history({ target: 'bot', since: NOON })
    expect(history.kind === 'history' ? history.buckets.map(({ from }) => from) : history.detail).toEqual(
      Array.from({ length: 144 }, (_, index) => midnight + index * 10 * MINUTE),
    )
    expect(store.usage().reads - reads).toBe(1)
  })
}
