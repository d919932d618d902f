/**
 * The simulation's time: an injected clock, and a group of timers that can be paused (a frozen VM makes no
 * progress) and cancelled as one (a VM that lost its power).
 */

export type SimulationClock = {
  /** Epoch milliseconds. */
  now(): number
  /** Runs `task` once after `delayMs`; the answer cancels it. */
  schedule(task: () => void, delayMs: number): () => void
}

export function realClock(): SimulationClock {
  return {
    now: () => Date.now(),
    schedule(task, delayMs) {
      const timer = setTimeout(task, delayMs)
      return () => clearTimeout(timer)
    },
  }
}

export type Timers = {
  after(delayMs: number, task: () => void): () => void
  every(periodMs: number, task: () => void): void
  /** Never resolves when the group is cancelled meanwhile: what waited is gone with the power. */
  sleep(delayMs: number): Promise<void>
  pause(): void
  resume(): void
  /** Forgets all of them, and is no longer paused. */
  cancelAll(): void
}

type Entry = { remainingMs: number; armedAt: number; readonly task: () => void; cancel: () => void }

export function createTimers(clock: SimulationClock): Timers {
  const entries = new Set<Entry>()
  let paused = false

  function arm(entry: Entry): void {
    entry.armedAt = clock.now()
    entry.cancel = clock.schedule(() => {
      entries.delete(entry)
      entry.task()
    }, entry.remainingMs)
  }

  function after(delayMs: number, task: () => void): () => void {
    const entry: Entry = { remainingMs: delayMs, armedAt: 0, task, cancel: () => undefined }
    entries.add(entry)
    if (!paused) arm(entry)
    return () => {
      entries.delete(entry)
      entry.cancel()
    }
  }

  return {
    after,
    every: (periodMs, task) => repeat({ after }, periodMs, task),
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    pause() {
      if (paused) return
      paused = true
      for (const entry of entries) {
        entry.cancel()
        entry.remainingMs = Math.max(0, entry.remainingMs - (clock.now() - entry.armedAt))
      }
    },
    resume() {
      if (!paused) return
      paused = false
      for (const entry of entries) arm(entry)
    },
    cancelAll() {
      for (const entry of entries) entry.cancel()
      entries.clear()
      paused = false
    },
  }
}

function repeat(timers: Pick<Timers, 'after'>, periodMs: number, task: () => void): void {
  timers.after(periodMs, () => {
    repeat(timers, periodMs, task)
    task()
  })
}
