/** Lives that turn on the guard's own circumstances: cut off, young, not armed, paused, braked by the fleet. */
import { describe, expect, it } from 'vitest'
import { viewFleet } from '../../src/core/fleet.ts'
import { newState } from '../../src/core/state-new.ts'
import { armed, HOUR, MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createLife, person, rungsOf, tell } from './life.ts'
import type { World } from './world.ts'
import { failed, frozen } from './world.ts'

const cutOff: Partial<World> = { ...frozen, canary: { urlsAsked: 3, urlsOk: 0 } }

describe('a guard that is cut off', () => {
  it.each([
    ['neither HTTP nor SSH', cutOff],
    ['no name is resolved', { ...cutOff, http: 'not-asked' as const }],
    ['no host key could be had, so SSH was not asked', { ...cutOff, ssh: 'not-asked' as const }],
  ])('%s: does nothing, and calls a person after ten minutes, once', (_name, world) => {
    const life = createLife({ world })
    const rungs = rungsOf(life)
    const lines = life.ticks(14)
    expect(lines.slice(0, 10)).toEqual(Array(10).fill('inconclusive guard-offline · watching'))
    expect(lines.slice(10)).toEqual([
      'inconclusive guard-offline · watching · human done',
      'inconclusive guard-offline · watching',
      'inconclusive guard-offline · watching',
      'inconclusive guard-offline · watching',
    ])
    expect(rungs).toEqual([])
  })
})

describe('a guard that is young', () => {
  it('excuses two ticks of silence, then counts', () => {
    const life = createLife({ world: frozen, guardStartedAt: NOW - 5 * SECOND, policy: longYouth() })
    expect(life.ticks(4)).toEqual([
      'inconclusive guard-young · watching',
      'inconclusive guard-young · watching',
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · grace · reset done · incident acting',
    ])
  })

  function longYouth() {
    return { ...policy, guard: { ...policy.guard, youngMs: HOUR } }
  }
})

describe('a target that is not armed', () => {
  const fresh = newState(target, 'new', NOW)

  it('is watched only, and a person is called once its failure stands', () => {
    const life = createLife({ state: fresh, world: frozen })
    const rungs = rungsOf(life)
    expect(life.ticks(3)).toEqual([
      'unhealthy vm-frozen · unarmed',
      'unhealthy vm-frozen · unarmed · human done',
      'unhealthy vm-frozen · unarmed',
    ])
    expect(rungs).toEqual([])
  })

  it('is armed by its first healthy look, for which Compute is asked who it is', () => {
    const life = createLife({ state: fresh })
    const run = life.tick()
    expect([tell(run), run.asked]).toEqual(['healthy · watching', ['http', 'vm']])
    expect(life.state.arming).toEqual({
      kind: 'armed',
      at: run.endedAt,
      by: 'first healthy look',
      fingerprint: {
        healthUrl: 'http://10.0.0.2:8080/health',
        ssh: 'nightguard@10.0.0.2:22',
        instanceId: '42',
        addresses: ['10.0.0.2'],
      },
    })
    expect(life.tick().asked).toEqual(['http'])
  })

  it('is armed by a person, and its instance is learnt at the next look', () => {
    const life = createLife({ state: fresh, world: failed })
    const rungs = rungsOf(life)
    life.ticks(1)
    life.order({ kind: 'arm', ...person })
    expect(life.state.arming).toMatchObject({ kind: 'armed', by: person.by })
    life.ticks(1)
    expect(rungs).toEqual(['restart-workload'])
    expect(life.state.arming).toMatchObject({ fingerprint: { instanceId: '42' } })
  })

  it.each([
    ['another health URL', { health: { ...target.health, url: 'http://10.0.0.2:9090/health' } }],
    ['another way in', { ssh: { ...target.ssh, user: 'other' } }],
  ])('is one whose configuration says %s', (_name, change) => {
    const life = createLife({ target: { ...target, ...change }, world: failed })
    const rungs = rungsOf(life)
    expect(life.ticks(1)).toEqual(['unhealthy workload-failed · unarmed · human done'])
    expect(life.state.arming).toMatchObject({ kind: 'unarmed', why: 'changed' })
    expect(rungs).toEqual([])
    life.world.http = 'ok'
    expect(life.ticks(1)).toEqual(['healthy · watching'])
    expect(life.state.arming.kind).toBe('armed')
  })

  it('whose state was lost stays so until it is seen healthy and a person says so', () => {
    const life = createLife({ state: newState(target, 'state-lost', NOW) })
    expect(life.ticks(2)).toEqual(['healthy · unarmed', 'healthy · unarmed'])
    life.order({ kind: 'arm', ...person })
    expect(life.state.arming.kind).toBe('armed')
    expect(life.ticks(1)).toEqual(['healthy · watching'])
  })

  it('whose state was lost, confirmed by a person while it fails, waits for the first healthy look', () => {
    const life = createLife({ state: newState(target, 'state-lost', NOW), world: failed })
    const rungs = rungsOf(life)
    life.ticks(1)
    life.order({ kind: 'arm', ...person })
    life.ticks(2)
    expect([rungs, life.state.arming.kind]).toEqual([[], 'unarmed'])
    life.world.http = 'ok'
    life.world.units = []
    life.ticks(1)
    expect(life.state.arming.kind).toBe('armed')
  })
})

describe('a pause', () => {
  it('is watched by one short probe a tick, never acted on, and ends by time', () => {
    const life = createLife({ world: failed })
    const rungs = rungsOf(life)
    life.order({ kind: 'pause', minutes: 3, ...person })
    expect(life.state.pause).toEqual({ ...person, since: life.now, until: life.now + 3 * MINUTE })
    const run = life.tick()
    expect([tell(run), run.asked]).toEqual(['inconclusive · watching', ['http']])
    life.ticks(2)
    expect(rungs).toEqual([])
    life.ticks(1)
    expect(rungs).toEqual(['restart-workload'])
  })

  it('ends by a person, which leaves the breaker as it is', () => {
    const breaker = { kind: 'open', since: NOW, rung: 'reset', reason: 'spent' } as const
    const life = createLife({ state: armed({ breaker }) })
    life.order({ kind: 'pause', minutes: 60, ...person })
    life.order({ kind: 'resume', closeBreaker: false, ...person })
    expect([life.state.pause, life.state.breaker]).toEqual([undefined, breaker])
    life.order({ kind: 'resume', closeBreaker: true, ...person })
    expect(life.state.breaker).toEqual({ kind: 'closed' })
  })

  it('holds a rollout back too, and health is told as ever', () => {
    const life = createLife()
    life.order({ kind: 'pause', minutes: 60, ...person })
    life.world.versions = [{ kind: 'version', secret: 'token', wanted: 'latest', version: '2' }]
    life.world.onPut = () => {
      throw new Error('nothing may be put')
    }
    expect(new Set(life.ticks(8))).toEqual(new Set(['healthy · watching']))
    expect(life.order({ kind: 'sync', dryRun: false }).decision.secrets?.map(({ result }) => result)).toEqual(
      ['would-put'],
    )
  })
})

describe('a target that was given up', () => {
  it('is tried again when a person resumes it', () => {
    const life = createLife({ world: { ...frozen, ssh: 'auth-failed' } })
    const rungs = rungsOf(life)
    life.ticks(5)
    expect(life.state.phase).toBe('gave-up')
    Object.assign(life.world, failed, { ssh: 'ok' })
    life.ticks(3)
    expect(rungs).toEqual([])
    life.order({ kind: 'resume', closeBreaker: false, ...person })
    expect([life.state.phase, life.incident?.state]).toEqual(['suspect', 'open'])
    life.ticks(1)
    expect(rungs).toEqual(['restart-workload'])
  })

  it('gets a full look every half hour, and a second one to confirm what it found', () => {
    const life = createLife({ world: { ...frozen, ssh: 'auth-failed' } })
    life.ticks(2)
    const looks = Array.from({ length: 65 }, () => life.tick().asked.length > 1)
    expect(looks.flatMap((full, minute) => (full ? [minute + 1] : []))).toEqual([31, 32, 63, 64])
  })
})

describe('a tick that dry-runs', () => {
  it('says what it would do, and writes nothing', () => {
    const life = createLife({ world: failed })
    const before = life.state
    const run = life.tick({ dryRun: true })
    expect(run.actions).toEqual([
      { rung: 'restart-workload', result: 'skipped', detail: 'dry run: would restart-workload bot.service' },
    ])
    expect([run.commits, life.state]).toEqual([0, before])
  })
})

describe('half a fleet that fails at once', () => {
  const others = (now: number, change = {}) =>
    viewFleet(
      policy,
      [
        { id: 'bot', answers: false, failingSince: NOW, gaveUp: false, ...change },
        { id: 'api', answers: false, failingSince: NOW - SECOND, gaveUp: false },
        { id: 'cat', answers: true, gaveUp: false },
      ],
      now,
    )

  it('holds the destructive rungs for ten minutes; then the one that failed first goes first', () => {
    const life = createLife({ world: frozen, fleet: others })
    const rungs = rungsOf(life)
    const lines = life.ticks(15)
    expect(rungs).toEqual([])
    expect(lines[1]).toBe('unhealthy vm-frozen · waiting · incident open')
    expect(life.state.reason).toBe('2 of 3 targets fail at once: api goes first')
  })

  it('releases the target whose turn it is after ten minutes', () => {
    const life = createLife({
      world: frozen,
      fleet: (now) => others(now, { failingSince: NOW - 2 * SECOND }),
    })
    const rungs = rungsOf(life)
    life.ticks(10)
    expect(rungs).toEqual([])
    life.ticks(1)
    expect(rungs).toEqual(['reset'])
  })

  it('does not hold a restart of a workload', () => {
    const life = createLife({ world: failed, fleet: others })
    const rungs = rungsOf(life)
    life.ticks(1)
    expect(rungs).toEqual(['restart-workload'])
  })
})

describe('a healthy target', () => {
  it('costs one HTTP request a tick and writes nothing', () => {
    const life = createLife()
    life.ticks(1)
    const runs = Array.from({ length: 4 }, () => life.tick())
    expect(runs.map(({ asked, commits }) => ({ asked, commits }))).toEqual(
      Array(4).fill({ asked: ['http'], commits: 0 }),
    )
  })

  it('under pressure is degraded, and figures that change with each tick are not written', () => {
    const life = createLife()
    const commits: number[] = []
    for (const usedMb of [750, 760, 770]) {
      life.world.kit = {
        status: 'healthy',
        bootId: 'boot-1',
        workloads: [],
        memory: { totalMb: 1000, usedMb },
      }
      const run = life.tick()
      expect(tell(run)).toBe('degraded pressure · watching')
      commits.push(run.commits)
    }
    // The third is the warning, which has stood long enough to be told.
    expect(commits).toEqual([1, 0, 1])
    expect(life.state.reason).toBe('memory 750 MB (over 700)')
  })

  it('is asked over SSH once an hour, from the first hour of the process on', () => {
    const applied = [{ name: 'bot_token', secret: 'token', version: '1', at: NOW - HOUR }]
    const life = createLife({ guardStartedAt: NOW, state: armed({ applied }) })
    const asked = Array.from({ length: 130 }, () => life.tick().asked.join(' '))
    expect(asked.flatMap((line, minute) => (line.includes('shell') ? [minute] : []))).toEqual([60, 121])
  })
})
