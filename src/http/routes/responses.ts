/** Descriptions of responses that many routes share. */
import { problemSchema } from '../../schemas/api-problem.ts'

const content = { 'application/problem+json': { schema: problemSchema } }

/** Every problem that a route can answer with. */
const ALL = {
  400: { description: 'A field or the body is not right', content },
  401: { description: 'Who asks is not known', content },
  403: { description: 'The role is missing, or another site asks', content },
  404: { description: 'No such target or incident', content },
  409: { description: 'An action is in flight, or the order does not fit', content },
  413: { description: 'The body is too large', content },
  415: { description: 'The body is not JSON', content },
  423: { description: 'The breaker is open, the target healthy or paused, or the action barred', content },
  503: { description: 'The store cannot be reached; nothing was done', content },
}
type Status = keyof typeof ALL
type Responses<S extends Status> = Pick<typeof ALL, S>

/** The described problems of these statuses, for a route's `responses`. */
export function problems<S extends Status>(...statuses: readonly S[]): Responses<S> {
  const chosen: Partial<Responses<S>> = {}
  for (const status of statuses) chosen[status] = ALL[status]
  return chosen as Responses<S>
}
