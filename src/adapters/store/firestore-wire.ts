/**
 * Firestore's documents, writes and queries in plain types, and how they look on the wire (google.firestore.v1).
 * What the documents hold is firestore-documents.ts's business, sending them firestore-connection.ts's.
 */
import { z } from 'zod'

/** `collection/id`, the id safe to be one (see `documentId`). */
export type Path = `${string}/${string}`

export type Fields = Readonly<Record<string, string | number>>

/** What must hold for a write, or its whole batch is refused. */
export type Condition = { readonly kind: 'absent' } | { readonly kind: 'unchanged'; readonly since: string }

export type Write =
  /** The document is exactly this afterwards. */
  | { readonly kind: 'put'; readonly path: Path; readonly fields: Fields; readonly when?: Condition }
  /** Sets the fields, adds the text to the list `field` unless it is in it, and keeps the rest. */
  | {
      readonly kind: 'append'
      readonly path: Path
      readonly fields: Fields
      readonly field: string
      readonly text: string
    }
  | { readonly kind: 'delete'; readonly path: Path }

/** Of one collection, by one field: such a query needs no index but those that Firestore makes by itself. */
export type Query = {
  readonly collection: string
  readonly field: string
  readonly limit: number
  /** `from` and `below` bound the field, `from` included. */
  readonly where:
    | { readonly kind: 'range'; readonly from?: string | number; readonly below?: string | number }
    | { readonly kind: 'in'; readonly values: readonly string[] }
  /** A range comes in the order of its field. */
  readonly order?: 'ascending' | 'descending'
  /** Nothing but the documents' names is sent. */
  readonly namesOnly?: true
}

export type StoredDocument = {
  readonly path: Path
  /** When it was last written, exact to the nanosecond: `seconds.nanoseconds`. */
  readonly version: string
  text(field: string): string | undefined
  texts(field: string): readonly string[]
}

const VERSION = /^(\d{1,12})\.(\d{9})$/

/** Of a version that no store gave: `undefined`. */
export function conditionOf(version: string | null): Condition | undefined {
  if (version === null) return { kind: 'absent' }
  return VERSION.test(version) ? { kind: 'unchanged', since: version } : undefined
}

function conditionToWire(condition: Condition) {
  if (condition.kind === 'absent') return { exists: false }
  const [, seconds = '', nanos = ''] = VERSION.exec(condition.since) ?? []
  return { updateTime: { seconds, nanos: Number(nanos) } }
}

function valueToWire(value: string | number) {
  if (typeof value === 'string') return { stringValue: value }
  return Number.isSafeInteger(value) ? { integerValue: value } : { doubleValue: value }
}

function fieldsToWire(fields: Fields) {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, valueToWire(value)]))
}

/** `documents` is `projects/P/databases/D/documents`. */
export function writeToWire(write: Write, documents: string) {
  const name = `${documents}/${write.path}`
  switch (write.kind) {
    case 'put':
      return {
        update: { name, fields: fieldsToWire(write.fields) },
        ...(write.when === undefined ? {} : { currentDocument: conditionToWire(write.when) }),
      }
    case 'append':
      return {
        update: { name, fields: fieldsToWire(write.fields) },
        updateMask: { fieldPaths: Object.keys(write.fields) },
        updateTransforms: [
          { fieldPath: write.field, appendMissingElements: { values: [valueToWire(write.text)] } },
        ],
      }
    case 'delete':
      return { delete: name }
  }
}

export function queryToWire({ collection, field, limit, where, order = 'ascending', namesOnly }: Query) {
  const path = { fieldPath: field }
  const inOrder = [
    { field: path, direction: order === 'ascending' ? ('ASCENDING' as const) : ('DESCENDING' as const) },
  ]
  return {
    from: [{ collectionId: collection }],
    where: where.kind === 'in' ? inToWire(path, where.values) : rangeToWire(path, where),
    ...(where.kind === 'in' ? {} : { orderBy: inOrder }),
    ...(namesOnly ? { select: { fields: [{ fieldPath: '__name__' }] } } : {}),
    limit: { value: limit },
  }
}

function inToWire(field: { fieldPath: string }, values: readonly string[]) {
  const arrayValue = { values: values.map(valueToWire) }
  return { fieldFilter: { field, op: 'IN' as const, value: { arrayValue } } }
}

function rangeToWire(
  field: { fieldPath: string },
  { from, below }: { readonly from?: string | number; readonly below?: string | number },
) {
  const filters = [
    ...(from === undefined
      ? []
      : [{ fieldFilter: { field, op: 'GREATER_THAN_OR_EQUAL' as const, value: valueToWire(from) } }]),
    ...(below === undefined
      ? []
      : [{ fieldFilter: { field, op: 'LESS_THAN' as const, value: valueToWire(below) } }]),
  ]
  return filters.length === 0 ? null : { compositeFilter: { op: 'AND' as const, filters } }
}

const timeSchema = z
  .object({ seconds: z.union([z.string(), z.number()]), nanos: z.number() })
  .transform(({ seconds, nanos }) => `${seconds}.${String(nanos).padStart(9, '0')}`)
const documentSchema = z.object({
  name: z.string(),
  fields: z.record(z.string(), z.unknown()).nullish(),
  updateTime: timeSchema,
})
/** One message of the stream that `batchGetDocuments` answers. */
export const gotSchema = z.object({ found: documentSchema.nullish(), missing: z.string().nullish() })
/** One message of the stream that `runQuery` answers; some carry no document. */
export const ranSchema = z.object({ document: documentSchema.nullish() })
export const committedSchema = z.object({
  writeResults: z.array(z.object({ updateTime: timeSchema.nullish() })),
})

const textSchema = z.object({ stringValue: z.string() })
const textsSchema = z.object({ arrayValue: z.object({ values: z.array(z.unknown()).nullish() }) })

export function documentFromWire({
  name,
  fields,
  updateTime,
}: z.output<typeof documentSchema>): StoredDocument {
  return {
    path: pathOf(name),
    version: updateTime,
    text: (field) => textOf(fields?.[field]),
    texts(field) {
      const list = textsSchema.safeParse(fields?.[field])
      const values = list.success ? (list.data.arrayValue.values ?? []) : []
      return values.flatMap((value) => textOf(value) ?? [])
    },
  }
}

function textOf(value: unknown): string | undefined {
  const parsed = textSchema.safeParse(value)
  return parsed.success ? parsed.data.stringValue : undefined
}

/** The last two parts of a document's full name. */
export function pathOf(name: string): Path {
  const [collection = '', id = ''] = name.split('/').slice(-2)
  return `${collection}/${id}`
}
