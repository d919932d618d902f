/**
 * Whose Google-signed ID token it is. What its holder may do is http/auth.ts's business, and so is believing a
 * token whose signature Cloud Run stripped. No text from here contains a token: the library's error messages do.
 */
import type { OAuth2Client } from 'google-auth-library'
import { z } from 'zod'
import type { Clock } from '../../ports/clock.ts'
import type { IdentityVerifier, TokenOutcome } from '../../ports/identity.ts'

export type GoogleIdentityOptions = {
  /** A token's `aud` must be one of these. Never empty: the library skips an absent one. */
  readonly audiences: readonly string[]
  readonly issuers?: readonly string[]
  /** Where the PEM certificates by key id are; only tests have others than Google's. */
  readonly certsUrl?: string
  readonly clock?: Pick<Clock, 'now'>
}

export const TOKEN_BYTES_MAX = 16 * 1024
const GOOGLE_ISSUERS = ['https://accounts.google.com', 'accounts.google.com']
/** What Cloud Run puts in place of the signature of a token that it has checked. */
const STRIPPED_SIGNATURE = 'SIGNATURE_REMOVED_BY_GOOGLE'
const CLOCK_SKEW_SECONDS = 30
const CERTS_TIMEOUT_MS = 5_000

const headerSchema = z.object({ alg: z.string() })
const claimsSchema = z.object({
  iss: z.string(),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  email: z.string().min(3).max(320),
  email_verified: z.boolean(),
})
type Claims = z.output<typeof claimsSchema>
type Rejected = Extract<TokenOutcome, { kind: 'rejected' }>

export function createGoogleIdentityVerifier(options: GoogleIdentityOptions): IdentityVerifier {
  const { audiences, issuers = GOOGLE_ISSUERS, certsUrl, clock = Date } = options
  if (audiences.length === 0 || audiences.some((audience) => audience.trim() === ''))
    throw new TypeError('The audiences of ID tokens must not be empty')
  let loading: Promise<OAuth2Client> | undefined
  const client = () => {
    loading ??= loadClient({ issuers, ...(certsUrl === undefined ? {} : { certsUrl }) })
    return loading
  }

  return {
    async verify(token) {
      if (Buffer.byteLength(token) > TOKEN_BYTES_MAX) return rejected('The token is too long')
      const parts = readToken(token)
      if (parts === undefined) return rejected('The token is not a JWT with an e-mail')
      const wrong = whatIsWrong(parts.claims, { audiences, issuers, nowMs: clock.now() })
      if (wrong !== undefined) return rejected(wrong)
      if (parts.signature === STRIPPED_SIGNATURE) return { kind: 'stripped', email: parts.claims.email }
      // RS256 is what Google signs with; any other algorithm is somebody's attempt.
      if (parts.algorithm !== 'RS256') return rejected('The token is not signed with RS256')
      return verifySignature(await client(), token, { audiences, issuers, email: parts.claims.email })
    },
  }
}

async function loadClient(options: { issuers: readonly string[]; certsUrl?: string }): Promise<OAuth2Client> {
  const { OAuth2Client } = await import('google-auth-library')
  return new OAuth2Client({
    issuers: [...options.issuers],
    transporterOptions: { timeout: CERTS_TIMEOUT_MS },
    ...(options.certsUrl === undefined
      ? {}
      : { endpoints: { oauth2FederatedSignonPemCertsUrl: options.certsUrl } }),
  })
}

async function verifySignature(
  client: OAuth2Client,
  token: string,
  wanted: { audiences: readonly string[]; issuers: readonly string[]; email: string },
): Promise<TokenOutcome> {
  let certs: Awaited<ReturnType<OAuth2Client['getFederatedSignonCertsAsync']>>['certs']
  try {
    ;({ certs } = await client.getFederatedSignonCertsAsync())
  } catch {
    // The cause is dropped on purpose: it may carry request options.
    return { kind: 'unavailable', detail: "Google's certificates could not be fetched" }
  }
  try {
    // What `verifyIdToken` does, with the certificates' failure told apart from the token's.
    await client.verifySignedJwtWithCertsAsync(token, certs, [...wanted.audiences], [...wanted.issuers])
    return { kind: 'verified', email: wanted.email }
  } catch {
    // The library's message contains the whole token.
    return rejected('The signature does not verify')
  }
}

function readToken(token: string): { claims: Claims; algorithm: string; signature: string } | undefined {
  const [header, payload, signature, ...rest] = token.split('.')
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return
  const parsedHeader = headerSchema.safeParse(decodeJson(header))
  const claims = claimsSchema.safeParse(decodeJson(payload))
  if (!parsedHeader.success || !claims.success) return
  return { claims: claims.data, algorithm: parsedHeader.data.alg, signature }
}

function decodeJson(segment: string): unknown {
  try {
    return JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

function whatIsWrong(
  claims: Claims,
  wanted: { audiences: readonly string[]; issuers: readonly string[]; nowMs: number },
): string | undefined {
  const nowSeconds = wanted.nowMs / 1_000
  if (!wanted.issuers.includes(claims.iss)) return 'The token is from another issuer'
  if (!wanted.audiences.includes(claims.aud)) return 'The token is for another audience'
  if (claims.exp + CLOCK_SKEW_SECONDS <= nowSeconds) return 'The token has expired'
  if (claims.iat - CLOCK_SKEW_SECONDS > nowSeconds) return 'The token is from the future'
  if (!claims.email_verified) return "The token's e-mail is not verified"
  return
}

function rejected(detail: string): Rejected {
  return { kind: 'rejected', detail }
}
