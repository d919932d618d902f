/** The rules that always hold, over stories of adversarial evidence and interleaved, frozen and dying runs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SEED } from './drive-chance.ts'
import { issued, play, story, target } from './drive-story.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

describe('whatever the world says and however runs are interleaved', () => {
  it('rules 1 to 7, 10, 11 and the bounds hold, every rung is tried and every action settled', () => {
    fc.assert(
      fc.property(story, (told) => {
        play(told)
      }),
      { numRuns: 1_000 },
    )
    for (const by of ['guard', 'person'])
      for (const rung of ['restart-workload', 'reboot', 'reset', 'start', 'resume'])
        expect(issued.get(`${by} ${rung}`) ?? 0, `${by} ${rung}`).toBeGreaterThan(0)
  })

  it('nothing stays stuck: once all is well it is watched again, or waits for a person', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { state } = play(told, { ticks: 75, person: false }).placeOf(target.id)
        const { phase, arming, breaker, incidentId, action, calledPerson, rollout } = state ?? {}
        expect({ phase, incidentId, action, calledPerson }).toEqual({
          phase: arming?.kind === 'armed' ? 'watching' : 'unarmed',
        })
        if (arming?.kind === 'armed' && breaker?.kind === 'closed') expect(rollout?.units ?? []).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('a person who closes the breaker and arms gets a target that is watched and owes nothing', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { state } = play(told, { ticks: 120, person: true }).placeOf(target.id)
        const { phase, arming, breaker, incidentId, action, rollout } = state ?? {}
        expect([phase, arming?.kind, breaker?.kind]).toEqual(['watching', 'armed', 'closed'])
        expect([incidentId, action, rollout?.units ?? []]).toEqual([undefined, undefined, []])
      }),
      { numRuns: 60 },
    )
  })
})
