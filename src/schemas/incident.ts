/** A stored incident, as a schema. What its fields mean is in core/incident.ts. */
import { z } from 'zod'
import { INCIDENT_SCHEMA, INCIDENT_STATES, type Incident, TIMELINE_KINDS } from '../core/incident.ts'
import { CAUSES } from '../core/state.ts'
import type { Exactly } from './state-exact.ts'
import {
  actingRungSchema,
  actionSchema,
  list,
  type Migrations,
  number,
  type Read,
  readDocument,
  text,
} from './state-parts.ts'

const timelineEntrySchema = z.strictObject({
  at: number,
  kind: z.enum(TIMELINE_KINDS),
  text,
})

export const fixedBySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('action'),
    actionId: text,
    rung: actingRungSchema,
    unit: z.exactOptional(text),
    by: z.enum(['guard', 'person']),
    proved: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('inner-guard') }),
  z.strictObject({ kind: z.literal('unknown') }),
])

const wouldSchema = z.strictObject({
  at: number,
  rung: actingRungSchema,
  unit: z.exactOptional(text),
  cause: text,
  reason: text,
})

export const incidentSchema = z.strictObject({
  schema: z.literal(INCIDENT_SCHEMA),
  id: text,
  target: text,
  beganAt: number,
  openedAt: number,
  openedBy: z.enum(['guard', 'person']),
  recoveredAt: z.exactOptional(number),
  closedAt: z.exactOptional(number),
  cause: z.enum([...CAUSES, 'manual']),
  state: z.enum(INCIDENT_STATES),
  timeline: list(timelineEntrySchema),
  timelineDropped: number,
  actions: list(actionSchema),
  fixedBy: z.exactOptional(fixedBySchema),
  relapses: number,
  blackBoxes: list(z.strictObject({ id: text, at: number, before: actingRungSchema })),
  would: list(wouldSchema),
  notices: number,
}) satisfies z.ZodType<Incident>

const INCIDENT_IS_EXACT: Exactly<z.output<typeof incidentSchema>, Incident> = true
void INCIDENT_IS_EXACT

const MIGRATIONS: Migrations = {
  // 2 keeps when it began, how often it came back, its black boxes and what would have been done.
  1: (document) => {
    const old = z.looseObject({}).parse(document)
    // One without a time is broken, which the schema says.
    const beganAt = old['openedAt']
    return { ...old, schema: 2, beganAt, relapses: 0, blackBoxes: [], would: [], notices: 0 }
  },
}

export function readIncident(value: unknown): Read<Incident> {
  return readDocument(value, { schema: incidentSchema, current: INCIDENT_SCHEMA, migrations: MIGRATIONS })
}
