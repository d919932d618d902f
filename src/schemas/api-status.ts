/** What `/status.json` tells anybody: names that were chosen for it, and words; no id, reason, cause or address. */
import { z } from 'zod'
import { isoTime, maybe } from './api-parts.ts'

/** `unknown`: nothing can be said at the moment. */
export const PUBLIC_WORDS = ['up', 'degraded', 'down', 'unknown'] as const
export type PublicWord = (typeof PUBLIC_WORDS)[number]

const daySchema = z.object({
  day: z.string().meta({ format: 'date', description: 'In UTC' }),
  uptime: maybe(
    z.number().min(0).max(1).meta({ description: 'Share of the looks that found it working, 0 to 1' }),
  ),
  downMinutes: z.number().min(0).meta({ description: 'About' }),
})

const publicTargetSchema = z.object({
  name: z.string(),
  status: z.enum(PUBLIC_WORDS),
  uptime90Days: maybe(
    z.number().min(0).max(1).meta({ description: 'Share of the looks that found it working, 0 to 1' }),
  ),
  days: z.array(daySchema).readonly().meta({ description: 'Oldest first; days without a look are left out' }),
})

export const publicStatusSchema = z
  .object({
    title: z.string(),
    at: isoTime,
    status: z.enum(PUBLIC_WORDS).meta({ description: 'The worst of all' }),
    targets: z.array(publicTargetSchema).readonly(),
  })
  .meta({ id: 'PublicStatus' })

export type PublicStatus = z.output<typeof publicStatusSchema>
