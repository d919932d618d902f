/** Plays for the properties that need a world which makes sense: one VM of drive-machine.ts, ticked once a minute. */
import { MINUTE, NOW, policy, SECOND, target } from './build.ts'
import { createChance } from './drive-chance.ts'
import type { Fault } from './drive-faults.ts'
import { FAULTS } from './drive-faults.ts'
import type { Rule } from './drive-happening.ts'
import type { Machines } from './drive-machine.ts'
import { createMachines } from './drive-machine.ts'
import { issuedIn } from './drive-rules.ts'
import { allRules } from './drive-rules-all.ts'
import type { Stage } from './drive-stage.ts'
import { createStage } from './drive-stage.ts'

export const ID = target.id
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[]

export type Play = { readonly stage: Stage; readonly machines: Machines }
export type Told = {
  readonly seed: number
  readonly lost?: number
  readonly blips?: number
  readonly trouble?: number
}

/** One VM that is well, and the rules that hold always. */
export function begin({ seed, lost = 0, blips = 0, trouble = 0 }: Told, rules: readonly Rule[] = []): Play {
  const chance = createChance(seed)
  const machines = createMachines({ chance, lost, blips, bootMaxMs: 50 * SECOND })
  const share = { freezes: trouble, crashes: trouble, losses: trouble }
  const all = [...allRules(policy), ...rules]
  const stage = createStage({
    chance,
    policy,
    targets: [target],
    world: machines,
    rules: all,
    trouble: share,
    startAt: NOW,
  })
  return { stage, machines }
}

export function tickEveryMinute({ stage }: Play, count: number, from = NOW): number {
  for (let tick = 0; tick < count; tick += 1) stage.at(from + tick * MINUTE, stage.tick)
  return from + count * MINUTE
}

/** What the guard ordered by itself, rollouts aside. */
export function ordersOf({ stage }: Play): readonly string[] {
  return stage.happenings.flatMap((happening) => {
    const action = issuedIn(happening)
    return action === undefined || action.purpose === 'rollout' ? [] : [action.rung]
  })
}

/** One fault, 150 ticks through trouble; then a person mends what is left, and 50 ticks without. */
export function playOutage(
  fault: Fault,
  told: Outage,
  whenOver: (play: Play, now: number) => void = () => {},
): Play {
  const play = begin(told)
  strikeAt(play, fault, NOW + told.struckMs)
  const until = tickEveryMinute(play, 150)
  play.stage.at(until, () => {
    whenOver(play, until)
    play.machines.heal(ID, until)
    play.stage.calm()
  })
  tickEveryMinute(play, 50, until + MINUTE)
  return play
}

export type Outage = Told & { readonly struckMs: number }

/** One fault after the other; a person mends what is left of each after 20 min. */
export function playOutages(
  faults: readonly Fault[],
  told: Outage,
  rules: (machines: () => Machines) => readonly Rule[],
): Play {
  let machines: Machines | undefined
  const known = (): Machines => {
    if (machines === undefined) throw new Error('The play has not begun')
    return machines
  }
  const play = begin(told, rules(known))
  machines = play.machines
  for (const [index, fault] of faults.entries()) {
    const at = NOW + told.struckMs + index * 25 * MINUTE
    strikeAt(play, fault, at)
    play.stage.at(at + 20 * MINUTE, () => play.machines.heal(ID, at + 20 * MINUTE))
  }
  tickEveryMinute(play, 30 * faults.length)
  return play
}

export function strikeAt({ stage, machines }: Play, fault: Fault, at: number): void {
  stage.at(at, () => machines.strike(ID, fault, at))
}

/**
 * Orders raise the fence on the VM; then the guard's state is lost, a person confirms the target, and the same fault
 * comes again. From there on until the workload is back, in minutes.
 */
export function playLostState(seed: number): number {
  const play = begin({ seed })
  const { stage, machines } = play
  const order = { by: 'ada', reason: 'a drill', force: true, dryRun: false }
  for (const minute of [3, 5, 7])
    stage.at(NOW + minute * MINUTE + 30 * SECOND, () =>
      stage.order(ID, { kind: 'recover', action: 'restart-workload', ...order }),
    )
  stage.at(NOW + 20 * MINUTE + 30 * SECOND, () => stage.loseState(ID))
  stage.at(NOW + 22 * MINUTE + 30 * SECOND, () =>
    stage.order(ID, { kind: 'arm', by: 'ada', reason: 'it is the same' }),
  )
  const struckAt = NOW + 30 * MINUTE + 30 * SECOND
  strikeAt(play, 'workload-exits', struckAt)
  let backAt = Number.POSITIVE_INFINITY
  for (let minute = 31; minute < 60; minute += 1)
    stage.at(NOW + minute * MINUTE, () => {
      if (machines.isWell(ID, stage.now())) backAt = Math.min(backAt, stage.now())
    })
  tickEveryMinute(play, 60)
  stage.play()
  return (backAt - struckAt) / MINUTE
}

/** Preempted every 12 minutes, more often than it may be started; then a person resumes, without and with the breaker. */
export function playPreemptions(seed: number): {
  readonly starts: number
  readonly breakers: readonly string[]
  readonly refusals: readonly (string | undefined)[]
} {
  const play = begin({ seed })
  const { stage } = play
  for (let time = 0; time < 9; time += 1)
    strikeAt(play, 'vm-preempted', NOW + (5 + 12 * time) * MINUTE + 30 * SECOND)
  const breakers: string[] = []
  const note = (): void => {
    const { breaker, calledPerson } = stage.placeOf(ID).state ?? {}
    breakers.push(`${breaker?.kind}${calledPerson === undefined ? '' : ', called'}`)
  }
  const by = { by: 'ada', reason: 'seen' }
  // The rung that is asked for has a budget of its own, which is not spent.
  strikeAt(play, 'workload-exits', NOW + 122 * MINUTE + 30 * SECOND)
  for (const force of [false, true])
    stage.at(NOW + (force ? 126 : 124) * MINUTE + 30 * SECOND, () =>
      stage.order(ID, { kind: 'recover', action: 'restart-workload', force, dryRun: false, ...by }),
    )
  stage.at(NOW + 120 * MINUTE + 20 * SECOND, note)
  stage.at(NOW + 121 * MINUTE, () => play.machines.heal(ID, stage.now()))
  // A target that fell ill so often is on probation for half an hour.
  stage.at(NOW + 165 * MINUTE + 20 * SECOND, note)
  stage.at(NOW + 165 * MINUTE + 30 * SECOND, () =>
    stage.order(ID, { kind: 'resume', closeBreaker: false, ...by }),
  )
  stage.at(NOW + 167 * MINUTE + 20 * SECOND, note)
  stage.at(NOW + 167 * MINUTE + 30 * SECOND, () =>
    stage.order(ID, { kind: 'resume', closeBreaker: true, ...by }),
  )
  stage.at(NOW + 169 * MINUTE + 20 * SECOND, note)
  tickEveryMinute(play, 175)
  stage.play()
  const refusals = stage.happenings.flatMap((happening) =>
    happening.kind === 'committed' && happening.situation.request.kind === 'recover'
      ? [happening.decision.refusal?.kind]
      : [],
  )
  const starts = ordersOf(play).filter((rung) => rung === 'start').length
  return { starts, breakers, refusals: [...new Set(refusals)] }
}

/** Nobody gets in and the workload fails; a person mends the key only. From then on until the workload is back, in minutes. */
export function playGivenUp(seed: number): number {
  const play = begin({ seed })
  const { stage, machines } = play
  strikeAt(play, 'key-rejected', NOW + 5 * MINUTE + 30 * SECOND)
  const mendedAt = NOW + 40 * MINUTE + 30 * SECOND
  stage.at(mendedAt, () => Object.assign(machines.of(ID, stage.now()), { keyRejected: false }))
  let backAt = Number.POSITIVE_INFINITY
  for (let minute = 41; minute < 120; minute += 1)
    stage.at(NOW + minute * MINUTE, () => {
      if (machines.isWell(ID, stage.now())) backAt = Math.min(backAt, stage.now())
    })
  tickEveryMinute(play, 120)
  stage.play()
  return (backAt - mendedAt) / MINUTE
}
