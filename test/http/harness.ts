/** An app on a fake guard, asked as `email`: the e-mail's local part is the only role that it has. */
import type { Guard } from '../../src/app/guard.ts'
import type { App } from '../../src/http/access.ts'
import { type AppDependencies, createApp } from '../../src/http/app.ts'
import { type Authenticate, ROLES } from '../../src/http/auth.ts'
import type { JournalEvent } from '../../src/ports/journal.ts'
import { type Asked, createFakeGuard, NOW } from './fake-guard.ts'

/** `x-test-role` names the caller's role; an operator may also view, as always. */
export const byTestRole: Authenticate = async ({ headers }) => {
  const role = ROLES.find((each) => each === headers.get('x-test-role'))
  if (role === undefined) return { kind: 'none' }
  return {
    kind: 'identity',
    email: `${role}@example.com`,
    grants: role === 'operator' ? ['viewer', role] : [role],
  }
}

export type Harness = {
  readonly app: App
  readonly asked: readonly Asked[]
  readonly journal: readonly JournalEvent[]
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>
}

export function createHarness(
  options: { answers?: Partial<Guard>; role?: string } & Partial<AppDependencies> = {},
): Harness {
  const { answers, role = 'operator', ...dependencies } = options
  const guard = createFakeGuard(answers)
  const journal: JournalEvent[] = []
  const app = createApp({
    guard,
    authenticate: byTestRole,
    version: '1.2.3',
    project: 'night-guard-test',
    journal: { write: (event) => void journal.push(event) },
    now: () => NOW,
    ...dependencies,
  })
  const own = { 'x-test-role': role }
  return {
    app,
    asked: guard.asked,
    journal,
    get: async (path, headers = {}) => app.request(path, { headers: { ...own, ...headers } }),
    post: async (path, body, headers = {}) =>
      app.request(path, {
        method: 'POST',
        headers: {
          ...own,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  }
}
