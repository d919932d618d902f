/**
 * What Telegram delivers to a bot: presses of buttons, and whatever else. Every update is hostile input: anybody may
 * write to a bot, and send it made-up callback data.
 */
import { z } from 'zod'

const UPDATES_MAX = 100

/** Of `getUpdates`; each is parsed on its own, so that a broken one costs no other. */
export const telegramUpdatesSchema = z.array(z.unknown()).max(UPDATES_MAX)

const press = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  from: z.object({ id: z.int().positive() }),
  /** Absent under a message that was sent by way of another chat's inline query. */
  message: z
    .object({
      chat: z.object({ id: z.int(), username: z.string().max(64).optional().catch(undefined) }),
    })
    .optional()
    .catch(undefined),
  data: z.string().max(64).optional().catch(undefined),
})

/** https://core.telegram.org/bots/api#update; `callback_query` is absent when it is none that can be read. */
export const telegramUpdateSchema = z.object({
  update_id: z.int().nonnegative(),
  callback_query: press.optional().catch(undefined),
})

export type TelegramPress = z.output<typeof press>
