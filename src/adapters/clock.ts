/** The machine's clock. What time means is core's work. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports/clock.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
}
