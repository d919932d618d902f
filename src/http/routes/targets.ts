/** `GET /api/targets`, `/api/targets/{id}` and its history, and `/api/shadow`. Orders on a target are in orders.ts. */
import { createRoute } from '@hono/zod-openapi'
import { compress } from 'hono/compress'
import type { Guard } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import { targetListSchema, targetSchema } from '../../schemas/api.ts'
import { historySchema, shadowSchema } from '../../schemas/api-history.ts'
import {
  historyQuerySchema,
  noQuerySchema,
  shadowQuerySchema,
  targetParamsSchema,
} from '../../schemas/api-requests.ts'
import type { Access, App } from '../access.ts'
import { unavailable, unknownTarget } from '../outcome.ts'
import { problems } from './responses.ts'

type Dependencies = { readonly guard: Guard; readonly access: Access }

export function addTargetRoutes(app: App, dependencies: Dependencies): void {
  addViews(app, dependencies)
  addHistory(app, dependencies)
  addShadow(app, dependencies)
}

function addViews(app: App, { guard, access }: Dependencies): void {
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

function addHistory(app: App, { guard, access }: Dependencies): void {
  const history = createRoute({
    method: 'get',
    path: '/api/targets/{id}/history',
    summary: 'The last days of a target, in points for charts',
    middleware: [access.allow('viewer'), compress()],
    request: { query: historyQuerySchema, params: targetParamsSchema },
    responses: {
      200: {
        description: 'Points, oldest first',
        content: { 'application/json': { schema: historySchema } },
      },
      ...problems(400, 401, 403, 404, 503),
    },
  })
  app.openapi(history, async (context) => {
    const outcome = await guard.history(context.req.valid('param').id, context.req.valid('query'))
    switch (outcome.kind) {
      case 'history':
        return context.json(outcome.history, 200)
      case 'unknown-target':
        return unknownTarget(context, outcome)
      case 'unavailable':
        return unavailable(context, outcome)
      default:
        return assertNever(outcome)
    }
  })
}

function addShadow(app: App, { guard, access }: Dependencies): void {
  const shadow = createRoute({
    method: 'get',
    path: '/api/shadow',
    summary: 'What the guard would have done in the last days, were it not to observe only',
    middleware: [access.allow('viewer')],
    request: { query: shadowQuerySchema },
    responses: {
      200: { description: 'The report', content: { 'application/json': { schema: shadowSchema } } },
      ...problems(400, 401, 403, 503),
    },
  })
  app.openapi(shadow, async (context) => {
    const outcome = await guard.shadow(context.req.valid('query'))
    if (outcome.kind === 'unavailable') return unavailable(context, outcome)
    return context.json(outcome.report, 200)
  })
}
