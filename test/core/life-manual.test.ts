/** Lives in which a person recovers by hand: what is done, what is refused, and that it is recorded like the guard's. */
import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../src/core/decision.ts'
import type { Request } from '../../src/core/request.ts'
import { readState } from '../../src/schemas/state.ts'
import { armed, HOUR, MINUTE, NOW, twoWorkloads, unit } from './build.ts'
import type { LifeOptions } from './life.ts'
import { createLife, person, recover, tell } from './life.ts'
import type { World } from './world.ts'
import { DONE, failed, frozen, seenVm } from './world.ts'

type Recover = Extract<Request, { kind: 'recover' }>

const stoppedByPerson: Partial<World> = {
  ...frozen,
  vm: { ...seenVm, status: 'TERMINATED', lastStop: { type: 'stop', by: 'bob@example.com', at: NOW } },
}
const suspended: Partial<World> = { ...stoppedByPerson, vm: { ...seenVm, status: 'SUSPENDED' } }
const spent = armed({
  uses: [
    { rung: 'reset', at: NOW - 2 * HOUR },
    { rung: 'reboot', at: NOW - HOUR },
  ],
})
const broken = armed({
  breaker: { kind: 'open', since: NOW - HOUR, rung: 'reset', reason: 'the budget is spent' },
})

function done(options: LifeOptions, request: Partial<Recover>): readonly string[] {
  const life = createLife(options)
  const ordered: string[] = []
  life.world.onAction = ({ rung, unit }) => {
    ordered.push(unit === undefined ? rung : `${rung} ${unit}`)
    return DONE
  }
  const { decision } = life.order(recover(request))
  return decision.refusal === undefined ? ordered : [decision.refusal.kind, ...ordered]
}

describe('a unit that a person names', () => {
  it.each<[string, Partial<Recover>, readonly string[]]>([
    ['is the one that auto restarts', { unit: 'bot.service' }, ['restart-workload bot.service']],
    ['is not exchanged for another by auto', { unit: 'api.service' }, ['not-applicable']],
    ['does not go with a reboot', { action: 'reboot', unit: 'bot.service' }, ['not-applicable']],
    ['does not go with a reset', { action: 'reset', unit: 'bot.service' }, ['not-applicable']],
  ])('%s', (_name, request, expected) => {
    const world = { ...failed, units: [...(failed.units ?? []), unit({ unit: 'api.service' })] }
    expect(done({ target: twoWorkloads, world }, request)).toEqual(expected)
  })

  it('on a target without a cause leaves a state that can be read', () => {
    const life = createLife()
    life.order(recover({ action: 'restart-workload', force: true }))
    life.ticks(3)
    expect(life.state.ladder.map(({ cause }) => cause)).toEqual(['manual'])
    expect(readState(JSON.parse(JSON.stringify(life.state)))).toEqual({ kind: 'read', document: life.state })
  })
})

describe('a person recovers', () => {
  it.each<[string, LifeOptions, Partial<Recover>, readonly string[]]>([
    ['auto: the rung that the evidence asks for', { world: failed }, {}, ['restart-workload bot.service']],
    ['auto, at once: what the guard would confirm first', { world: frozen }, {}, ['reset']],
    [
      'auto, at once: silence without a kit need not have lasted',
      { world: { ...frozen, heartbeat: { kind: 'absent' } } },
      {},
      ['reset'],
    ],
    [
      'auto, at once: a host error need not be left to the platform',
      {
        world: {
          ...frozen,
          vm: {
            ...seenVm,
            status: 'TERMINATED',
            lastStop: { type: 'compute.instances.hostError', by: 'system', at: NOW },
          },
        },
      },
      {},
      ['start'],
    ],
    ['auto: a VM that a person stopped is started', { world: stoppedByPerson }, {}, ['start']],
    ['start', { world: stoppedByPerson }, { action: 'start' }, ['start']],
    ['start resumes a suspended VM', { world: suspended }, { action: 'start' }, ['resume']],
    ['start of a VM that runs: not applicable', { world: failed }, { action: 'start' }, ['not-applicable']],
    [
      'auto where the evidence asks for nothing: not applicable',
      { world: { http: 'silent' } },
      {},
      ['not-applicable'],
    ],
    [
      'restart-workload of the unit named',
      { world: failed, target: twoWorkloads },
      { action: 'restart-workload', unit: 'api.service' },
      ['restart-workload api.service'],
    ],
    [
      'restart-workload of the unit that failed',
      { world: failed },
      { action: 'restart-workload' },
      ['restart-workload bot.service'],
    ],
    [
      'restart-workload of a unit that is not configured',
      { world: failed },
      { action: 'restart-workload', unit: 'x.service' },
      ['unknown-unit'],
    ],
    [
      'restart-workload where there is none',
      { world: failed, target: { ...twoWorkloads, workloads: [] } },
      { action: 'restart-workload' },
      ['not-applicable'],
    ],
    [
      'restart-workload over SSH that is silent',
      { world: frozen },
      { action: 'restart-workload' },
      ['not-applicable'],
    ],
    ['reboot', { world: failed }, { action: 'reboot' }, ['reboot']],
    ['reset of a VM that is silent', { world: frozen }, { action: 'reset' }, ['reset']],
    ['reset while SSH works: barred', { world: failed }, { action: 'reset' }, ['barred']],
    ['reset while SSH works, by force', { world: failed }, { action: 'reset', force: true }, ['reset']],
    ['a healthy target: refused', {}, { action: 'restart-workload' }, ['healthy']],
    [
      'a healthy target, by force',
      {},
      { action: 'restart-workload', force: true },
      ['restart-workload bot.service'],
    ],
    ['an open breaker: refused', { world: frozen, state: broken }, { action: 'reset' }, ['breaker-open']],
    [
      'an open breaker, by force',
      { world: frozen, state: broken },
      { action: 'reset', force: true },
      ['reset'],
    ],
    ['a spent budget: refused', { world: frozen, state: spent }, { action: 'reset' }, ['breaker-open']],
    [
      'a spent budget, by force',
      { world: frozen, state: spent },
      { action: 'reset', force: true },
      ['reset'],
    ],
    [
      'a paused target: resume it first',
      { world: failed, state: armed({ pause: { ...person, since: NOW, until: NOW + HOUR } }) },
      { force: true },
      ['paused'],
    ],
    [
      'a target that is not armed: a person may',
      { world: failed, state: armed({ arming: { kind: 'unarmed', why: 'new', since: NOW } }) },
      {},
      ['restart-workload bot.service'],
    ],
    [
      'cooldown is skipped',
      {
        world: failed,
        state: armed({ uses: [{ rung: 'restart-workload', unit: 'bot.service', at: NOW - MINUTE }] }),
      },
      {},
      ['restart-workload bot.service'],
    ],
    ['a dry run does nothing', { world: failed }, { dryRun: true }, []],
  ])('%s', (_name, options, request, expected) => expect(done(options, request)).toEqual(expected))

  it('says in a dry run what it would do', () => {
    const life = createLife({ world: failed })
    expect(life.order(recover({ dryRun: true })).actions).toEqual([
      { rung: 'restart-workload', result: 'skipped', detail: 'dry run: would restart-workload bot.service' },
    ])
  })

  it('opens an incident of its own, with who and why; it is verified, and closed, like any other', () => {
    const life = createLife()
    life.world.onAction = (_action, world) => {
      world.units = [unit({ invocationId: 'inv-2' })]
      return DONE
    }
    const run = life.order(recover({ action: 'restart-workload', force: true }))
    expect(tell(run)).toBe('healthy · probation · restart-workload done · incident probation')
    expect(life.incident).toMatchObject({ openedBy: 'person', cause: 'manual' })
    expect(life.incident?.timeline[0]?.text).toBe('alice@example.com asks for restart-workload: I say so')
    expect(life.incident?.actions[0]).toMatchObject({
      by: { kind: 'person', who: person.by, reason: person.reason },
      force: true,
      status: 'proved',
    })
    expect(life.state.uses).toHaveLength(1)
    expect(life.ticks(7).at(-1)).toBe('healthy · watching')
  })

  it('joins the incident that is open', () => {
    const life = createLife({ world: { ...frozen, ssh: 'auth-failed' } })
    life.ticks(2)
    const id = life.incident?.id
    life.order(recover({ action: 'reset' }))
    expect(life.incident?.id).toBe(id)
    expect(life.incident?.timeline.map(({ kind }) => kind)).toContain('person')
  })

  it('waits for an action that is being verified: in flight, also by force', () => {
    const life = createLife({ world: frozen })
    life.ticks(2)
    const { refusal } = life.order(recover({ action: 'reset', force: true })).decision
    expect(refusal).toEqual<Refusal>({
      kind: 'in-flight',
      detail: `reset was issued ${new Date(life.state.action?.issuedAt ?? 0).toISOString()} and is still being verified`,
    })
  })

  it('whose target is well at the last look is told so', () => {
    const life = createLife({ world: failed })
    life.world.onAsk = (state, world) => {
      if (state.action?.status === 'intended') Object.assign(world, { http: 'ok', units: [unit()] })
    }
    const run = life.order(recover())
    expect(run.decision.refusal).toEqual<Refusal>({
      kind: 'healthy',
      detail: 'it was healthy at the last look',
    })
    expect(life.state.uses).toEqual([])
  })

  it('after a run that died with something in mind: that did not happen, and the book says so', () => {
    const life = createLife({ world: failed })
    life.tick({ crash: 'before-issuing' })
    life.pass(5 * MINUTE)
    life.order(recover(), 4 * MINUTE)
    expect(life.incident?.actions.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'not-happened'],
      [2, 'issued'],
    ])
  })

  it('is counted: three restarts an hour by hand leave the guard none', () => {
    const life = createLife({ world: failed })
    life.world.onAction = (_action, world) => {
      Object.assign(world, { http: 'ok', units: [unit({ invocationId: `inv-${life.now}` })] })
      return DONE
    }
    for (let restart = 0; restart < 3; restart += 1) {
      Object.assign(life.world, failed)
      life.order(recover(), MINUTE)
    }
    Object.assign(life.world, failed)
    expect(life.ticks(1)).toEqual(['unhealthy workload-failed · gave-up · human done · incident gave-up'])
    expect(life.state.breaker).toMatchObject({ kind: 'open', rung: 'restart-workload' })
  })
})
