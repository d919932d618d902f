/**
 * The store on one SQLite file: for the sandbox, tests and a single process. A trouble of the file is an
 * outcome, and the file is opened anew on the next call; it is never deleted or repaired here.
 */
import type { Incident } from '../../core/incident.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  Commit,
  Committed,
  FoundIncident,
  IncidentPage,
  Loaded,
  Store,
  Version,
} from '../../ports/store.ts'
import { readIncident } from '../../schemas/incident.ts'
import { parseJsonText } from '../../schemas/json-text.ts'
import { readState } from '../../schemas/state.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { type Database, NewerLayoutError, openDatabase } from './sqlite-database.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
export const INCIDENTS_KEPT_MS = 90 * DAY_MS
const PAGE_MAX = 200
const DOCUMENT_CHARACTERS_MAX = 4 * 1024 * 1024

type Unavailable = { readonly kind: 'unavailable'; readonly detail: string }
type IncidentQuery = Parameters<Store['incidents']>[0]

export function createSqliteStore({
  path,
  clock = { now: Date.now },
  busyTimeoutMs = 2_000,
}: {
  path: string
  clock?: Pick<Clock, 'now'>
  /** How long a call waits, blocking, while another process writes. */
  busyTimeoutMs?: number
}): Store {
  const file = createFile({ path, busyTimeoutMs })
  return {
    async load(targets) {
      const rows = file.run((database) => database.load.all(JSON.stringify([...new Set(targets)])))
      if (rows.kind === 'unavailable') return new Map(targets.map((target) => [target, rows]))
      return new Map(rows.value.map((row) => [String(row['target']), loadedOf(row)]))
    },
    async commit(commit) {
      const done = file.run((database) => commitOn(database, commit, clock.now()))
      return done.kind === 'unavailable' ? done : done.value
    },
    async incidents(query) {
      const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
      if (query.cursor !== undefined && after === undefined) {
        return { kind: 'bad-cursor', detail: 'The cursor is none that a page of incidents gave' }
      }
      const page = file.run((database) => pageOf(database, query, after))
      return page.kind === 'unavailable' ? page : page.value
    },
    async incident(id) {
      const row = file.run((database) => database.getIncident.get(id))
      return row.kind === 'unavailable' ? row : foundOf(row.value)
    },
    async close() {
      file.close()
    },
  }
}

/** Opens the file when first used, and again after a failed opening; turns SQLite's errors into outcomes. */
function createFile({ path, busyTimeoutMs }: { path: string; busyTimeoutMs: number }) {
  let database: Database | undefined
  let closed = false
  return {
    run<Value>(work: (database: Database) => Value): { kind: 'done'; value: Value } | Unavailable {
      if (closed) return { kind: 'unavailable', detail: 'The store is closed' }
      try {
        database ??= openDatabase(path, { busyTimeoutMs })
        return { kind: 'done', value: work(database) }
      } catch (error) {
        if (!isTrouble(error)) throw error
        return { kind: 'unavailable', detail: `SQLite, ${path}: ${error.message}` }
      }
    },
    close() {
      closed = true
      database?.handle.close()
      database = undefined
    },
  }
}

function isTrouble(error: unknown): error is Error {
  if (error instanceof NewerLayoutError) return true
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
}

type Row = Record<string, unknown>

function loadedOf(row: Row): Loaded {
  if (row['version'] === null) return { kind: 'absent', lost: row['lost'] === 1, version: null }
  const version: Version = String(row['version'])
  const read = readState(jsonOf(row['document']))
  if (read.kind === 'newer') return read
  if (read.kind === 'broken') return { kind: 'broken', detail: read.detail, version }
  const state = read.document
  if (state.target !== row['target']) {
    return { kind: 'broken', detail: `It is the state of another target, ${state.target}`, version }
  }
  if (row['incident'] === null) return { kind: 'found', state, version }
  const incident = readIncident(jsonOf(row['incident']))
  if (incident.kind === 'newer') return incident
  // An open incident that can't be read must not blind the guard: it goes on without.
  return incident.kind === 'broken'
    ? { kind: 'found', state, version }
    : { kind: 'found', state, version, incident: incident.document }
}

function commitOn(database: Database, commit: Commit, now: number): Committed {
  database.handle.exec('BEGIN IMMEDIATE')
  try {
    const version = putState(database, commit)
    if (version === undefined) {
      database.handle.exec('ROLLBACK')
      return { kind: 'conflict' }
    }
    if (commit.incident !== undefined) putIncident(database, commit.incident)
    pruneDaily(database, now)
    database.handle.exec('COMMIT')
    return { kind: 'committed', version }
  } catch (error) {
    // Some errors (a full disk) end the transaction by themselves.
    if (database.handle.isTransaction) database.handle.exec('ROLLBACK')
    throw error
  }
}

/** The new version, or `undefined` when the stored one is not the expected one. */
function putState(
  database: Database,
  { target, expectedVersion, state }: Commit,
): NonNullable<Version> | undefined {
  const fields = {
    target,
    schema: state.schema,
    incidentId: state.incidentId ?? null,
    document: JSON.stringify(state),
  }
  if (expectedVersion === null) return database.insertState.run(fields).changes === 1 ? '1' : undefined
  const expected = Number(expectedVersion)
  if (!Number.isSafeInteger(expected)) return undefined
  const { changes } = database.updateState.run({ ...fields, version: expected })
  return changes === 1 ? String(expected + 1) : undefined
}

function putIncident(database: Database, incident: Incident): void {
  database.putIncident.run({
    id: incident.id,
    target: incident.target,
    openedAt: Math.floor(incident.openedAt),
    document: JSON.stringify(incident),
  })
}

function pruneDaily(database: Database, now: number): void {
  if (database.pruneDue.run({ now, dueBefore: now - DAY_MS }).changes === 1) {
    database.prune.run(now - INCIDENTS_KEPT_MS)
  }
}

function pageOf(
  database: Database,
  query: IncidentQuery,
  after: { openedAt: number; id: string } | undefined,
): IncidentPage {
  const limit = Math.max(1, Math.min(PAGE_MAX, Math.trunc(query.limit)))
  const rows = database.listIncidents.all({
    target: query.target ?? null,
    openedAt: after?.openedAt ?? null,
    id: after?.id ?? null,
    limit: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  // One that can't be read is left out: a page of the rest serves a person better than none.
  const incidents = shown.flatMap((row) => {
    const read = readIncident(jsonOf(row['document']))
    return read.kind === 'read' ? [read.document] : []
  })
  if (rows.length <= limit || last === undefined) return { kind: 'page', incidents }
  const next = writeCursor({ openedAt: Number(last['openedAt']), id: String(last['id']) })
  return { kind: 'page', incidents, next }
}

function foundOf(row: Row | undefined): FoundIncident {
  if (row === undefined) return { kind: 'absent' }
  const read = readIncident(jsonOf(row['document']))
  switch (read.kind) {
    case 'read':
      return { kind: 'found', incident: read.document }
    case 'newer':
      return { kind: 'unavailable', detail: `A newer Night Guard wrote it (schema ${read.schema})` }
    case 'broken':
      return { kind: 'unavailable', detail: `The stored incident can't be read: ${read.detail}` }
  }
}

function jsonOf(document: unknown): unknown {
  if (typeof document !== 'string' || document.length > DOCUMENT_CHARACTERS_MAX) return undefined
  const parsed = parseJsonText(document)
  return parsed.kind === 'json' ? parsed.value : undefined
}
