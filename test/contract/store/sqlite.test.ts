import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSqliteStore, INCIDENTS_KEPT_MS } from '../../../src/adapters/store/sqlite.ts'
import { anIncident, aState, NOON } from '../../fakes/stored.ts'
import { storeContract } from './contract.ts'

let directory: string
let files = 0
const freshPath = () => {
  files += 1
  return join(directory, `${files}.db`)
}
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'nightguard-store-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

storeContract('SQLite', () => createSqliteStore({ path: freshPath(), clock: { now: () => NOON } }))

const firstCommit = { target: 'bot', expectedVersion: null, state: aState(), incident: anIncident() }

/** A store that has one state and one incident, and a second way into its file. */
async function storeWith(change: string, ...values: readonly string[]) {
  const path = freshPath()
  const store = createSqliteStore({ path, clock: { now: () => NOON } })
  await store.commit({ ...firstCommit, state: aState({ incidentId: 'bot-1' }) })
  const database = new DatabaseSync(path)
  database.prepare(change).run(...values)
  database.close()
  return store
}

describe('The SQLite store', () => {
  it('keeps everything when it is closed and opened again', async () => {
    const path = freshPath()
    const before = createSqliteStore({ path, clock: { now: () => NOON } })
    await before.commit({ ...firstCommit, state: aState({ incidentId: 'bot-1' }) })
    await before.close()
    const after = createSqliteStore({ path, clock: { now: () => NOON } })
    expect((await after.load(['bot'])).get('bot')).toEqual({
      kind: 'found',
      state: aState({ incidentId: 'bot-1' }),
      version: '1',
      incident: anIncident(),
    })
    await after.close()
  })

  it('lets exactly one of 20 commits win that two handles on one file send at the same time', async () => {
    const path = freshPath()
    const handles = [createSqliteStore({ path }), createSqliteStore({ path })] as const
    await handles[0].commit(firstCommit)
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? handles[0] : handles[1]).commit({
          target: 'bot',
          expectedVersion: '1',
          state: aState({ fence: index }),
        }),
      ),
    )
    expect(all.filter(({ kind }) => kind === 'committed')).toEqual([{ kind: 'committed', version: '2' }])
    expect(all.filter(({ kind }) => kind === 'conflict')).toHaveLength(19)
    await Promise.all(handles.map((handle) => handle.close()))
  })

  it.each([
    ['is no database', 'this is a text, not a database', 'file is not a database'],
    ['is a torn database', 'SQLite format 3\0 and then rubbish', 'file is not a database'],
  ])('answers unavailable when the file %s, and leaves it as it is', async (_, content, trouble) => {
    const path = freshPath()
    writeFileSync(path, content)
    const store = createSqliteStore({ path })
    const unavailable = { kind: 'unavailable', detail: `SQLite, ${path}: ${trouble}` }
    expect((await store.load(['bot'])).get('bot')).toEqual(unavailable)
    expect(await store.commit(firstCommit)).toEqual(unavailable)
    expect(await store.incidents({ limit: 1 })).toEqual(unavailable)
    expect(await store.incident('bot-1')).toEqual(unavailable)
    expect(readFileSync(path, 'utf8')).toBe(content)
    await store.close()
  })

  it('answers unavailable while the file cannot be opened, and works once it can', async () => {
    const path = join(directory, 'later', 'guard.db')
    const store = createSqliteStore({ path })
    expect(await store.commit(firstCommit)).toEqual({
      kind: 'unavailable',
      detail: `SQLite, ${path}: unable to open database file`,
    })
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(directory, 'later'))
    expect(await store.commit(firstCommit)).toEqual({ kind: 'committed', version: '1' })
    await store.close()
  })

  it('answers unavailable, having written nothing, while another process holds the file', async () => {
    const path = freshPath()
    const store = createSqliteStore({ path, busyTimeoutMs: 20 })
    await store.commit(firstCommit)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const next = { target: 'bot', expectedVersion: '1', state: aState({ fence: 1 }) }
    expect(await store.commit(next)).toEqual({
      kind: 'unavailable',
      detail: `SQLite, ${path}: database is locked`,
    })
    other.exec('ROLLBACK')
    other.close()
    expect(await store.commit(next)).toEqual({ kind: 'committed', version: '2' })
    await store.close()
  })

  it('answers unavailable when a newer Night Guard laid the file out', async () => {
    const path = freshPath()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 9')
    database.close()
    const store = createSqliteStore({ path })
    expect(await store.commit(firstCommit)).toEqual({
      kind: 'unavailable',
      detail: `SQLite, ${path}: the file was written by a newer Night Guard (layout 9, this one knows 1)`,
    })
    await store.close()
  })

  it.each([
    ['no JSON', '{', 'It has no schema number'],
    ['without a schema', '{}', 'It has no schema number'],
    ['another target', JSON.stringify(aState({ target: 'x' })), 'It is the state of another target, x'],
    ['a field too many', JSON.stringify({ ...aState(), extra: 1 }), '✖ Unrecognized key: "extra"'],
  ])(
    'calls a stored state broken that is %s, and a commit on its version replaces it',
    async (_, document, detail) => {
      const store = await storeWith('UPDATE states SET document = ?', document)
      expect((await store.load(['bot'])).get('bot')).toEqual({ kind: 'broken', detail, version: '1' })
      expect(await store.commit({ target: 'bot', expectedVersion: '1', state: aState() })).toEqual({
        kind: 'committed',
        version: '2',
      })
      expect((await store.load(['bot'])).get('bot')).toEqual({ kind: 'found', state: aState(), version: '2' })
      await store.close()
    },
  )

  it('leaves a state of a newer schema alone, also when a commit names its version', async () => {
    const newer = JSON.stringify({ ...aState(), schema: 2, novelty: true })
    const store = await storeWith('UPDATE states SET schema = 2, document = ?', newer)
    expect((await store.load(['bot'])).get('bot')).toEqual({ kind: 'newer', schema: 2 })
    expect(await store.commit({ target: 'bot', expectedVersion: '1', state: aState() })).toEqual({
      kind: 'conflict',
    })
    await store.close()
  })

  it('leaves a state alone whose open incident is of a newer schema', async () => {
    const newer = JSON.stringify({ ...anIncident(), schema: 3 })
    const store = await storeWith('UPDATE incidents SET document = ?', newer)
    expect((await store.load(['bot'])).get('bot')).toEqual({ kind: 'newer', schema: 3 })
    expect(await store.incident('bot-1')).toEqual({
      kind: 'unavailable',
      detail: 'A newer Night Guard wrote it (schema 3)',
    })
    await store.close()
  })

  it('goes on without an open incident that cannot be read, and lists the others', async () => {
    const store = await storeWith('UPDATE incidents SET document = ?', '{}')
    expect((await store.load(['bot'])).get('bot')).toEqual({
      kind: 'found',
      state: aState({ incidentId: 'bot-1' }),
      version: '1',
    })
    expect(await store.incidents({ limit: 5 })).toEqual({ kind: 'page', incidents: [] })
    expect(await store.incident('bot-1')).toEqual({
      kind: 'unavailable',
      detail: "The stored incident can't be read: It has no schema number",
    })
    await store.close()
  })

  it('forgets incidents after 90 days, at most once a day, and never one that is open', async () => {
    let now = NOON
    const store = createSqliteStore({ path: freshPath(), clock: { now: () => now } })
    const commit = async (version: string | null, id: string) =>
      store.commit({
        target: 'bot',
        expectedVersion: version,
        state: aState({ incidentId: 'open' }),
        incident: anIncident({ id, openedAt: now }),
      })
    const ids = async () => {
      const page = await store.incidents({ limit: 10 })
      return page.kind === 'page' ? page.incidents.map(({ id }) => id) : page.detail
    }
    await commit(null, 'open')
    await commit('1', 'old')
    now = NOON + INCIDENTS_KEPT_MS + 1
    await commit('2', 'new')
    expect(await ids()).toEqual(['new', 'open'])

    now = NOON - 1
    await commit('3', 'ancient')
    now = NOON + INCIDENTS_KEPT_MS + 2
    await commit('4', 'newer')
    expect(await ids(), 'a day has not passed').toEqual(['newer', 'new', 'open', 'ancient'])
    await store.close()
  })
})
