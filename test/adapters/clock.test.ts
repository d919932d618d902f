import { expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/clock.ts'

it('the clock tells epoch milliseconds, and sleeps as long as it is told', async () => {
  const before = Date.now()
  expect(systemClock.now()).toBeGreaterThanOrEqual(before)
  await systemClock.sleep(20)
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(18)
})
