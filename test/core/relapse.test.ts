/** A target that falls ill again: the same incident, a longer probation, and people who are not told too often. */
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, policy } from './build.ts'
import type { Life } from './life.ts'
import { createLife, mendsAtOnce, restarted, tellTime, toldIn } from './life.ts'
import type { World } from './world.ts'
import { failed } from './world.ts'

const lockedOut: Partial<World> = { http: 'bad', ssh: 'auth-failed' }
const ILL = 'bot.service is failed (exit-code)'
const WELL = 'the health endpoint answers as it should'

function incidentsOf({ written }: Life): readonly string[] {
  const ids = written.flatMap(({ decision }) => decision.incident?.id ?? [])
  return [...new Set(ids)]
}

/** From falling ill to the end of its incident, mended by itself after three minutes. */
function illFor(life: Life, minutes: number): void {
  Object.assign(life.world, lockedOut)
  life.ticks(minutes)
  Object.assign(life.world, restarted())
}

describe('ill again on probation', () => {
  it('is the same incident and the same thread: edited when something is done, nobody is rung', () => {
    const life = createLife({ world: failed })
    mendsAtOnce(life)
    life.ticks(3)
    Object.assign(life.world, failed)
    life.ticks(12)
    expect(toldIn(life)).toEqual([
      `0:06 #1 triggered critical: ${ILL}`,
      `0:06 #2 progress critical: ${ILL}`,
      `0:10 #3 progress critical: ${WELL}`,
      `3:06 #4 progress critical: ${ILL}`,
      `6:06 #5 progress critical: ${ILL}`,
      `6:10 #6 progress critical: ${WELL}`,
      `12:00 #7 resolved info: ${WELL}`,
    ])
    expect(incidentsOf(life)).toHaveLength(1)
    expect(life.book).toMatchObject({ relapses: 1, state: 'closed', notices: 7 })
    expect(tellTime(life.book?.recoveredAt ?? 0)).toBe('6:10')
    expect(life.notices.at(-1)).toMatchObject({
      endedAt: life.book?.recoveredAt,
      fixedBy: { actionId: `${life.book?.id}.restart-workload.bot.service.2` },
    })
  })
})

describe('ill again soon after the close', () => {
  it('opens the same incident again: people are rung, and its numbers go on', () => {
    const life = createLife({ world: lockedOut })
    life.ticks(4)
    illFor(life, 0)
    life.ticks(27)
    const { id, beganAt, openedAt } = life.book ?? {}
    illFor(life, 4)
    life.ticks(8)
    expect(life.notices.map(({ number, kind }) => `${number} ${kind}`)).toEqual([
      '1 triggered',
      '2 resolved',
      '3 again',
      '4 resolved',
    ])
    expect(incidentsOf(life)).toEqual([id])
    expect(life.book).toMatchObject({ id, beganAt, openedAt, relapses: 1, notices: 4, state: 'closed' })
    const [, first, , second] = life.notices
    expect([first?.endedAt, second?.endedAt].map((at) => tellTime(at ?? 0))).toEqual(['4:00', '35:00'])
  })

  it('while it is open again it has neither an end nor a cure', () => {
    const life = createLife({ world: lockedOut })
    life.ticks(4)
    illFor(life, 0)
    life.ticks(12)
    Object.assign(life.world, lockedOut)
    life.ticks(3)
    const { closedAt, recoveredAt, fixedBy, state } = life.book ?? {}
    expect([closedAt, recoveredAt, fixedBy, state]).toEqual([undefined, undefined, undefined, 'gave-up'])
    expect(life.state.lastIncident).toBeUndefined()
    expect(life.state.incidentId).toBe(life.book?.id)
  })

  it('a person who is called as it opens again is told once', () => {
    const life = createLife({ world: lockedOut })
    life.ticks(4)
    illFor(life, 0)
    life.ticks(12)
    Object.assign(life.world, lockedOut)
    life.ticks(20)
    expect(life.notices.slice(2).map(({ kind }) => kind)).toEqual(['again'])
  })

  it('later it is a new incident', () => {
    const life = createLife({ world: lockedOut })
    life.ticks(4)
    illFor(life, 0)
    life.ticks(8)
    life.pass(policy.incident.reopenMs)
    life.ticks(2)
    illFor(life, 4)
    life.ticks(8)
    expect(incidentsOf(life)).toHaveLength(2)
    expect(life.notices.map(({ number, kind }) => `${number} ${kind}`)).toEqual([
      '1 triggered',
      '2 resolved',
      '1 triggered',
      '2 resolved',
    ])
  })
})

describe('the last incident', () => {
  it('is named for as long as it may be opened again, and then forgotten with its thread', () => {
    const life = createLife({ world: lockedOut })
    life.ticks(4)
    illFor(life, 0)
    const known: string[] = []
    for (let minute = 4; minute < 60; minute += 1) {
      life.tick()
      if (life.state.lastIncident !== undefined) known.push(`${minute}`)
      expect(life.state.alert !== undefined).toBe(minute < 10 || life.state.lastIncident !== undefined)
    }
    expect([known[0], known.at(-1)]).toEqual(['10', '40'])
  })

  it('is forgotten where the target is not well again, too', () => {
    const life = createLife({ world: lockedOut })
    life.ticks(4)
    illFor(life, 0)
    life.ticks(8)
    expect(life.state.lastIncident).toBeDefined()
    Object.assign(life.world, { http: 'silent', ssh: 'silent' })
    life.ticks(70)
    expect(life.state.lastVerdict?.cause).toBe('path-broken')
    expect([life.state.lastIncident, life.book]).toEqual([undefined, undefined])
  })
})

describe('a target that flaps', () => {
  it('must stay well for half an hour after more than two relapses', () => {
    const life = createLife({ world: lockedOut })
    const lengths: number[] = []
    for (let time = 0; time < 5; time += 1) {
      illFor(life, 4)
      life.tick()
      lengths.push(((life.state.probationUntil ?? 0) - life.now) / MINUTE)
      life.ticks(3)
    }
    expect(lengths.map(Math.round)).toEqual([5, 5, 5, 30, 30])
    expect(life.book?.relapses).toBe(4)
  })

  it.each<[string, number, { incidents: number; alarms: number; notices: number }]>([
    ['every seven minutes', 7, { incidents: 1, alarms: 1, notices: 50 }],
    ['every quarter of an hour', 15, { incidents: 1, alarms: 4, notices: 55 }],
    ['every half hour', 30, { incidents: 1, alarms: 4, notices: 55 }],
    ['every 45 minutes', 45, { incidents: 32, alarms: 32, notices: 64 }],
  ])('%s for a day: few incidents, few alarms', (_name, everyMinutes, most) => {
    const life = createLife()
    for (let minute = 0; minute < (24 * HOUR) / MINUTE; minute += 1) {
      if (minute % everyMinutes === 3) Object.assign(life.world, lockedOut)
      if (minute % everyMinutes === 6) Object.assign(life.world, restarted())
      life.tick()
    }
    const alarms = life.notices.filter(({ kind }) => kind === 'triggered' || kind === 'again')
    expect(incidentsOf(life).length).toBeLessThanOrEqual(most.incidents)
    expect(alarms.length).toBeLessThanOrEqual(most.alarms)
    expect(life.notices.length).toBeLessThanOrEqual(most.notices)
  })

  it('for two days by restarts that help: the timeline and the actions stay bounded', () => {
    const life = createLife()
    mendsAtOnce(life)
    for (let minute = 0; minute < 2 * 24 * 60; minute += 1) {
      if (minute % 20 === 5) Object.assign(life.world, failed)
      if (minute % 20 === 15) Object.assign(life.world, restarted())
      life.tick()
    }
    expect(life.book?.timeline.length).toBeLessThanOrEqual(200)
    expect(life.book?.actions.length).toBeLessThanOrEqual(50)
    expect(incidentsOf(life)).toHaveLength(1)
  })
})
