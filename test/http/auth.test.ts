import { describe, expect, it } from 'vitest'
import {
  type Authentication,
  AuthNotConfigured,
  createAuthenticate,
  type RoleLists,
} from '../../src/http/auth.ts'
import type { IdentityVerifier } from '../../src/ports/identity.ts'

const ROLES: RoleLists = {
  scheduler: ['scheduler@project.iam.gserviceaccount.com'],
  pusher: ['pusher@project.iam.gserviceaccount.com'],
  operators: ['Ana@Example.com'],
  viewers: ['vera@example.com', 'both@example.com'],
}

/** Tokens are written `<kind>.<e-mail's characters>`: how the token is signed, and whose it is. */
const verifier: IdentityVerifier = {
  async verify(token) {
    const [kind, who] = token.split('.')
    const email = WHO[who ?? ''] ?? ''
    if (kind === 'whole') return { kind: 'verified', email }
    if (kind === 'stripped') return { kind: 'stripped', email }
    if (kind === 'offline') return { kind: 'unavailable', detail: 'No certificates' }
    return { kind: 'rejected', detail: 'The signature does not verify' }
  },
}
const WHO: Readonly<Record<string, string>> = {
  scheduler: 'scheduler@project.iam.gserviceaccount.com',
  pusher: 'PUSHER@project.iam.gserviceaccount.com',
  ana: 'ana@example.com',
  vera: 'vera@example.com',
  kelvin: '\u212aaren@example.com',
  stranger: 'stranger@example.com',
}

type Row = readonly [string, 'iam' | 'token', Record<string, string>, Authentication]
const identity = (who: string, ...grants: string[]) =>
  ({ kind: 'identity', email: WHO[who], grants }) as Authentication
const rejected = (detail: string): Authentication => ({ kind: 'rejected', detail })

const rows: readonly Row[] = [
  ['token: none', 'token', {}, { kind: 'none' }],
  [
    'token: a whole one',
    'token',
    { authorization: 'Bearer whole.ana' },
    identity('ana', 'viewer', 'operator'),
  ],
  ['token: a viewer only views', 'token', { authorization: 'bearer whole.vera' }, identity('vera', 'viewer')],
  [
    'token: a stranger has no role',
    'token',
    { authorization: 'Bearer whole.stranger' },
    identity('stranger'),
  ],
  [
    'token: a stripped one is nobody',
    'token',
    { authorization: 'Bearer stripped.scheduler' },
    rejected('The token has no signature'),
  ],
  [
    'token: a false one',
    'token',
    { authorization: 'Bearer false.ana' },
    rejected('The signature does not verify'),
  ],
  [
    'token: certificates are missing',
    'token',
    { authorization: 'Bearer offline.ana' },
    { kind: 'unavailable', detail: 'No certificates' },
  ],
  [
    'token: the other header is not looked at',
    'token',
    { 'x-serverless-authorization': 'Bearer whole.ana' },
    { kind: 'none' },
  ],
  ['iam: none', 'iam', {}, { kind: 'none' }],
  [
    'iam: a stripped one may be the scheduler',
    'iam',
    { authorization: 'Bearer stripped.scheduler' },
    identity('scheduler', 'scheduler'),
  ],
  [
    'iam: a stripped one may be the pusher, in any case of letters',
    'iam',
    { authorization: 'Bearer stripped.pusher' },
    identity('pusher', 'pusher'),
  ],
  [
    'iam: a stripped one is never an operator',
    'iam',
    { authorization: 'Bearer stripped.ana' },
    identity('ana'),
  ],
  [
    'iam: a stripped one is never a viewer',
    'iam',
    { authorization: 'Bearer stripped.vera' },
    identity('vera'),
  ],
  [
    'iam: a whole one counts',
    'iam',
    { authorization: 'Bearer whole.ana' },
    identity('ana', 'viewer', 'operator'),
  ],
  [
    "iam: Cloud Run's token and a whole one",
    'iam',
    { 'x-serverless-authorization': 'Bearer stripped.ana', authorization: 'Bearer whole.ana' },
    identity('ana', 'viewer', 'operator'),
  ],
  [
    "iam: beside Cloud Run's token a stripped one is made up",
    'iam',
    { 'x-serverless-authorization': 'Bearer stripped.stranger', authorization: 'Bearer stripped.scheduler' },
    rejected('The token has no signature'),
  ],
  [
    'iam: an empty second header opens nothing',
    'iam',
    { 'x-serverless-authorization': '', authorization: 'Bearer stripped.scheduler' },
    rejected('The token has no signature'),
  ],
  [
    "iam: Cloud Run's token alone says nothing of the caller",
    'iam',
    { 'x-serverless-authorization': 'Bearer stripped.scheduler' },
    { kind: 'none' },
  ],
  [
    'another scheme',
    'token',
    { authorization: 'Basic YW5hOnB3' },
    rejected('The Authorization header is not a Bearer token'),
  ],
  [
    'no token',
    'token',
    { authorization: 'Bearer ' },
    rejected('The Authorization header is not a Bearer token'),
  ],
  [
    'two headers',
    'token',
    { authorization: 'Bearer whole.stranger, Bearer whole.ana' },
    rejected('There is more than one Authorization header'),
  ],
  [
    'too long',
    'token',
    { authorization: `Bearer ${'a'.repeat(16 * 1024)}` },
    rejected('The Authorization header is too long'),
  ],
]

describe('who asks', () => {
  it.each(rows)('%s', async (_, mode, headers, expected) => {
    const authenticate = createAuthenticate({ mode, roles: ROLES, verifier })
    expect(await authenticate({ headers: new Headers(headers) })).toEqual(expected)
  })

  it('does not take the Kelvin sign for a k', async () => {
    const roles = { ...ROLES, operators: ['karen@example.com'] }
    const authenticate = createAuthenticate({ mode: 'token', roles, verifier })
    expect(await authenticate({ headers: new Headers({ authorization: 'Bearer whole.kelvin' }) })).toEqual(
      identity('kelvin'),
    )
  })

  it('refuses to exist when nobody could ever get in', () => {
    const roles = { scheduler: [], pusher: [], operators: [], viewers: [] }
    expect(() => createAuthenticate({ mode: 'iam', roles, verifier })).toThrow(AuthNotConfigured)
  })

  it.each(['', 'ana', 'ana@example.com, eve@example.com', '*@ example.com'])(
    'refuses %j in a list of e-mails',
    (entry) => {
      const roles = { ...ROLES, operators: [entry] }
      expect(() => createAuthenticate({ mode: 'token', roles, verifier })).toThrow(AuthNotConfigured)
    },
  )
})
