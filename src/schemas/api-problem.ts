/** An error of the HTTP API: RFC 9457, with `mend` (what to do) and, for a bad request, the fields. */
import { z } from 'zod'
import { targetReportSchema } from './api.ts'
import { maybe } from './api-parts.ts'

export const problemSchema = z
  .object({
    /** Stable and relative: `/problems/bad-request`. Names the kind of problem; there is nothing to fetch. */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    mend: z.string(),
    errors: maybe(z.array(z.object({ field: z.string(), message: z.string() })).readonly()),
    /** The ids that would have been right, where one was unknown. */
    known: maybe(z.array(z.string()).readonly()),
    /** What was seen when an order was refused. */
    report: maybe(targetReportSchema),
  })
  .meta({ id: 'Problem' })

export type Problem = Readonly<z.output<typeof problemSchema>>
