/** What the HTTP API says of incidents, their timelines and actions. Times are ISO 8601 in UTC. */
import { z } from 'zod'
import { type Action, type ActionBy, type ActionResult, type Baseline, RUNGS } from '../core/action.ts'
import type { BlackBox, BlackBoxSection } from '../core/black-box.ts'
import { BLACK_BOX_SCHEMA, BLACK_BOX_SECTIONS } from '../core/black-box.ts'
import {
  type FixedBy,
  INCIDENT_SCHEMA,
  INCIDENT_STATES,
  type Incident,
  TIMELINE_KINDS,
  type TimelineEntry,
} from '../core/incident.ts'
import { CAUSES } from '../core/state.ts'
import type { Told } from '../core/told.ts'
import { isoTime, maybe } from './api-parts.ts'

const timelineEntrySchema = z.object({
  at: isoTime,
  kind: z.enum(TIMELINE_KINDS),
  text: z.string(),
}) satisfies z.ZodType<Told<TimelineEntry>>

const actionBySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('guard') }),
  z.object({ kind: z.literal('person'), who: z.string(), reason: z.string() }),
]) satisfies z.ZodType<ActionBy>

const actionResultSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), detail: maybe(z.string()) }),
  z.object({ kind: z.literal('failed'), detail: z.string(), stockOut: maybe(z.literal(true)) }),
  z.object({ kind: z.literal('skipped'), detail: z.string() }),
  z.object({ kind: z.literal('unknown'), detail: z.string() }),
]) satisfies z.ZodType<ActionResult>

const baselineSchema = z.object({
  bootId: maybe(z.string()),
  invocationId: maybe(z.string()),
  containerId: maybe(z.string()),
  serialNext: maybe(z.number()),
}) satisfies z.ZodType<Baseline>

const actionSchema = z
  .object({
    id: z.string(),
    incidentId: z.string(),
    rung: z.enum(RUNGS).exclude(['human']),
    unit: maybe(z.string()),
    attempt: z.int(),
    cause: z.string(),
    purpose: z.enum(['recovery', 'rollout']),
    by: actionBySchema,
    force: z.boolean(),
    status: z.enum(['intended', 'issued', 'proved', 'not-happened', 'unknown']),
    intendedAt: isoTime,
    issuedAt: maybe(isoTime),
    endedAt: maybe(isoTime),
    result: maybe(actionResultSchema),
    baseline: baselineSchema,
    fence: z.int(),
  })
  .meta({ id: 'Action' }) satisfies z.ZodType<Told<Action>>

const actingRung = z.enum(RUNGS).exclude(['human'])

const fixedBySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('action'),
    actionId: z.string(),
    rung: actingRung,
    unit: maybe(z.string()),
    by: z.enum(['guard', 'person']),
    proved: z.boolean(),
  }),
  z.object({ kind: z.literal('inner-guard') }),
  z.object({ kind: z.literal('unknown') }),
]) satisfies z.ZodType<FixedBy>

const wouldSchema = z.object({
  at: isoTime,
  rung: actingRung,
  unit: maybe(z.string()),
  cause: z.string(),
  reason: z.string(),
})

export const incidentSchema = z
  .object({
    schema: z.literal(INCIDENT_SCHEMA),
    id: z.string(),
    target: z.string(),
    beganAt: isoTime,
    openedAt: isoTime,
    openedBy: z.enum(['guard', 'person']),
    recoveredAt: maybe(isoTime),
    closedAt: maybe(isoTime),
    cause: z.enum([...CAUSES, 'manual']),
    state: z.enum(INCIDENT_STATES),
    timeline: z.array(timelineEntrySchema).readonly(),
    timelineDropped: z.int(),
    actions: z.array(actionSchema).readonly(),
    fixedBy: maybe(fixedBySchema),
    relapses: z.int(),
    blackBoxes: z.array(z.object({ id: z.string(), at: isoTime, before: actingRung })).readonly(),
    would: z.array(wouldSchema).readonly(),
    notices: z.int(),
  })
  .meta({ id: 'Incident' }) satisfies z.ZodType<Told<Incident>>

/** Newest first; `next` is the cursor of the page after this one. */
export const incidentListSchema = z
  .object({ incidents: z.array(incidentSchema).readonly(), next: maybe(z.string()) })
  .meta({ id: 'IncidentList' })

const sectionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    name: z.enum(BLACK_BOX_SECTIONS),
    text: z.string(),
    cut: z.boolean(),
  }),
  z.object({ kind: z.literal('unavailable'), name: z.enum(BLACK_BOX_SECTIONS), detail: z.string() }),
]) satisfies z.ZodType<BlackBoxSection>

/** What the machine looked like just before a reboot or a reset. */
export const blackBoxSchema = z
  .object({
    schema: z.literal(BLACK_BOX_SCHEMA),
    id: z.string(),
    incidentId: z.string(),
    target: z.string(),
    at: isoTime,
    before: actingRung,
    sections: z.array(sectionSchema).readonly(),
  })
  .meta({ id: 'BlackBox' }) satisfies z.ZodType<Told<BlackBox>>
