/**
 * The store on Firestore, in the project's default database: for Cloud Run, where nothing else lasts and several
 * processes may run at once. A healthy target costs one read a tick. A trouble of the network is an outcome, in time.
 */
import type { Clock } from '../../ports/clock.ts'
import type { IncidentPage, Loaded, Store, StoredEntry } from '../../ports/store.ts'
import { type ApiOutcome, type Budget, startBudget } from '../google/api-call.ts'
import { pageLimitOf, readCursor, writeCursor } from './cursor.ts'
import type { FirestoreEndpoint } from './firestore-clients.ts'
import { type Connection, chunks, createConnection, type Usage } from './firestore-connection.ts'
import {
  blackBoxPath,
  entryPath,
  historyQuery,
  IN_MAX,
  incidentPath,
  incidentsQuery,
  keysetOf,
  pendingQuery,
} from './firestore-documents.ts'
import { createForgetting } from './firestore-forgetting.ts'
import { loadStates } from './firestore-load.ts'
import type { Path, StoredDocument } from './firestore-wire.ts'
import { commitOn, putEntryOn } from './firestore-writes.ts'
import {
  BAD_CURSOR,
  blackBoxFrom,
  bucketsFrom,
  CLOSED,
  entriesFrom,
  incidentFrom,
  incidentsFrom,
  oldestFirst,
} from './stored-documents.ts'

export type FirestoreStore = Store & {
  /** Of this process, as Google bills it. */
  usage(): Usage
}

/** Of the unsettled entries of 30 targets, more than are asked for: the oldest ones are sought among them. */
const PENDING_READ_MIN = 100
const OUTBOX_MAX = 500

type Unavailable = { readonly kind: 'unavailable'; readonly detail: string }
type IncidentQuery = Parameters<Store['incidents']>[0]
type Call = { readonly connection: Connection; readonly budget: Budget }

/** Loads nothing of Google's until the first call. `endpoint` is for emulators; without it, Google's own. */
export function createFirestoreStore(options: {
  readonly project: string
  readonly clock: Pick<Clock, 'now'>
  /** Of one call of the store, the tries and what is looked up after them included. */
  readonly timeoutMs?: number
  readonly endpoint?: FirestoreEndpoint
}): FirestoreStore {
  const { clock, timeoutMs = 10_000 } = options
  const connection = createConnection(options)
  const forgetting = createForgetting(connection)
  let closed = false

  async function within<Answer>(work: (call: Call) => Promise<Answer>): Promise<Answer | Unavailable> {
    return closed ? CLOSED : work({ connection, budget: startBudget(timeoutMs) })
  }

  return {
    async load(targets) {
      const loaded = await within((call) => loadStates(call, targets))
      return loaded.kind === 'loaded' ? loaded.states : everyOne(targets, loaded)
    },
    commit: (commit) =>
      within(async (call) => {
        const committed = await commitOn(call, commit)
        // Not in the middle of an incident: what is done next can't wait.
        if (committed.kind === 'committed' && commit.incident === undefined) {
          await forgetting.daily(clock.now(), call.budget)
        }
        return committed
      }),
    incidents: (query) => within((call) => pageOf(call, query)),
    incident: (id) => within((call) => oneOf(call, incidentPath(id), incidentFrom)),
    blackBox: (id) => within((call) => oneOf(call, blackBoxPath(id), blackBoxFrom)),
    history: ({ target, since }) =>
      within(async ({ budget }) => {
        const days = await connection.query(historyQuery(target, since), budget)
        if (days.kind === 'failed') return unavailable(`reading the history of ${target}`, days)
        return { kind: 'history', buckets: bucketsFrom(days.value.flatMap((day) => day.texts('buckets'))) }
      }),
    outbox: (query) => within((call) => unsettled(call, query)),
    outboxEntries: (ids) =>
      within(async ({ budget }) => {
        const found = await connection.read([...new Set(ids.map(entryPath))], budget)
        if (found.kind === 'failed') return unavailable('reading the outbox', found)
        return { kind: 'entries', entries: entriesOf([...found.value.values()]).toSorted(oldestFirst) }
      }),
    putOutboxEntry: (entry, expectedVersion) => within((call) => putEntryOn(call, entry, expectedVersion)),
    usage: connection.usage,
    async close() {
      if (closed) return
      closed = true
      await connection.close()
    },
  }
}

function everyOne(targets: readonly string[], outcome: Unavailable): ReadonlyMap<string, Loaded> {
  return new Map(targets.map((target) => [target, outcome]))
}

async function oneOf<Found>(
  { connection, budget }: Call,
  path: Path,
  read: (document: unknown) => Found,
): Promise<Found | { readonly kind: 'absent' } | Unavailable> {
  const found = await connection.read([path], budget)
  if (found.kind === 'failed') return unavailable(`reading ${path}`, found)
  const document = found.value.get(path)
  return document === undefined ? { kind: 'absent' } : read(document.text('document'))
}

async function pageOf({ connection, budget }: Call, query: IncidentQuery): Promise<IncidentPage> {
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor)
  if (query.cursor !== undefined && after === undefined) return BAD_CURSOR
  const limit = pageLimitOf(query.limit)
  const asked = {
    ...(query.target === undefined ? {} : { target: query.target }),
    ...(after === undefined ? {} : { after }),
    limit: limit + 1,
  }
  const found = await connection.query(incidentsQuery(asked), budget)
  if (found.kind === 'failed') return unavailable('listing incidents', found)
  const shown = found.value.slice(0, limit)
  const incidents = incidentsFrom(shown.map((document) => document.text('document')))
  const last = shown.at(-1)?.text('order')
  if (found.value.length <= limit || last === undefined) return { kind: 'page', incidents }
  return { kind: 'page', incidents, next: writeCursor(keysetOf(last)) }
}

async function unsettled(
  { connection, budget }: Call,
  { targets, limit: wanted }: Parameters<Store['outbox']>[0],
) {
  const limit = Math.max(0, Math.min(OUTBOX_MAX, Math.trunc(wanted)))
  const found = await Promise.all(
    chunks([...new Set(targets)], IN_MAX).map((some) =>
      connection.query(pendingQuery(some, Math.max(PENDING_READ_MIN, limit)), budget),
    ),
  )
  const entries: StoredEntry[] = []
  for (const part of found) {
    if (part.kind === 'failed') return unavailable('reading the outbox', part)
    entries.push(...entriesOf(part.value))
  }
  return { kind: 'entries', entries: entries.sort(oldestFirst).slice(0, limit) } as const
}

function entriesOf(documents: readonly StoredDocument[]): readonly StoredEntry[] {
  return entriesFrom(documents.map((one) => ({ document: one.text('document'), version: one.version })))
}

function unavailable(
  what: string,
  { failure }: Extract<ApiOutcome<unknown>, { kind: 'failed' }>,
): Unavailable {
  return { kind: 'unavailable', detail: `Firestore, ${what}: ${failure.detail}` }
}
