/**
 * The door: a role is required by each route but `/health` and the assets. Who asks is auth.ts's work.
 * Nobody is let in by default: a route without `allow` in its chain is a failing test.
 */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import type { GetConnInfo } from 'hono/conninfo'
import { assertNever } from '../core/assert-never.ts'
import type { Authenticate, Identity, Role } from './auth.ts'
import { problem, RETRY_AFTER_SECONDS } from './problem.ts'

export type AppEnv = { Variables: { identity: Identity } }
export type App = OpenAPIHono<AppEnv>

export type Access = {
  /** Lets in who has one of the roles; `context.get('identity')` is set behind it. */
  allow(...roles: readonly [Role, ...Role[]]): MiddlewareHandler<AppEnv>
}

export function createAccess(options: {
  readonly authenticate: Authenticate
  /** Tells the socket's peer; without it the address stays unknown. */
  readonly connection?: GetConnInfo
}): Access {
  return {
    allow(...roles) {
      const door: MiddlewareHandler<AppEnv> = async (context, next) => {
        const remoteAddress = options.connection?.(context).remote.address
        const authentication = await options.authenticate({
          headers: context.req.raw.headers,
          ...(remoteAddress === undefined ? {} : { remoteAddress }),
        })
        switch (authentication.kind) {
          case 'none':
            return unauthenticated(context, 'The request carries no identity')
          case 'rejected':
            return unauthenticated(context, authentication.detail)
          case 'unavailable':
            return identityUnavailable(context, authentication.detail)
          case 'identity': {
            const { email, grants } = authentication
            if (!roles.some((role) => grants.includes(role))) return forbidden(context, { email, roles })
            context.set('identity', { email, grants })
            return next()
          }
          default:
            return assertNever(authentication)
        }
      }
      DOORS.set(door, roles)
      return door
    },
  }
}

const DOORS = new WeakMap<object, readonly Role[]>()

/** The roles that a mounted handler lets in, when it is a door: what the API's description says cannot drift from it. */
export function rolesBehind(handler: object): readonly Role[] | undefined {
  return DOORS.get(handler)
}

function unauthenticated(context: Context, detail: string) {
  return problem(context, {
    name: 'unauthenticated',
    title: 'Who asks is not known',
    status: 401,
    detail,
    mend: 'Send a Google-signed ID token for this service as "Authorization: Bearer TOKEN".',
    headers: { 'www-authenticate': 'Bearer realm="night-guard"' },
  })
}

function forbidden(context: Context, options: { email: string; roles: readonly Role[] }) {
  const roles = options.roles.join(' or ')
  return problem(context, {
    name: 'forbidden',
    title: 'Not allowed',
    status: 403,
    detail: `${options.email} does not have the role that this needs: ${roles}`,
    mend: `Have the e-mail listed for ${roles} in the configuration's auth section; a role for people also needs a whole token, not one that Cloud Run stripped.`,
  })
}

function identityUnavailable(context: Context, detail: string) {
  return problem(context, {
    name: 'identity-unavailable',
    title: 'Who asks cannot be checked now',
    status: 503,
    detail,
    mend: 'Try again in a moment.',
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  })
}
