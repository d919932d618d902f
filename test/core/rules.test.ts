/** The rules that always hold, over stories of adversarial evidence and interleaved, frozen and dying runs. */
import fc from 'fast-check'
import { afterAll, describe, it } from 'vitest'
import { issued, play, story } from './drive-story.ts'

afterAll(() => console.info(Object.fromEntries([...issued].sort())))

describe('whatever the world says and however runs are interleaved', () => {
  it('rules 1 to 7, 10, 11 and the bounds hold', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told)
      }),
      { numRuns: 1_500 },
    )
  })
})
