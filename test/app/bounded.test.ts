import { describe, expect, it } from 'vitest'
import { mapBounded, settleBounded } from '../../src/app/bounded.ts'

describe('work side by side, but only so much at once', () => {
  it.each([1, 3, 50])('%i at once: never more, and the results keep their order', async (atOnceMax) => {
    let running = 0
    let runningMax = 0
    const items = Array.from({ length: 20 }, (_, index) => index)
    const results = await mapBounded(items, { atOnceMax }, async (item) => {
      running += 1
      runningMax = Math.max(runningMax, running)
      // The later ones are done first.
      for (let turn = 0; turn < 20 - item; turn += 1) await Promise.resolve()
      running -= 1
      return item * 2
    })
    expect(results).toEqual(items.map((item) => item * 2))
    expect(runningMax).toBe(Math.min(atOnceMax, items.length))
  })

  it('nothing to do is done', async () => {
    expect(await mapBounded([], { atOnceMax: 3 }, () => Promise.reject(new Error('asked')))).toEqual([])
  })

  it.each([1, 2, 50])('%i at once: a bug is thrown when all the others are done', async (atOnceMax) => {
    const done: number[] = []
    const work = async (item: number): Promise<void> => {
      if (item === 1) throw new Error('a bug')
      for (let turn = 0; turn < item * 3; turn += 1) await Promise.resolve()
      done.push(item)
    }
    await expect(mapBounded([0, 1, 2, 3], { atOnceMax }, work)).rejects.toThrow('a bug')
    expect(done).toEqual([0, 2, 3])
  })

  it('each end stands in its place, also of what throws at once', async () => {
    const error = new Error('a bug')
    const work = (item: number): Promise<number> => {
      if (item === 2) throw error
      return Promise.resolve(item)
    }
    expect(await settleBounded([1, 2, 3], { atOnceMax: 1 }, work)).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: 3 },
    ])
  })
})
