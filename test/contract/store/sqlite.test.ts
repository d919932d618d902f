import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSqliteStore } from '../../../src/adapters/store/sqlite.ts'
import { aBlackBox, aNotice, anIncident, aRollup, aState, NOON } from '../../fakes/stored.ts'
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

storeContract('SQLite', (clock) => createSqliteStore({ path: freshPath(), clock }))

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
      detail: `SQLite, ${path}: the file was written by a newer Night Guard (layout 9, this one knows 2)`,
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
    const newer = JSON.stringify({ ...aState(), schema: 9, novelty: true })
    const store = await storeWith('UPDATE states SET schema = 9, document = ?', newer)
    expect((await store.load(['bot'])).get('bot')).toEqual({ kind: 'newer', schema: 9 })
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

  it('leaves out, and keeps, what of the outbox and the history is broken or newer', async () => {
    const path = freshPath()
    const store = createSqliteStore({ path, clock: { now: () => NOON } })
    const notices = [aNotice({ id: 'a' }), aNotice({ id: 'b' }), aNotice({ id: 'c' })]
    await store.commit({ ...firstCommit, notices, rollup: aRollup(NOON), blackBox: aBlackBox() })
    const other = new DatabaseSync(path)
    other.exec(`UPDATE outbox SET document = '{' WHERE id = 'a'`)
    other.exec(`UPDATE outbox SET document = '{"schema":9}' WHERE id = 'b'`)
    other.exec(`UPDATE black_boxes SET document = '[]'`)
    const { day } = aRollup(NOON)
    for (const document of ['x', '{"schema":9}', '{"schema":1,"bucket":{}}', '']) {
      other.prepare('INSERT INTO history (target, day, document) VALUES (?, ?, ?)').run('bot', day, document)
    }
    expect(await store.outbox({ targets: ['bot'], limit: 9 })).toMatchObject({
      entries: [{ entry: { id: 'c' } }],
    })
    expect(await store.outboxEntries(['a', 'b', 'c'])).toMatchObject({ entries: [{ entry: { id: 'c' } }] })
    expect(await store.history({ target: 'bot', since: 0 })).toEqual({
      kind: 'history',
      buckets: [aRollup(NOON).bucket],
    })
    expect(await store.blackBox(aBlackBox().id)).toEqual({
      kind: 'unavailable',
      detail: "The stored black box can't be read: It has no schema number",
    })
    const rows = ['outbox', 'history'].map((table) =>
      other.prepare(`SELECT count(*) AS n FROM ${table}`).get(),
    )
    expect(rows).toEqual([{ n: 3 }, { n: 5 }])
    other.close()
    await store.close()
  })
})

/** As the first release laid a file out. */
const LAYOUT_1 = `
CREATE TABLE states (
  target TEXT PRIMARY KEY, version INTEGER NOT NULL, schema INTEGER NOT NULL, incident_id TEXT, document TEXT NOT NULL
) STRICT;
CREATE TABLE incidents (
  id TEXT PRIMARY KEY, target TEXT NOT NULL, opened_at INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_newest ON incidents (opened_at DESC, id DESC);
CREATE INDEX incidents_of_target ON incidents (target, opened_at DESC, id DESC);
CREATE TABLE chores (name TEXT PRIMARY KEY, done_at INTEGER NOT NULL) STRICT;
PRAGMA user_version = 1;
`

describe('A file of the first release', () => {
  const { hours: _hours, days: _days, ...oldState } = aState({ incidentId: 'bot-1', fence: 7 })
  const oldIncident = { ...anIncident(), schema: 1 } as Record<string, unknown>
  for (const field of ['beganAt', 'relapses', 'blackBoxes', 'would', 'notices']) delete oldIncident[field]

  function makeOldFile(): string {
    const path = freshPath()
    const database = new DatabaseSync(path)
    database.exec(`PRAGMA journal_mode = WAL; ${LAYOUT_1}`)
    database
      .prepare('INSERT INTO states VALUES (?, 41, 1, ?, ?)')
      .run('bot', 'bot-1', JSON.stringify({ ...oldState, schema: 1 }))
    database
      .prepare('INSERT INTO incidents VALUES (?, ?, ?, ?)')
      .run('bot-1', 'bot', NOON, JSON.stringify(oldIncident))
    database.close()
    return path
  }

  it('is read as it stands, and gets what it lacks', async () => {
    const path = makeOldFile()
    const store = createSqliteStore({ path, clock: { now: () => NOON } })
    expect((await store.load(['bot'])).get('bot')).toEqual({
      kind: 'found',
      state: aState({ incidentId: 'bot-1', fence: 7 }),
      version: '41',
      incident: anIncident(),
    })
    const rest = { notices: [aNotice()], rollup: aRollup(NOON), blackBox: aBlackBox() }
    expect(await store.commit({ target: 'bot', expectedVersion: '41', state: aState(), ...rest })).toEqual({
      kind: 'committed',
      version: '42',
    })
    expect(await store.outbox({ targets: ['bot'], limit: 1 })).toMatchObject({ entries: [{ version: '1' }] })
    expect(await store.incidents({ limit: 5 })).toEqual({ kind: 'page', incidents: [anIncident()] })
    await store.close()
    const database = new DatabaseSync(path)
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
    database.close()
  })

  it('is upgraded once by two processes that open it at the same time', async () => {
    const path = makeOldFile()
    const stores = [createSqliteStore({ path }), createSqliteStore({ path })]
    const loaded = await Promise.all(stores.map((store) => store.load(['bot'])))
    expect(loaded.map((states) => states.get('bot')?.kind)).toEqual(['found', 'found'])
    await Promise.all(stores.map((store) => store.close()))
  })
})
