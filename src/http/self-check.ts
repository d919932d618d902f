/**
 * Is the service really private? It asks its own URL without a token and must be turned away by Cloud Run.
 * Asked is `/health`, which the service itself answers to anyone: a 401 or 403 can only be Cloud Run's.
 * What follows from the outcome is the server's decision; it must be listening before it asks.
 */
export type PrivacyOutcome =
  | { readonly kind: 'private' }
  /** Anyone can reach the service: unverified claims must not be believed. */
  | { readonly kind: 'public'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }

export async function checkTurnedAway(options: {
  /** The service's own public URL. */
  readonly url: string
  readonly timeoutMs: number
  readonly fetch?: typeof globalThis.fetch
}): Promise<PrivacyOutcome> {
  const { url, timeoutMs, fetch = globalThis.fetch } = options
  const asked = new URL('/health', url).href
  try {
    const response = await fetch(asked, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    await response.body?.cancel()
    return judge(asked, response.status)
  } catch (error) {
    const why =
      error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection'
    return { kind: 'unknown', detail: `GET ${asked} without a token: ${why}` }
  }
}

function judge(asked: string, status: number): PrivacyOutcome {
  if (status === 401 || status === 403) return { kind: 'private' }
  const detail = `GET ${asked} without a token was answered with ${status}`
  // Any other word of the service itself means that the request got through to it.
  if (status >= 200 && status < 300) return { kind: 'public', detail }
  return { kind: 'unknown', detail }
}
