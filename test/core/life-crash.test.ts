/** Lives in which a run dies half-way, or two meet: nothing is repeated blindly, nothing is done twice. */
import { describe, expect, it } from 'vitest'
import type { TraceEvidence } from '../../src/core/evidence.ts'
import { facts, MINUTE, unit } from './build.ts'
import { createLife, recover, tell } from './life.ts'
import type { World } from './world.ts'
import { DONE, failed, frozen } from './world.ts'

function counted(world: Partial<World>) {
  const life = createLife({ world })
  const ids: string[] = []
  life.world.onAction = ({ id }) => {
    ids.push(id.split('.').slice(1).join('.'))
    return DONE
  }
  return { life, ids }
}

/** A frozen VM whose reset was issued by a run that died right after writing it down. */
function diedIssuing(trace: TraceEvidence) {
  const { life, ids } = counted({ ...frozen, trace })
  life.ticks(1)
  life.tick({ crash: 'before-carrying-out' })
  return { life, ids }
}

describe('a run that dies', () => {
  it('before issuing leaves nothing done: it is decided anew once its lease is over', () => {
    const { life, ids } = counted(failed)
    life.tick({ crash: 'before-issuing' })
    expect(life.state.action?.status).toBe('intended')
    expect(life.ticks(1)).toEqual(['unhealthy workload-failed · watching · incident acting'])
    expect(ids).toEqual([])
    life.pass(MINUTE)
    expect(life.ticks(1)).toEqual([
      'unhealthy workload-failed · recovering · restart-workload done · incident acting',
    ])
    expect(ids).toEqual(['restart-workload.bot.service.2'])
    expect(life.incident?.actions.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'not-happened'],
      [2, 'issued'],
    ])
  })

  it('before issuing, and the target is well by then: the action did not happen', () => {
    const { life, ids } = counted(failed)
    life.tick({ crash: 'before-issuing' })
    life.pass(2 * MINUTE)
    Object.assign(life.world, { http: 'ok', units: [unit()] })
    expect(life.ticks(1)).toEqual(['healthy · probation · incident probation'])
    expect([ids, life.incident?.actions.map(({ status }) => status)]).toEqual([[], ['not-happened']])
  })

  it('after carrying it out: the attempt that the VM remembers says that it happened', () => {
    const { life, ids } = counted(failed)
    const run = life.tick({ crash: 'after-carrying-out' })
    expect(tell(run)).toContain('recovering')
    const id = life.state.action?.id as string
    life.pass(MINUTE)
    life.world.facts = { ...facts, lastActionId: id }
    Object.assign(life.world, { http: 'ok', units: [unit({ invocationId: 'inv-2' })] })
    life.ticks(2)
    expect(ids).toEqual(['restart-workload.bot.service.1'])
    expect(life.incident?.actions.map(({ status }) => status)).toEqual(['proved'])
  })

  it('while issuing over SSH, and the VM knows nothing of it: decided anew 60 s after the lease ended', () => {
    const { life, ids } = counted(failed)
    life.tick({ crash: 'before-carrying-out' })
    expect(life.ticks(4)).toEqual([
      'unhealthy workload-failed · recovering · incident acting',
      'unhealthy workload-failed · recovering · incident acting',
      'unhealthy workload-failed · recovering · incident acting',
      'unhealthy workload-failed · waiting · incident acting',
    ])
    expect(life.state.reason).toContain('cools down')
    expect(life.incident?.actions.map(({ status }) => status)).toEqual(['not-happened'])
    life.ticks(2)
    expect(ids).toEqual(['restart-workload.bot.service.2'])
    expect(life.state.uses).toHaveLength(2)
  })

  it('while issuing a reset that left no trace: decided anew 60 s after the lease ended, and counted twice', () => {
    const { life, ids } = diedIssuing({ kind: 'no-trace' })
    life.ticks(3)
    expect(ids).toEqual([])
    life.ticks(3)
    expect(ids).toEqual(['reset.2'])
    expect(life.state.uses.map(({ rung }) => rung)).toEqual(['reset', 'reset'])
  })

  it.each<[string, TraceEvidence]>([
    ['happened', { kind: 'happened', done: true, detail: 'operation done' }],
    ['may have happened, for the trace can not be looked for', { kind: 'unavailable', detail: '503' }],
  ])('while issuing a reset that %s: it is not repeated in its grace', (_name, trace) => {
    const { life, ids } = diedIssuing(trace)
    const lines = life.ticks(5)
    expect(ids).toEqual([])
    expect(lines.at(-1)).toBe('unhealthy vm-frozen · grace · incident acting')
  })

  it('while putting secrets: the restart that it owes is done by the next run, after a look at the unit', () => {
    const { life, ids } = counted({})
    life.world.versions = [{ kind: 'version', secret: 'token', wanted: 'latest', version: '2' }]
    life.forget()
    life.tick({ crash: 'after-carrying-out' })
    expect(life.state.rollout?.units).toEqual(['bot.service'])
    life.pass(2 * MINUTE)
    const run = life.tick()
    expect(run.asked[1]).toContain('shell')
    expect(ids).toHaveLength(1)
    expect(life.state.rollout).toBeUndefined()
  })

  it('while putting secrets for a unit that a person stops then: it stays stopped', () => {
    const { life, ids } = counted({})
    life.world.versions = [{ kind: 'version', secret: 'token', wanted: 'latest', version: '2' }]
    life.forget()
    life.tick({ crash: 'after-carrying-out' })
    life.pass(2 * MINUTE)
    life.world.units = [unit({ active: 'inactive', sub: 'dead' })]
    life.tick()
    expect([ids, life.state.rollout]).toEqual([[], undefined])
  })
})

describe('an order whose end is unknown', () => {
  it('keeps its lease, so that nobody acts meanwhile; what is seen then settles it', () => {
    const { life } = counted(failed)
    life.world.onAction = () => ({ kind: 'unknown', detail: 'timed out' })
    expect(life.ticks(2)).toEqual([
      'unhealthy workload-failed · recovering · restart-workload unknown · incident acting',
      'unhealthy workload-failed · recovering · incident acting',
    ])
    expect(life.state.lease?.owner).toBe('run-1')
    Object.assign(life.world, { http: 'ok', units: [unit({ invocationId: 'inv-2' })] })
    life.ticks(2)
    expect(life.incident?.actions.map(({ status }) => status)).toEqual(['proved'])
    expect(life.state.lease).toBeUndefined()
  })
})

describe('two runs at once', () => {
  it('a tick that meets a lease looks with one probe, writes nothing and does nothing', () => {
    const { life, ids } = counted(failed)
    life.tick({ crash: 'before-carrying-out' })
    const before = life.state
    const run = life.tick()
    expect([run.asked, run.commits, life.state, ids]).toEqual([['http'], 0, before, []])
  })

  it('a person who meets a lease is told who is at work', () => {
    const { life } = counted(failed)
    life.tick({ crash: 'before-issuing' })
    const { refusal } = life.order(recover()).decision
    expect(refusal?.kind).toBe('in-flight')
    expect(refusal?.detail).toMatch(/^another run \(recovery\) is at work on it until \d{4}-/)
  })

  it('each lease has a higher fence than any before', () => {
    const { life } = counted(failed)
    const fences: number[] = []
    life.world.onAction = ({ fence }) => {
      fences.push(fence)
      return DONE
    }
    life.ticks(3)
    expect(fences).toEqual([1, 2])
  })
})
