/** The rules that always hold, over stories of adversarial evidence and interleaved, frozen and dying runs. */
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { target } from './build.ts'
import { allRules } from './drive-rules.ts'
import { issued, play, policy, story } from './drive-story.ts'

afterAll(() => console.info(Object.fromEntries([...issued].sort())))

describe('whatever the world says and however runs are interleaved', () => {
  it('rules 1 to 7, 10, 11 and the bounds hold, and every action is settled', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told)
      }),
      { numRuns: 1_000 },
    )
  })

  it('nothing stays stuck: once all is well it is watched again, or waits for a person', () => {
    fc.assert(
      fc.property(story, (told) => {
        const stage = play(told, allRules(policy), { ticks: 25, person: false })
        const { state } = stage.placeOf(target.id)
        expect([
          state?.incidentId,
          state?.action,
          state?.rollout?.units.length ?? 0,
          state?.calledPerson,
        ]).toEqual([
          undefined,
          undefined,
          state?.breaker.kind === 'open' || state?.arming.kind === 'unarmed' ? expect.any(Number) : 0,
          undefined,
        ])
        expect(state?.phase).toBe(state?.arming.kind === 'armed' ? 'watching' : 'unarmed')
      }),
      { numRuns: 120 },
    )
  })

  it('a person who closes the breaker and arms gets a target that is watched and owes nothing', () => {
    fc.assert(
      fc.property(story, (told) => {
        const stage = play(told, allRules(policy), { ticks: 75, person: true })
        const { state } = stage.placeOf(target.id)
        expect([
          state?.phase,
          state?.arming.kind,
          state?.breaker.kind,
          state?.incidentId,
          state?.action,
          state?.rollout?.units ?? [],
        ]).toEqual(['watching', 'armed', 'closed', undefined, undefined, []])
      }),
      { numRuns: 120 },
    )
  })
})
