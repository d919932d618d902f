/** Opens the SQLite file, makes its tables and prepares its statements. What they mean is sqlite.ts's business. */
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Kept in the file's `user_version`; a file of a higher one is left alone. */
const LAYOUT = 2

/** Every step of the layout: a file of an older one gets what it lacks, in one transaction, and keeps what it has. */
const TABLES = `
CREATE TABLE IF NOT EXISTS states (
  target TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  schema INTEGER NOT NULL,
  incident_id TEXT,
  document TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS incidents (
  id TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS incidents_newest ON incidents (opened_at DESC, id DESC);
CREATE INDEX IF NOT EXISTS incidents_of_target ON incidents (target, opened_at DESC, id DESC);
CREATE TABLE IF NOT EXISTS outbox (
  id TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  at INTEGER NOT NULL,
  number INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  version INTEGER NOT NULL,
  document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS outbox_unsettled ON outbox (target, at) WHERE settled = 0;
CREATE TABLE IF NOT EXISTS black_boxes (id TEXT PRIMARY KEY, at INTEGER NOT NULL, document TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS history (target TEXT NOT NULL, day TEXT NOT NULL, document TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS history_days ON history (target, day);
CREATE TABLE IF NOT EXISTS chores (name TEXT PRIMARY KEY, done_at INTEGER NOT NULL) STRICT;
PRAGMA user_version = ${LAYOUT};
`

const LOAD = `
SELECT names.value AS target, states.version, states.schema, states.document,
       incidents.document AS incident,
       states.target IS NULL
         AND EXISTS (SELECT 1 FROM incidents AS traces WHERE traces.target = names.value) AS lost
FROM json_each(?) AS names
LEFT JOIN states ON states.target = names.value
LEFT JOIN incidents ON incidents.id = states.incident_id`

const INSERT_STATE = `
INSERT INTO states (target, version, schema, incident_id, document)
VALUES ($target, 1, $schema, $incidentId, $document)
ON CONFLICT (target) DO NOTHING`

/** A state of a newer schema is not overwritten, whatever version the caller names. */
const UPDATE_STATE = `
UPDATE states
SET version = version + 1, schema = $schema, incident_id = $incidentId, document = $document
WHERE target = $target AND version = $version AND schema <= $schema`

const PUT_INCIDENT = `
INSERT INTO incidents (id, target, opened_at, document) VALUES ($id, $target, $openedAt, $document)
ON CONFLICT (id) DO UPDATE
SET target = excluded.target, opened_at = excluded.opened_at, document = excluded.document`

/** Newest first, behind the keyset ($openedAt, $id), of one target or of all. */
const LIST_INCIDENTS = `
SELECT opened_at AS openedAt, id, document FROM incidents
WHERE ($target IS NULL OR target = $target)
  AND ($openedAt IS NULL OR (opened_at, id) < ($openedAt, $id))
ORDER BY opened_at DESC, id DESC
LIMIT $limit`

const PUT_BLACK_BOX = `
INSERT INTO black_boxes (id, at, document) VALUES ($id, $at, $document)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, document = excluded.document`

/** One that is there already is left as it is. */
const INSERT_ENTRY = `
INSERT INTO outbox (id, target, at, number, settled, version, document)
VALUES ($id, $target, $at, $number, $settled, 1, $document)
ON CONFLICT (id) DO NOTHING`

const UPDATE_ENTRY = `
UPDATE outbox
SET version = version + 1, target = $target, at = $at, number = $number, settled = $settled, document = $document
WHERE id = $id AND version = $version`

const LIST_UNSETTLED = `
SELECT version, document FROM outbox
WHERE settled = 0 AND target IN (SELECT value FROM json_each($targets))
ORDER BY at, number, id
LIMIT $limit`

const GET_ENTRIES = `
SELECT version, document FROM outbox WHERE id IN (SELECT value FROM json_each(?)) ORDER BY at, number, id`

/** By its close, as Firestore's: one that lasted for months is kept as long as any other, an open one for good. */
const PRUNE_INCIDENTS = `
DELETE FROM incidents
WHERE CASE WHEN json_valid(document) THEN json_extract(document, '$.closedAt') ELSE opened_at END < ?
  AND id NOT IN (SELECT incident_id FROM states WHERE incident_id IS NOT NULL)`

const CHORE_DUE = `
INSERT INTO chores (name, done_at) VALUES ('prune', $now)
ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at WHERE done_at <= $dueBefore`

export type Database = {
  readonly handle: DatabaseSync
  readonly load: StatementSync
  readonly insertState: StatementSync
  readonly updateState: StatementSync
  readonly putIncident: StatementSync
  readonly listIncidents: StatementSync
  readonly getIncident: StatementSync
  readonly putBlackBox: StatementSync
  readonly getBlackBox: StatementSync
  readonly addBucket: StatementSync
  readonly listBuckets: StatementSync
  readonly insertEntry: StatementSync
  readonly updateEntry: StatementSync
  readonly listUnsettled: StatementSync
  readonly getEntries: StatementSync
  readonly prune: {
    /** Each takes the time, or for history the day, before which things are forgotten. */
    readonly incidents: StatementSync
    readonly blackBoxes: StatementSync
    readonly history: StatementSync
    readonly outbox: StatementSync
    /** Changes one row when the chore is due, and notes that it was done. */
    readonly due: StatementSync
  }
}

/** Throws node:sqlite's error when the file can't be opened, is no database, or is of a newer layout. */
export function openDatabase(path: string, { busyTimeoutMs }: { busyTimeoutMs: number }): Database {
  const handle = new DatabaseSync(path, { timeout: busyTimeoutMs })
  try {
    // FULL: an action is recorded before it is carried out, also when the power goes.
    handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    const layout = Number(handle.prepare('PRAGMA user_version').get()?.['user_version'])
    if (layout > LAYOUT) throw new NewerLayoutError(layout)
    if (layout < LAYOUT) handle.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`)
    return prepareAll(handle)
  } catch (error) {
    handle.close()
    throw error
  }
}

function prepareAll(handle: DatabaseSync): Database {
  const prepare = (sql: string): StatementSync => handle.prepare(sql)
  return {
    handle,
    load: prepare(LOAD),
    insertState: prepare(INSERT_STATE),
    updateState: prepare(UPDATE_STATE),
    putIncident: prepare(PUT_INCIDENT),
    listIncidents: prepare(LIST_INCIDENTS),
    getIncident: prepare('SELECT document FROM incidents WHERE id = ?'),
    putBlackBox: prepare(PUT_BLACK_BOX),
    getBlackBox: prepare('SELECT document FROM black_boxes WHERE id = ?'),
    addBucket: prepare('INSERT INTO history (target, day, document) VALUES (?, ?, ?)'),
    listBuckets: prepare('SELECT document FROM history WHERE target = ? AND day >= ?'),
    insertEntry: prepare(INSERT_ENTRY),
    updateEntry: prepare(UPDATE_ENTRY),
    listUnsettled: prepare(LIST_UNSETTLED),
    getEntries: prepare(GET_ENTRIES),
    prune: {
      incidents: prepare(PRUNE_INCIDENTS),
      blackBoxes: prepare('DELETE FROM black_boxes WHERE at < ?'),
      history: prepare('DELETE FROM history WHERE day < ?'),
      outbox: prepare('DELETE FROM outbox WHERE at < ?'),
      due: prepare(CHORE_DUE),
    },
  }
}

export class NewerLayoutError extends Error {
  override readonly name = 'NewerLayoutError'

  constructor(layout: number) {
    super(`the file was written by a newer Night Guard (layout ${layout}, this one knows ${LAYOUT})`)
  }
}
