/**
 * Who asks, and which roles that gives. Verifying a token is the identity port's work, and requiring a role
 * access.ts's. Nothing configured means that nobody could ever get in, so it throws: the service must not start.
 */
import { assertNever } from '../core/assert-never.ts'
import type { IdentityVerifier, TokenOutcome } from '../ports/identity.ts'

export const ROLES = ['scheduler', 'pusher', 'viewer', 'operator'] as const
export type Role = (typeof ROLES)[number]

export type IncomingRequest = {
  readonly headers: Headers
  /** The socket's peer, never what a header says; absent where the server can't tell. */
  readonly remoteAddress?: string
}

export type Identity = { readonly email: string; readonly grants: readonly Role[] }

export type Authentication =
  | ({ readonly kind: 'identity' } & Identity)
  | { readonly kind: 'none' }
  /** `detail` never contains a token. */
  | { readonly kind: 'rejected'; readonly detail: string }
  /** Who asks can't be found out now. */
  | { readonly kind: 'unavailable'; readonly detail: string }

export type Authenticate = (request: IncomingRequest) => Promise<Authentication>

export type RoleLists = {
  readonly scheduler: readonly string[]
  readonly pusher: readonly string[]
  readonly operators: readonly string[]
  readonly viewers: readonly string[]
}

export class AuthNotConfigured extends Error {
  override readonly name = 'AuthNotConfigured'
}

const TOKEN_CHARS_MAX = 16 * 1024
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * `token`: every token is verified here. `iam`: Cloud Run has checked the caller and stripped the signature of
 * the token that it checked: `X-Serverless-Authorization` if sent, else `Authorization`.
 */
export function createAuthenticate(options: {
  readonly mode: 'iam' | 'token'
  readonly roles: RoleLists
  readonly verifier: IdentityVerifier
}): Authenticate {
  const { mode, roles, verifier } = options
  checkLists(roles)
  return async ({ headers }) => {
    const bearer = readBearer(headers.get('authorization'))
    if (bearer.kind !== 'token') return bearer
    const outcome = await verifier.verify(bearer.token)
    // With the other header sent, Cloud Run has not looked at this one: a "stripped" token in it is made up.
    const checkedByCloudRun = mode === 'iam' && !headers.has('x-serverless-authorization')
    return judge(outcome, { roles, believeStripped: checkedByCloudRun })
  }
}

function judge(
  outcome: TokenOutcome,
  options: { roles: RoleLists; believeStripped: boolean },
): Authentication {
  switch (outcome.kind) {
    case 'verified':
      return { kind: 'identity', email: outcome.email, grants: grantsOf(outcome.email, options.roles) }
    case 'stripped': {
      if (!options.believeStripped) return { kind: 'rejected', detail: 'The token has no signature' }
      const grants = grantsOf(outcome.email, options.roles)
      const machineGrants = grants.filter((role) => role === 'scheduler' || role === 'pusher')
      return { kind: 'identity', email: outcome.email, grants: machineGrants }
    }
    case 'rejected':
    case 'unavailable':
      return outcome
    default:
      return assertNever(outcome)
  }
}

type Bearer = { kind: 'token'; token: string } | { kind: 'none' } | { kind: 'rejected'; detail: string }

function readBearer(header: string | null): Bearer {
  if (header === null) return { kind: 'none' }
  if (header.length > TOKEN_CHARS_MAX)
    return { kind: 'rejected', detail: 'The Authorization header is too long' }
  // Repeated headers arrive joined by commas; taking either of them would be a guess.
  if (header.includes(',')) return { kind: 'rejected', detail: 'There is more than one Authorization header' }
  const token = BEARER.exec(header.trim())?.[1]
  if (token === undefined)
    return { kind: 'rejected', detail: 'The Authorization header is not a Bearer token' }
  return { kind: 'token', token }
}

function grantsOf(email: string, roles: RoleLists): readonly Role[] {
  const listed = (list: readonly string[]) => list.some((entry) => foldCase(entry) === foldCase(email))
  const operator = listed(roles.operators)
  return [
    ...(listed(roles.scheduler) ? (['scheduler'] as const) : []),
    ...(listed(roles.pusher) ? (['pusher'] as const) : []),
    ...(operator || listed(roles.viewers) ? (['viewer'] as const) : []),
    ...(operator ? (['operator'] as const) : []),
  ]
}

/** ASCII only: Unicode's folding makes other letters equal, the Kelvin sign to `k`. */
function foldCase(email: string): string {
  return email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function checkLists(roles: RoleLists): void {
  const entries = [...roles.scheduler, ...roles.pusher, ...roles.operators, ...roles.viewers]
  if (entries.length === 0) {
    throw new AuthNotConfigured(
      'Nobody may use the service: name at least one e-mail in auth.scheduler, pusher, operators or viewers',
    )
  }
  const bad = entries.find((entry) => !/^[^\s@,]+@[^\s@,]+$/.test(entry))
  if (bad !== undefined) throw new AuthNotConfigured(`${JSON.stringify(bad)} is not an e-mail address`)
}
