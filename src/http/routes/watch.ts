/** `POST /tick` and `POST /sync`: the guard's own rounds. What a round does is app/'s. */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ZodType } from 'zod'
import type { Guard, Unavailable, UnknownTarget } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import { syncReportSchema, tickReportSchema } from '../../schemas/api.ts'
import { noQuerySchema, runRequestSchema } from '../../schemas/api-requests.ts'
import type { Access, App } from '../access.ts'
import { unavailable, unknownTarget } from '../outcome.ts'
import { problems } from './responses.ts'

export function addWatchRoutes(app: App, { guard, access }: { guard: Guard; access: Access }): void {
  const tick = roundRoute('/tick', 'Run a tick; answers once all is done', {
    access,
    report: tickReportSchema,
  })
  app.openapi(tick, async (context) => {
    const outcome = await guard.tick({ dryRun: false, ...context.req.valid('json') })
    return outcome.kind === 'report' ? context.json(outcome.report, 200) : notRun(context, outcome)
  })

  const sync = roundRoute('/sync', "Make the VMs' secrets equal to the source's", {
    access,
    report: syncReportSchema,
  })
  app.openapi(sync, async (context) => {
    const outcome = await guard.sync({ dryRun: false, ...context.req.valid('json') })
    return outcome.kind === 'report' ? context.json(outcome.report, 200) : notRun(context, outcome)
  })
}

function roundRoute<Path extends string, Report extends ZodType>(
  path: Path,
  summary: string,
  { access, report }: { access: Access; report: Report },
) {
  return createRoute({
    method: 'post',
    path,
    summary,
    middleware: [access.allow('scheduler', 'operator')],
    request: {
      query: noQuerySchema,
      body: { required: false, content: { 'application/json': { schema: runRequestSchema } } },
    },
    responses: {
      200: { description: 'What was seen and done', content: { 'application/json': { schema: report } } },
      ...problems(400, 401, 403, 404, 413, 415, 503),
    },
  })
}

function notRun(context: Context, outcome: UnknownTarget | Unavailable) {
  switch (outcome.kind) {
    case 'unknown-target':
      return unknownTarget(context, outcome)
    case 'unavailable':
      return unavailable(context, outcome)
    default:
      return assertNever(outcome)
  }
}
