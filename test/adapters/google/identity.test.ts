import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGoogleIdentityVerifier, TOKEN_BYTES_MAX } from '../../../src/adapters/google/identity.ts'
import type { TokenOutcome } from '../../../src/ports/identity.ts'

const AUDIENCE = 'https://guard.example.run.app'
const GCLOUD_AUDIENCE = '32555940559.apps.googleusercontent.com'
const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicPem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString()

let server: Server
let certsUrl: string
let certsAsked = 0
beforeAll(async () => {
  server = createServer((request, response) => {
    certsAsked += 1
    const status = request.url === '/certs' ? 200 : 404
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'max-age=600' })
    response.end(JSON.stringify({ k1: publicPem }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  certsUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`
})
afterAll(() => server.close())

const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    sub: '1234567890',
    email: 'ana@example.com',
    email_verified: true,
    iat: seconds(-10),
    exp: seconds(3_500),
    ...changes,
  }
}

function unsigned(changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
  return `${encode({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })}.${encode(claims(changes))}`
}

function signed(
  changes: Record<string, unknown> = {},
  options: { key?: KeyObject; kid?: string } = {},
): string {
  const content = unsigned(changes, { kid: options.kid ?? 'k1' })
  const signature = createSign('RSA-SHA256')
    .update(content)
    .sign(options.key ?? own.privateKey)
  return `${content}.${signature.toString('base64url')}`
}

function signedByPublicKey(): string {
  const content = unsigned({}, { alg: 'HS256' })
  return `${content}.${createHmac('sha256', publicPem).update(content).digest('base64url')}`
}

const rejected = (detail: string): TokenOutcome => ({ kind: 'rejected', detail })
const NO_JWT = rejected('The token is not a JWT with an e-mail')
const NOT_VERIFIED = rejected('The signature does not verify')
const verified: TokenOutcome = { kind: 'verified', email: 'ana@example.com' }

const rows: readonly (readonly [string, () => string, TokenOutcome])[] = [
  ['a right one', () => signed(), verified],
  ["a right one of the issuer's other name", () => signed({ iss: 'accounts.google.com' }), verified],
  ['one that has just expired, within the clocks’ difference', () => signed({ exp: seconds(-5) }), verified],
  ['an expired one', () => signed({ exp: seconds(-60) }), rejected('The token has expired')],
  ['one from the future', () => signed({ iat: seconds(120) }), rejected('The token is from the future')],
  [
    'another audience',
    () => signed({ aud: 'https://other.example' }),
    rejected('The token is for another audience'),
  ],
  [
    'another issuer',
    () => signed({ iss: 'https://evil.example' }),
    rejected('The token is from another issuer'),
  ],
  [
    'an e-mail not verified',
    () => signed({ email_verified: false }),
    rejected("The token's e-mail is not verified"),
  ],
  ['an e-mail verified by a word', () => signed({ email_verified: 'true' }), NO_JWT],
  ['no e-mail', () => signed({ email: undefined }), NO_JWT],
  ['a list of audiences', () => signed({ aud: [AUDIENCE] }), NO_JWT],
  ['a foreign key', () => signed({}, { key: foreign.privateKey }), NOT_VERIFIED],
  ['an unknown key id', () => signed({}, { kid: 'k2' }), NOT_VERIFIED],
  ['a key id that every object has', () => signed({}, { kid: '__proto__' }), NOT_VERIFIED],
  ['a life of a year', () => signed({ exp: seconds(365 * 86_400) }), NOT_VERIFIED],
  ['no algorithm', () => `${unsigned({}, { alg: 'none' })}.`, rejected('The token is not signed with RS256')],
  ['the public key as an HMAC key', signedByPublicKey, rejected('The token is not signed with RS256')],
  ['an empty signature', () => `${unsigned()}.`, NOT_VERIFIED],
  [
    'changed claims',
    () => `${unsigned({ email: 'eve@example.com' })}.${signed().split('.')[2]}`,
    NOT_VERIFIED,
  ],
  [
    'a stripped one',
    () => `${unsigned()}.SIGNATURE_REMOVED_BY_GOOGLE`,
    { kind: 'stripped', email: 'ana@example.com' },
  ],
  [
    'a stripped one that has expired',
    () => `${unsigned({ exp: seconds(-60) })}.SIGNATURE_REMOVED_BY_GOOGLE`,
    rejected('The token has expired'),
  ],
  [
    'a stripped one for another audience',
    () => `${unsigned({ aud: 'https://other.example' })}.SIGNATURE_REMOVED_BY_GOOGLE`,
    rejected('The token is for another audience'),
  ],
  ['garbage', () => 'garbage', NO_JWT],
  ['garbage in three parts', () => 'a.b.c', NO_JWT],
  ['four parts', () => `${signed()}.x`, NO_JWT],
  ['nothing', () => '', NO_JWT],
  ['too long', () => signed({ filler: 'x'.repeat(TOKEN_BYTES_MAX) }), rejected('The token is too long')],
]

describe('whose ID token it is', () => {
  it.each(rows)('%s', async (_, token, expected) => {
    const verifier = createGoogleIdentityVerifier({ audiences: [AUDIENCE], certsUrl })
    const text = token()
    const outcome = await verifier.verify(text)
    expect(outcome).toEqual(expected)
    const parts = text.split('.').filter((part) => part.length > 8)
    for (const part of parts) expect(JSON.stringify(outcome)).not.toContain(part)
  })

  it('asks for the certificates once, however many tokens come', async () => {
    const verifier = createGoogleIdentityVerifier({ audiences: [AUDIENCE], certsUrl })
    certsAsked = 0
    await verifier.verify(signed())
    await verifier.verify(signed({}, { kid: 'k2' }))
    await verifier.verify(`${unsigned()}.SIGNATURE_REMOVED_BY_GOOGLE`)
    expect(certsAsked).toBe(1)
  })

  it('says so when the certificates cannot be had', async () => {
    const verifier = createGoogleIdentityVerifier({ audiences: [AUDIENCE], certsUrl: `${certsUrl}/missing` })
    expect(await verifier.verify(signed())).toEqual({
      kind: 'unavailable',
      detail: "Google's certificates could not be fetched",
    })
  })

  it("goes by the guard's clock", async () => {
    const clock = { now: () => Date.now() + 7_200_000 }
    const verifier = createGoogleIdentityVerifier({ audiences: [AUDIENCE], certsUrl, clock })
    expect(await verifier.verify(signed())).toEqual(rejected('The token has expired'))
  })

  it.each([
    ['the first of two audiences', AUDIENCE, verified],
    ['the second, as in tokens of gcloud user accounts', GCLOUD_AUDIENCE, verified],
    ['a third', 'https://third.example', rejected('The token is for another audience')],
  ])('takes what is configured only: %s', async (_, aud, expected) => {
    const verifier = createGoogleIdentityVerifier({ audiences: [AUDIENCE, GCLOUD_AUDIENCE], certsUrl })
    expect(await verifier.verify(signed({ aud }))).toEqual(expected)
  })

  it.each([[[]], [['']], [[AUDIENCE, '  ']]])('refuses %j as audiences', (audiences) => {
    expect(() => createGoogleIdentityVerifier({ audiences })).toThrow(TypeError)
  })
})
