/**
 * The rules of alerts over random fleets: whatever happens, notices are written once and in order, nothing is told in
 * vain, and nobody stays silent: each open incident is told of, or is covered by an alert that was.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUTTONS } from '../../src/core/buttons.ts'
import type { Notice } from '../../src/core/notice.ts'
import type { Request } from '../../src/core/request.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Target } from '../../src/core/target.ts'
import { MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createAdversary } from './drive-adversary.ts'
import type { Chance } from './drive-chance.ts'
import { createChance, SEED } from './drive-chance.ts'
import type { Machines } from './drive-machine.ts'
import { createMachines } from './drive-machine.ts'
import { FAULT_NAMES } from './drive-play.ts'
import type { Stage } from './drive-stage.ts'
import { createStage } from './drive-stage.ts'
import { neverSilent, noticesOf, tellsNothingInVain, toldOnce } from './drive-told.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const IDS = ['ant', 'bee', 'cat', 'dog', 'elk']

type Story = {
  readonly seed: number
  readonly count: number
  readonly trouble: number
  readonly ticks: number
}

const story = fc.record({
  seed: fc.integer(),
  count: fc.integer({ min: 1, max: 5 }),
  trouble: fc.constantFrom(0, 0, 0.03),
  ticks: fc.integer({ min: 40, max: 140 }),
})

/** Some need others that stand before them, so that there is no circle. */
function fleetOf(count: number, chance: Chance): readonly Target[] {
  const linked = chance.happens(0.5)
  return IDS.slice(0, count).map((id, index): Target => {
    const needs = linked ? IDS.slice(0, index).filter(() => chance.happens(0.4)) : []
    return { ...target, id, ...(needs.length === 0 ? {} : { dependsOn: needs }) }
  })
}

function orderOn(state: TargetState | undefined, chance: Chance): Exclude<Request, { kind: 'tick' }> {
  const by = { by: 'ada', reason: 'because' }
  const ofFleet = chance.happens(0.3) ? state?.fleetAlert : undefined
  const { thread = 'none', offeredAt = 0 } = ofFleet ?? state?.alert ?? {}
  return chance.pick<Exclude<Request, { kind: 'tick' }>>([
    { kind: 'pause', minutes: 60, ...by },
    { kind: 'resume', closeBreaker: true, ...by },
    { kind: 'arm', ...by },
    { kind: 'sync', dryRun: false },
    { kind: 'recover', action: 'auto', force: chance.happens(0.5), dryRun: false, ...by },
    { kind: 'press', by: 'ada', press: { button: chance.pick(BUTTONS), thread, offeredAt } },
    { kind: 'press', by: 'ada', press: { button: chance.pick(BUTTONS), thread, offeredAt } },
  ])
}

function leaveFleet(stage: Stage, targets: readonly Target[]): void {
  for (const { id } of targets) {
    const { thread, offeredAt } = stage.placeOf(id).state?.fleetAlert ?? {}
    if (thread !== undefined && offeredAt !== undefined)
      stage.order(id, { kind: 'press', by: 'ada', press: { button: 'leave-off', thread, offeredAt } })
  }
}

const seen = new Map<string, number>()

function count(notices: readonly Notice[]): void {
  for (const { cause, kind, incidentId } of notices) {
    const what = cause === 'fleet' ? 'fleet' : incidentId === undefined ? 'warning' : 'incident'
    const name = `${what} ${kind}`
    seen.set(name, (seen.get(name) ?? 0) + 1)
  }
}

type World = {
  readonly world: Machines | ReturnType<typeof createAdversary>
  readonly befall: (stage: Stage) => void
}

function play(
  { seed, count: size, trouble, ticks }: Story,
  worldOf: (chance: Chance, ids: readonly string[]) => World,
): void {
  const chance = createChance(seed)
  const targets = fleetOf(size, chance)
  const { world, befall } = worldOf(
    chance,
    targets.map(({ id }) => id),
  )
  const share = { freezes: trouble, crashes: trouble, losses: trouble }
  const rules = [toldOnce(), neverSilent(policy), tellsNothingInVain()]
  const stage = createStage({ chance, policy, targets, world, rules, trouble: share, startAt: NOW })
  for (let tick = 0; tick < ticks; tick += 1) {
    const at = NOW + tick * MINUTE
    stage.at(at + chance.below(10 * SECOND), stage.tick)
    stage.at(at + 20 * SECOND, () => befall(stage))
    // People take one in hand, or all of it.
    if (chance.happens(0.01))
      stage.at(at + chance.below(MINUTE), () => {
        for (const { id } of targets)
          if (chance.happens(0.8))
            stage.order(id, { kind: 'pause', minutes: 60, by: 'ada', reason: 'because' })
      })
    if (chance.happens(0.03)) stage.at(at + chance.below(MINUTE), () => leaveFleet(stage, targets))
    if (!chance.happens(0.08)) continue
    stage.at(at + chance.below(MINUTE), () => {
      const { id } = chance.pick(targets)
      stage.order(id, orderOn(stage.placeOf(id).state, chance))
    })
  }
  stage.play()
  count(noticesOf(stage.happenings))
}

/** Witnesses that contradict each other. */
function adversaries(chance: Chance): World {
  const noise = chance.pick([0, 0.02, 0.1, 0.3])
  const world = createAdversary({ chance, noise, moodiness: chance.pick([0.02, 0.05, 0.15]) })
  return { world, befall: world.turn }
}

/** Real faults, of one target or of many at once, and networks that lose every other probe. */
function faulty(chance: Chance, ids: readonly string[]): World {
  const blips = chance.pick([0, 0, 0.3, 0.5, 0.7])
  const world = createMachines({ chance, lost: chance.pick([0, 0.3]), blips, bootMaxMs: 50 * SECOND })
  const common = chance.happens(0.5) ? chance.pick(FAULT_NAMES) : undefined
  return {
    world,
    befall(stage) {
      if (chance.happens(0.05))
        for (const id of ids)
          if (chance.happens(common === undefined ? 0.3 : 0.7))
            world.strike(id, common ?? chance.pick(FAULT_NAMES), stage.now())
      if (chance.happens(0.05)) for (const id of ids) if (chance.happens(0.5)) world.heal(id, stage.now())
    },
  }
}

describe('notices are written once and in order, none in vain, and nobody is silent', () => {
  it('whatever the witnesses say', () => {
    fc.assert(
      fc.property(story, (told) => play(told, adversaries)),
      { numRuns: 60 },
    )
  })

  it('whatever befalls a fleet', () => {
    fc.assert(
      fc.property(story, (told) => play(told, faulty)),
      { numRuns: 150 },
    )
  })

  it('of every kind there was one in these stories', () => {
    for (const kind of ['triggered', 'progress', 'person', 'again', 'resolved', 'reminder'])
      expect(seen.get(`incident ${kind}`) ?? 0, `incident ${kind}`).toBeGreaterThan(0)
    for (const kind of ['triggered', 'progress', 'resolved'])
      expect(seen.get(`warning ${kind}`) ?? 0, `warning ${kind}`).toBeGreaterThan(0)
    for (const kind of ['triggered', 'person', 'progress', 'resolved', 'reminder'])
      expect(seen.get(`fleet ${kind}`) ?? 0, `fleet ${kind}`).toBeGreaterThan(0)
  })
})
