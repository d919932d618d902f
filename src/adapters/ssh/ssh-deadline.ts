/** One timer over a whole call: whatever is still open when it ends is closed. */

export type Deadline = {
  readonly signal: AbortSignal
  /** Settles when the time is up, never before. */
  readonly passed: Promise<{ readonly kind: 'unavailable'; readonly detail: string }>
  stop(): void
}

export function startDeadline(timeoutMs: number): Deadline {
  const controller = new AbortController()
  const { promise, resolve } = Promise.withResolvers<Awaited<Deadline['passed']>>()
  const timer = setTimeout(() => {
    controller.abort()
    resolve({ kind: 'unavailable', detail: `the keys for the login did not come within ${timeoutMs} ms` })
  }, timeoutMs)
  return { signal: controller.signal, passed: promise, stop: () => clearTimeout(timer) }
}
