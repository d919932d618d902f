/** Stories for the adversarial properties: ticks at uneven times, people's orders, lost states, restarts. */
import fc from 'fast-check'
import type { Policy } from '../../src/core/policy.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Request } from '../../src/core/request.ts'
import type { Target } from '../../src/core/target.ts'
import { target as bot, MINUTE, NOW, SECOND } from './build.ts'
import type { Adversary } from './drive-adversary.ts'
import { createAdversary } from './drive-adversary.ts'
import type { Chance } from './drive-chance.ts'
import { createChance } from './drive-chance.ts'
import { issuedIn } from './drive-rules.ts'
import { allRules } from './drive-rules-all.ts'
import type { Stage } from './drive-stage.ts'
import { createStage } from './drive-stage.ts'

const MINUTES = (...minutes: readonly number[]): readonly number[] => minutes.map((each) => each * MINUTE)

/** With budgets that are soon spent, so that the breaker opens in a story of an hour, and short times. */
export const POLICIES = {
  usual: { ...DEFAULT_POLICY, path: { ...DEFAULT_POLICY.path, resetAllowed: true } },
  tight: {
    ...DEFAULT_POLICY,
    path: { ...DEFAULT_POLICY.path, resetAllowed: true, resetAfterMs: 3 * MINUTE },
    graceMs: 3 * MINUTE,
    vm: { ...DEFAULT_POLICY.vm, bootUnchangedMs: 3 * MINUTE, hostErrorHoldMs: MINUTE },
    cooldown: { stepsMs: MINUTES(1, 2), resetAfterHealthMs: 60 * MINUTE },
    budgets: {
      restartWorkload: { max: 2, windowMs: 60 * MINUTE },
      destructive: [
        { max: 2, windowMs: 60 * MINUTE },
        { max: 3, windowMs: 240 * MINUTE },
      ],
      start: { max: 2, windowMs: 60 * MINUTE },
      rollout: { max: 3, windowMs: 60 * MINUTE },
    },
  },
} satisfies Record<string, Policy>

/** Two workloads, each with a secret, so that rollouts have more than one restart to do. */
export const target: Target = {
  ...bot,
  health: { url: bot.health.url, expect: { status: 200 } },
  workloads: [
    ...bot.workloads,
    {
      unit: 'api.service',
      container: 'systemd-api',
      secrets: [{ secret: 'token', version: 'latest', as: 'api_token', type: 'mount' }],
    },
  ],
}

export type Story = {
  readonly seed: number
  readonly ticks: number
  readonly noise: number
  readonly trouble: number
  readonly budgets: keyof typeof POLICIES
  /** How often a person or a sync comes between two ticks, from 0 to 1. */
  readonly eager: number
}

export const story = fc.record({
  seed: fc.integer(),
  budgets: fc.constantFrom('usual', 'tight'),
  eager: fc.constantFrom(0.2, 0.2, 0.7),
  ticks: fc.integer({ min: 1, max: 50 }),
  noise: fc.constantFrom(0, 0.02, 0.1, 0.3),
  trouble: fc.constantFrom(0, 0.02, 0.1),
})

function orderBy(chance: Chance): Exclude<Request, { kind: 'tick' }> {
  const by = { by: 'ada', reason: 'because' }
  const force = chance.happens(0.4)
  const action = chance.pick(['auto', 'restart-workload', 'reboot', 'reset', 'start'] as const)
  return chance.pick<Exclude<Request, { kind: 'tick' }>>([
    { kind: 'sync', dryRun: false },
    { kind: 'sync', dryRun: false },
    { kind: 'recover', action, force, dryRun: false, ...by },
    { kind: 'recover', action, force, dryRun: false, ...by },
    { kind: 'arm', ...by },
    { kind: 'pause', minutes: chance.between(1, 10), ...by },
    { kind: 'resume', closeBreaker: chance.happens(0.7), ...by },
  ])
}

export const issued = new Map<string, number>()

export function play(told: Story, ending?: Ending, rulesOf = allRules): Stage {
  const { seed, ticks, noise, trouble, eager } = told
  const policy = POLICIES[told.budgets]
  const rules = rulesOf(policy)
  const chance = createChance(seed)
  const world = createAdversary({ chance, noise, moodiness: 0.15 })
  const share = { freezes: trouble, crashes: trouble, losses: trouble }
  const stage = createStage({ chance, policy, targets: [target], world, rules, trouble: share, startAt: NOW })
  let when = NOW
  for (let tick = 0; tick < ticks; tick += 1) {
    when += chance.happens(0.8) ? 60 * SECOND : chance.below(5 * MINUTE)
    stage.at(when, () => {
      world.turn()
      stage.tick()
    })
    if (chance.happens(0.1)) stage.at(when + chance.below(20 * SECOND), stage.tick)
    if (chance.happens(eager))
      stage.at(when + chance.below(MINUTE), () => stage.order(target.id, orderBy(chance)))
    if (chance.happens(0.02)) stage.at(when, stage.restart)
    if (chance.happens(0.005)) stage.at(when + chance.below(MINUTE), () => stage.loseState(target.id))
    if (chance.happens(0.03)) when += chance.below(5 * 60 * MINUTE)
  }
  if (ending !== undefined) end({ stage, world }, ending, when + 10 * MINUTE)
  stage.play()
  for (const happening of stage.happenings) {
    const action = issuedIn(happening)
    if (action === undefined) continue
    const name = `${action.by.kind} ${action.purpose === 'rollout' ? 'rollout' : action.rung}`
    issued.set(name, (issued.get(name) ?? 0) + 1)
  }
  return stage
}

/** From some time on all is well: with a person who closes the breaker and arms, or without. */
export type Ending = { readonly ticks: number; readonly person: boolean }

function end(
  { stage, world }: { stage: Stage; world: Adversary },
  { ticks, person }: Ending,
  from: number,
): void {
  stage.at(from, () => {
    world.heal()
    stage.calm()
    if (person) stage.order(target.id, { kind: 'resume', closeBreaker: true, by: 'ada', reason: 'mended' })
  })
  stage.at(from + 30 * SECOND, () => {
    if (person) stage.order(target.id, { kind: 'arm', by: 'ada', reason: 'mended' })
  })
  for (let tick = 1; tick <= ticks; tick += 1) stage.at(from + tick * MINUTE, stage.tick)
}
