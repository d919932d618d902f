/** Lives of a target whose VM is frozen or cut off, and of the grace that a boot has. */
import { describe, expect, it } from 'vitest'
import { armed, facts, NOW, policy, SECOND } from './build.ts'
import { createLife, rungsOf, tell } from './life.ts'
import type { World } from './world.ts'
import { booted, down, frozen, preempted, seenVm } from './world.ts'

describe('a frozen VM', () => {
  it('is reset after two ticks, boots in grace, is proved and goes on probation', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    expect(life.ticks(2)).toEqual([
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · grace · reset done · incident acting',
    ])
    expect(life.ticks(1)).toEqual(['unhealthy vm-frozen · grace · incident acting'])
    Object.assign(life.world, booted)
    expect(life.ticks(8)).toEqual([
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · probation · incident probation',
      'healthy · watching · incident closed',
      'healthy · watching',
    ])
    expect(rungs).toEqual(['reset'])
    expect(life.state.bootId).toBe('boot-2')
  })

  it('that boots within the tick is verified and proved in it', () => {
    const life = createLife({ world: frozen })
    rungsOf(life, booted)
    life.ticks(1)
    const run = life.tick()
    expect(tell(run)).toBe('healthy · probation · reset done · incident probation')
    expect(run.asked).toEqual([
      'http',
      'http+shell+vm+heartbeat+canary',
      'http+vm+black-box',
      'http',
      'shell',
    ])
    expect(life.incident?.actions.map(({ rung, status, baseline }) => ({ rung, status, baseline }))).toEqual([
      { rung: 'reset', status: 'proved', baseline: { bootId: 'boot-1' } },
    ])
  })

  it('is not reset on one tick, nor on two that a healthy one divides', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    life.ticks(1)
    Object.assign(life.world, { http: 'ok' })
    life.ticks(1)
    Object.assign(life.world, frozen)
    expect(life.ticks(1)).toEqual(['unhealthy vm-frozen · suspect'])
    expect(rungs).toEqual([])
  })

  it('that flaps four times in ten minutes is reset', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    const lines: string[] = []
    for (let flap = 0; flap < 4; flap += 1) {
      Object.assign(life.world, frozen)
      lines.push(...life.ticks(1))
      Object.assign(life.world, { http: 'ok', ssh: 'ok' })
      if (flap < 3) life.ticks(1)
    }
    expect(lines).toEqual([
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · grace · reset done · incident acting',
    ])
    expect(rungs).toEqual(['reset'])
  })

  it('seen first as a broken path, for its last heartbeat is young, then as frozen: two ticks of one silence', () => {
    const life = createLife({
      world: { ...frozen, heartbeat: { kind: 'seen', at: NOW - 20 * SECOND, bootId: 'boot-1' } },
    })
    expect(life.ticks(2)).toEqual([
      'degraded path-broken · watching',
      'unhealthy vm-frozen · grace · reset done · incident acting',
    ])
  })

  it('after a tick in which SSH got in has to be silent twice', () => {
    const life = createLife({ world: { http: 'silent', heartbeat: frozen.heartbeat as 'beating' } })
    expect(life.ticks(1)).toEqual(['degraded path-broken · watching'])
    Object.assign(life.world, frozen)
    expect(life.ticks(2)).toEqual([
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · grace · reset done · incident acting',
    ])
  })

  it('that comes back at the last look is left alone', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    life.world.onAsk = (state, world) => {
      if (state.action?.status === 'intended') world.http = 'ok'
    }
    life.ticks(1)
    const run = life.tick()
    expect(run.actions).toEqual([
      { rung: 'reset', result: 'skipped', detail: 'it was healthy at the last look' },
    ])
    expect({ rungs, uses: life.state.uses, action: life.state.action, lease: life.state.lease }).toEqual({
      rungs: [],
      uses: [],
    })
  })

  it.each([
    [
      'was stopped',
      { vm: { ...seenVm, status: 'STOPPING' as const } },
      'the VM is STOPPING, reset needs RUNNING',
    ],
    [
      'has an operation running',
      { vm: { ...seenVm, operationRunning: 'reset' } },
      'an operation is running on it: reset',
    ],
    [
      'is another instance',
      { vm: { ...seenVm, instanceId: '43' } },
      'it is another instance than the armed one',
    ],
    [
      'is unknown to Compute',
      { vm: { kind: 'not-found' as const, at: NOW } },
      'Compute did not confirm what the VM is',
    ],
  ])('that %s at the last look is left alone', (_name, change, detail) => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    life.world.onAsk = (state, world) => {
      if (state.action?.status === 'intended') Object.assign(world, change)
    }
    life.ticks(1)
    expect(life.tick().actions).toEqual([{ rung: 'reset', result: 'skipped', detail }])
    expect(rungs).toEqual([])
  })

  it('that two resets did not help opens the breaker; a person is called once, and a short probe a tick goes on', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    const lines = life.ticks(30)
    expect(rungs).toEqual(['reset', 'reset'])
    expect(lines.filter((line) => line.includes('human'))).toHaveLength(1)
    expect(life.state.breaker.kind).toBe('open')
    const run = life.tick()
    expect(tell(run)).toBe('unhealthy vm-frozen · gave-up · incident gave-up')
    expect({ asked: run.asked, ms: run.endedAt - run.beganAt, commits: run.commits }).toEqual({
      asked: ['http'],
      ms: policy.probe.idleTimeoutMs,
      commits: 0,
    })
    Object.assign(life.world, booted)
    expect(life.ticks(1)[0]).toBe('healthy · probation · incident probation')
    expect(life.state.breaker.kind).toBe('open')
  })

  it('with the breaker open is given up only once its failure stands', () => {
    const breaker = { kind: 'open', since: NOW, rung: 'reset', reason: 'the budget is spent' } as const
    const life = createLife({ world: frozen, state: armed({ breaker }) })
    expect(life.ticks(2)).toEqual([
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · gave-up · human done · incident gave-up',
    ])
  })
})

describe('grace', () => {
  it('is given once an outage, whoever caused the boot; then the evidence counts again', () => {
    const life = createLife({
      world: {
        http: 'refused',
        inside: { kind: 'fails', detail: 'refused' },
        facts: { ...facts, bootId: 'boot-2', uptimeMs: SECOND },
      },
    })
    const rungs = rungsOf(life)
    expect(new Set(life.ticks(5))).toEqual(new Set(['unhealthy workload-hung · grace']))
    life.world.facts = { ...facts, bootId: 'boot-3', uptimeMs: SECOND }
    expect(life.ticks(1)).toEqual([
      'unhealthy workload-hung · recovering · restart-workload done · incident acting',
    ])
    expect(rungs).toEqual(['restart-workload'])
  })

  it('is given for a kernel that began on the serial console', () => {
    const life = createLife({
      state: armed({ serialNext: 100 }),
      world: { ...frozen, vm: { ...seenVm, serial: { next: 900, booted: true } } },
    })
    expect(life.ticks(2)).toEqual(['unhealthy vm-frozen · grace', 'unhealthy vm-frozen · grace'])
    expect(life.state.grace?.why).toBe('a kernel began to boot on the serial console')
  })

  it('ends with the first healthy look, and the next outage has its own', () => {
    const life = createLife({
      world: { http: 'refused', facts: { ...facts, bootId: 'boot-2', uptimeMs: 1 } },
    })
    Object.assign(life.world, { inside: { kind: 'fails', detail: 'refused' } })
    life.ticks(1)
    life.world.http = 'ok'
    life.ticks(1)
    expect([life.state.grace, life.state.graceSpent]).toEqual([undefined, false])
    Object.assign(life.world, { http: 'refused', facts: { ...facts, bootId: 'boot-3', uptimeMs: 1 } })
    expect(life.ticks(1)).toEqual(['unhealthy workload-hung · grace'])
  })

  it('a change of the failing reason in it does not climb the ladder', () => {
    const life = createLife({ world: frozen })
    const rungs = rungsOf(life)
    life.ticks(2)
    Object.assign(life.world, { ssh: 'ok', http: 'refused', inside: { kind: 'fails', detail: 'refused' } })
    expect(life.ticks(3)).toEqual([
      'unhealthy workload-hung · grace · incident acting',
      'unhealthy workload-hung · grace · incident acting',
      'unhealthy workload-hung · grace · incident acting',
    ])
    expect(rungs).toEqual(['reset'])
  })

  it('is not for a VM that is down: one that powered off in our reboot is started at once', () => {
    const life = createLife({ world: { http: 'refused', podman: 'wedged' } })
    const rungs = rungsOf(life)
    life.ticks(2)
    const stop = { type: 'compute.instances.guestTerminate', by: 'system', at: life.now }
    Object.assign(life.world, down('TERMINATED', stop))
    expect(life.ticks(1)).toEqual(['unhealthy vm-down · grace · start done · incident acting'])
    expect(rungs).toEqual(['reboot', 'start'])
  })

  it('of a start lasts while Compute still says that the VM is down by the old stop', () => {
    const life = createLife({ world: preempted() })
    const rungs = rungsOf(life)
    expect(life.ticks(3)).toEqual([
      'unhealthy vm-down · grace · start done · incident acting',
      'unhealthy vm-down · grace · incident acting',
      'unhealthy vm-down · grace · incident acting',
    ])
    expect(rungs).toEqual(['start'])
  })
})

describe('no way in', () => {
  it.each(['auth-failed', 'host-key-changed', 'gate-refused'] as const)(
    '%s: a person, once, never a reset',
    (ssh) => {
      const life = createLife({ world: { ...frozen, ssh } })
      const rungs = rungsOf(life)
      const lines = life.ticks(40)
      expect(lines.slice(0, 3)).toEqual([
        'unhealthy no-way-in · suspect',
        'unhealthy no-way-in · gave-up · human done · incident gave-up',
        'unhealthy no-way-in · gave-up · incident gave-up',
      ])
      expect(lines.filter((line) => line.includes('human'))).toHaveLength(1)
      expect(rungs).toEqual([])
    },
  )
})

describe('a banner that never comes', () => {
  it('is silence after three ticks, the third with one patient attempt', () => {
    const life = createLife({ world: { ...frozen, ssh: 'banner-timeout' } })
    const rungs = rungsOf(life)
    expect(life.ticks(3)).toEqual([
      'unhealthy vm-frozen · suspect',
      'unhealthy vm-frozen · waiting',
      'unhealthy vm-frozen · grace · reset done · incident acting',
    ])
    expect(rungs).toEqual(['reset'])
  })
})

describe('a broken path', () => {
  const path: Partial<World> = { http: 'silent', ssh: 'silent' }

  it('with a fresh heartbeat is never acted on, and costs little once it lasts', () => {
    const life = createLife({ world: path })
    const rungs = rungsOf(life)
    expect(new Set(life.ticks(60))).toEqual(new Set(['degraded path-broken · watching']))
    expect(rungs).toEqual([])
    expect(life.tick().asked).toEqual(['http', 'heartbeat'])
  })

  it('behind which the VM freezes at last does not hide that for long', () => {
    const life = createLife({ world: path })
    const rungs = rungsOf(life)
    life.ticks(20)
    Object.assign(life.world, { heartbeat: { kind: 'seen', at: life.now, bootId: 'boot-1' } })
    life.ticks(5)
    expect(rungs).toEqual(['reset'])
  })

  it('is reset after ten minutes of it where the policy allows', () => {
    const allowed = { ...policy, path: { ...policy.path, resetAllowed: true } }
    const life = createLife({ world: path, policy: allowed })
    const rungs = rungsOf(life)
    life.ticks(10)
    expect(rungs).toEqual([])
    life.ticks(2)
    expect(rungs).toEqual(['reset'])
  })
})
