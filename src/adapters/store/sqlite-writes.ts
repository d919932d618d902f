/** What is written to the SQLite file, each in one transaction: a commit, an outbox entry, the daily forgetting. */
import { dayOf } from '../../core/history.ts'
import type { OutboxEntry } from '../../core/notice.ts'
import type { Commit, Committed, Version } from '../../ports/store.ts'
import { DAY_MS, keptSince } from './kept-since.ts'
import type { Database } from './sqlite-database.ts'
import { bucketText, entryOf, incidentNamedBy } from './stored-documents.ts'

export function commitOn(database: Database, commit: Commit, now: number): Committed {
  database.handle.exec('BEGIN IMMEDIATE')
  try {
    const version = putState(database, commit)
    if (version === undefined) {
      database.handle.exec('ROLLBACK')
      return { kind: 'conflict' }
    }
    putWhatComesAlong(database, commit)
    pruneDaily(database, now)
    database.handle.exec('COMMIT')
    return { kind: 'committed', version }
  } catch (error) {
    // Some errors (a full disk) end the transaction by themselves.
    if (database.handle.isTransaction) database.handle.exec('ROLLBACK')
    throw error
  }
}

type StoredVersion = NonNullable<Version>

/** The new version, or `undefined` when the stored one is not the expected one. */
function putState(database: Database, { target, expectedVersion, state }: Commit): StoredVersion | undefined {
  const fields = {
    target,
    schema: state.schema,
    incidentId: incidentNamedBy(state) ?? null,
    document: JSON.stringify(state),
  }
  if (expectedVersion === null) return database.insertState.run(fields).changes === 1 ? '1' : undefined
  const expected = Number(expectedVersion)
  if (!Number.isSafeInteger(expected)) return undefined
  const { changes } = database.updateState.run({ ...fields, version: expected })
  return changes === 1 ? String(expected + 1) : undefined
}

function putWhatComesAlong(
  database: Database,
  { target, incident, notices = [], rollup, blackBox }: Commit,
): void {
  if (incident !== undefined) {
    database.putIncident.run({
      id: incident.id,
      target: incident.target,
      openedAt: Math.floor(incident.openedAt),
      document: JSON.stringify(incident),
    })
  }
  for (const notice of notices) database.insertEntry.run(columnsOf(entryOf(notice)))
  if (rollup !== undefined) database.addBucket.run(target, rollup.day, bucketText(rollup))
  if (blackBox !== undefined) {
    const { id, at } = blackBox
    database.putBlackBox.run({ id, at: Math.floor(at), document: JSON.stringify(blackBox) })
  }
}

export function putEntry(database: Database, entry: OutboxEntry, expectedVersion: Version): Committed {
  const columns = columnsOf(entry)
  if (expectedVersion === null) {
    return database.insertEntry.run(columns).changes === 1
      ? { kind: 'committed', version: '1' }
      : { kind: 'conflict' }
  }
  const expected = Number(expectedVersion)
  if (!Number.isSafeInteger(expected)) return { kind: 'conflict' }
  const { changes } = database.updateEntry.run({ ...columns, version: expected })
  return changes === 1 ? { kind: 'committed', version: String(expected + 1) } : { kind: 'conflict' }
}

function columnsOf(entry: OutboxEntry) {
  return {
    id: entry.id,
    target: entry.target,
    at: Math.floor(entry.at),
    number: entry.number,
    settled: entry.settledAt === undefined ? 0 : 1,
    document: JSON.stringify(entry),
  }
}

function pruneDaily({ prune }: Database, now: number): void {
  if (prune.due.run({ now, dueBefore: now - DAY_MS }).changes !== 1) return
  prune.incidents.run(keptSince('incidents', now))
  prune.blackBoxes.run(keptSince('blackBoxes', now))
  prune.history.run(dayOf(keptSince('history', now)))
  prune.outbox.run(keptSince('outbox', now))
}
