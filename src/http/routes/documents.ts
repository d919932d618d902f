/** `GET /openapi.json` and `GET /docs`: the API described for programs and for people. The describing is openapi/'s. */
import { createRoute, z } from '@hono/zod-openapi'
import { compress } from 'hono/compress'
import type { Access, App } from '../access.ts'
import { type ApiDocument, apiDocument } from '../openapi/document.ts'
import { docsBody } from '../pages/docs-page.ts'
import { page } from '../pages/layout.ts'
import { keepChoices, type VisitOptions, visitOf } from '../pages/visit.ts'
import { problems } from './responses.ts'

/** Described as little as OpenAPI's own schema is ours to describe. */
const documentSchema = z.looseObject({ openapi: z.string() }) as unknown as z.ZodType<ApiDocument>

export type DocumentDependencies = {
  readonly access: Access
  readonly version: string
  /** For whom the page around the description speaks. */
  readonly visit?: Pick<VisitOptions, 'reader' | 'note' | 'mode'>
}

export function addDocumentRoutes(app: App, { access, version, visit }: DocumentDependencies): void {
  // Made at the first request: by then every route is mounted, and none comes later.
  const document = once(() => apiDocument(app, { version }))
  const body = once(() => docsBody(document()))

  const route = createRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    description: 'OpenAPI 3.1, made from the schemas that validate. `/docs` shows the same to people.',
    middleware: [access.allow('viewer'), compress()],
    responses: {
      200: {
        description: 'The description',
        content: { 'application/json': { schema: documentSchema } },
      },
      ...problems(401, 403, 503),
    },
  })
  app.openapi(route, (context) => context.json(document(), 200))

  app.get('/docs', access.allow('viewer'), compress(), async (context) => {
    keepChoices(context)
    // Nothing on this page tells how long ago something was.
    return context.html(page({ title: 'API', body: body() }, visitOf(context, { ...visit, now: 0 })))
  })
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
