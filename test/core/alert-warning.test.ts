/** What people are told of a target that is degraded, or that a person is called for without an incident. */
import { describe, expect, it } from 'vitest'
import { newState } from '../../src/core/state-new.ts'
import { HOUR, kit, MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createLife, person, recover, restarted, rungsOf, tellTime, toldIn } from './life.ts'
import type { World } from './world.ts'
import { booted, DONE, down, frozen, seenVm } from './world.ts'

const path: Partial<World> = { http: 'silent', ssh: 'silent' }
const full: Partial<World> = { kit: kit({ memory: { totalMb: 1000, usedMb: 900 } }) }
const stopped = down('TERMINATED', { type: 'stop', by: 'ada', at: NOW - MINUTE })
const PATH = 'neither HTTP nor SSH answers, but the heartbeat is fresh: the VM lives behind a broken path'
const GONE = 'the VM runs, but HTTP, SSH and heartbeat are all gone'
const WELL = 'the health endpoint answers as it should'
const OFFLINE = 'the guard itself reaches nothing: no control URL, no other target'
const cutOff: Partial<World> = { ...frozen, canary: { urlsAsked: 3, urlsOk: 0 } }

describe('a target that is degraded', () => {
  it.each<[string, Partial<World>, string]>([
    ['path-broken', path, PATH],
    ['pressure', full, 'memory 900 MB (over 700)'],
    ['stopped-by-person', stopped, 'the VM is TERMINATED: stop by ada'],
  ])(
    '%s: is told of when it has been so for 90 s, as a warning, and reminded of daily',
    (cause, world, reason) => {
      const life = createLife({ world })
      life.ticks(2)
      expect(life.notices).toEqual([])
      life.ticks(1)
      expect(
        life.notices.map(({ kind, severity, verdict, cause: why, reason: words }) => [
          kind,
          severity,
          verdict,
          why,
          words,
        ]),
      ).toEqual([['triggered', 'warning', 'degraded', cause, reason]])
      const [first] = life.notices
      expect((first?.at ?? 0) - (life.state.lastVerdict?.at ?? 0)).toBeGreaterThanOrEqual(
        policy.alerts.warnAfterMs,
      )
      life.ticks(24 * 60 - 1)
      expect(life.notices).toHaveLength(1)
      life.ticks(2)
      expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'reminder'])
    },
  )

  it('recovery-path-broken: likewise, and it says so in its own thread', () => {
    const life = createLife({ world: { ssh: 'silent' } })
    life.forget()
    life.pass(70 * MINUTE)
    life.ticks(4)
    expect(life.notices.map(({ cause, number, kind }) => [cause, number, kind])).toEqual([
      ['recovery-path-broken', 1, 'triggered'],
    ])
  })

  it('for less than that nobody hears of, and it leaves nothing behind', () => {
    const life = createLife({ world: full })
    life.ticks(2)
    life.world.kit = kit()
    life.ticks(3)
    expect([life.notices, life.state.alert]).toEqual([[], undefined])
  })

  it('is over when it has been gone for ten minutes, with the time when it went', () => {
    const life = createLife({ world: path })
    life.ticks(5)
    Object.assign(life.world, restarted())
    // Its first look comes some hundred milliseconds late: SSH is asked as well.
    life.ticks(11)
    expect(life.notices).toHaveLength(1)
    life.ticks(1)
    expect(toldIn(life)).toEqual([`2:21 #1 triggered warning: ${PATH}`, `16:00 #2 resolved info: ${WELL}`])
    expect(life.notices.map(({ since, endedAt }) => [tellTime(since), endedAt && tellTime(endedAt)])).toEqual(
      [
        ['0:21', undefined],
        ['0:21', '5:00'],
      ],
    )
    expect(life.state.alert).toBeUndefined()
  })

  it('comes back before that: the same thread, and nobody is told', () => {
    const life = createLife({ world: path })
    for (let time = 0; time < 5; time += 1) {
      Object.assign(life.world, path)
      life.ticks(4)
      Object.assign(life.world, restarted())
      life.ticks(8)
    }
    life.ticks(4)
    expect(life.notices.map(({ kind, number }) => `${number} ${kind}`)).toEqual(['1 triggered', '2 resolved'])
  })

  it('comes back after that: a new thread', () => {
    const life = createLife({ world: path })
    life.ticks(4)
    Object.assign(life.world, restarted())
    life.ticks(12)
    Object.assign(life.world, path)
    life.ticks(4)
    const threads = life.notices.map(({ thread }) => thread)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'resolved', 'triggered'])
    expect(new Set(threads).size).toBe(2)
  })

  it('becomes an outage: the warning says so without ringing, and the incident has a thread of its own', () => {
    const life = createLife({ world: path })
    life.ticks(5)
    Object.assign(life.world, frozen)
    rungsOf(life, booted)
    life.ticks(9)
    expect(toldIn(life)).toEqual([
      `2:21 #1 triggered warning: ${PATH}`,
      `6:21 #2 progress info: ${GONE}`,
      `6:21 #1 triggered critical: ${GONE}`,
      `6:26 #2 progress critical: ${GONE}`,
      `6:30 #3 progress critical: ${WELL}`,
      `12:00 #4 resolved info: ${WELL}`,
    ])
  })

  it('that goes on after a person had it restarted is told of anew, under a name of its own', () => {
    const life = createLife({ world: full })
    life.ticks(4)
    life.world.onAction = () => DONE
    life.order(recover({ action: 'restart-workload', force: true }))
    life.ticks(9)
    const warnings = life.notices.filter(({ cause }) => cause === 'pressure')
    expect(warnings.map(({ kind }) => kind)).toEqual(['triggered', 'progress', 'triggered'])
    expect(new Set(life.notices.map(({ id }) => id)).size).toBe(life.notices.length)
  })

  it('every other minute, and unknown in between, is told of when it has failed for ten minutes', () => {
    const life = createLife({ world: path })
    for (let tick = 0; tick < 30; tick += 1) {
      life.world.vm = tick % 2 === 0 ? seenVm : { kind: 'unavailable', at: NOW, detail: 'quota' }
      life.tick()
    }
    expect(toldIn(life)).toEqual([`10:21 #1 triggered warning: ${PATH}`])
    expect(tellTime(life.notices[0]?.since ?? 0)).toBe('0:21')
  })
})

describe('a VM that a person stopped', () => {
  it('offers to start it, or to leave it, also in the reminder of the next day', () => {
    const life = createLife({ world: stopped })
    life.ticks(24 * 60 + 5)
    expect(life.notices.map(({ kind, offer }) => [kind, offer?.buttons])).toEqual([
      ['triggered', ['start', 'leave-off']],
      ['reminder', ['start', 'leave-off']],
    ])
  })

  it('left off: nobody is reminded again, and its start is told', () => {
    const life = createLife({ world: stopped })
    life.ticks(3)
    expect(life.press('leave-off').decision.refusal).toBeUndefined()
    life.ticks(3 * 24 * 60)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered'])
    Object.assign(life.world, booted, { vm: seenVm })
    life.ticks(12)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'resolved'])
  })

  it('started by its button: an incident of a person, which ends with it', () => {
    const life = createLife({ world: stopped })
    life.ticks(3)
    life.press('start')
    rungsOf(life, { ...booted, vm: seenVm })
    life.order(recover({ action: 'start' }))
    life.ticks(7)
    const incident = life.notices.filter(({ incidentId }) => incidentId !== undefined)
    expect(incident.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'triggered info',
      'progress info',
      'progress info',
      'resolved info',
    ])
    expect(life.notices.at(-1)?.fixedBy).toMatchObject({ rung: 'start', by: 'person' })
  })

  it('offers no start that would be refused: the guard observes only', () => {
    const life = createLife({ world: stopped, policy: { ...policy, mode: 'observe' } })
    life.ticks(3)
    expect(life.notices[0]?.offer?.buttons).toEqual(['leave-off'])
  })
})

describe('a person who is called without an incident', () => {
  it('for a target that is not armed: critical, at once, and in one thread until it is well', () => {
    const life = createLife({ world: frozen, state: newState(target, 'new', NOW) })
    life.ticks(10)
    const why = `${GONE}; never seen healthy yet: watched, not acted on`
    expect(toldIn(life)).toEqual([`1:21 #1 triggered critical: ${why}`])
    Object.assign(life.world, booted)
    life.ticks(12)
    expect(toldIn(life).slice(1)).toEqual([`21:00 #2 resolved info: ${WELL}`])
  })

  it('and who arms it: from then on it is an incident, told by what is the matter now', () => {
    const life = createLife({ world: frozen, state: newState(target, 'new', NOW) })
    life.ticks(4)
    life.order({ kind: 'arm', ...person })
    life.ticks(1)
    expect(toldIn(life).slice(1)).toEqual([
      `4:21 #2 progress info: ${GONE}`,
      `4:21 #1 triggered critical: ${GONE}`,
      `4:26 #2 progress critical: ${GONE}`,
      `4:51 #3 progress critical: ${GONE}`,
    ])
  })

  it('because the guard is cut off: after ten minutes, once, and over with it', () => {
    const life = createLife({ world: cutOff })
    life.ticks(15)
    Object.assign(life.world, restarted(), { heartbeat: 'beating', canary: { urlsAsked: 3, urlsOk: 3 } })
    life.ticks(12)
    expect(toldIn(life)).toEqual([
      `10:21 #1 triggered critical: ${OFFLINE}`,
      `26:00 #2 resolved info: ${WELL}`,
    ])
  })

  it('was not called for the outage that comes to light when the guard is back', () => {
    const life = createLife({ world: cutOff })
    life.ticks(15)
    life.world.canary = { urlsAsked: 3, urlsOk: 3 }
    life.world.onAction = () => DONE
    life.ticks(3)
    expect(life.state.calledPerson).toBeUndefined()
    expect(toldIn(life).slice(1, 3)).toEqual([
      `16:21 #2 progress info: ${GONE}`,
      `16:21 #1 triggered critical: ${GONE}`,
    ])
  })

  it('is called for it all the same when the guard gives up', () => {
    const life = createLife({ world: cutOff })
    life.ticks(15)
    Object.assign(life.world, { canary: { urlsAsked: 3, urlsOk: 3 }, http: 'bad', ssh: 'auth-failed' })
    life.ticks(3)
    expect(life.notices.at(-1)).toMatchObject({
      kind: 'triggered',
      severity: 'critical',
      reason: 'the health check fails and SSH lets nobody in: auth-failed',
    })
  })

  it('is told in a target whose name sounds like a call', () => {
    const life = createLife({ target: { ...target, id: 'a-call-b' }, world: full })
    life.ticks(5)
    life.world.kit = kit()
    life.ticks(3)
    Object.assign(life.world, full)
    life.ticks(3)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered'])
  })

  it('hears of it again only once a day', () => {
    const life = createLife({ world: frozen, state: newState(target, 'new', NOW) })
    life.ticks(25 * 60)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'reminder'])
    expect((life.notices[1]?.at ?? 0) - (life.notices[0]?.at ?? 0)).toBeLessThan(24 * HOUR + 2 * MINUTE)
    expect(life.notices[1]?.at).toBeGreaterThan((life.notices[0]?.at ?? 0) + 24 * HOUR - SECOND)
  })
})
