/** Stored outbox entries, as a schema. What their fields mean is in core/notice.ts. */
import { z } from 'zod'
import { RUNGS } from '../core/action.ts'
import { BUTTONS } from '../core/buttons.ts'
import { NOTICE_KINDS, NOTICE_SCHEMA, type OutboxEntry, STANDINGS } from '../core/notice.ts'
import { VERDICTS } from '../core/state.ts'
import { fixedBySchema } from './incident.ts'
import type { Exactly } from './state-exact.ts'
import { causeSchema, list, type Migrations, number, type Read, readDocument, text } from './state-parts.ts'

const deliverySchema = z.strictObject({
  channel: text,
  status: z.enum(['pending', 'sent', 'superseded', 'failed']),
  attempts: number,
  rejections: z.exactOptional(number),
  dueAt: number,
  sentAt: z.exactOptional(number),
  detail: z.exactOptional(text),
  receipt: z.exactOptional(text),
})

export const outboxEntrySchema = z.strictObject({
  schema: z.literal(NOTICE_SCHEMA),
  id: text,
  thread: text,
  number,
  target: text,
  kind: z.enum(NOTICE_KINDS),
  severity: z.enum(['critical', 'warning', 'info']),
  at: number,
  incidentId: z.exactOptional(text),
  verdict: z.enum(VERDICTS),
  cause: z.exactOptional(z.union([causeSchema, z.enum(['manual', 'fleet'])])),
  reason: text,
  standing: z.exactOptional(z.enum(STANDINGS)),
  since: number,
  endedAt: z.exactOptional(number),
  fixedBy: z.exactOptional(fixedBySchema),
  story: list(z.strictObject({ at: number, kind: text, text })),
  offer: z.exactOptional(z.strictObject({ buttons: list(z.enum(BUTTONS)), offeredAt: number })),
  would: z.exactOptional(z.strictObject({ rung: z.enum(RUNGS), unit: z.exactOptional(text) })),
  targets: z.exactOptional(list(text)),
  deliveries: list(deliverySchema),
  claim: z.exactOptional(z.strictObject({ owner: text, until: number })),
  settledAt: z.exactOptional(number),
}) satisfies z.ZodType<OutboxEntry>

const ENTRY_IS_EXACT: Exactly<z.output<typeof outboxEntrySchema>, OutboxEntry> = true
void ENTRY_IS_EXACT

const MIGRATIONS: Migrations = {}

export function readOutboxEntry(value: unknown): Read<OutboxEntry> {
  return readDocument(value, { schema: outboxEntrySchema, current: NOTICE_SCHEMA, migrations: MIGRATIONS })
}
