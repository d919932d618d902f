/** `GET /api/incidents`, one incident and its export, and `/api/black-boxes/{id}`. */
import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import type { Guard, Unavailable } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import type { Reader } from '../../core/channel.ts'
import type { BlackBoxView, IncidentView } from '../../core/report.ts'
import { blackBoxSchema, incidentListSchema, incidentSchema } from '../../schemas/api-incident.ts'
import {
  blackBoxParamsSchema,
  exportQuerySchema,
  incidentParamsSchema,
  incidentQuerySchema,
  noQuerySchema,
} from '../../schemas/api-requests.ts'
import { incidentMarkdown } from '../../words/incident-markdown.ts'
import type { Access, App } from '../access.ts'
import { noIncidents, unavailable, unknownBlackBox, unknownIncident } from '../outcome.ts'
import { problems } from './responses.ts'

type Dependencies = {
  readonly guard: Guard
  readonly access: Access
  /** Whom exports are written for; English and UTC when absent. */
  readonly reader?: Partial<Reader>
}

export function addIncidentRoutes(app: App, dependencies: Dependencies): void {
  addList(app, dependencies)
  addOne(app, dependencies)
  addExport(app, dependencies)
  addBlackBox(app, dependencies)
}

function addList(app: App, { guard, access }: Dependencies): void {
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
}

function addOne(app: App, { guard, access }: Dependencies): void {
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

function addExport(app: App, { guard, access, reader }: Dependencies): void {
  const markdown = createRoute({
    method: 'get',
    path: '/api/incidents/{id}/markdown',
    summary: 'One incident with its black boxes, as a Markdown file',
    middleware: [access.allow('viewer')],
    request: { query: exportQuerySchema, params: incidentParamsSchema },
    responses: {
      200: { description: 'The file', content: { 'text/markdown': { schema: z.string() } } },
      ...problems(400, 401, 403, 404, 503),
    },
  })
  app.openapi(markdown, async (context) => {
    const { id } = context.req.valid('param')
    const outcome = await guard.incident(id)
    if (outcome.kind === 'absent') return unknownIncident(context, id)
    if (outcome.kind === 'unavailable') return unavailable(context, outcome)
    const boxes = await blackBoxesOf(guard, outcome.incident)
    if (boxes.kind === 'unavailable') return unavailable(context, boxes)
    const language = context.req.valid('query').lang ?? reader?.language ?? 'en'
    const text = incidentMarkdown(outcome.incident, boxes.found, {
      language,
      timeZone: reader?.timeZone ?? 'UTC',
    })
    return context.body(text, 200, {
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': `attachment; filename="incident-${id.replace(/[^\w.-]+/g, '-')}.md"`,
    })
  })
}

/** Those that are still kept; one that was deleted is left out. */
export async function blackBoxesOf(
  guard: Guard,
  incident: IncidentView,
): Promise<{ kind: 'boxes'; found: readonly BlackBoxView[] } | Unavailable> {
  const outcomes = await Promise.all(incident.blackBoxes.map(({ id }) => guard.blackBox(id)))
  const missing = outcomes.find((outcome) => outcome.kind === 'unavailable')
  if (missing !== undefined) return missing
  return {
    kind: 'boxes',
    found: outcomes.flatMap((outcome) => (outcome.kind === 'found' ? [outcome.blackBox] : [])),
  }
}

function addBlackBox(app: App, { guard, access }: Dependencies): void {
  const box = createRoute({
    method: 'get',
    path: '/api/black-boxes/{id}',
    summary: 'What a machine looked like just before it was rebooted or reset',
    middleware: [access.allow('viewer')],
    request: { query: noQuerySchema, params: blackBoxParamsSchema },
    responses: {
      200: { description: 'The black box', content: { 'application/json': { schema: blackBoxSchema } } },
      ...problems(400, 401, 403, 404, 503),
    },
  })
  app.openapi(box, async (context) => {
    const { id } = context.req.valid('param')
    const outcome = await guard.blackBox(id)
    switch (outcome.kind) {
      case 'found':
        return context.json(outcome.blackBox, 200)
      case 'absent':
        return unknownBlackBox(context, id)
      case 'unavailable':
        return unavailable(context, outcome)
      default:
        return assertNever(outcome)
    }
  })
}
