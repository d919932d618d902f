/** Shadow mode: everything is decided and recorded, and nothing is done: no lease, no action, no secret put. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Policy } from '../../src/core/policy.ts'
import { readIncident } from '../../src/schemas/incident.ts'
import { MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createAdversary } from './drive-adversary.ts'
import { createChance, SEED } from './drive-chance.ts'
import { NO_TROUBLE } from './drive-happening.ts'
import { createStage } from './drive-stage.ts'
import { neverSilent, toldOnce } from './drive-told.ts'
import { createLife, recover, restarted, toldIn } from './life.ts'
import type { World } from './world.ts'
import { down, failed, frozen, preempted } from './world.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const observing: Policy = { ...policy, mode: 'observe' }
const ILL = 'bot.service is failed (exit-code)'
const GONE = 'the VM runs, but HTTP, SSH and heartbeat are all gone'
const WELL = 'the health endpoint answers as it should'
const newer: Partial<World> = {
  versions: [{ kind: 'version', secret: 'token', wanted: 'latest', version: '2' }],
}

function createShadow(world: Partial<World> = {}) {
  const life = createLife({ world, policy: observing })
  life.world.onAction = () => {
    throw new Error('nothing may be done')
  }
  life.world.onPut = () => {
    throw new Error('nothing may be put')
  }
  return life
}

describe('an outage in shadow mode', () => {
  it('is an incident that says once what would have been done, and so does its notice', () => {
    const life = createShadow(failed)
    life.ticks(40)
    const [notice] = life.notices
    const would = {
      at: notice?.at,
      rung: 'restart-workload',
      unit: 'bot.service',
      cause: 'workload-failed',
      reason: ILL,
    }
    expect(life.book?.would).toEqual([would])
    expect(life.book?.timeline.filter(({ kind }) => kind === 'would')).toEqual([
      {
        at: notice?.at,
        kind: 'would',
        text: 'observing only: would have done restart-workload of bot.service',
      },
    ])
    expect(notice).toMatchObject({
      kind: 'triggered',
      severity: 'critical',
      would: { rung: 'restart-workload', unit: 'bot.service' },
      offer: { buttons: ['pause', 'leave-off'] },
    })
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'reminder'])
    expect([life.state.lease, life.state.action, life.state.uses, life.state.fence]).toEqual([
      undefined,
      undefined,
      [],
      0,
    ])
    expect(life.state.phase).toBe('waiting')
    expect(readIncident(JSON.parse(JSON.stringify(life.book))).kind).toBe('read')
  })

  it.each<[string, Partial<World>, string]>([
    ['frozen', frozen, 'reset'],
    ['preempted', preempted(), 'start'],
    [
      'suspended',
      down('SUSPENDED', { type: 'compute.instances.preempted', by: 'system', at: NOW }),
      'resume',
    ],
    ['Podman wedged', { http: 'refused', podman: 'wedged' }, 'reboot'],
  ])('%s: it would have been %s', (_name, world, rung) => {
    const life = createShadow(world)
    life.ticks(5)
    expect(life.book?.would.map((row) => row.rung)).toEqual([rung])
    expect(life.blackBoxes).toEqual([])
  })

  it('says what it would do about what it has become, and that it is another outage after that', () => {
    const life = createShadow(frozen)
    life.ticks(5)
    Object.assign(life.world, failed, { ssh: 'ok', heartbeat: 'beating' })
    life.ticks(5)
    Object.assign(life.world, restarted())
    life.ticks(2)
    Object.assign(life.world, failed)
    life.ticks(3)
    expect(life.book?.would.map(({ rung }) => rung)).toEqual([
      'reset',
      'restart-workload',
      'restart-workload',
    ])
    expect(toldIn(life)).toEqual([
      `1:21 #1 triggered critical: ${GONE}`,
      `5:06 #2 progress critical: ${ILL}`,
      `12:06 #3 progress critical: ${ILL}`,
    ])
  })

  it('that mends itself is resolved as any other', () => {
    const life = createShadow(failed)
    life.ticks(3)
    Object.assign(life.world, restarted())
    life.ticks(7)
    expect(toldIn(life)).toEqual([`0:06 #1 triggered critical: ${ILL}`, `8:00 #2 resolved info: ${WELL}`])
    expect(life.notices[1]?.fixedBy).toEqual({ kind: 'unknown' })
  })

  it('keeps no more than fifty lines of it', () => {
    const life = createShadow()
    for (let time = 0; time < 70; time += 1) {
      Object.assign(life.world, failed)
      life.ticks(1)
      Object.assign(life.world, restarted())
      life.ticks(2)
    }
    expect(life.book?.would).toHaveLength(50)
  })
})

describe('a person in shadow mode', () => {
  it.each([false, true])('is refused a recovery (forced: %s), and may have it tried dry', (force) => {
    const life = createShadow(failed)
    life.ticks(1)
    const before = life.written.length
    const { decision, actions } = life.order(recover({ force }))
    expect([decision.refusal?.kind, actions, life.written.length]).toEqual(['observing', [], before])
    expect(life.order(recover({ force, dryRun: true })).actions).toEqual([
      {
        rung: 'restart-workload',
        result: 'skipped',
        detail: 'dry run: would restart-workload bot.service',
      },
    ])
    expect(life.written.length).toBe(before)
  })
})

describe('secrets in shadow mode', () => {
  it('that are newer in the source are told of, and not put', () => {
    const life = createShadow(newer)
    life.forget()
    life.ticks(3)
    const { decision } = life.order({ kind: 'sync', dryRun: false })
    expect(decision.secrets).toEqual([
      { name: 'bot_token', secret: 'token', version: '2', result: 'would-put', detail: 'version 1 is there' },
    ])
    expect([life.state.lease, life.state.rollout]).toEqual([undefined, undefined])
  })

  it('that are missing on the VM are not put either', () => {
    const life = createShadow({ ...failed, present: [] })
    life.forget()
    life.ticks(10)
    expect(life.book?.would.map(({ rung }) => rung)).toEqual(['restart-workload'])
  })

  it('whose restarts were owed when the mode changed are not restarted', () => {
    const life = createShadow()
    const rollout = {
      id: 'bot-rollout-1',
      startedAt: NOW - MINUTE,
      units: ['bot.service'],
      before: [],
      expectedDownUntil: NOW - SECOND,
    }
    life.state = { ...life.state, rollout }
    life.ticks(30)
    expect(life.state.lease).toBeUndefined()
  })
})

describe('whatever the world says in shadow mode', () => {
  const story = fc.record({
    seed: fc.integer(),
    noise: fc.constantFrom(0, 0.02, 0.1, 0.3),
    /** How many ticks the guard acted before it was told to observe only. */
    acting: fc.constantFrom(0, 0, 10),
  })

  it('no run takes the lease, issues an action or carries anything out, and nobody is silent', () => {
    const wished = { count: 0 }
    fc.assert(
      fc.property(story, ({ seed, noise, acting }) => {
        const chance = createChance(seed)
        const world = createAdversary({ chance, noise, moodiness: 0.1 })
        const mode: { policy: Policy } = { policy: acting === 0 ? observing : policy }
        // The policy is read anew by each run.
        const changing = new Proxy(policy, { get: (_known, name) => Reflect.get(mode.policy, name) })
        const rules = [toldOnce(), neverSilent(observing)]
        const options = { chance, policy: changing, targets: [target], world, rules, trouble: NO_TROUBLE }
        const stage = createStage({ ...options, startAt: NOW })
        const from = NOW + acting * MINUTE + 55 * SECOND
        if (acting > 0)
          stage.at(from, () => {
            mode.policy = observing
          })
        for (let tick = 0; tick < 60; tick += 1) {
          stage.at(NOW + tick * MINUTE, () => {
            world.turn()
            stage.tick()
          })
          const by = { by: 'ada', reason: 'because' }
          if (chance.happens(0.1))
            stage.at(NOW + tick * MINUTE + 30 * SECOND, () =>
              stage.order(
                target.id,
                chance.pick([
                  { kind: 'sync', dryRun: false },
                  { kind: 'recover', action: 'auto', force: true, dryRun: false, ...by },
                  { kind: 'resume', closeBreaker: true, ...by },
                ]),
              ),
            )
        }
        stage.play()
        for (const happening of stage.happenings) {
          // A run that began before goes on as it began.
          if (happening.kind !== 'committed' || happening.live.beganAt <= from) continue
          const { decision, situation } = happening
          wished.count += decision.state.incidentId === undefined ? 0 : 1
          expect(decision.next.kind).not.toBe('act')
          expect(decision.blackBox).toBeUndefined()
          const { owner, fence } = decision.state.lease ?? {}
          expect(owner === situation.moment.owner).toBe(false)
          expect(decision.state.fence).toBe(situation.state.fence)
          expect(fence ?? 0).toBeLessThanOrEqual(situation.state.fence)
        }
        const called = stage.happenings.filter(
          (happening) => happening.kind === 'called' && happening.live.beganAt > from,
        )
        expect(called).toEqual([])
      }),
      { numRuns: 80 },
    )
    expect(wished.count).toBeGreaterThan(100)
  })
})
