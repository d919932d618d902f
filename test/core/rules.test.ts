/** The rules that always hold, over stories of adversarial evidence and interleaved, frozen and dying runs. */
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { issued, play, story, target } from './drive-story.ts'

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

  it('a story of a thousand runs tries every rung, by the guard and by people', () => {
    const tried = ['restart-workload', 'reboot', 'reset', 'start', 'resume'].flatMap((rung) => [
      issued.get(`guard ${rung}`),
      issued.get(`person ${rung}`),
    ])
    for (const times of tried) expect(times).toBeGreaterThan(0)
  })

  it('nothing stays stuck: once all is well it is watched again, or waits for a person', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { state } = play(told, { ticks: 25, person: false }).placeOf(target.id)
        const { phase, arming, breaker, incidentId, action, calledPerson, rollout } = state ?? {}
        expect({ phase, incidentId, action, calledPerson }).toEqual({
          phase: arming?.kind === 'armed' ? 'watching' : 'unarmed',
        })
        if (arming?.kind === 'armed' && breaker?.kind === 'closed') expect(rollout?.units ?? []).toEqual([])
      }),
      { numRuns: 120 },
    )
  })

  it('a person who closes the breaker and arms gets a target that is watched and owes nothing', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { state } = play(told, { ticks: 75, person: true }).placeOf(target.id)
        const { phase, arming, breaker, incidentId, action, rollout } = state ?? {}
        expect([phase, arming?.kind, breaker?.kind]).toEqual(['watching', 'armed', 'closed'])
        expect([incidentId, action, rollout?.units ?? []]).toEqual([undefined, undefined, []])
      }),
      { numRuns: 120 },
    )
  })
})
