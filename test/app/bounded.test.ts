import { describe, expect, it } from 'vitest'
import { mapBounded } from '../../src/app/bounded.ts'

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

  it('a bug ends it', async () => {
    const work = (item: number) => (item === 2 ? Promise.reject(new Error('a bug')) : Promise.resolve(item))
    await expect(mapBounded([1, 2, 3], { atOnceMax: 2 }, work)).rejects.toThrow('a bug')
  })
})
