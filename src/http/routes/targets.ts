/** `GET /api/targets` and `/api/targets/{id}`. Orders on a target are in orders.ts. */
import { createRoute } from '@hono/zod-openapi'
import type { Guard } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import { targetListSchema, targetSchema } from '../../schemas/api.ts'
import { noQuerySchema, targetParamsSchema } from '../../schemas/api-requests.ts'
import type { Access, App } from '../access.ts'
import { unavailable, unknownTarget } from '../outcome.ts'
import { problems } from './responses.ts'

export function addTargetRoutes(app: App, { guard, access }: { guard: Guard; access: Access }): void {
  const list = createRoute({
    method: 'get',
    path: '/api/targets',
    summary: 'All targets: state, last observation, verdict',
    middleware: [access.allow('viewer')],
    request: { query: noQuerySchema },
    responses: {
      200: { description: 'The targets', content: { 'application/json': { schema: targetListSchema } } },
      ...problems(400, 401, 403, 503),
    },
  })
  app.openapi(list, async (context) => {
    const outcome = await guard.targets()
    if (outcome.kind === 'unavailable') return unavailable(context, outcome)
    return context.json({ targets: outcome.targets }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/api/targets/{id}',
    summary: 'One target',
    middleware: [access.allow('viewer')],
    request: { query: noQuerySchema, params: targetParamsSchema },
    responses: {
      200: { description: 'The target', content: { 'application/json': { schema: targetSchema } } },
      ...problems(400, 401, 403, 404, 503),
    },
  })
  app.openapi(one, async (context) => {
    const outcome = await guard.target(context.req.valid('param').id)
    switch (outcome.kind) {
      case 'target':
        return context.json(outcome.target, 200)
      case 'unknown-target':
        return unknownTarget(context, outcome)
      case 'unavailable':
        return unavailable(context, outcome)
      default:
        return assertNever(outcome)
    }
  })
}
