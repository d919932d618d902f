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

type Line = readonly [minute: number, ids: readonly string[], what: Fault | 'heal' | 'pause' | 'leave-off']
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
        const { thread = '', offeredAt = 0 } = stage.placeOf(id).state?.alert ?? {}
        if (what === 'pause') stage.order(id, { kind: 'pause', minutes: 600, ...by })
        else if (what === 'leave-off')
          stage.order(id, { kind: 'press', by: 'ada', press: { button: what, thread, offeredAt } })
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
      targets: ABC,
    })
    expect((fleet?.at ?? 0) - (fleet?.since ?? 0)).toBeGreaterThanOrEqual(policy.confirmation.gapMinMs)
    for (const id of ABC) expect(silences(told, id)).toEqual([`7 ${ALL_FAIL}`])
  })

  it('is over when the brake lets go; who is still in trouble then tells of itself', () => {
    const told = play(ABC, [[5, ABC, 'vm-freezes']])
    expect(told.lines).toEqual([
      '7 ant triggered critical fleet',
      '19 ant resolved info fleet',
      '19 cat triggered critical vm-frozen',
      '19 cat progress critical vm-frozen',
      '19 cat progress critical vm-frozen',
      '25 cat resolved info vm-frozen',
    ])
  })

  it('is reminded of every half hour, and the targets that were given up behind it are not forgotten', () => {
    const told = play(ABC, [
      [5, ABC, 'workload-exits-for-good'],
      [45, ['ant', 'bee'], 'heal'],
    ])
    expect(told.lines).toEqual([
      '7 ant triggered critical fleet',
      '38 ant reminder critical fleet',
      '46 cat triggered critical workload-failed',
      '46 ant resolved info fleet',
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
    expect(told.lines).toEqual(['7 ant triggered critical fleet', '21 ant resolved info fleet'])
  })

  it('that people stopped keeps the button of each', () => {
    const told = play(ABC, [[5, ABC, 'vm-stopped-by-person']], { minutes: 15 })
    const warnings = told.notices.filter(({ cause }) => cause === 'stopped-by-person')
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
        [50, ['bee', 'cat'], 'heal'],
      ],
    )
    expect(told.lines.filter((line) => line.endsWith('fleet'))).toEqual([
      '7 ant triggered critical fleet',
      '38 ant reminder critical fleet',
      '51 ant resolved info fleet',
    ])
    expect(told.notices.find(({ kind }) => kind === 'reminder')?.targets).toEqual(['bee', 'cat', 'dog'])
  })

  it('twice: two threads, though the brake is as old as before', () => {
    const told = play(
      [...ABC, 'dog'],
      [
        [5, ['ant', 'bee'], 'workload-exits-for-good'],
        [12, ['bee'], 'heal'],
        [20, ['bee'], 'workload-exits-for-good'],
      ],
      { minutes: 40 },
    )
    const fleet = told.notices.filter(({ cause }) => cause === 'fleet')
    expect(fleet.map(({ kind }) => kind)).toEqual(['triggered', 'resolved', 'triggered'])
    expect(new Set(fleet.map(({ id }) => id)).size).toBe(3)
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
