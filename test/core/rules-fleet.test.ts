/** Rule 8, the fleet's brake: destructive rungs are held while half of a fleet fails, then released one at a time. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Member } from '../../src/core/fleet.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Target } from '../../src/core/target.ts'
import { MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createAdversary } from './drive-adversary.ts'
import { createChance, SEED } from './drive-chance.ts'
import type { Fault } from './drive-faults.ts'
import type { Rule } from './drive-happening.ts'
import { NO_TROUBLE } from './drive-happening.ts'
import { createMachines } from './drive-machine.ts'
import { issuedIn, must } from './drive-rules.ts'
import { allRules } from './drive-rules-all.ts'
import { createStage } from './drive-stage.ts'

fc.configureGlobal({ seed: SEED, includeErrorInReport: true })

const IDS = ['ant', 'bee', 'cat', 'dog', 'elk']

function fleetOf(count: number): readonly Target[] {
  return IDS.slice(0, count).map((id) => ({ ...target, id }))
}

function fails({ answers, failingSince }: Member): boolean {
  return answers === undefined ? failingSince !== undefined : !answers
}

/** It keeps its own clock of the brake: since when half of the fleet has failed, by its probes or its states. */
function rule8(): Rule {
  const written = new Map<string, TargetState>()
  let newest = Number.NEGATIVE_INFINITY
  let onset: number | undefined
  /** Ordered by the guard under the brake. */
  const destructive = new Set<string>()
  return (happening) => {
    if (happening.kind !== 'committed') return
    const { members } = happening.situation.fleet
    const { now } = happening.situation.moment
    const half = members.length / 2
    // A run that froze brings an older view.
    const { deadlineAt } = happening.situation.moment
    const isNew = deadlineAt >= newest
    newest = Math.max(newest, deadlineAt)
    if (happening.wrote) written.set(happening.target, happening.decision.state)
    const broadly = members.filter(
      (member) => fails(member) || written.get(member.id)?.failingSince !== undefined,
    )
    if (isNew) onset = members.length < 3 || broadly.length < half ? undefined : (onset ?? now)
    const action = issuedIn(happening)
    if (action === undefined || action.by.kind !== 'guard' || !['reboot', 'reset'].includes(action.rung))
      return
    if (members.length < 3 || members.filter(fails).length < half) return
    must(
      onset !== undefined && now - onset >= policy.fleet.holdMs,
      'rule 8',
      `${action.id} while half of the fleet fails`,
    )
    for (const member of members.filter((other) => fails(other) && other.id !== happening.target)) {
      const pending = written.get(member.id)?.action?.id ?? ''
      must(!destructive.has(pending), 'rule 8', `${action.id} while ${pending} is still being verified`)
    }
    destructive.add(action.id)
  }
}

const held = { count: 0 }

function playFleet({ seed, count, trouble }: { seed: number; count: number; trouble: number }): void {
  const chance = createChance(seed)
  const world = createAdversary({ chance, noise: 0.02, moodiness: 0.05 })
  const share = { freezes: trouble, crashes: trouble, losses: trouble }
  const targets = fleetOf(count)
  const rules = [...allRules(policy), rule8()]
  const stage = createStage({ chance, policy, targets, world, rules, trouble: share, startAt: NOW })
  for (let tick = 0; tick < 45; tick += 1)
    stage.at(NOW + tick * MINUTE + chance.below(10 * SECOND), () => {
      world.turn()
      stage.tick()
    })
  stage.play()
  held.count += stage.happenings.filter(
    (happening) =>
      happening.kind === 'committed' &&
      happening.situation.fleet.brake.kind !== 'off' &&
      ['reboot', 'reset'].includes(issuedIn(happening)?.rung ?? ''),
  ).length
}

describe('when half of a fleet fails at once', () => {
  it('nothing is rebooted or reset for ten minutes, and then one target at a time', () => {
    const story = fc.record({
      seed: fc.integer(),
      count: fc.integer({ min: 3, max: 5 }),
      trouble: fc.constantFrom(0, 0.03),
    })
    fc.assert(
      fc.property(story, (told) => playFleet(told)),
      { numRuns: 60 },
    )
    expect(held.count).toBeGreaterThan(5)
  })
})

/** When each of the frozen ones works again, in minutes from the fault. */
function backAfterMinutes(
  seed: number,
  before: readonly [string, Fault | 'pause'][],
  frozen: readonly string[],
): readonly number[] {
  const chance = createChance(seed)
  const machines = createMachines({ chance, lost: 0, blips: 0, bootMaxMs: 50 * SECOND })
  const rules = [...allRules(policy), rule8()]
  const stage = createStage({
    chance,
    policy,
    targets: fleetOf(3),
    world: machines,
    rules,
    trouble: NO_TROUBLE,
    startAt: NOW,
  })
  for (const [id, fault] of before)
    stage.at(NOW + 5 * MINUTE, () => {
      if (fault === 'pause')
        stage.order(id, { kind: 'pause', minutes: 600, by: 'ada', reason: 'maintenance' })
      machines.strike(id, fault === 'pause' ? 'vm-stopped-by-person' : fault, stage.now())
    })
  const struckAt = NOW + 65 * MINUTE
  stage.at(struckAt, () => {
    for (const id of frozen) machines.strike(id, 'vm-freezes', struckAt)
  })
  const backAt = new Map<string, number>()
  for (let tick = 0; tick < 150; tick += 1) {
    stage.at(NOW + tick * MINUTE, stage.tick)
    stage.at(NOW + tick * MINUTE, () => {
      for (const id of frozen)
        if (stage.now() > struckAt && !backAt.has(id) && machines.isWell(id, stage.now()))
          backAt.set(id, stage.now())
    })
  }
  stage.play()
  return frozen.map((id) => ((backAt.get(id) ?? Number.POSITIVE_INFINITY) - struckAt) / MINUTE)
}

describe('a brake that is held lets go', () => {
  it.each<[string, readonly [string, Fault | 'pause'][], readonly string[], number]>([
    ['two of three freeze', [], ['bee', 'cat'], 25],
    ['one freezes beside one that a person stopped', [['ant', 'vm-stopped-by-person']], ['bee'], 17],
    [
      'one freezes beside one whose unit a person stopped',
      [['ant', 'workload-stopped-by-person']],
      ['bee'],
      17,
    ],
    ['one freezes beside one behind a broken path', [['ant', 'path-broken']], ['bee'], 17],
    ['one freezes beside one that lets nobody in', [['ant', 'key-rejected']], ['bee'], 17],
    ['one freezes beside one that is down for good', [['ant', 'workload-exits-for-good']], ['bee'], 17],
    ['one freezes beside one that is paused and down', [['ant', 'pause']], ['bee'], 17],
  ])('%s: all are back', (_name, before, frozen, minutes) => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        for (const back of backAfterMinutes(seed, before, frozen)) expect(back).toBeLessThanOrEqual(minutes)
      }),
      { numRuns: 3 },
    )
  })

  it('waits for the one that is being mended, though one that failed earlier could be mended now', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chance = createChance(seed)
        const machines = createMachines({
          chance,
          lost: 0,
          blips: 0,
          bootMinMs: 4 * MINUTE,
          bootMaxMs: 5 * MINUTE,
        })
        const options = {
          chance,
          policy,
          targets: fleetOf(3),
          world: machines,
          trouble: NO_TROUBLE,
          startAt: NOW,
        }
        const stage = createStage({ ...options, rules: [...allRules(policy), rule8()] })
        const strikes = [
          ['ant', 'key-rejected', 5],
          ['bee', 'vm-freezes', 6],
          ['ant', 'vm-freezes', 18],
        ] as const
        for (const [id, fault, minute] of strikes)
          stage.at(NOW + minute * MINUTE + 30 * SECOND, () => machines.strike(id, fault, stage.now()))
        stage.at(NOW + 20 * MINUTE + 30 * SECOND, () =>
          stage.order('ant', {
            kind: 'resume',
            closeBreaker: false,
            by: 'ada',
            reason: 'the key is right now',
          }),
        )
        for (let tick = 0; tick < 30; tick += 1) stage.at(NOW + tick * MINUTE, stage.tick)
        stage.play()
        for (const id of ['ant', 'bee']) expect(machines.of(id, NOW).done.length).toBeGreaterThan(0)
      }),
      { numRuns: 3 },
    )
  })
})
