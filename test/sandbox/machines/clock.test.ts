import { describe, expect, it } from 'vitest'
import { createTimers } from '../../../sandbox/machines/clock.ts'
import { manualClock } from './manual-clock.ts'

describe('a group of timers', () => {
  it('runs each task at its time', () => {
    const clock = manualClock()
    const timers = createTimers(clock)
    const ran: string[] = []
    timers.after(20, () => ran.push(`late at ${clock.now()}`))
    timers.after(10, () => ran.push(`early at ${clock.now()}`))
    clock.advance(30)
    expect(ran).toEqual(['early at 10', 'late at 20'])
  })

  it('stands still while it is paused, and goes on with what remained', () => {
    const clock = manualClock()
    const timers = createTimers(clock)
    const ran: number[] = []
    timers.every(10, () => ran.push(clock.now()))
    clock.advance(14)
    timers.pause()
    clock.advance(100)
    timers.resume()
    clock.advance(17)
    expect(ran).toEqual([10, 120, 130])
  })

  it('forgets all when it is cancelled, and can be used again', () => {
    const clock = manualClock()
    const timers = createTimers(clock)
    const ran: string[] = []
    timers.after(10, () => ran.push('old'))
    timers.pause()
    timers.cancelAll()
    timers.after(10, () => ran.push('new'))
    clock.advance(50)
    expect({ ran, waiting: clock.waiting() }).toEqual({ ran: ['new'], waiting: 0 })
  })
})
