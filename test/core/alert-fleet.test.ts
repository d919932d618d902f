/** One root cause, one alert: half of a fleet that fails at once, targets that need another, a guard that is cut off. */
import { describe, expect, it } from 'vitest'
import type { Notice } from '../../src/core/notice.ts'
import { MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createChance } from './drive-chance.ts'
import type { Fault } from './drive-faults.ts'
import { NO_TROUBLE } from './drive-happening.ts'
import { createMachines } from './drive-machine.ts'
import type { Stage } from './drive-stage.ts'
import { createStage } from './drive-stage.ts'
import { neverSilent, noticesOf, tellsNothingInVain, toldOnce } from './drive-told.ts'

const ABC = ['ant', 'bee', 'cat']

type Happens = Fault | 'heal' | 'pause' | 'leave-off' | 'leave-fleet-off'
type Line = readonly [minute: number, ids: readonly string[], what: Happens]
type Play = { readonly stage: Stage; readonly notices: readonly Notice[]; readonly lines: readonly string[] }

/** Ticks once a minute; what befalls the targets comes half a minute after the tick. */
function play(
  ids: readonly string[],
  script: readonly Line[],
  {
    minutes = 60,
    needs = {},
  }: { minutes?: number; needs?: Readonly<Record<string, readonly string[]>> } = {},
): Play {
  const chance = createChance(1)
  const world = createMachines({ chance, lost: 0, blips: 0, bootMaxMs: 30 * SECOND })
  const targets = ids.map((id) => ({ ...target, id, ...(needs[id] ? { dependsOn: needs[id] } : {}) }))
  const rules = [toldOnce(), neverSilent(policy), tellsNothingInVain()]
  const stage = createStage({ chance, policy, targets, world, rules, trouble: NO_TROUBLE, startAt: NOW })
  for (let minute = 0; minute < minutes; minute += 1) stage.at(NOW + minute * MINUTE, stage.tick)
  const by = { by: 'ada', reason: 'maintenance' }
  for (const [minute, struck, what] of script)
    stage.at(NOW + minute * MINUTE + 30 * SECOND, () => {
      for (const id of struck) {
        const { alert, fleetAlert } = stage.placeOf(id).state ?? {}
        const { thread = '', offeredAt = 0 } = (what === 'leave-fleet-off' ? fleetAlert : alert) ?? {}
        if (what === 'pause') stage.order(id, { kind: 'pause', minutes: 600, ...by })
        else if (what === 'leave-off' || what === 'leave-fleet-off')
          stage.order(id, { kind: 'press', by: 'ada', press: { button: 'leave-off', thread, offeredAt } })
        else if (what === 'heal') world.heal(id, stage.now())
        else world.strike(id, what, stage.now())
      }
    })
  stage.play()
  const notices = noticesOf(stage.happenings)
  return { stage, notices, lines: notices.map(lineOf) }
}

/** The minute of the story, and what was told in it. */
function lineOf({ at, target: id, kind, severity, cause }: Notice): string {
  return `${minuteOf(at)} ${id} ${kind} ${severity} ${cause}`
}

function minuteOf(at: number): number {
  return Math.floor((at - NOW) / MINUTE)
}

/** What the timelines say of silence. */
function silences({ stage }: Play, id: string): readonly string[] {
  return [...stage.placeOf(id).incidents.values()].flatMap(({ timeline }) =>
    timeline.filter(({ kind }) => kind === 'alert').map(({ at, text }) => `${minuteOf(at)} ${text}`),
  )
}

const ALL_FAIL = 'no alert of its own: 3 of 3 targets fail at once, and one alert tells of all'

describe('half of a fleet that fails at once', () => {
  it('is one alert by one of them, when it is no blip any more; the others say why they are silent', () => {
    const told = play(ABC, [[5, ABC, 'vm-freezes']], { minutes: 19 })
    expect(told.notices).toHaveLength(1)
    const [fleet] = told.notices
    expect(fleet).toEqual({
      schema: 1,
      id: `${fleet?.thread}.1`,
      thread: fleet?.thread,
      number: 1,
      target: 'ant',
      kind: 'triggered',
      severity: 'critical',
      at: fleet?.at,
      verdict: 'unhealthy',
      cause: 'fleet',
      reason: '3 of 3 targets fail at once: destructive rungs are held, then released one at a time',
      since: fleet?.since,
      story: [],
      offer: { buttons: ['leave-off'], offeredAt: fleet?.at },
      targets: ABC,
    })
    expect((fleet?.at ?? 0) - (fleet?.since ?? 0)).toBeGreaterThanOrEqual(policy.confirmation.gapMinMs)
    for (const id of ABC) expect(silences(told, id)).toEqual([`7 ${ALL_FAIL}`])
  })

  it('is over ten minutes after half of it works; who is still in trouble tells of itself at once', () => {
    const told = play(ABC, [[5, ABC, 'vm-freezes']])
    expect(told.lines).toEqual([
      '7 ant triggered critical fleet',
      '19 cat triggered critical vm-frozen',
      '19 cat progress critical vm-frozen',
      '19 cat progress critical vm-frozen',
      '25 cat resolved info vm-frozen',
      '30 ant resolved info fleet',
    ])
    const over = told.notices.at(-1)
    expect([over?.reason, minuteOf(over?.endedAt ?? 0)]).toEqual(['0 of 3 targets fail now', 19])
  })

  it('is over, and the targets that were given up behind it are not forgotten', () => {
    const told = play(ABC, [
      [5, ABC, 'workload-exits-for-good'],
      [45, ['ant', 'bee'], 'heal'],
    ])
    expect(told.lines).toEqual([
      '7 ant triggered critical fleet',
      '24 ant person critical fleet',
      '46 cat triggered critical workload-failed',
      '57 ant resolved info fleet',
    ])
    expect(told.notices[2]?.reason).toContain('neither a restart nor a reboot helped')
  })

  it('who falls ill long after the others is not hidden behind their alert', () => {
    const told = play(ABC, [
      [5, ['ant', 'bee'], 'workload-exits-for-good'],
      [29, ['cat'], 'workload-exits-for-good'],
    ])
    expect(told.lines.filter((line) => line.includes('triggered'))).toEqual([
      '7 ant triggered critical fleet',
      '30 cat triggered critical workload-failed',
    ])
  })

  it('behind a broken path is one alert too, not a warning each', () => {
    const told = play(ABC, [
      [5, ABC, 'path-broken'],
      [20, ABC, 'heal'],
    ])
    expect(told.lines).toEqual(['7 ant triggered critical fleet', '32 ant resolved info fleet'])
  })

  it('that people stopped keeps the button of each', () => {
    const told = play(ABC, [[5, ABC, 'vm-stopped-by-person']], { minutes: 15 })
    const warnings = told.notices
    expect(warnings.map(({ target: id, offer }) => [id, offer?.buttons]).toSorted()).toEqual(
      ABC.map((id) => [id, ['start', 'leave-off']]),
    )
  })

  it('mended before anybody told of it is told of all the same, without a ring', () => {
    const told = play(ABC, [[5, ABC, 'workload-exits']], { minutes: 20 })
    expect(told.lines.toSorted()).toEqual(
      [
        ...ABC.map((id) => `7 ${id} triggered warning workload-failed`),
        ...ABC.map((id) => `12 ${id} resolved info workload-failed`),
      ].toSorted(),
    )
  })

  it('is told by the first that is not paused', () => {
    const told = play(ABC, [
      [5, ['ant'], 'pause'],
      [6, ['ant'], 'vm-stopped-by-person'],
      [15, ['bee', 'cat'], 'vm-freezes'],
    ])
    expect(told.lines.slice(0, 1)).toEqual(['17 bee triggered critical fleet'])
  })

  it('goes on being told by the one that told, also when that one is mended', () => {
    const told = play(
      [...ABC, 'dog', 'elk'],
      [
        [5, ABC, 'workload-exits-for-good'],
        [5, ['dog'], 'workload-exits-for-good'],
        [20, ['ant'], 'heal'],
        [62, ['bee', 'cat'], 'heal'],
      ],
      { minutes: 80 },
    )
    expect(told.lines.filter((line) => line.endsWith('fleet'))).toEqual([
      '7 ant triggered critical fleet',
      '28 ant person critical fleet',
      '58 ant reminder critical fleet',
      '73 ant resolved info fleet',
    ])
    expect(told.notices.find(({ kind }) => kind === 'reminder')?.targets).toEqual(['bee', 'cat', 'dog'])
  })

  it('twice: two threads, though the brake is as old as before', () => {
    const told = play(
      [...ABC, 'dog'],
      [
        [5, ['ant', 'bee'], 'workload-exits-for-good'],
        [12, ['bee'], 'heal'],
        [30, ['bee'], 'workload-exits-for-good'],
      ],
      { minutes: 40 },
    )
    const fleet = told.notices.filter(({ cause }) => cause === 'fleet')
    expect(fleet.map(({ kind }) => kind)).toEqual(['triggered', 'resolved', 'triggered'])
    expect(new Set(fleet.map(({ id }) => id)).size).toBe(3)
  })
})

describe('the fleet alert and the hands of people', () => {
  const DEEP = [...ABC, 'dog', 'elk']
  const ofFleet = ({ lines }: Play): readonly string[] => lines.filter((line) => line.endsWith('fleet'))

  it('is one thread, however often half of the fleet comes and goes', () => {
    const flaps = Array.from({ length: 26 }, (_, time): readonly Line[] => [
      [5 + 6 * time, ['bee'], 'workload-exits-for-good'],
      [8 + 6 * time, ['bee'], 'heal'],
    ])
    const told = play(ABC, [[5, ['ant'], 'workload-exits-for-good'], ...flaps.flat()], { minutes: 180 })
    expect(ofFleet(told)).toEqual([
      '7 ant triggered critical fleet',
      '18 ant person critical fleet',
      '48 ant reminder critical fleet',
      '78 ant reminder critical fleet',
      '108 ant reminder critical fleet',
      '139 ant reminder critical fleet',
      '169 ant resolved info fleet',
    ])
  })

  it('that are paused, all of them, is over, and nobody is reminded of it', () => {
    const told = play(
      ABC,
      [
        [5, ABC, 'workload-exits-for-good'],
        [12, ABC, 'pause'],
      ],
      { minutes: 180 },
    )
    // Whom the fleet's alert spoke for is told of once by itself: it no longer speaks.
    expect(told.lines).toEqual([
      '7 ant triggered critical fleet',
      '13 bee triggered critical workload-failed',
      '13 cat triggered critical workload-failed',
      '13 ant triggered critical workload-failed',
      '23 ant resolved info fleet',
    ])
    expect(told.notices.at(-1)?.reason).toBe("3 of 3 targets fail now; 3 of them are in a person's hands")
  })

  it('is none where two of four were stopped by a person: each has its own warning', () => {
    const told = play([...ABC, 'dog'], [[5, ['ant', 'bee'], 'vm-stopped-by-person']], { minutes: 180 })
    expect(told.lines.toSorted()).toEqual(
      ['ant', 'bee'].map((id) => `8 ${id} triggered warning stopped-by-person`),
    )
  })

  it('counts only those that nobody has in hand', () => {
    const told = play(
      DEEP,
      [
        [5, ['ant'], 'vm-stopped-by-person'],
        [15, ['bee', 'cat'], 'workload-exits-for-good'],
        [40, ['dog'], 'workload-exits-for-good'],
      ],
      { minutes: 50 },
    )
    expect(told.lines[0]).toBe('8 ant triggered warning stopped-by-person')
    const fleet = told.notices.filter(({ cause }) => cause === 'fleet')
    expect(fleet.map((notice) => [lineOf(notice), notice.reason, notice.targets])).toEqual([
      [
        '43 bee triggered critical fleet',
        '3 of 5 targets fail at once; the guard has given up on 2',
        ['bee', 'cat', 'dog'],
      ],
    ])
  })

  it('says once that some were given up, and how many with each reminder', () => {
    const told = play(DEEP, [[5, ['ant', 'bee', 'cat', 'dog'], 'workload-exits-for-good']], { minutes: 120 })
    expect(told.notices.map((notice) => `${lineOf(notice)}: ${notice.reason}`)).toEqual([
      '7 ant triggered critical fleet: 4 of 5 targets fail at once: destructive rungs are held, then released one at a time',
      '24 ant person critical fleet: 4 of 5 targets fail at once; the guard has given up on 1',
      '54 ant reminder critical fleet: 4 of 5 targets fail at once; the guard has given up on 4',
      '85 ant reminder critical fleet: 4 of 5 targets fail at once; the guard has given up on 4',
      '116 ant reminder critical fleet: 4 of 5 targets fail at once; the guard has given up on 4',
    ])
  })

  it('that was left is reminded of no more; who falls ill after it tells of itself', () => {
    const told = play(
      DEEP,
      [
        [5, ABC, 'vm-freezes'],
        [8, ['ant'], 'leave-fleet-off'],
        [10, ['dog'], 'workload-exits-for-good'],
      ],
      { minutes: 16 },
    )
    expect(told.lines.slice(0, 3)).toEqual([
      '7 ant triggered critical fleet',
      '8 ant progress critical fleet',
      '11 dog triggered critical workload-failed',
    ])
    expect(new Set(told.notices.map(({ target: id }) => id))).toEqual(new Set(['ant', 'dog']))
  })

  it('that was left still calls a person once, and is over in its time', () => {
    const told = play(
      ABC,
      [
        [5, ABC, 'workload-exits-for-good'],
        [8, ['ant'], 'leave-fleet-off'],
        [100, ABC, 'heal'],
      ],
      { minutes: 120 },
    )
    expect(told.lines).toEqual([
      '7 ant triggered critical fleet',
      '8 ant progress critical fleet',
      '24 ant person critical fleet',
      '112 ant resolved info fleet',
    ])
    const [begun, leftOff] = told.notices
    expect(leftOff).toEqual({
      schema: 1,
      id: `${begun?.thread}.2`,
      thread: begun?.thread,
      number: 2,
      target: 'ant',
      kind: 'progress',
      severity: 'critical',
      at: leftOff?.at,
      verdict: 'unhealthy',
      cause: 'fleet',
      reason: 'left as it is by ada: no more reminders',
      since: begun?.since,
      story: [],
    })
    expect(told.notices.map(({ offer }) => offer?.buttons)).toEqual([
      ['leave-off'],
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('a target that needs another', () => {
  const needs = { web: ['db'] }
  const SILENT = 'no alert of its own: db, which it depends on, is in trouble'

  it('is silent while that one is in trouble, and tells of itself when it is not', () => {
    const told = play(
      ['db', 'web'],
      [
        [5, ['db', 'web'], 'workload-exits-for-good'],
        [30, ['db'], 'heal'],
      ],
      { needs },
    )
    expect(told.lines.filter((line) => / (triggered|person|resolved|reminder) /.test(line))).toEqual([
      '6 db triggered critical workload-failed',
      '13 db person critical workload-failed',
      '31 web triggered critical workload-failed',
      '37 db resolved info workload-failed',
    ])
    expect(silences(told, 'web')).toEqual([`6 ${SILENT}`])
  })

  it('tells nothing when both are mended together', () => {
    const told = play(
      ['db', 'web'],
      [
        [5, ['db', 'web'], 'workload-exits-for-good'],
        [30, ['db', 'web'], 'heal'],
      ],
      { needs },
    )
    expect(new Set(told.notices.map(({ target: id }) => id))).toEqual(new Set(['db']))
  })

  it.each<[string, readonly Line[], string]>([
    [
      'is paused, so that nobody tells of it',
      [
        [3, ['db'], 'pause'],
        [5, ['db', 'web'], 'workload-exits-for-good'],
      ],
      '8 web triggered critical workload-failed',
    ],
    [
      'was left off',
      [
        [5, ['db'], 'workload-exits-for-good'],
        [10, ['db'], 'leave-off'],
        [14, ['web'], 'workload-exits-for-good'],
      ],
      '17 web triggered critical workload-failed',
    ],
  ])('waits three ticks for one that %s', (_name, script, line) => {
    const told = play(['db', 'web'], script, { needs, minutes: 30 })
    const first = told.notices.find(({ target: id }) => id === 'web')
    expect(first && lineOf(first)).toBe(line)
  })

  it('that was ill before that one was left stays silent; one that falls ill later does not', () => {
    const told = play(
      ['app', 'db', 'job', 'web', 'x1', 'x2', 'x3', 'x4', 'x5'],
      [
        [5, ['db'], 'workload-exits-for-good'],
        [6, ['app', 'web'], 'workload-exits-for-good'],
        [20, ['db'], 'leave-off'],
        [30, ['job'], 'workload-exits-for-good'],
      ],
      { needs: { app: ['web'], web: ['db'], job: ['app'] }, minutes: 55 },
    )
    const ofDb = told.lines.filter((line) => line.includes(' db '))
    expect(ofDb.filter((line) => !line.includes('progress'))).toEqual([
      '6 db triggered critical workload-failed',
      '13 db person critical workload-failed',
    ])
    expect(told.lines.filter((line) => !line.includes(' db '))).toEqual([
      '33 job triggered critical workload-failed',
      '38 job person critical workload-failed',
    ])
  })

  it('that falls ill after the fleet alert behind which that one is silent was left tells of itself', () => {
    const told = play(
      [...ABC, 'db', 'web'],
      [
        [5, ['ant', 'bee', 'db'], 'workload-exits-for-good'],
        [8, ['ant'], 'leave-fleet-off'],
        [30, ['web'], 'workload-exits-for-good'],
      ],
      { needs, minutes: 36 },
    )
    expect(told.lines.filter((line) => line.includes('triggered'))).toEqual([
      '7 ant triggered critical fleet',
      '34 web triggered critical workload-failed',
    ])
  })

  it('is told of by itself when what it needs is well', () => {
    const told = play(['db', 'web'], [[5, ['web'], 'vm-freezes']], { needs, minutes: 10 })
    expect(told.lines[0]).toBe('7 web triggered critical vm-frozen')
  })

  it('of a chain is silent behind the first of it', () => {
    const chain = { web: ['db'], app: ['web'] }
    const told = play(
      ['app', 'db', 'web', 'x1', 'x2', 'x3', 'x4'],
      [[5, ['app', 'db', 'web'], 'key-rejected']],
      { needs: chain },
    )
    expect(new Set(told.notices.map(({ target: id }) => id))).toEqual(new Set(['db']))
  })
})

describe('a guard that is cut off', () => {
  const CALL = 'triggered critical guard-offline'

  it('is one call, however many targets it can not see', () => {
    const told = play(ABC, [
      [5, ['ant'], 'guard-offline'],
      [30, ABC, 'heal'],
    ])
    expect(told.lines).toEqual([`16 ant ${CALL}`, '42 ant resolved info guard-offline'])
  })

  it.each<[string, Line]>([
    ['was given up, and is looked at in brief', [5, ['ant'], 'key-rejected']],
    ['is paused', [5, ['ant'], 'pause']],
    ['was stopped by a person', [5, ['ant'], 'vm-stopped-by-person']],
  ])('is told by another where the first target %s', (_name, before) => {
    const told = play(ABC, [before, [15, ['ant'], 'guard-offline']])
    expect(told.lines.filter((line) => line.endsWith(CALL))).toEqual([`26 bee ${CALL}`])
    expect(told.notices.filter(({ cause }) => cause === 'fleet')).toEqual([])
  })
})
