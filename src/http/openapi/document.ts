/**
 * The API's description, OpenAPI 3.1: made from the routes that are mounted and the schemas that validate, so that it
 * cannot say anything else than what is so. Who may use a route is read from the door in its chain. How it looks to
 * people is pages/docs-page.ts's.
 */
import type { App } from '../access.ts'
import { rolesBehind } from '../access.ts'
import type { Role } from '../auth.ts'
import { operationId, TAGS, tagOf } from './names.ts'

type OpenApi = ReturnType<App['getOpenAPI31Document']>
type PathItem = NonNullable<OpenApi['paths']>[string]
type Operation = NonNullable<PathItem['get']>

export type ApiDocument = OpenApi
export type ApiOperation = Operation & { readonly operationId: string; readonly 'x-roles'?: readonly Role[] }
export type ApiSchema = NonNullable<NonNullable<OpenApi['components']>['schemas']>[string]

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
export type Method = (typeof METHODS)[number]

export const SECURITY_SCHEME = 'googleIdToken'
const PROBLEM = {
  description: 'Any other problem: what happened, and what to do (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

const DESCRIPTION = `Night Guard watches virtual machines from the outside and mends them.

Times are ISO 8601 in UTC. Lists are wrapped (\`{"targets": […]}\`). Errors are RFC 9457 problems, with \`mend\`: what to do. \
Unknown fields and bad values are answered with 400, which names the field.

Each operation says in \`x-roles\` who may use it; an operator may also do what a viewer may. \
Roles are given to e-mail addresses by the configuration's \`auth\` section.`

const TOKEN_DESCRIPTION =
  'A Google-signed ID token for this service: `gcloud auth print-identity-token`. Where Cloud Run itself checks callers ' +
  '(`auth.mode: iam`), people send a token for Cloud Run in `X-Serverless-Authorization` and their own in `Authorization`.'

/** Of all routes that `app` has at the time of the call. */
export function apiDocument(app: App, { version }: { readonly version: string }): ApiDocument {
  const generated = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Night Guard',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/', description: 'This service' }],
  })
  const paths = Object.fromEntries(
    Object.entries(generated.paths ?? {}).map(([path, item]) => [path, describedItem(app, path, item)]),
  )
  const used = new Set(operationsIn({ ...generated, paths }).flatMap(({ operation }) => operation.tags ?? []))
  return {
    ...generated,
    tags: TAGS.filter(({ name }) => used.has(name)).map(({ name, description }) => ({ name, description })),
    paths,
    components: {
      ...generated.components,
      securitySchemes: {
        [SECURITY_SCHEME]: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: TOKEN_DESCRIPTION,
        },
      },
    },
  }
}

export type FoundOperation = {
  readonly path: string
  readonly method: Method
  readonly operation: ApiOperation
}

/** In the document's order. */
export function operationsIn(document: ApiDocument): readonly FoundOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [{ path, method, operation: operation as ApiOperation }]
    }),
  )
}

function describedItem(app: App, path: string, item: PathItem): PathItem {
  const described = METHODS.flatMap((method) => {
    const operation = item[method]
    return operation === undefined ? [] : [[method, describe(app, { path, method, operation })] as const]
  })
  return { ...item, ...Object.fromEntries(described) }
}

function describe(
  app: App,
  { path, method, operation }: { path: string; method: Method; operation: Operation },
): Operation {
  const roles = rolesFor(app, { path, method })
  return {
    ...operation,
    operationId: operation.operationId ?? operationId(method, path),
    tags: operation.tags ?? [tagOf(path)],
    ...(roles === undefined
      ? { security: [] }
      : { security: [{ [SECURITY_SCHEME]: [] }], 'x-roles': [...roles] }),
    responses: { ...operation.responses, default: operation.responses?.['default'] ?? PROBLEM },
  }
}

/** What the doors in the chain of a route's handlers let in; undefined where there is none. */
export function rolesFor(
  app: App,
  { path, method }: { readonly path: string; readonly method: string },
): readonly Role[] | undefined {
  const mounted = path.replaceAll(/\{(.+?)\}/g, ':$1')
  const doors = app.routes
    .filter((route) => route.path === mounted && route.method === method.toUpperCase())
    .flatMap(({ handler }) => {
      const roles = rolesBehind(handler)
      return roles === undefined ? [] : [roles]
    })
  const [first, ...others] = doors
  return others.reduce((kept, roles) => kept?.filter((role) => roles.includes(role)), first)
}
