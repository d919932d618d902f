/** What the HTTP API accepts: bodies and queries, strict and bounded. Whether it can be done is the core's word. */
import { z } from 'zod'
import { LANGUAGES } from '../core/channel.ts'
import { maybe } from './api-parts.ts'

export const REASON_CHARS_MAX = 500
export const PAUSE_MINUTES_MAX = 30 * 24 * 60
export const INCIDENTS_DEFAULT = 20
export const INCIDENTS_MAX = 100
export const DAYS_MAX = 90

const TARGETS_MAX = 1_000
const TARGET_HELP = "Must be a target's id"
const REASON_HELP = 'Say why, in a few words'
const MINUTES_HELP = `Say for how many minutes: a whole number from 1 to ${PAUSE_MINUTES_MAX}`
const LIMIT_HELP = `Must be a whole number from 1 to ${INCIDENTS_MAX}`
const DAYS_HELP = `Must be a whole number from 1 to ${DAYS_MAX}`
const LANGUAGE_HELP = `Must be one of ${LANGUAGES.join(', ')}`
const CURSOR_HELP = 'Must be what an earlier answer gave as next'
const UNIT_HELP = "Must be the name of one of the target's units"
const ACTIONS = ['auto', 'restart-workload', 'reboot', 'reset', 'start'] as const

const targetId = z.string(TARGET_HELP).min(1, TARGET_HELP).max(100, TARGET_HELP)

const flag = z.boolean('Must be true or false')

/** Why a person orders something: it stands in the incident's timeline. */
const reason = z
  .string(REASON_HELP)
  .trim()
  .min(1, REASON_HELP)
  .max(REASON_CHARS_MAX, `Must have at most ${REASON_CHARS_MAX} characters`)

function body<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, 'Must be a JSON object')
}

/** The body of `POST /tick` and `POST /sync`; an empty one means all targets. */
export const runRequestSchema = body({
  targets: maybe(
    z
      .array(targetId, "Must be a list of targets' ids")
      .min(1, 'Name at least one target, or leave it out for all')
      .max(TARGETS_MAX, `Must name at most ${TARGETS_MAX} targets`),
  ),
  dryRun: maybe(flag),
}).meta({ id: 'RunRequest' })

export const recoverRequestSchema = body({
  /** `start` resumes a suspended VM. */
  action: z.enum(ACTIONS, `Must be one of ${ACTIONS.join(', ')}`),
  unit: maybe(z.string(UNIT_HELP).min(1, UNIT_HELP).max(255, UNIT_HELP)),
  reason,
  force: maybe(flag),
  dryRun: maybe(flag),
}).meta({ id: 'RecoverRequest' })

export const armRequestSchema = body({ reason }).meta({ id: 'ArmRequest' })

export const pauseRequestSchema = body({
  minutes: z.int(MINUTES_HELP).min(1, MINUTES_HELP).max(PAUSE_MINUTES_MAX, MINUTES_HELP),
  reason,
}).meta({ id: 'PauseRequest' })

export const resumeRequestSchema = body({ reason, closeBreaker: maybe(flag) }).meta({ id: 'ResumeRequest' })

export const targetParamsSchema = z.object({ id: targetId })

export const incidentParamsSchema = z.object({ id: z.string().min(1).max(200) })

/** A query with no members: a misspelt one is an error, not silently ignored. */
export const noQuerySchema = z.strictObject({})

export const incidentQuerySchema = z.strictObject({
  target: maybe(targetId),
  limit: z.coerce
    .number(LIMIT_HELP)
    .int(LIMIT_HELP)
    .min(1, LIMIT_HELP)
    .max(INCIDENTS_MAX, LIMIT_HELP)
    .default(INCIDENTS_DEFAULT),
  cursor: maybe(z.string(CURSOR_HELP).min(1, CURSOR_HELP).max(500, CURSOR_HELP)),
})

function daysQuery(daysDefault: number) {
  const days = z.coerce.number(DAYS_HELP).int(DAYS_HELP).min(1, DAYS_HELP).max(DAYS_MAX, DAYS_HELP)
  return z.strictObject({ days: days.default(daysDefault) })
}

export const historyQuerySchema = daysQuery(1)

export const shadowQuerySchema = daysQuery(7)

export const blackBoxParamsSchema = z.object({ id: z.string().min(1).max(300) })

/** In which language a text is exported; the configured one when absent. */
export const exportQuerySchema = z.strictObject({ lang: maybe(z.enum(LANGUAGES, LANGUAGE_HELP)) })
