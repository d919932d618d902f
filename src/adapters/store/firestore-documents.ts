/**
 * How the guard's memory is laid out in Firestore: collections, ids, and beside each document (one JSON text, read as
 * every store reads it) the few fields that it is looked up by. Each query is by one field, so that no index has to
 * be made: Firestore refuses a query without its index, and the emulator does not.
 */
import { createHash } from 'node:crypto'
import type { BlackBox } from '../../core/black-box.ts'
import type { Rollup } from '../../core/bucket.ts'
import { dayOf } from '../../core/history.ts'
import type { Incident } from '../../core/incident.ts'
import type { OutboxEntry } from '../../core/notice.ts'
import type { TargetState } from '../../core/state.ts'
import type { Keyset } from './cursor.ts'
import type { Condition, Fields, Path, Query, Write } from './firestore-wire.ts'
import { keptSince } from './kept-since.ts'
import { bucketText, incidentNamedBy } from './stored-documents.ts'

const TARGETS = 'nightguard-targets'
const INCIDENTS = 'nightguard-incidents'
const OUTBOX = 'nightguard-outbox'
const HISTORY = 'nightguard-history'
const BLACK_BOXES = 'nightguard-black-boxes'

/** Firestore's own bound is 1,500 bytes, for ids and for what is asked for; and a cursor has to fit into a URL. */
const ID_CHARACTERS_MAX = 400
/** What `in` takes (Firestore's documentation). */
export const IN_MAX = 30
/** More days than are kept. */
const DAYS_MAX = 400

export const statePath = (target: string): Path => `${TARGETS}/${documentId(target)}`
export const incidentPath = (id: string): Path => `${INCIDENTS}/${documentId(id)}`
export const entryPath = (id: string): Path => `${OUTBOX}/${documentId(id)}`
export const blackBoxPath = (id: string): Path => `${BLACK_BOXES}/${documentId(id)}`

/**
 * Any text as a document's id, which must not have a `/`, be `.` or `..`, or look like `__this__`: what is no letter,
 * digit or `-` becomes `%` and its bytes; a text that is too long then, its hash.
 */
export function documentId(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9-]+/g, (part) =>
    Buffer.from(part)
      .toString('hex')
      .replace(/../g, (byte) => `%${byte}`),
  )
  if (safe === '') return '%'
  if (safe.length <= ID_CHARACTERS_MAX) return safe
  return `%%${createHash('sha256').update(text).digest('hex')}`
}

/** `commitId` names the attempt: what is read back with it is ours, though no answer came. */
type Attempt = { readonly when: Condition; readonly commitId: string }

export function stateWrite(target: string, state: TargetState, { when, commitId }: Attempt): Write {
  const incidentId = incidentNamedBy(state)
  const fields = {
    document: JSON.stringify(state),
    schema: state.schema,
    commitId,
    ...(incidentId === undefined ? {} : { incidentId }),
  }
  return { kind: 'put', path: statePath(target), fields, when }
}

/** `pending` is there while the entry is not settled. */
export function entryWrite(entry: OutboxEntry, { when, commitId }: Attempt): Write {
  const fields: Fields = {
    document: JSON.stringify(entry),
    schema: entry.schema,
    commitId,
    at: entry.at,
    ...(entry.settledAt === undefined ? { pending: documentId(entry.target) } : {}),
  }
  return { kind: 'put', path: entryPath(entry.id), fields, when }
}

/** `closedAt` is there once it is closed: an open one is never forgotten. */
export function incidentWrite(incident: Incident): Write {
  const order = orderOf({ openedAt: incident.openedAt, id: documentId(incident.id) })
  const fields: Fields = {
    document: JSON.stringify(incident),
    schema: incident.schema,
    order,
    targetOrder: `${documentId(incident.target)} ${order}`,
    ...(incident.closedAt === undefined ? {} : { closedAt: incident.closedAt }),
  }
  return { kind: 'put', path: incidentPath(incident.id), fields }
}

export function blackBoxWrite(blackBox: BlackBox): Write {
  const { schema, at } = blackBox
  const fields = { document: JSON.stringify(blackBox), schema, at }
  return { kind: 'put', path: blackBoxPath(blackBox.id), fields }
}

/** One document a target and day, to which buckets are added unread. */
export function rollupWrite(target: string, rollup: Rollup): Write {
  const { day } = rollup
  const path: Path = `${HISTORY}/${documentId(`${target} ${day}`)}`
  const fields = { target, day, targetDay: `${documentId(target)} ${day}` }
  return { kind: 'append', path, fields, field: 'buckets', text: bucketText(rollup) }
}

const TIME_DIGITS = 16

/** Texts of this kind stand in the order of times and, at one time, of ids; `id` is a document's. */
function orderOf({ openedAt, id }: Keyset): string {
  return `${timeText(openedAt)} ${id}`
}

function timeText(at: number): string {
  return String(Math.max(0, Math.floor(at))).padStart(TIME_DIGITS, '0')
}

/** What `orderOf` was made of. */
export function keysetOf(order: string): Keyset {
  return { openedAt: Number(order.slice(0, TIME_DIGITS)), id: order.slice(TIME_DIGITS + 1) }
}

/** Newest first, behind `after`. */
export function incidentsQuery({
  target,
  after,
  limit,
}: {
  readonly target?: string
  readonly after?: Keyset
  readonly limit: number
}): Query {
  const rest = { collection: INCIDENTS, limit, order: 'descending' } as const
  const below = after === undefined ? undefined : orderOf(after)
  if (target === undefined) {
    return { ...rest, field: 'order', where: { kind: 'range', ...(below === undefined ? {} : { below }) } }
  }
  const own = ofTarget(target)
  const bounds = below === undefined ? own : { ...own, below: `${own.from}${below}` }
  return { ...rest, field: 'targetOrder', where: { kind: 'range', ...bounds } }
}

/** Is there a trace of any target, or of this one? */
export function tracesQuery(target?: string): Query {
  return { ...incidentsQuery({ limit: 1, ...(target === undefined ? {} : { target }) }), namesOnly: true }
}

/** All texts that begin with the target's id and a space; `!` is the next character. */
function ofTarget(target: string): { readonly from: string; readonly below: string } {
  const id = documentId(target)
  return { from: `${id} `, below: `${id}!` }
}

export function historyQuery(target: string, since: number): Query {
  const { from, below } = ofTarget(target)
  const where = { kind: 'range', from: `${from}${dayOf(since)}`, below } as const
  return { collection: HISTORY, field: 'targetDay', where, limit: DAYS_MAX }
}

/** `targets`: at most `IN_MAX`. */
export function pendingQuery(targets: readonly string[], limit: number): Query {
  const values = targets.map(documentId)
  return { collection: OUTBOX, field: 'pending', where: { kind: 'in', values }, limit }
}

/** What has been kept long enough, of each kind. */
export function forgottenQueries(now: number, limit: number): readonly Query[] {
  const older = (collection: string, field: string, below: string | number): Query => ({
    collection,
    field,
    where: { kind: 'range', below },
    limit,
    namesOnly: true,
  })
  return [
    older(INCIDENTS, 'closedAt', keptSince('incidents', now)),
    older(BLACK_BOXES, 'at', keptSince('blackBoxes', now)),
    older(HISTORY, 'day', dayOf(keptSince('history', now))),
    older(OUTBOX, 'at', keptSince('outbox', now)),
  ]
}
