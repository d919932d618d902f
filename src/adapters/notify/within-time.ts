/** One bound for a whole piece of work, several calls of other people's services included. */

export type Deadline = {
  /** Aborted when the work is over, however it ended: whatever still goes on is cut. */
  readonly signal: AbortSignal
  remainingMs(): number
}

export type InTime<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'late' }

/** Settles after `timeoutMs` at the latest, also when the work is stuck in something that can't be cancelled. */
export async function withinTime<T>(
  timeoutMs: number,
  work: (deadline: Deadline) => Promise<T>,
): Promise<InTime<T>> {
  const controller = new AbortController()
  const startedAt = performance.now()
  const remainingMs = () => Math.max(1, Math.floor(timeoutMs - (performance.now() - startedAt)))
  const { promise: late, resolve } = Promise.withResolvers<InTime<T>>()
  const timer = setTimeout(() => resolve({ kind: 'late' }), timeoutMs)
  const done = async (): Promise<InTime<T>> => ({
    kind: 'done',
    value: await work({ signal: controller.signal, remainingMs }),
  })
  try {
    return await Promise.race([done(), late])
  } finally {
    clearTimeout(timer)
    controller.abort()
  }
}
