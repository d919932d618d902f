/** An app with nothing but the routes under test, behind the usual headers and doors, on a guard that answers as told. */
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Guard, GuardMetrics } from '../../src/app/guard.ts'
import type { TargetView } from '../../src/core/report.ts'
import { type Access, type App, type AppEnv, createAccess } from '../../src/http/access.ts'
import { type Authenticate, ROLES } from '../../src/http/auth.ts'
import { securityHeaders } from '../../src/http/headers.ts'
import { notFound, onError } from '../../src/http/problem.ts'
import { NOW } from './fake-guard.ts'

/** `x-test-role` names the caller's role; an operator may also view, as always. */
const byTestRole: Authenticate = async ({ headers }) => {
  const role = ROLES.find((each) => each === headers.get('x-test-role'))
  if (role === undefined) return { kind: 'none' }
  return {
    kind: 'identity',
    email: `${role}@example.com`,
    grants: role === 'operator' ? ['viewer', role] : [role],
  }
}

/** A guard that throws on whatever it was not told to answer. */
export function guardThat(answers: Partial<Guard>): Guard {
  const untold = (call: string) => () => {
    throw new Error(`The test did not expect ${call}`)
  }
  return {
    tick: untold('tick'),
    sync: untold('sync'),
    order: untold('order'),
    targets: untold('targets'),
    target: untold('target'),
    incidents: untold('incidents'),
    incident: untold('incident'),
    blackBox: untold('blackBox'),
    history: untold('history'),
    shadow: untold('shadow'),
    secretChanged: untold('secretChanged'),
    testAlerts: untold('testAlerts'),
    metrics: untold('metrics'),
    close: untold('close'),
    ...answers,
  }
}

/** Asked as `role`; nobody when absent. */
export type Get = (
  path: string,
  options?: { role?: string; headers?: Record<string, string> },
) => Promise<Response>

export function createSmallApp(add: (app: App, access: Access) => void): {
  readonly app: App
  readonly get: Get
} {
  const app: App = new OpenAPIHono<AppEnv>()
  app.onError(onError({ write: () => undefined }))
  app.notFound(notFound)
  app.use(securityHeaders)
  add(app, createAccess({ authenticate: byTestRole }))
  const get: Get = async (path, { role, headers = {} } = {}) =>
    app.request(path, { headers: { ...(role === undefined ? {} : { 'x-test-role': role }), ...headers } })
  return { app, get }
}

/** A target of which everything is known. */
export function fullView(changes: Partial<TargetView> = {}): TargetView {
  return {
    id: 'nightguard',
    verdict: 'healthy',
    reason: 'The health endpoint answers as expected',
    phase: 'watching',
    armed: true,
    evidence: { http: { kind: 'ok', detail: '12 ms' } },
    breaker: { kind: 'closed' },
    budgets: [],
    workloads: [],
    secrets: [],
    lastTickAt: new Date(NOW - 12_000).toISOString(),
    mode: 'act',
    uptime: {},
    days: [],
    ...changes,
  }
}

/** A process that has just begun. */
export function noFigures(changes: Partial<GuardMetrics> = {}): GuardMetrics {
  return {
    startedAt: NOW - 3_600_000,
    targets: [],
    ticks: { complete: 0, partial: 0, 'store-unavailable': 0 },
    actions: [],
    deliveries: [],
    notices: [],
    ...changes,
  }
}
