/**
 * The store on one SQLite file: for the sandbox, tests and a single process. A trouble of the file is an
 * outcome, and the file is opened anew on the next call; it is never deleted or repaired here.
 */
import { dayOf } from '../../core/history.ts'
import type { Clock } from '../../ports/clock.ts'
import type { IncidentPage, Loaded, Store } from '../../ports/store.ts'
import { type Keyset, pageLimitOf, readCursor, writeCursor } from './cursor.ts'
import { type Database, NewerLayoutError, openDatabase } from './sqlite-database.ts'
import { commitOn, putEntry } from './sqlite-writes.ts'
import {
  BAD_CURSOR,
  blackBoxFrom,
  bucketsFrom,
  CLOSED,
  entriesFrom,
  incidentFrom,
  incidentsFrom,
  loadedFrom,
} from './stored-documents.ts'

const OUTBOX_MAX = 500

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
  const { run, close } = createFile({ path, busyTimeoutMs })
  return {
    async load(targets) {
      const rows = run((database) => database.load.all(JSON.stringify([...new Set(targets)])))
      if (rows.kind === 'unavailable') return new Map(targets.map((target) => [target, rows]))
      return new Map(rows.value.map((row) => [String(row['target']), loadedOf(row)]))
    },
    async commit(commit) {
      return answerOf(run((database) => commitOn(database, commit, clock.now())))
    },
    async incidents(query) {
      const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
      if (query.cursor !== undefined && after === undefined) return BAD_CURSOR
      return answerOf(run((database) => pageOf(database, query, after)))
    },
    async incident(id) {
      const row = run((database) => database.getIncident.get(id))
      if (row.kind === 'unavailable') return row
      return row.value === undefined ? { kind: 'absent' } : incidentFrom(row.value['document'])
    },
    async blackBox(id) {
      const row = run((database) => database.getBlackBox.get(id))
      if (row.kind === 'unavailable') return row
      return row.value === undefined ? { kind: 'absent' } : blackBoxFrom(row.value['document'])
    },
    async history({ target, since }) {
      const rows = run((database) => database.listBuckets.all(target, dayOf(since)))
      if (rows.kind === 'unavailable') return rows
      return { kind: 'history', buckets: bucketsFrom(rows.value.map((row) => row['document'])) }
    },
    async outbox({ targets, limit }) {
      const rows = run((database) =>
        database.listUnsettled.all({
          targets: JSON.stringify(targets),
          limit: Math.max(0, Math.min(OUTBOX_MAX, Math.trunc(limit))),
        }),
      )
      return rows.kind === 'unavailable' ? rows : entriesOf(rows.value)
    },
    async outboxEntries(ids) {
      const rows = run((database) => database.getEntries.all(JSON.stringify(ids)))
      return rows.kind === 'unavailable' ? rows : entriesOf(rows.value)
    },
    async putOutboxEntry(entry, expectedVersion) {
      return answerOf(run((database) => putEntry(database, entry, expectedVersion)))
    },
    async close() {
      close()
    },
  }
}

/** Opens the file when first used, and again after a failed opening; turns SQLite's errors into outcomes. */
function createFile({ path, busyTimeoutMs }: { path: string; busyTimeoutMs: number }) {
  let database: Database | undefined
  let closed = false
  return {
    run<Value>(work: (database: Database) => Value): { kind: 'done'; value: Value } | Unavailable {
      if (closed) return CLOSED
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

function answerOf<Value>(done: { kind: 'done'; value: Value } | Unavailable): Value | Unavailable {
  return done.kind === 'done' ? done.value : done
}

type Row = Record<string, unknown>

function loadedOf(row: Row): Loaded {
  if (row['version'] === null) return { kind: 'absent', lost: row['lost'] === 1, version: null }
  return loadedFrom({
    target: String(row['target']),
    version: String(row['version']),
    document: row['document'],
    incident: row['incident'] ?? undefined,
  })
}

function entriesOf(rows: readonly Row[]) {
  const entries = entriesFrom(
    rows.map((row) => ({ document: row['document'], version: String(row['version']) })),
  )
  return { kind: 'entries', entries } as const
}

function pageOf(database: Database, query: IncidentQuery, after: Keyset | undefined): IncidentPage {
  const limit = pageLimitOf(query.limit)
  const rows = database.listIncidents.all({
    target: query.target ?? null,
    openedAt: after?.openedAt ?? null,
    id: after?.id ?? null,
    limit: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const incidents = incidentsFrom(shown.map((row) => row['document']))
  if (rows.length <= limit || last === undefined) return { kind: 'page', incidents }
  const next = writeCursor({ openedAt: Number(last['openedAt']), id: String(last['id']) })
  return { kind: 'page', incidents, next }
}
