/** /run/nightguard on the machine: the fence, the last attempt, the lock and a person's hold file. A tmpfs. */
import type { Timers } from './clock.ts'

export type RunDirectory = {
  fence(): number | undefined
  lastActionId(): string | undefined
  held(): boolean
  write(order: { fence: number; actionId: string }): void
  hold(wish: 'held' | 'free'): void
  /** `flock -w`: the answer releases it; `undefined` when the wait was in vain. */
  lock(waitMs: number): Promise<(() => void) | undefined>
  /** A boot begins with an empty tmpfs, and no process holds a lock. */
  clear(): void
}

const LOCK_POLL_MS = 20

export function createRunDirectory(timers: Timers): RunDirectory {
  let fence: number | undefined
  let lastActionId: string | undefined
  let held = false
  let holder: symbol | undefined

  async function lock(waitMs: number): Promise<(() => void) | undefined> {
    for (let waitedMs = 0; holder !== undefined; waitedMs += LOCK_POLL_MS) {
      if (waitedMs >= waitMs) return undefined
      await timers.sleep(LOCK_POLL_MS)
    }
    const mine = Symbol('lock')
    holder = mine
    return () => {
      if (holder === mine) holder = undefined
    }
  }

  return {
    fence: () => fence,
    lastActionId: () => lastActionId,
    held: () => held,
    write(order) {
      fence = order.fence
      // An order without a name of its own leaves the trace of the last one, as FENCED_SCRIPT does.
      if (order.actionId !== '') lastActionId = order.actionId
    },
    hold(wish) {
      held = wish === 'held'
    },
    lock,
    clear() {
      fence = undefined
      lastActionId = undefined
      held = false
      holder = undefined
    },
  }
}
