/** The outlook: what the guard would do next and why, in each of its phases. */
import { describe, expect, it } from 'vitest'
import type { Outlook } from '../../src/core/report.ts'
import { newState } from '../../src/core/state-new.ts'
import { MINUTE, NOW, policy, SECOND, target, unit } from './build.ts'
import type { Life, LifeOptions } from './life.ts'
import { createLife, mendsAtOnce, person, recover } from './life.ts'
import { DONE, down, failed, frozen } from './world.ts'

const ILL = 'bot.service is failed (exit-code)'
const GONE = 'the VM runs, but HTTP, SSH and heartbeat are all gone'

function outlookAfter(options: LifeOptions, live: (life: Life) => void): Outlook | undefined {
  const life = createLife(options)
  live(life)
  return life.tick().decision.outlook
}

const still = (): void => {}

describe('what the guard would do next', () => {
  it.each<[string, LifeOptions, (life: Life) => void, Outlook]>([
    ['well: nothing', {}, still, { rung: 'nothing', why: 'it is well' }],
    [
      'degraded: nothing, and what is the matter',
      { world: { http: 'silent', ssh: 'silent' } },
      still,
      {
        rung: 'nothing',
        why: 'neither HTTP nor SSH answers, but the heartbeat is fresh: the VM lives behind a broken path',
      },
    ],
    [
      'unarmed: nothing, whatever is the matter',
      { world: failed, state: newState(target, 'new', NOW) },
      still,
      { rung: 'nothing', why: 'never seen healthy yet: watched, not acted on' },
    ],
    [
      'suspect: the rung, once it is confirmed',
      { world: frozen },
      still,
      { rung: 'reset', why: `${GONE}; to be confirmed` },
    ],
    [
      'waiting: not before the platform had its time',
      { world: down('TERMINATED', { type: 'compute.instances.hostError', by: 'system', at: NOW }) },
      still,
      {
        rung: 'nothing',
        why: 'the VM is TERMINATED: compute.instances.hostError by system; start not yet',
        notBeforeAt: NOW + policy.vm.hostErrorHoldMs,
      },
    ],
    [
      'waiting for the inner guard: nothing, and why',
      { world: { ...failed, units: [unit({ active: 'activating' })] } },
      still,
      {
        rung: 'nothing',
        why: 'bot.service is being restarted on the VM, which may take 75 s',
      },
    ],
    [
      'gave up: a person',
      { world: { http: 'bad', ssh: 'auth-failed' } },
      (life) => life.ticks(3),
      { rung: 'human', why: 'the health check fails and SSH lets nobody in: auth-failed' },
    ],
  ])('%s', (_name, options, live, outlook) => {
    expect(outlookAfter(options, live)).toEqual(outlook)
  })

  it('paused: nothing until the pause ends', () => {
    const life = createLife({ world: failed })
    life.order({ kind: 'pause', minutes: 30, ...person })
    const until = life.now + 30 * MINUTE
    expect(life.tick().decision.outlook).toEqual({
      rung: 'nothing',
      why: `paused by ${person.by}: watched, not acted on`,
      notBeforeAt: until,
    })
  })

  it('recovering and in grace: nothing but to look', () => {
    const life = createLife({ world: failed })
    life.world.onAction = () => DONE
    expect(life.tick().decision.outlook).toEqual({
      rung: 'nothing',
      why: 'not well yet: looked at again in the next tick',
    })
    life.ticks(1)
    expect(life.state.phase).toBe('grace')
    expect(life.tick().decision.outlook).toMatchObject({
      rung: 'nothing',
      why: expect.stringContaining('boot'),
    })
  })

  it('on probation: nothing until it has lasted', () => {
    const life = createLife({ world: failed })
    mendsAtOnce(life)
    life.ticks(1)
    expect(life.tick().decision.outlook).toEqual({
      rung: 'nothing',
      why: 'well again; on probation until it has lasted',
      notBeforeAt: life.state.probationUntil,
    })
  })

  it('cooling down: nothing before that', () => {
    const at = NOW - MINUTE
    const uses = [{ rung: 'restart-workload', unit: 'bot.service', at }] as const
    const state = { ...createLife().state, healthySince: NOW - 2 * MINUTE, uses }
    const outlook = outlookAfter({ state, world: failed }, still)
    expect(outlook).toMatchObject({ rung: 'nothing', why: 'restart-workload of bot.service cools down' })
    expect(outlook?.notBeforeAt).toBeGreaterThan(NOW)
  })

  it('in shadow mode: what would be done', () => {
    const outlook = outlookAfter({ world: failed, policy: { ...policy, mode: 'observe' } }, still)
    expect(outlook).toEqual({
      rung: 'restart-workload',
      unit: 'bot.service',
      why: 'observing only: restart-workload of bot.service would be next, nothing is done',
    })
  })

  it('what nobody knows: nothing', () => {
    const world = { ...frozen, canary: { urlsAsked: 3, urlsOk: 0 } }
    expect(outlookAfter({ world }, still)).toEqual({
      rung: 'nothing',
      why: 'the guard itself reaches nothing: no control URL, no other target',
    })
  })

  it('another run is at work: what is known of it', () => {
    const life = createLife({ world: failed })
    const lease = { owner: 'x', fence: 1, purpose: 'sync', expiresAt: NOW + 20 * SECOND } as const
    life.state = { ...life.state, lease }
    expect(life.tick().decision.outlook?.rung).toBe('nothing')
  })

  it('of a run that goes on is not said yet; each run that ends has one', () => {
    const life = createLife({ world: failed })
    mendsAtOnce(life)
    life.ticks(3)
    life.order(recover({ action: 'restart-workload', force: true }))
    for (const { decision } of life.written)
      expect(decision.outlook !== undefined).toBe(decision.next.kind === 'rest')
  })

  it('is no news: it writes nothing', () => {
    const life = createLife()
    life.ticks(2)
    const before = life.written.length
    life.ticks(1)
    expect(life.written.length).toBe(before)
    expect(JSON.stringify(life.state)).not.toContain(ILL)
  })
})
