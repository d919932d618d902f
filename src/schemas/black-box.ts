/** A stored black box, as a schema. What its fields mean is in core/black-box.ts. */
import { z } from 'zod'
import { BLACK_BOX_SCHEMA, BLACK_BOX_SECTIONS, type BlackBox } from '../core/black-box.ts'
import type { Exactly } from './state-exact.ts'
import {
  actingRungSchema,
  list,
  type Migrations,
  number,
  type Read,
  readDocument,
  text,
} from './state-parts.ts'

const sectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    name: z.enum(BLACK_BOX_SECTIONS),
    text,
    cut: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('unavailable'), name: z.enum(BLACK_BOX_SECTIONS), detail: text }),
])

export const blackBoxSchema = z.strictObject({
  schema: z.literal(BLACK_BOX_SCHEMA),
  id: text,
  incidentId: text,
  target: text,
  at: number,
  before: actingRungSchema,
  sections: list(sectionSchema),
}) satisfies z.ZodType<BlackBox>

const BLACK_BOX_IS_EXACT: Exactly<z.output<typeof blackBoxSchema>, BlackBox> = true
void BLACK_BOX_IS_EXACT

const MIGRATIONS: Migrations = {}

export function readBlackBox(value: unknown): Read<BlackBox> {
  return readDocument(value, { schema: blackBoxSchema, current: BLACK_BOX_SCHEMA, migrations: MIGRATIONS })
}
