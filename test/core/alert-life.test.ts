/** What people are told of an incident, from its detection to its close: which notices, when, and with which state. */
import { describe, expect, it } from 'vitest'
import type { Notice } from '../../src/core/notice.ts'
import { failedUnit, HOUR, MINUTE, unit } from './build.ts'
import type { Life } from './life.ts'
import { createLife, mendsAtOnce, person, recover, restarted, rungsOf, tellTime, toldIn } from './life.ts'
import { booted, DONE, failed, frozen, preempted, seenVm } from './world.ts'

const ILL = 'bot.service is failed (exit-code)'
const WELL = 'the health endpoint answers as it should'

/** The kinds of notices that each commit took along. */
function commitsWithNotices({ written }: Life): readonly (readonly string[])[] {
  return written.flatMap(({ decision }) =>
    decision.notices === undefined ? [] : [decision.notices.map(({ kind }) => kind)],
  )
}

describe('an incident that a restart mends within its tick', () => {
  const life = createLife({ world: failed })
  mendsAtOnce(life)
  life.ticks(8)
  const [triggered, issued, mended, resolved] = life.notices
  const at = (index: number): number => life.notices[index]?.at ?? Number.NaN
  const opening = { at: at(0), kind: 'opened', text: `workload-failed: ${ILL}` }
  const order = { at: at(1), kind: 'action', text: 'restart-workload of bot.service issued' }
  const done = { at: at(1) + 1_000, kind: 'action', text: 'restart-workload of bot.service: done' }
  const verified = {
    at: at(2),
    kind: 'verified',
    text: 'well again 4 s after the restart-workload of bot.service, proved',
  }
  const offer = { buttons: ['recover', 'pause', 'leave-off'], offeredAt: at(0) }
  const id = life.book?.id ?? 'none'
  const every: Partial<Notice> = {
    schema: 1,
    thread: id,
    target: 'bot',
    incidentId: id,
    cause: 'workload-failed',
    since: at(0),
  }

  it('is told when it is found', () => {
    expect(triggered).toEqual({
      standing: 'at-work',
      ...every,
      id: `${id}.1`,
      number: 1,
      kind: 'triggered',
      severity: 'critical',
      at: at(0),
      verdict: 'unhealthy',
      reason: ILL,
      story: [opening],
      offer,
    })
  })

  it('is edited when the restart is ordered, and its buttons are no younger for it', () => {
    expect(issued).toEqual({
      standing: 'at-work',
      ...every,
      id: `${id}.2`,
      number: 2,
      kind: 'progress',
      severity: 'critical',
      at: at(1),
      verdict: 'unhealthy',
      reason: ILL,
      story: [opening, order],
      offer,
    })
  })

  it('is edited when the restart has helped', () => {
    expect(mended).toEqual({
      standing: 'probation',
      ...every,
      id: `${id}.3`,
      number: 3,
      kind: 'progress',
      severity: 'critical',
      at: at(2),
      verdict: 'healthy',
      reason: WELL,
      story: [opening, order, done, verified],
      offer,
    })
  })

  it('is over after its probation: since when, and what mended it', () => {
    expect(resolved).toEqual({
      ...every,
      id: `${id}.4`,
      number: 4,
      kind: 'resolved',
      severity: 'info',
      at: at(3),
      verdict: 'healthy',
      reason: WELL,
      endedAt: at(2),
      fixedBy: {
        kind: 'action',
        actionId: `${id}.restart-workload.bot.service.1`,
        rung: 'restart-workload',
        unit: 'bot.service',
        by: 'guard',
        proved: true,
      },
      story: [
        opening,
        order,
        done,
        verified,
        { at: at(3), kind: 'closed', text: 'closed: well since its probation began; 6 min in all' },
      ],
    })
  })

  it('tells each with the commit that changes the state, and says that the outbox is waiting', () => {
    expect(life.notices).toHaveLength(4)
    expect(commitsWithNotices(life)).toEqual([['triggered'], ['progress'], ['progress'], ['resolved']])
    for (const { at: writtenAt, decision } of life.written)
      if (decision.notices !== undefined) expect(decision.state.outboxDueAt).toBe(writtenAt)
    expect(life.book).toMatchObject({ state: 'closed', notices: 4 })
  })
})

describe('what is told of an incident', () => {
  it('a reset that takes until the next tick: found, reset, done, well again, over', () => {
    const life = createLife({ world: frozen })
    life.world.onAction = () => DONE
    life.ticks(2)
    Object.assign(life.world, booted)
    life.ticks(7)
    const gone = 'the VM runs, but HTTP, SSH and heartbeat are all gone'
    expect(toldIn(life)).toEqual([
      `1:21 #1 triggered critical: ${gone}`,
      `1:26 #2 progress critical: ${gone}`,
      `1:51 #3 progress critical: ${gone}`,
      `2:00 #4 progress critical: ${WELL}`,
      `8:00 #5 resolved info: ${WELL}`,
    ])
    expect(life.notices.at(-1)).toMatchObject({
      since: life.book?.beganAt,
      endedAt: life.book?.recoveredAt,
      fixedBy: { kind: 'action', rung: 'reset', by: 'guard', proved: true },
    })
  })

  it('nothing helps: a person is called once, and reminded every half hour until it is mended', () => {
    const life = createLife({ world: failed })
    rungsOf(life)
    life.ticks(80)
    const helpless = `${ILL}; neither a restart nor a reboot helped`
    expect(toldIn(life)).toEqual([
      `0:06 #1 triggered critical: ${ILL}`,
      `0:06 #2 progress critical: ${ILL}`,
      `0:49 #3 progress critical: ${ILL}`,
      `1:06 #4 progress critical: ${ILL}`,
      `1:50 #5 progress critical: ${ILL}`,
      `7:06 #6 person critical: ${helpless}`,
      `38:06 #7 reminder critical: ${helpless}`,
      `69:06 #8 reminder critical: ${helpless}`,
    ])
    Object.assign(life.world, restarted())
    life.ticks(8)
    expect(toldIn(life).slice(8)).toEqual([`86:00 #9 resolved info: ${WELL}`])
    expect(life.notices.at(-1)).toMatchObject({ fixedBy: { kind: 'unknown' } })
  })

  it('a person who was called at once is not called again by the next notice', () => {
    const life = createLife({ world: { http: 'bad', ssh: 'auth-failed' } })
    life.ticks(20)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered'])
    expect(life.notices[0]?.reason).toBe('the health check fails and SSH lets nobody in: auth-failed')
  })

  it('nothing was done: no progress, however often the evidence changes its words', () => {
    const life = createLife({ world: { http: 'bad', ssh: 'auth-failed' } })
    for (const ssh of ['auth-failed', 'gate-refused', 'host-key-changed', 'auth-failed'] as const) {
      life.world.ssh = ssh
      life.ticks(3)
    }
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered'])
  })

  it('the inner guard mended it before the guard did anything: that is said', () => {
    const life = createLife({ world: { ...failed, units: [unit({ active: 'activating' })] } })
    life.world.onAction = () => ({ kind: 'skipped', detail: 'a higher fence was seen' })
    life.ticks(3)
    Object.assign(life.world, restarted())
    life.ticks(7)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered', 'progress', 'progress', 'resolved'])
    expect(life.notices.at(-1)).toMatchObject({ kind: 'resolved', fixedBy: { kind: 'unknown' } })
  })

  it('a VM that is down: its message offers to start it, not to recover it', () => {
    const life = createLife({ world: preempted() })
    life.world.onAction = () => ({ kind: 'failed', detail: 'no room', stockOut: true })
    life.ticks(2)
    expect(life.notices[0]?.offer?.buttons).toEqual(['start', 'leave-off'])
  })

  it('its story is the opening and the newest eleven lines, however much happens', () => {
    const life = createLife({ world: failed })
    life.world.onAction = () => ({ kind: 'failed', detail: 'no' })
    for (let hour = 0; hour < 8; hour += 1) {
      life.ticks(2)
      life.order({ kind: 'resume', closeBreaker: true, ...person })
      life.pass(HOUR)
    }
    expect(life.book?.timeline.length).toBeGreaterThan(20)
    const longest = life.notices.at(-1)
    expect(longest?.story).toHaveLength(12)
    expect(longest?.story[0]?.kind).toBe('opened')
    expect(longest?.story.at(-1)).toEqual(life.book?.timeline.findLast(({ kind }) => kind !== 'alert'))
  })
})

describe('an incident that a person opens', () => {
  it('on a target that is well is no alarm', () => {
    const life = createLife()
    mendsAtOnce(life)
    life.order(recover({ action: 'restart-workload', force: true }))
    life.ticks(7)
    expect(toldIn(life)).toEqual([
      `0:01 #1 triggered info: ${WELL}`,
      `0:02 #2 progress info: ${WELL}`,
      `0:06 #3 progress info: ${WELL}`,
      `5:06 #4 resolved info: ${WELL}`,
    ])
    expect(life.notices.map(({ cause }) => cause)).toEqual(Array(4).fill('manual'))
  })

  it('becomes one when it fails and a person is needed', () => {
    const life = createLife()
    life.world.onAction = (_action, world) => {
      Object.assign(world, failed)
      return DONE
    }
    life.order(recover({ action: 'restart-workload', force: true }))
    life.ticks(12)
    expect(life.notices[0]?.severity).toBe('info')
    expect(life.notices.find(({ kind }) => kind === 'person')?.severity).toBe('critical')
  })

  it('on a target that fails is an alarm like any other', () => {
    const life = createLife({ world: failed })
    mendsAtOnce(life)
    life.order(recover())
    life.ticks(7)
    expect(life.notices.map(({ kind, severity }) => `${kind} ${severity}`)).toEqual([
      'triggered critical',
      'progress critical',
      'progress critical',
      'resolved info',
    ])
    expect(life.notices.at(-1)?.fixedBy).toMatchObject({ by: 'person' })
  })

  it('on probation of an earlier outage says that it was ill again', () => {
    const life = createLife({ world: failed })
    mendsAtOnce(life)
    life.ticks(2)
    Object.assign(life.world, failed)
    life.order(recover())
    const { relapses, recoveredAt } = life.book ?? {}
    expect([relapses, recoveredAt]).toEqual([1, life.now])
  })
})

describe('reminders', () => {
  it('none comes while it is paused; afterwards they go on', () => {
    const life = createLife({ world: { http: 'bad', ssh: 'auth-failed' } })
    life.ticks(5)
    life.order({ kind: 'pause', minutes: 120, ...person })
    life.ticks(110)
    const whilePaused = life.notices.map(({ kind }) => kind)
    expect(whilePaused).toEqual(['triggered', 'progress'])
    life.ticks(60)
    expect(life.notices.slice(2).map(({ kind, at }) => `${tellTime(at)} ${kind}`)).toEqual([
      '125:06 reminder',
      '156:00 reminder',
    ])
  })

  it('none comes on probation', () => {
    const life = createLife({ world: { http: 'bad', ssh: 'auth-failed' } })
    life.ticks(28)
    Object.assign(life.world, restarted())
    life.ticks(5)
    expect(life.state.phase).toBe('probation')
    expect(life.state.alert?.remindAt).toBeLessThan(life.now + 5 * MINUTE)
    expect(life.notices.map(({ kind }) => kind)).toEqual(['triggered'])
  })
})

describe('refused, or not meant', () => {
  it.each<[string, (life: Life) => void]>([
    ['a dry run of a tick', (life) => life.tick({ dryRun: true })],
    ['a dry run of a recovery', (life) => life.order(recover({ dryRun: true }))],
    [
      'a recovery of a target that is paused',
      (life) => {
        life.order({ kind: 'pause', minutes: 9, ...person })
        const before = life.written.length
        expect(life.order(recover()).decision.refusal?.kind).toBe('paused')
        expect(life.written).toHaveLength(before)
      },
    ],
  ])('%s tells nothing and leaves no trace', (_name, act) => {
    const life = createLife({ world: { ...failed, units: [failedUnit] } })
    life.world.onAction = () => {
      throw new Error('nothing may be done')
    }
    act(life)
    expect([life.notices, life.rollups, life.unwritten]).toEqual([[], [], undefined])
  })

  it('beside another run nothing is told and nothing written; what was seen is counted all the same', () => {
    const life = createLife({ world: { ...frozen, vm: seenVm } })
    life.state = {
      ...life.state,
      lease: { owner: 'other', fence: 3, purpose: 'recovery', expiresAt: life.now + 10 * MINUTE },
    }
    const before = life.state
    life.ticks(5)
    expect([life.notices, life.written, life.state]).toEqual([[], [], before])
    expect(life.unwritten?.looks).toEqual({ healthy: 0, degraded: 0, unhealthy: 0, inconclusive: 5 })
  })
})
