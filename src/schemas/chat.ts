/** What chat services answer, as far as it is read: message names, refusals, rate limits. Presses are telegram.ts. */
import { z } from 'zod'

const seconds = z.number().nonnegative().max(1e9)

/** Telegram's and Discord's way of saying how long to wait. */
export const rateLimitSchema = z.object({
  retry_after: seconds.optional().catch(undefined),
  parameters: z
    .object({ retry_after: seconds.optional().catch(undefined) })
    .optional()
    .catch(undefined),
})

/** https://core.telegram.org/bots/api#making-requests, as grammY's error carries it. */
export const telegramRefusalSchema = z.object({
  error_code: z.int(),
  description: z.string(),
  parameters: z.object({ migrate_to_chat_id: z.int().optional().catch(undefined) }).catch({}),
})

export const telegramMessageSchema = z.object({ message_id: z.int().positive() })

/** A message's `ts` is its name within its channel. */
export const slackMessageSchema = z.object({
  channel: z.string().regex(/^[A-Z0-9]{1,40}$/),
  ts: z.string().regex(/^\d{1,12}\.\d{1,9}$/),
})

/** The client's error for an answer with `ok: false`. */
export const slackRefusalSchema = z.object({
  data: z.object({
    error: z.string().regex(/^[a-z][a-z0-9_]{0,80}$/),
    needed: z.string().optional().catch(undefined),
  }),
})

export const slackHttpRefusalSchema = z.object({ statusCode: z.int() })

export const discordMessageSchema = z.object({ id: z.string().regex(/^\d{1,25}$/) })

/** The library's error for a 4xx: Discord's own code beside the status. */
export const discordRefusalSchema = z.object({
  status: z.int(),
  code: z.union([z.int(), z.string()]).optional().catch(undefined),
  rawError: z.object({ message: z.string() }).optional().catch(undefined),
})

/** When the library itself holds a call back, because Discord has said what it allows. */
export const discordHeldBackSchema = z.object({ retryAfter: z.number().nonnegative() })
