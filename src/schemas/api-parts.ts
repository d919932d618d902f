/** Small pieces that the API's schemas share. */
import { z } from 'zod'

/** ISO 8601, in UTC. */
export const isoTime = z.string().meta({ format: 'date-time' })

/**
 * A member that may be left out. Typed as exact: JSON has no `undefined`, so a present member has a value. At
 * run time it is zod's plain `optional`, for the OpenAPI generator takes `exactOptional` for required.
 */
export function maybe<Schema extends z.ZodType>(schema: Schema): z.ZodExactOptional<Schema> {
  return z.optional(schema) as unknown as z.ZodExactOptional<Schema>
}
