/** Recording: each tick is counted once, wherever the count waits; a healthy target writes once in ten minutes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Bucket, Looks } from '../../src/core/bucket.ts'
import { stageOf } from '../../src/core/situation.ts'
import { HOUR, MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createAdversary } from './drive-adversary.ts'
import { createChance, SEED } from './drive-chance.ts'
import type { Happening } from './drive-happening.ts'
import { NO_TROUBLE } from './drive-happening.ts'
import { createStage } from './drive-stage.ts'
import type { Life } from './life.ts'
import { createLife, mendsAtOnce, person, recover, tellTime } from './life.ts'
import { failed, frozen } from './world.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

function looksOf(bucket: Bucket | undefined): number {
  const { healthy, degraded, unhealthy, inconclusive }: Looks = bucket?.looks ?? {
    healthy: 0,
    degraded: 0,
    unhealthy: 0,
    inconclusive: 0,
  }
  return healthy + degraded + unhealthy + inconclusive
}

function counted({ rollups, state, unwritten }: Life): number {
  const rolled = rollups.reduce((sum, { bucket }) => sum + looksOf(bucket), 0)
  return rolled + looksOf(state.unrolled) + looksOf(unwritten)
}

describe('a healthy target', () => {
  it('writes once in ten minutes: ten looks, with their latencies', () => {
    const life = createLife()
    life.ticks(2 * 60)
    // The first tick notes when SSH was last looked at, a tick in the sixth minute that it is well for long.
    const rolled = life.written.filter(({ decision }) => decision.rollup !== undefined)
    expect(rolled).toHaveLength(12)
    expect(life.rollups.map(({ day, bucket }) => [day, looksOf(bucket), bucket.latencyMs])).toEqual(
      Array(12).fill(['2026-11-22', 10, { count: 10, sum: 200, max: 20 }]),
    )
    const gaps = rolled.slice(1).map(({ at }, index) => Math.round((at - (rolled[index]?.at ?? 0)) / SECOND))
    expect(new Set(gaps)).toEqual(new Set([600]))
    expect([counted(life), life.state.unrolled, life.unwritten]).toEqual([120, undefined, undefined])
  })

  it('writes nothing else for days', () => {
    const life = createLife()
    life.ticks(60)
    const before = life.written.length
    life.ticks(24 * 60)
    const rest = life.written.slice(before).filter(({ decision }) => decision.rollup === undefined)
    // Once an hour SSH is looked at.
    expect(rest.length).toBeLessThanOrEqual(24)
    expect(life.written.length - before - rest.length).toBe(144)
  })

  it('has sums of its hours and days in its state', () => {
    const life = createLife()
    life.ticks(3 * 60)
    const sum = (periods: readonly Looks[]): number => periods.reduce((all, { healthy }) => all + healthy, 0)
    expect([sum(life.state.hours), sum(life.state.days)]).toEqual([180, 180])
    expect(life.state.hours).toHaveLength(4)
    expect(life.state.days).toEqual([
      { from: Date.UTC(2026, 10, 22), healthy: 180, degraded: 0, unhealthy: 0, inconclusive: 0 },
    ])
  })

  it('ends its day at midnight, in UTC', () => {
    const life = createLife()
    life.pass(20 * HOUR + 43 * MINUTE)
    life.ticks(8)
    expect(life.rollups.map(({ day, bucket }) => [day, looksOf(bucket)])).toEqual([['2026-11-22', 5]])
    expect(tellTime(life.written.at(-1)?.at ?? 0)).toBe('1248:00')
    expect(counted(life)).toBe(8)
  })
})

describe('a tick is counted once', () => {
  it('however many commits it makes', () => {
    const life = createLife({ world: failed })
    mendsAtOnce(life)
    life.ticks(25)
    expect(counted(life)).toBe(25)
    expect(life.rollups[0]?.bucket.looks).toMatchObject({ healthy: 10, unhealthy: 0 })
  })

  it('along with what is written anyway', () => {
    const life = createLife({ world: frozen })
    life.tick()
    expect([looksOf(life.state.unrolled), life.unwritten]).toEqual([1, undefined])
  })

  it('an order, a sync and a dry run are none', () => {
    const life = createLife()
    life.ticks(3)
    life.order(recover())
    life.order({ kind: 'sync', dryRun: false })
    life.order({ kind: 'pause', minutes: 5, ...person })
    life.order({ kind: 'resume', closeBreaker: false, ...person })
    life.tick({ dryRun: true })
    expect(counted(life)).toBe(3)
  })

  it('while another run holds the lease, too', () => {
    const life = createLife()
    life.ticks(2)
    const { lease: _lease, ...free } = life.state
    life.state = { ...free, lease: { owner: 'x', fence: 1, purpose: 'sync', expiresAt: NOW + 20 * MINUTE } }
    life.ticks(15)
    expect([counted(life), life.rollups.length]).toEqual([17, 0])
    life.ticks(5)
    expect([counted(life), life.rollups.length]).toEqual([22, 1])
  })

  it('what a process forgets is lost, and nothing else', () => {
    const life = createLife()
    life.ticks(6)
    const written = looksOf(life.state.unrolled)
    life.forget()
    expect(counted(life)).toBe(written)
    life.ticks(10)
    expect(counted(life)).toBe(written + 10)
  })
})

/** Ticks that came to their end with what they wrote, or had nothing to write. */
function measuredTicks(happenings: readonly Happening[]): number {
  return happenings.filter(
    (happening) =>
      happening.kind === 'committed' &&
      happening.situation.request.kind === 'tick' &&
      happening.decision.next.kind === 'rest',
  ).length
}

describe('whatever the world says', () => {
  const story = fc.record({
    seed: fc.integer(),
    ticks: fc.integer({ min: 5, max: 90 }),
    doubled: fc.boolean(),
  })

  it('the looks that are rolled up, wait in the state and wait in the process are the ticks', () => {
    fc.assert(
      fc.property(story, ({ seed, ticks, doubled }) => {
        const chance = createChance(seed)
        const world = createAdversary({ chance, noise: 0.1, moodiness: 0.1 })
        const options = { chance, policy, targets: [target], world, rules: [], trouble: NO_TROUBLE }
        const stage = createStage({ ...options, startAt: NOW })
        for (let tick = 0; tick < ticks; tick += 1)
          stage.at(NOW + tick * MINUTE, () => {
            world.turn()
            stage.tick()
            // A doubled tick runs beside it; one of the two may lose the race, and does not count.
            if (doubled && chance.happens(0.1)) stage.at(stage.now() + 5 * SECOND, stage.tick)
          })
        stage.play()
        const rolled = stage.happenings.reduce((sum, happening) => {
          if (happening.kind !== 'committed' || !happening.wrote) return sum
          return sum + looksOf(happening.decision.rollup?.bucket)
        }, 0)
        const { state } = stage.placeOf(target.id)
        const waiting = looksOf(state?.unrolled) + looksOf(stage.recollection(target.id)?.unwritten)
        const all = rolled + waiting
        const measured = measuredTicks(stage.happenings)
        if (doubled) expect(all).toBeGreaterThanOrEqual(ticks * 0.9)
        else expect(all).toBe(measured)
      }),
      { numRuns: 60 },
    )
  })

  it('beside another run at work nothing is written, whatever is measured', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chance = createChance(seed)
        const world = createAdversary({ chance, noise: 0.1, moodiness: 0.1 })
        const options = { chance, policy, targets: [target], world, rules: [], trouble: NO_TROUBLE }
        const stage = createStage({ ...options, startAt: NOW })
        for (let tick = 0; tick < 40; tick += 1)
          for (const at of [0, 20 * SECOND]) stage.at(NOW + tick * MINUTE + at, stage.tick)
        stage.play()
        for (const happening of stage.happenings)
          if (happening.kind === 'committed' && stageOf(happening.situation) === 'foreign')
            expect([happening.wrote, happening.decision.rollup]).toEqual([false, undefined])
      }),
      { numRuns: 20 },
    )
  })
})
