/** What the HTTP API says of a test of the alerts: what became of one notice on each channel. */
import { z } from 'zod'
import type { AlertTest } from '../core/report.ts'
import { maybe } from './api-parts.ts'

/** Nothing is asked for: every channel is tested. */
export const alertTestRequestSchema = z.strictObject({}, 'Must be a JSON object')

const alertTestSchema = z
  .object({
    /** `telegram:123`, … */
    channel: z.string(),
    result: z.enum(['sent', 'failed']),
    detail: maybe(z.string()),
  })
  .meta({ id: 'AlertTest' }) satisfies z.ZodType<AlertTest>

/** One a channel, in the configuration's order. */
export const alertTestsSchema = z
  .object({ results: z.array(alertTestSchema).readonly() })
  .meta({ id: 'AlertTests' })
