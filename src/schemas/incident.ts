/** A stored incident, as a schema. What its fields mean is in core/incident.ts. */
import { z } from 'zod'
import { INCIDENT_SCHEMA, INCIDENT_STATES, type Incident } from '../core/incident.ts'
import { CAUSES } from '../core/state.ts'
import type { Exactly } from './state-exact.ts'
import { actionSchema, list, type Migrations, number, type Read, readDocument, text } from './state-parts.ts'

const timelineEntrySchema = z.strictObject({
  at: number,
  kind: z.enum(['opened', 'evidence', 'action', 'verified', 'person', 'waiting', 'call', 'closed']),
  text,
})

export const incidentSchema = z.strictObject({
  schema: z.literal(INCIDENT_SCHEMA),
  id: text,
  target: text,
  openedAt: number,
  openedBy: z.enum(['guard', 'person']),
  closedAt: z.exactOptional(number),
  cause: z.enum([...CAUSES, 'manual']),
  state: z.enum(INCIDENT_STATES),
  timeline: list(timelineEntrySchema),
  timelineDropped: number,
  actions: list(actionSchema),
}) satisfies z.ZodType<Incident>

const INCIDENT_IS_EXACT: Exactly<z.output<typeof incidentSchema>, Incident> = true
void INCIDENT_IS_EXACT

const MIGRATIONS: Migrations = {}

export function readIncident(value: unknown): Read<Incident> {
  return readDocument(value, { schema: incidentSchema, current: INCIDENT_SCHEMA, migrations: MIGRATIONS })
}
