/** The keyset cursor of the incidents' pages: opaque to callers, checked when it comes back. */
import { z } from 'zod'
import { parseJsonText } from '../../schemas/json-text.ts'

export type Keyset = { readonly openedAt: number; readonly id: string }

const PAGE_MAX = 200
const CURSOR_CHARACTERS_MAX = 1_000
const keysetSchema = z.tuple([z.number(), z.string().min(1).max(500)])

/** How many incidents a page may have at most, whatever was asked for. */
export function pageLimitOf(limit: number): number {
  return Math.max(1, Math.min(PAGE_MAX, Math.trunc(limit)))
}

/** Names the last incident of a page; the next page begins behind it. */
export function writeCursor({ openedAt, id }: Keyset): string {
  return Buffer.from(JSON.stringify([openedAt, id])).toString('base64url')
}

/** `undefined` for a text that `writeCursor` never wrote. */
export function readCursor(cursor: string): Keyset | undefined {
  if (cursor.length > CURSOR_CHARACTERS_MAX) return undefined
  const parsed = keysetSchema.safeParse(decoded(cursor))
  if (!parsed.success) return undefined
  const [openedAt, id] = parsed.data
  return writeCursor({ openedAt, id }) === cursor ? { openedAt, id } : undefined
}

function decoded(cursor: string): unknown {
  const parsed = parseJsonText(Buffer.from(cursor, 'base64url').toString())
  return parsed.kind === 'json' ? parsed.value : undefined
}
