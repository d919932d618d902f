/** The one session of a proxy: a key that works once, within a minute, and the cookie that it is exchanged for. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export const KEY_LIFE_MS = 60_000
const SECRET_BYTES = 32

/**
 * `again`: two have had the key, so one of them is not the person whom it was for; the session has ended.
 * `late` and `wrong` change nothing.
 */
export type Redeemed = 'first' | 'again' | 'late' | 'wrong'

export type Session = {
  /** 256 bits, base64url. */
  readonly key: string
  /** For the answer to whoever brought the key first. */
  readonly setCookie: string
  redeem(key: string): Redeemed
  /** Whether these `Cookie` header's cookies are the session's. */
  isHeldBy(cookies: string): boolean
}

/** Browsers keep one jar for all ports of a host: the name carries the port. */
export function createSession(options: { readonly port: number; readonly now: () => number }): Session {
  const { port, now } = options
  const name = `night-guard-session-${port}`
  const key = randomBytes(SECRET_BYTES).toString('base64url')
  const value = randomBytes(SECRET_BYTES).toString('base64url')
  const expiresAt = now() + KEY_LIFE_MS
  let state: 'waiting' | 'open' | 'ended' = 'waiting'
  return {
    key,
    setCookie: `${name}=${value}; ${['Path=/', 'HttpOnly', 'SameSite=Strict'].join('; ')}`,
    redeem(given) {
      if (!isSame(given, key)) return 'wrong'
      if (now() >= expiresAt) return 'late'
      if (state !== 'waiting') {
        state = 'ended'
        return 'again'
      }
      state = 'open'
      return 'first'
    },
    isHeldBy: (cookies) =>
      state === 'open' &&
      cookiesIn(cookies).some((cookie) => cookie.name === name && isSame(cookie.value, value)),
  }
}

export function cookiesIn(header: string): readonly { readonly name: string; readonly value: string }[] {
  return header.split(';').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name: name.trim(), value: value.join('=').trim() }
  })
}

/** In a time that tells nothing of either. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
