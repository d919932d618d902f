/** What the HTTP API accepts: bodies and queries, strict and bounded. Whether it can be done is the core's word. */
import { z } from 'zod'
import { maybe } from './api-parts.ts'

export const REASON_CHARS_MAX = 500
export const PAUSE_MINUTES_MAX = 30 * 24 * 60
export const INCIDENTS_DEFAULT = 20
export const INCIDENTS_MAX = 100

const targetId = z.string().min(1).max(100)

/** Why a person orders something: it stands in the incident's timeline. */
const reason = z.string().trim().min(1, 'Say why, in a few words').max(REASON_CHARS_MAX)

/** The body of `POST /tick` and `POST /sync`; an empty one means all targets. */
export const runRequestSchema = z
  .strictObject({
    targets: maybe(z.array(targetId).min(1).max(1_000)),
    dryRun: maybe(z.boolean()),
  })
  .meta({ id: 'RunRequest' })

export const recoverRequestSchema = z
  .strictObject({
    /** `start` resumes a suspended VM. */
    action: z.enum(['auto', 'restart-workload', 'reboot', 'reset', 'start']),
    unit: maybe(z.string().min(1).max(255)),
    reason,
    force: maybe(z.boolean()),
    dryRun: maybe(z.boolean()),
  })
  .meta({ id: 'RecoverRequest' })

export const armRequestSchema = z.strictObject({ reason }).meta({ id: 'ArmRequest' })

export const pauseRequestSchema = z
  .strictObject({ minutes: z.int().min(1).max(PAUSE_MINUTES_MAX), reason })
  .meta({ id: 'PauseRequest' })

export const resumeRequestSchema = z
  .strictObject({ reason, closeBreaker: maybe(z.boolean()) })
  .meta({ id: 'ResumeRequest' })

export const targetParamsSchema = z.object({ id: targetId })

export const incidentParamsSchema = z.object({ id: z.string().min(1).max(200) })

/** A query with no members: a misspelt one is an error, not silently ignored. */
export const noQuerySchema = z.strictObject({})

export const incidentQuerySchema = z.strictObject({
  target: maybe(targetId),
  limit: z.coerce.number().int().min(1).max(INCIDENTS_MAX).default(INCIDENTS_DEFAULT),
  cursor: maybe(z.string().min(1).max(500)),
})
