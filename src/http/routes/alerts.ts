/** `POST /api/alerts/test`: do alerts get through? A notice is sent on every channel, and waited for. */
import { createRoute } from '@hono/zod-openapi'
import type { Guard } from '../../app/guard.ts'
import { alertTestRequestSchema, alertTestsSchema } from '../../schemas/api-alerts.ts'
import { noQuerySchema } from '../../schemas/api-requests.ts'
import type { Access, App } from '../access.ts'
import { problems } from './responses.ts'

export function addAlertRoutes(
  app: App,
  { guard, access }: { readonly guard: Pick<Guard, 'testAlerts'>; readonly access: Access },
): void {
  const route = createRoute({
    method: 'post',
    path: '/api/alerts/test',
    summary: 'Send a test notice through every channel, and say what became of it',
    middleware: [access.allow('operator')],
    request: {
      query: noQuerySchema,
      body: { required: false, content: { 'application/json': { schema: alertTestRequestSchema } } },
    },
    responses: {
      200: {
        description: 'What became of it on each channel; failures too',
        content: { 'application/json': { schema: alertTestsSchema } },
      },
      ...problems(400, 401, 403, 413, 415),
    },
  })
  app.openapi(route, async (context) => {
    const { results } = await guard.testAlerts({ by: context.get('identity').email })
    return context.json({ results }, 200)
  })
}
