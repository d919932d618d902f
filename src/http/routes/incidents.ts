/** `GET /api/incidents` and `/api/incidents/{id}`. */
import { createRoute } from '@hono/zod-openapi'
import type { Guard } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import { incidentListSchema, incidentSchema } from '../../schemas/api-incident.ts'
import { incidentParamsSchema, incidentQuerySchema, noQuerySchema } from '../../schemas/api-requests.ts'
import type { Access, App } from '../access.ts'
import { noIncidents, unavailable, unknownIncident } from '../outcome.ts'
import { problems } from './responses.ts'

export function addIncidentRoutes(app: App, { guard, access }: { guard: Guard; access: Access }): void {
  const list = createRoute({
    method: 'get',
    path: '/api/incidents',
    summary: 'Incidents, newest first',
    middleware: [access.allow('viewer')],
    request: { query: incidentQuerySchema },
    responses: {
      200: {
        description: 'A page of incidents',
        content: { 'application/json': { schema: incidentListSchema } },
      },
      ...problems(400, 401, 403, 404, 503),
    },
  })
  app.openapi(list, async (context) => {
    const outcome = await guard.incidents(context.req.valid('query'))
    if (outcome.kind !== 'page') return noIncidents(context, outcome)
    const { incidents, next } = outcome
    return context.json(next === undefined ? { incidents } : { incidents, next }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/api/incidents/{id}',
    summary: 'One incident, with its timeline and actions',
    middleware: [access.allow('viewer')],
    request: { query: noQuerySchema, params: incidentParamsSchema },
    responses: {
      200: { description: 'The incident', content: { 'application/json': { schema: incidentSchema } } },
      ...problems(400, 401, 403, 404, 503),
    },
  })
  app.openapi(one, async (context) => {
    const { id } = context.req.valid('param')
    const outcome = await guard.incident(id)
    switch (outcome.kind) {
      case 'found':
        return context.json(outcome.incident, 200)
      case 'absent':
        return unknownIncident(context, id)
      case 'unavailable':
        return unavailable(context, outcome)
      default:
        return assertNever(outcome)
    }
  })
}
