/**
 * From stored texts to what the port answers: the same for every store. Older documents are lifted, newer ones left
 * alone, and one that can't be read is said to be broken or left out. Where the texts are kept is the stores' work.
 */
import type { Bucket, Rollup } from '../../core/bucket.ts'
import { ROLLUP_SCHEMA } from '../../core/history.ts'
import type { Incident } from '../../core/incident.ts'
import type { Notice, OutboxEntry } from '../../core/notice.ts'
import type { FoundBlackBox, FoundIncident, Loaded, StoredEntry, Version } from '../../ports/store.ts'
import { readBlackBox } from '../../schemas/black-box.ts'
import { readBucket } from '../../schemas/history.ts'
import { readIncident } from '../../schemas/incident.ts'
import { parseJsonText } from '../../schemas/json-text.ts'
import { readOutboxEntry } from '../../schemas/outbox.ts'
import { readState } from '../../schemas/state.ts'
import type { Read } from '../../schemas/state-parts.ts'

const DOCUMENT_CHARACTERS_MAX = 4 * 1024 * 1024

export const CLOSED = { kind: 'unavailable', detail: 'The store is closed' } as const
export const BAD_CURSOR = {
  kind: 'bad-cursor',
  detail: 'The cursor is none that a page of incidents gave',
} as const

/** The incident that a state brings along when it is loaded. */
export function incidentNamedBy(state: {
  readonly incidentId?: string
  readonly lastIncident?: { readonly id: string }
}): string | undefined {
  return state.incidentId ?? state.lastIncident?.id
}

/** `document` and `incident` are JSON texts as they were stored; `incident` is undefined when there is none. */
export function loadedFrom(stored: {
  readonly target: string
  readonly version: Version
  readonly document: unknown
  readonly incident: unknown
}): Loaded {
  const { version } = stored
  const read = readState(jsonOf(stored.document))
  if (read.kind === 'newer') return read
  if (read.kind === 'broken') return { kind: 'broken', detail: read.detail, version }
  const state = read.document
  if (state.target !== stored.target) {
    return { kind: 'broken', detail: `It is the state of another target, ${state.target}`, version }
  }
  if (stored.incident === undefined) return { kind: 'found', state, version }
  const incident = readIncident(jsonOf(stored.incident))
  if (incident.kind === 'newer') return incident
  // An open incident that can't be read must not blind the guard: it goes on without.
  return incident.kind === 'broken'
    ? { kind: 'found', state, version }
    : { kind: 'found', state, version, incident: incident.document }
}

/** Those that can be read: a page of the rest serves a person better than none. */
export function incidentsFrom(documents: readonly unknown[]): readonly Incident[] {
  return readable(documents, readIncident)
}

export function incidentFrom(document: unknown): FoundIncident {
  const read = readIncident(jsonOf(document))
  return read.kind === 'read' ? { kind: 'found', incident: read.document } : unreadable('incident', read)
}

export function blackBoxFrom(document: unknown): FoundBlackBox {
  const read = readBlackBox(jsonOf(document))
  return read.kind === 'read' ? { kind: 'found', blackBox: read.document } : unreadable('black box', read)
}

export function entriesFrom(
  rows: readonly { readonly document: unknown; readonly version: Version }[],
): readonly StoredEntry[] {
  return rows.flatMap(({ document, version }) => {
    const read = readOutboxEntry(jsonOf(document))
    return read.kind === 'read' ? [{ entry: read.document, version }] : []
  })
}

/** Oldest first; those of one moment in the order of their threads. */
export function oldestFirst({ entry: one }: StoredEntry, { entry: other }: StoredEntry): number {
  if (one.at !== other.at) return one.at - other.at
  if (one.number !== other.number) return one.number - other.number
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

/** Oldest first. */
export function bucketsFrom(documents: readonly unknown[]): readonly Bucket[] {
  return readable(documents, readBucket)
    .map(({ bucket }) => bucket)
    .sort((one, other) => one.from - other.from)
}

/** What `bucketsFrom` reads. */
export function bucketText({ bucket }: Rollup): string {
  return JSON.stringify({ schema: ROLLUP_SCHEMA, bucket })
}

/** As it enters the outbox. */
export function entryOf(notice: Notice): OutboxEntry {
  return { ...notice, deliveries: [] }
}

function readable<Document>(
  documents: readonly unknown[],
  read: (value: unknown) => Read<Document>,
): readonly Document[] {
  return documents.flatMap((document) => {
    const one = read(jsonOf(document))
    return one.kind === 'read' ? [one.document] : []
  })
}

function unreadable(what: string, read: Exclude<Read<unknown>, { kind: 'read' }>) {
  const detail =
    read.kind === 'newer'
      ? `A newer Night Guard wrote it (schema ${read.schema})`
      : `The stored ${what} can't be read: ${read.detail}`
  return { kind: 'unavailable', detail } as const
}

function jsonOf(document: unknown): unknown {
  if (typeof document !== 'string' || document.length > DOCUMENT_CHARACTERS_MAX) return undefined
  const parsed = parseJsonText(document)
  return parsed.kind === 'json' ? parsed.value : undefined
}
