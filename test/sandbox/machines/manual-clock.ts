/** A clock that stands still until a test moves it. */
import type { SimulationClock } from '../../../sandbox/machines/clock.ts'

export type ManualClock = SimulationClock & {
  /** Runs what falls due on the way, in order. */
  advance(ms: number): void
  waiting(): number
}

export function manualClock(start = 0): ManualClock {
  let now = start
  const tasks = new Set<{ readonly at: number; readonly task: () => void }>()
  return {
    now: () => now,
    schedule(task, delayMs) {
      const entry = { at: now + delayMs, task }
      tasks.add(entry)
      return () => tasks.delete(entry)
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const next = [...tasks].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        tasks.delete(next)
        now = next.at
        next.task()
      }
      now = end
    },
    waiting: () => tasks.size,
  }
}
