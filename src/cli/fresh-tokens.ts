/**
 * ID tokens for a verb that runs for hours: each is used until shortly before it expires, and asked for once however
 * many wait for it. Where one comes from is token.ts's. It is kept in memory only.
 */
import { z } from 'zod'
import { parseJsonText } from '../schemas/json-text.ts'

export type Tokens = {
  /** One that is good for a while; undefined where the service asks for none. Throws a Failure. */
  current(): Promise<string | undefined>
  /** The service did not take it. Unless it is brand-new, the next one is asked for: a person may have logged in anew. */
  distrust(): 'renewed-next' | 'brand-new'
  /** The e-mail that the last one names; nobody has checked it. */
  account(): string | undefined
}

/** gcloud's are good for an hour. */
const RENEW_BEFORE_MS = 5 * 60_000
const LIFE_MAX_MS = 60 * 60_000
/** Of a token that does not say when it expires. */
const LIFE_UNKNOWN_MS = 5 * 60_000
/** gcloud takes a second, and may give one that is about to expire. */
const ASK_AGAIN_MS = 30_000
const BRAND_NEW_MS = 5_000
const EMAIL = /^[^\s@<>"']{1,200}@[^\s@<>"']{1,200}$/

type Known = {
  readonly token: string | undefined
  readonly email?: string
  readonly at: number
  until: number
}

/** `now` gives epoch milliseconds. */
export function createTokens(options: {
  readonly find: () => Promise<string | undefined>
  readonly now?: () => number
}): Tokens {
  const { find, now = Date.now } = options
  let known: Known | undefined
  let asking: Promise<Known> | undefined
  const ask = async (): Promise<Known> => {
    try {
      known = readToken(await find(), now())
      return known
    } finally {
      asking = undefined
    }
  }
  return {
    async current() {
      if (known !== undefined && now() < known.until) return known.token
      asking ??= ask()
      return (await asking).token
    },
    distrust() {
      if (known?.token === undefined) return 'brand-new'
      known.until = Math.min(known.until, known.at + BRAND_NEW_MS)
      return now() < known.until ? 'brand-new' : 'renewed-next'
    },
    account: () => known?.email,
  }
}

const claimsSchema = z.looseObject({
  exp: z.number().optional().catch(undefined),
  email: z.string().regex(EMAIL).optional().catch(undefined),
})

function readToken(token: string | undefined, at: number): Known {
  const payload = Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString()
  const parsed = parseJsonText(payload)
  const claims = claimsSchema.safeParse(parsed.kind === 'json' ? parsed.value : {})
  const { exp, email } = claims.success ? claims.data : {}
  const life = exp === undefined ? LIFE_UNKNOWN_MS : exp * 1_000 - at - RENEW_BEFORE_MS
  const until = at + Math.min(LIFE_MAX_MS, Math.max(ASK_AGAIN_MS, life))
  return { token, at, until, ...(email === undefined ? {} : { email }) }
}
