/** Lives that go on after something was said or done: calls, fleets, old words, relapses. */
import { describe, expect, it } from 'vitest'
import { memberOf, viewFleet } from '../../src/core/fleet.ts'
import { judge } from '../../src/core/verdict.ts'
import {
  armed,
  failedUnit,
  http,
  MINUTE,
  NOW,
  observe,
  policy,
  SECOND,
  ssh,
  subject,
  unit,
  vm,
} from './build.ts'
import { createLife, rungsOf, tell } from './life.ts'
import { frozen, wellWorld } from './world.ts'

describe('a person who was called', () => {
  it('for a guard that was cut off is called again when the guard gives up', () => {
    const offline = { ...frozen, canary: { urlsAsked: 3, urlsOk: 0 } }
    const life = createLife({ world: offline })
    const lines = life.ticks(12)
    expect(lines.filter((line) => line.includes('human done'))).toHaveLength(1)
    Object.assign(life.world, { canary: { urlsAsked: 3, urlsOk: 3 }, ssh: 'auth-failed', http: 'refused' })
    expect(life.ticks(3).filter((line) => line.includes('human done'))).toEqual([
      'unhealthy no-way-in · gave-up · human done · incident gave-up',
    ])
  })
})

describe('the brake of a fleet', () => {
  it('does not wait for a target that wants no destructive rung', () => {
    const failing = {
      failingSince: NOW - 20 * MINUTE,
      lastVerdict: { verdict: 'unhealthy', reason: '', at: NOW },
    } as const
    const members = [
      memberOf('a', {
        state: armed({
          ...failing,
          phase: 'waiting',
          lastVerdict: { ...failing.lastVerdict, cause: 'vm-down' },
        }),
        answers: false,
        now: NOW,
      }),
      memberOf('b', {
        state: armed({ ...failing, lastVerdict: { ...failing.lastVerdict, cause: 'vm-frozen' } }),
        answers: false,
        now: NOW,
      }),
      memberOf('c', { state: armed(), answers: true, now: NOW }),
    ]
    expect(viewFleet(policy, members, NOW).brake).toEqual({
      kind: 'one-at-a-time',
      since: NOW - 20 * MINUTE,
      released: 'b',
    })
  })
})

describe('an old heartbeat', () => {
  it('of a boot before the last one is no new boot, and gives no grace', () => {
    const life = createLife({
      state: armed({ bootId: 'boot-2' }),
      world: { ...frozen, heartbeat: { kind: 'seen', at: NOW - 10 * MINUTE, bootId: 'boot-1' } },
    })
    const rungs = rungsOf(life)
    life.ticks(2)
    expect([rungs, life.state.bootId]).toEqual([['reset'], 'boot-2'])
  })
})

describe('a machine that does not say whether a person asked for peace', () => {
  it('is not acted on', () => {
    const seen = {
      http: [http.refused],
      ssh: ssh('ok'),
      vm: vm(),
      workloads: { kind: 'ok', units: [failedUnit] },
    } as const
    expect(judge(subject({ observation: observe(seen) }))).toMatchObject({ verdict: 'inconclusive' })
    expect(judge(subject({ observation: observe({ ...seen, http: [http.ok()] }) }))).toMatchObject({
      verdict: 'healthy',
    })
  })
})

describe('a relapse in probation', () => {
  it('begins probation anew: the incident is not closed for minutes that were not well', () => {
    const life = createLife({ world: { http: 'refused', units: [failedUnit] } })
    rungsOf(life, wellWorld({ units: [unit({ invocationId: 'inv-2' })] }))
    life.tick()
    life.ticks(4)
    Object.assign(life.world, {
      http: 'refused',
      units: [unit({ active: 'activating', sub: 'auto-restart' })],
    })
    expect(tell(life.tick())).toBe('unhealthy inner-guard-at-work · waiting · incident probation')
    Object.assign(life.world, { http: 'ok', units: [unit({ invocationId: 'inv-3' })] })
    life.ticks(4)
    expect(life.incident?.state).toBe('probation')
    life.ticks(3)
    expect(life.incident).toBeUndefined()
    expect(life.now).toBeGreaterThan(NOW + 5 * MINUTE + SECOND)
  })
})
