/** When a verb that waits ends: by a signal, when nobody wants anything any more, when its parent has gone. */
import type { ProxyEvent } from './proxy.ts'

/** `unopened`: the key has expired. `key-again`: it was brought twice. */
export type End = 'signal' | 'idle' | 'parent-gone' | 'unopened' | 'key-again'

export type Lifetime = {
  hear(event: ProxyEvent): void
  readonly ended: Promise<End>
}

export type LifetimeOptions = {
  /** Without a request of the session. */
  readonly idleMs: number
  /** Until the key is brought. */
  readonly unopenedMs: number
  readonly checkEveryMs?: number
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const CHECK_EVERY_MS = 1_000

/** Begins at once. A second signal ends the process as it ends any. */
export function createLifetime({
  idleMs,
  unopenedMs,
  checkEveryMs = CHECK_EVERY_MS,
}: LifetimeOptions): Lifetime {
  const { promise: ended, resolve } = Promise.withResolvers<End>()
  const parent = process.ppid
  let isOpened = false
  // The clock on the wall: a machine that slept has been idle, too.
  let askedAt = Date.now()
  const onSignal = (): void => end('signal')
  const timer = setInterval(() => {
    const idle = Date.now() - askedAt
    if (process.ppid !== parent) end('parent-gone')
    else if (!isOpened && idle >= unopenedMs) end('unopened')
    else if (idle >= idleMs) end('idle')
  }, checkEveryMs)
  const end = (why: End): void => {
    clearInterval(timer)
    for (const signal of SIGNALS) process.off(signal, onSignal)
    resolve(why)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    ended,
    hear(event) {
      if (event === 'key-again') return end('key-again')
      isOpened = true
      askedAt = Date.now()
    },
  }
}
