/** A person's orders on a target: recover, arm, pause, resume. Whether one is carried out is the core's word. */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ZodType } from 'zod'
import type { Guard, Order } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import { orderResultSchema } from '../../schemas/api.ts'
import {
  armRequestSchema,
  noQuerySchema,
  pauseRequestSchema,
  recoverRequestSchema,
  resumeRequestSchema,
  targetParamsSchema,
} from '../../schemas/api-requests.ts'
import type { Access, App, AppEnv } from '../access.ts'
import { refused, unavailable, unknownTarget } from '../outcome.ts'
import { problems } from './responses.ts'

export function addOrderRoutes(app: App, { guard, access }: { guard: Guard; access: Access }): void {
  const recover = orderRoute('recover', 'Mend a target now', { access, body: recoverRequestSchema })
  app.openapi(recover, async (context) => {
    const { force = false, dryRun = false, ...rest } = context.req.valid('json')
    const by = context.get('identity').email
    return give(context, { guard, order: { kind: 'recover', by, force, dryRun, ...rest } })
  })

  const arm = orderRoute('arm', 'Let the guard act on a target', { access, body: armRequestSchema })
  app.openapi(arm, async (context) => {
    const by = context.get('identity').email
    return give(context, { guard, order: { kind: 'arm', by, ...context.req.valid('json') } })
  })

  const pause = orderRoute('pause', 'Watch a target, but leave it alone', {
    access,
    body: pauseRequestSchema,
  })
  app.openapi(pause, async (context) => {
    const by = context.get('identity').email
    return give(context, { guard, order: { kind: 'pause', by, ...context.req.valid('json') } })
  })

  const resume = orderRoute('resume', 'End a pause; close the breaker if asked', {
    access,
    body: resumeRequestSchema,
  })
  app.openapi(resume, async (context) => {
    const { closeBreaker = false, reason } = context.req.valid('json')
    const by = context.get('identity').email
    return give(context, { guard, order: { kind: 'resume', by, reason, closeBreaker } })
  })
}

function orderRoute<Verb extends string, Body extends ZodType>(
  verb: Verb,
  summary: string,
  { access, body }: { access: Access; body: Body },
) {
  return createRoute({
    method: 'post',
    path: `/api/targets/{id}/${verb}`,
    summary,
    middleware: [access.allow('operator')],
    request: {
      query: noQuerySchema,
      params: targetParamsSchema,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: { description: 'What was done', content: { 'application/json': { schema: orderResultSchema } } },
      ...problems(400, 401, 403, 404, 409, 413, 415, 423, 503),
    },
  })
}

async function give(
  context: Context<AppEnv, '/api/targets/:id'>,
  { guard, order }: { guard: Guard; order: Order },
) {
  const outcome = await guard.order(context.req.param('id'), order)
  switch (outcome.kind) {
    case 'done':
      return context.json({ report: outcome.report, target: outcome.view }, 200)
    case 'refused':
      return refused(context, outcome)
    case 'unknown-target':
      return unknownTarget(context, outcome)
    case 'unavailable':
      return unavailable(context, outcome)
    default:
      return assertNever(outcome)
  }
}
