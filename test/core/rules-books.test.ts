/** The books that budgets and identities rest on: bounded, and never wrong for it, however much is written into them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ActingRung, Action } from '../../src/core/action.ts'
import { budgetFor, spend } from '../../src/core/budget.ts'
import type { Incident } from '../../src/core/incident.ts'
import { attemptNumber, openIncident, tell, withAction } from '../../src/core/incidents.ts'
import type { Limit } from '../../src/core/policy.ts'
import { climbed } from '../../src/core/settle.ts'
import type { Use } from '../../src/core/state.ts'
import { armed, MINUTE, NOW, policy } from './build.ts'
import type { Chance } from './drive-chance.ts'
import { createChance, SEED } from './drive-chance.ts'
import { BOUNDS } from './drive-rules-all.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const UNITS = ['bot.service', 'api.service', 'web.service']

/** Restarts mostly, so that a hundred of them stand between two resets. */
function wishBy(chance: Chance, rare: number): { readonly rung: ActingRung; readonly unit?: string } {
  if (!chance.happens(rare)) return { rung: 'restart-workload', unit: chance.pick(UNITS) }
  return { rung: chance.pick(['reboot', 'reset', 'start', 'resume'] as const) }
}

/** The plain rule, over all that was ever used. */
function isSpent(all: readonly Use[], { rung, unit }: Omit<Use, 'at'>, now: number): boolean {
  const { budgets } = policy
  const [limits, counts]: [readonly Limit[], (other: Use) => boolean] =
    rung === 'restart-workload'
      ? [[budgets.restartWorkload], (other) => other.rung === rung && other.unit === unit]
      : rung === 'rollout'
        ? [[budgets.rollout], (other) => other.rung === rung]
        : rung === 'start' || rung === 'resume'
          ? [[budgets.start], (other) => other.rung === 'start' || other.rung === 'resume']
          : [budgets.destructive, (other) => other.rung === 'reboot' || other.rung === 'reset']
  return limits.some(
    ({ max, windowMs }) => all.filter((other) => counts(other) && now - other.at < windowMs).length >= max,
  )
}

describe('the book of uses', () => {
  it('answers as if every use were kept, forced ones by the hundred included, and stays bounded', () => {
    const told = fc.record({
      seed: fc.integer(),
      minutes: fc.constantFrom(0.1, 1, 5, 30),
      uses: fc.integer({ min: 1, max: 500 }),
    })
    fc.assert(
      fc.property(told, ({ seed, minutes, uses }) => {
        const chance = createChance(seed)
        let now = NOW
        let kept: readonly Use[] = []
        const all: Use[] = []
        for (let step = 0; step < uses; step += 1) {
          now += chance.between(1, 2 * minutes * MINUTE)
          const wish = chance.happens(0.2)
            ? { rung: 'rollout' as const, unit: chance.pick(UNITS) }
            : wishBy(chance, 0.02)
          const answer = budgetFor(policy, armed({ uses: kept }), wish, now)
          if (answer.kind !== (isSpent(all, wish, now) ? 'spent' : 'left'))
            throw new Error(`use ${step} of ${wish.rung}: ${answer.kind}`)
          kept = spend(policy, kept, { ...wish, at: now })
          all.push({ ...wish, at: now })
        }
        expect(kept.length).toBeLessThanOrEqual(BOUNDS.uses)
      }),
      { numRuns: 100 },
    )
  })
})

function wished(incident: Incident, { rung, unit }: { rung: ActingRung; unit?: string }): Action {
  const attempt = attemptNumber(incident, { rung, unit })
  return {
    id: [incident.id, rung, ...(unit === undefined ? [] : [unit]), attempt].join('.'),
    incidentId: incident.id,
    rung,
    ...(unit === undefined ? {} : { unit }),
    attempt,
    cause: 'manual',
    purpose: 'recovery',
    by: { kind: 'guard' },
    force: false,
    status: 'not-happened',
    intendedAt: NOW,
    baseline: {},
    fence: 1,
  }
}

describe('the attempts of one incident', () => {
  it('never share an identity, however many wishes were left undone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 200 }), (seed, wishes) => {
        const chance = createChance(seed)
        let incident = openIncident(
          { target: 'bot', cause: 'manual', by: 'guard', beganAt: NOW },
          { text: '', now: NOW },
        )
        const ids = new Set<string>()
        for (let step = 0; step < wishes; step += 1) {
          const action = wished(incident, wishBy(chance, 0.05))
          if (ids.has(action.id)) throw new Error(`two actions are called ${action.id}`)
          ids.add(action.id)
          incident = withAction(incident, action)
        }
        expect(incident.actions.length).toBeLessThanOrEqual(BOUNDS.actions)
      }),
      { numRuns: 100 },
    )
  })
})

describe('an incident that never ends', () => {
  it('stays small, in its timeline and in the ladder', () => {
    let incident = openIncident(
      { target: 'bot', cause: 'manual', by: 'guard', beganAt: NOW },
      { text: 'opened', now: NOW },
    )
    let state = armed()
    for (let step = 0; step < 500; step += 1) {
      incident = tell(incident, { at: NOW + step, kind: 'waiting', text: `step ${step}` })
      state = { ...state, ladder: climbed(state, wished(incident, { rung: 'reboot' }), false) }
      expect(incident.timeline.length).toBeLessThanOrEqual(BOUNDS.timeline)
      expect(state.ladder.length).toBeLessThanOrEqual(BOUNDS.ladder)
    }
    expect([incident.timeline[0]?.text, incident.timeline.at(-1)?.text]).toEqual(['opened', 'step 499'])
  })
})
