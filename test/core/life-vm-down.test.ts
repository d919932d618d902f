/** Lives of a target whose VM is down, in transition or another one. */
import { describe, expect, it } from 'vitest'
import { MINUTE, NOW } from './build.ts'
import { createLife, rungsOf, tell } from './life.ts'
import { booted, down, frozen, preempted, seenVm } from './world.ts'

describe('a VM that is down', () => {
  it('by preemption is started in the same tick', () => {
    const life = createLife({ world: preempted() })
    rungsOf(life, { ...booted, vm: seenVm })
    expect(tell(life.tick())).toBe('healthy · probation · start done · incident probation')
    expect(life.incident?.actions[0]?.status).toBe('proved')
  })

  it('suspended by the platform is resumed; the same boot proves nothing, and it is unproved', () => {
    const life = createLife({
      world: down('SUSPENDED', { type: 'compute.instances.preempted', by: 'system', at: NOW }),
    })
    rungsOf(life, { http: 'ok', ssh: 'ok', vm: seenVm })
    expect(tell(life.tick())).toBe('healthy · probation · resume done · incident probation')
    expect(life.incident?.actions[0]?.status).toBe('unknown')
  })

  it('by a host error is left to the platform for six minutes', () => {
    const life = createLife({
      world: down('TERMINATED', { type: 'compute.instances.hostError', by: 'system', at: NOW }),
    })
    const rungs = rungsOf(life)
    expect(new Set(life.ticks(6))).toEqual(new Set(['unhealthy vm-down · waiting · incident open']))
    expect(rungs).toEqual([])
    life.ticks(1)
    expect(rungs).toEqual(['start'])
  })

  it('for want of room costs no budget, and is tried again after 2, 4, 8 … 30 minutes', () => {
    const life = createLife({ world: preempted() })
    const triedAt: number[] = []
    life.world.onAction = () => {
      triedAt.push(Math.round((life.now - NOW) / MINUTE))
      return { kind: 'failed', detail: 'ZONE_RESOURCE_POOL_EXHAUSTED', stockOut: true }
    }
    life.ticks(100)
    expect(triedAt).toEqual([0, 3, 8, 17, 34, 65, 96])
    expect(life.state.uses).toEqual([])
    expect(life.state.breaker).toEqual({ kind: 'closed' })
  })

  it('by a person stays down, quietly, for a short probe a tick', () => {
    const life = createLife({ world: down('TERMINATED', { type: 'stop', by: 'alice@example.com', at: NOW }) })
    const rungs = rungsOf(life)
    expect(life.ticks(1)).toEqual(['degraded stopped-by-person · watching'])
    const run = life.tick()
    expect([tell(run), run.asked, run.commits]).toEqual([
      'degraded stopped-by-person · watching',
      ['http'],
      0,
    ])
    life.ticks(60)
    expect(rungs).toEqual([])
    expect(life.incident).toBeUndefined()
  })

  it('in transition is waited for; a person is told after ten minutes, once', () => {
    const life = createLife({ world: { ...frozen, vm: { ...seenVm, status: 'STOPPING' } } })
    const lines = life.ticks(12)
    expect(lines.slice(0, 10)).toEqual(Array(10).fill('unhealthy vm-in-transition · waiting'))
    expect(lines.slice(10)).toEqual([
      'unhealthy vm-in-transition · waiting · human done · incident open',
      'unhealthy vm-in-transition · waiting · incident open',
    ])
  })

  it('after a long transition is started in the tick that finds it down', () => {
    const life = createLife({ world: { ...frozen, vm: { ...seenVm, status: 'STOPPING' } } })
    life.ticks(15)
    Object.assign(life.world, preempted(life.now))
    const rungs = rungsOf(life, booted)
    life.tick()
    expect(rungs).toEqual(['start'])
  })

  it('was replaced: it is disarmed, a person is called, and a healthy look arms it anew', () => {
    const life = createLife({ world: { ...frozen, vm: { ...seenVm, instanceId: '43' } } })
    const rungs = rungsOf(life)
    expect(life.ticks(1)).toEqual(['unhealthy vm-replaced · unarmed · human done'])
    expect(life.state.arming).toMatchObject({ kind: 'unarmed', why: 'replaced' })
    life.ticks(5)
    expect(rungs).toEqual([])
    Object.assign(life.world, { http: 'ok', ssh: 'ok' })
    expect(life.ticks(1)).toEqual(['healthy · watching'])
    expect(life.state.arming).toMatchObject({ kind: 'armed', fingerprint: { instanceId: '43' } })
  })
})
