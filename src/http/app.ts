/**
 * The HTTP face: `createApp` puts the doors, the routes and the pages together. It decides nothing about targets;
 * the guard does. Who listens, and on which port, is the server's business.
 */
import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { GetConnInfo } from 'hono/conninfo'
import { methodNotAllowed as checkMethod } from 'hono/method-not-allowed'
import type { Guard } from '../app/guard.ts'
import type { Reader, StatusPage } from '../core/channel.ts'
import type { Mode } from '../core/policy.ts'
import type { Journal } from '../ports/journal.ts'
import { healthSchema } from '../schemas/api.ts'
import { type Access, type App, type AppEnv, createAccess } from './access.ts'
import type { Authenticate } from './auth.ts'
import { boundedBody, emptyBodyIsNone } from './body.ts'
import { securityHeaders } from './headers.ts'
import type { Fault } from './pages/faults.ts'
import { type ProblemPageOptions, problemsShownAsPages } from './pages/problem-page.ts'
import { badRequest, fieldErrors, methodNotAllowed, notFound, onError } from './problem.ts'
import { addAlertRoutes } from './routes/alerts.ts'
import { addAssetRoutes } from './routes/assets.ts'
import { addDocumentRoutes } from './routes/documents.ts'
import { addEventRoutes } from './routes/events.ts'
import { addIncidentRoutes } from './routes/incidents.ts'
import { addMetricsRoutes } from './routes/metrics.ts'
import { addOrderRoutes } from './routes/orders.ts'
import { addPageRoutes } from './routes/pages.ts'
import { addStatusRoutes } from './routes/status.ts'
import { addTargetRoutes } from './routes/targets.ts'
import { addWatchRoutes } from './routes/watch.ts'
import { knownHost, sameOrigin } from './same-origin.ts'

/** What `Extras.mount` is given. */
export type { Access, App } from './access.ts'

export type Extras = {
  /** Adds routes of its own, behind the same doors; `access.allow` guards them. */
  mount(app: App, access: Access): void
  /** One line on each page. */
  readonly pageNote?: string
  /** What can be broken by `POST /sandbox/faults`; gives each target a menu. */
  readonly faults?: readonly Fault[]
}

export type AppDependencies = {
  readonly guard: Guard
  readonly authenticate: Authenticate
  readonly version: string
  readonly journal: Journal
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Whose secrets are used. */
  readonly project: string
  /** Whom pages and exports are for, unless a browser says otherwise. */
  readonly reader?: Partial<Reader>
  readonly mode?: Mode
  readonly tickEveryMs?: number
  /** What anybody may see; nothing when absent. */
  readonly statusPage?: StatusPage
  /** The names by which the service may be asked, with or without a port; all when absent. */
  readonly allowedHosts?: readonly string[]
  /** Tells the socket's peer, as `getConnInfo` of `@hono/node-server/conninfo` does. */
  readonly connection?: GetConnInfo
  /** How often an open dashboard asks anew: each time costs one store read a target. */
  readonly refreshMs?: number
  readonly extras?: Extras
}

const REFRESH_MS = 15_000
const REFRESH_WITH_EXTRAS_MS = 2_000

export function createApp(dependencies: AppDependencies): App {
  const { authenticate, connection, journal, allowedHosts, extras } = dependencies
  const access = createAccess({ authenticate, ...(connection === undefined ? {} : { connection }) })
  const app: App = new OpenAPIHono<AppEnv>({
    defaultHook: (result, context) => {
      if (!result.success) return badRequest(context, fieldErrors(result.error, LOCATIONS[result.target]))
      return undefined
    },
  })
  app.onError(onError(journal))
  app.notFound(notFound)
  app.use(securityHeaders, problemsShownAsPages({ now: dependencies.now, ...visitOptionsOf(dependencies) }))
  if (allowedHosts !== undefined) app.use(knownHost(allowedHosts))
  app.use(checkMethod({ app, onMethodNotAllowed: methodNotAllowed }))
  app.use(sameOrigin, boundedBody, emptyBodyIsNone)

  addHealthRoute(app, dependencies.version)
  addAssetRoutes(app)
  addApiRoutes(app, access, dependencies)
  addPages(app, access, dependencies)
  extras?.mount(app, access)
  return app
}

function addApiRoutes(app: App, access: Access, dependencies: AppDependencies): void {
  const { guard, now, project, version } = dependencies
  addWatchRoutes(app, { guard, access })
  addEventRoutes(app, { guard, access, project, now })
  addTargetRoutes(app, { guard, access })
  addOrderRoutes(app, { guard, access })
  addIncidentRoutes(app, { guard, access, ...readerOf(dependencies) })
  addAlertRoutes(app, { guard, access })
  addMetricsRoutes(app, { guard, access, version })
}

function addPages(app: App, access: Access, dependencies: AppDependencies): void {
  const { guard, now, version, reader, mode, tickEveryMs, statusPage, extras } = dependencies
  const note = extras?.pageNote
  const whole = { language: 'en', timeZone: 'UTC', ...reader } as const
  addPageRoutes(app, {
    guard,
    access,
    now,
    refreshMs: dependencies.refreshMs ?? (extras === undefined ? REFRESH_MS : REFRESH_WITH_EXTRAS_MS),
    ...readerOf(dependencies),
    ...(mode === undefined ? {} : { mode }),
    ...(note === undefined ? {} : { pageNote: note }),
    ...(extras?.faults === undefined ? {} : { faults: extras.faults }),
  })
  addStatusRoutes(app, {
    guard,
    now,
    reader: whole,
    ...(statusPage === undefined ? {} : { status: statusPage }),
    ...(tickEveryMs === undefined ? {} : { tickEveryMs }),
  })
  addDocumentRoutes(app, {
    access,
    version,
    visit: visitOptionsOf(dependencies),
  })
}

/** What each page says of the service and for whom, whatever it is about. */
function visitOptionsOf(dependencies: AppDependencies): Omit<ProblemPageOptions, 'now'> {
  const { mode, extras } = dependencies
  return {
    ...readerOf(dependencies),
    ...(extras?.pageNote === undefined ? {} : { note: extras.pageNote }),
    ...(mode === undefined ? {} : { mode }),
  }
}

function readerOf({ reader }: AppDependencies): { readonly reader?: Partial<Reader> } {
  return reader === undefined ? {} : { reader }
}

/** How a person calls the part of a request that zod was given. */
const LOCATIONS = {
  json: 'body',
  form: 'body',
  query: 'query',
  param: 'path',
  header: 'headers',
  cookie: 'cookies',
} as const

function addHealthRoute(app: App, version: string): void {
  const health = createRoute({
    method: 'get',
    path: '/health',
    summary: 'The service itself lives; touches nothing outside',
    responses: { 200: { description: 'It does', content: { 'application/json': { schema: healthSchema } } } },
  })
  app.openapi(health, (context) => context.json({ status: 'ok' as const, version }, 200))
}
