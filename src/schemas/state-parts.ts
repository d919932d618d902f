/** The pieces that stored states and incidents share: actions and their life. Reading them is state.ts and incident.ts. */
import { z } from 'zod'
import { type Action, type ActionResult, RUNGS } from '../core/action.ts'
import { CAUSES } from '../core/state.ts'
import type { Exactly } from './state-exact.ts'

/** Far above what the core keeps: a bound against a document that someone else wrote. */
const ITEMS_MAX = 5_000

/** Epoch milliseconds, or a count of something. */
export const number = z.number()
export const text = z.string().max(64 * 1024)
export const causeSchema = z.enum(CAUSES)
export const actingRungSchema = z.enum(RUNGS).exclude(['human'])

export function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(ITEMS_MAX).readonly()
}

const resultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), detail: z.exactOptional(text) }),
  z.strictObject({
    kind: z.literal('failed'),
    detail: text,
    stockOut: z.exactOptional(z.literal(true)),
  }),
  z.strictObject({ kind: z.literal('skipped'), detail: text }),
  z.strictObject({ kind: z.literal('unknown'), detail: text }),
]) satisfies z.ZodType<ActionResult>

export const actionSchema = z.strictObject({
  id: text,
  incidentId: text,
  rung: actingRungSchema,
  unit: z.exactOptional(text),
  attempt: number,
  cause: text,
  purpose: z.enum(['recovery', 'rollout']),
  by: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('guard') }),
    z.strictObject({ kind: z.literal('person'), who: text, reason: text }),
  ]),
  force: z.boolean(),
  status: z.enum(['intended', 'issued', 'proved', 'not-happened', 'unknown']),
  intendedAt: number,
  issuedAt: z.exactOptional(number),
  endedAt: z.exactOptional(number),
  result: z.exactOptional(resultSchema),
  baseline: z.strictObject({
    bootId: z.exactOptional(text),
    invocationId: z.exactOptional(text),
    containerId: z.exactOptional(text),
    serialNext: z.exactOptional(number),
  }),
  fence: number,
}) satisfies z.ZodType<Action>

const ACTION_IS_EXACT: Exactly<z.output<typeof actionSchema>, Action> = true
void ACTION_IS_EXACT

export type Read<Document> =
  | { readonly kind: 'read'; readonly document: Document }
  /** Written by a newer Night Guard. */
  | { readonly kind: 'newer'; readonly schema: number }
  | { readonly kind: 'broken'; readonly detail: string }

/** From a schema number to the step that lifts a document to the next one. */
export type Migrations = Readonly<Record<number, (document: unknown) => unknown>>

const numbered = z.looseObject({ schema: z.int().min(1) })

/** Reads a stored document: lifts an older one step by step, leaves a newer one alone. */
export function readDocument<Document>(
  value: unknown,
  how: {
    readonly schema: z.ZodType<Document>
    readonly current: number
    readonly migrations: Migrations
  },
): Read<Document> {
  const head = numbered.safeParse(value)
  if (!head.success) return { kind: 'broken', detail: 'It has no schema number' }
  if (head.data.schema > how.current) return { kind: 'newer', schema: head.data.schema }
  let document: unknown = value
  for (let from = head.data.schema; from < how.current; from += 1) {
    const migrate = how.migrations[from]
    if (migrate === undefined) {
      return { kind: 'broken', detail: `Nothing lifts a document of schema ${from} to ${from + 1}` }
    }
    document = migrate(document)
  }
  const parsed = how.schema.safeParse(document)
  if (parsed.success) return { kind: 'read', document: parsed.data }
  return { kind: 'broken', detail: z.prettifyError(parsed.error).slice(0, 1_000) }
}
