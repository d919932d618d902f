/** `GET /metrics`: figures of this process for Prometheus. What they are is metrics/'s; no store is read for them. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Guard } from '../../app/guard.ts'
import type { Access, App } from '../access.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { problems } from './responses.ts'

export function addMetricsRoutes(
  app: App,
  { guard, access, version }: { readonly guard: Guard; readonly access: Access; readonly version: string },
): void {
  const metrics = createMetrics({ guard, version })
  const route = createRoute({
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    description:
      'What this process has counted since it began and last seen of each target, in the Prometheus text format. Reads no store and asks no target.',
    middleware: [access.allow('viewer')],
    responses: {
      200: {
        description: 'The Prometheus text format, version 0.0.4',
        content: { 'text/plain': { schema: z.string() } },
      },
      ...problems(401, 403, 503),
    },
  })
  app.openapi(route, async (context) =>
    context.text(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  )
}
