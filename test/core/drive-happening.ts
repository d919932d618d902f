/** The words of the stage: the world it plays in, its runs, what happens on it, and the rules that watch. */
import type { Effect } from '../../src/core/action.ts'
import type { Decision } from '../../src/core/decision.ts'
import type { EffectResult } from '../../src/core/evidence.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Query } from '../../src/core/query.ts'
import type { Recollection } from '../../src/core/request.ts'
import type { Situation } from '../../src/core/situation.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Target } from '../../src/core/target.ts'
import type { Answer, Ended, Heard, Run, Step, Version } from './drive.ts'
import type { Chance } from './drive-chance.ts'

export type World = {
  readonly hear: (target: Target, query: Query, now: number) => Heard
  /** Carries the effect out at once; its word comes back after `durationMs`, 22 s at most. */
  readonly carryOut: (
    target: Target,
    effect: Effect,
    now: number,
  ) => { readonly result: EffectResult; readonly durationMs: number }
  /** How long a question takes; by chance when the world doesn't say. */
  readonly lagMs?: (target: Target, query: Query, now: number) => number
}

/** How often something goes wrong between the guard and itself: shares of all steps, from 0 to 1. */
export type Trouble = { readonly freezes: number; readonly crashes: number; readonly losses: number }
export const NO_TROUBLE: Trouble = { freezes: 0, crashes: 0, losses: 0 }

/** One process of the service: what it may forget. */
export type Process = { readonly startedAt: number; readonly recollections: Map<string, Recollection> }

/** One run of the loop for one target. */
export type Live = {
  readonly owner: string
  readonly beganAt: number
  readonly run: Run
  readonly process: Process
  readonly generator: Generator<Step, Ended, Answer>
  readonly tick: Tick
  /** When the witnesses beside http were last heard. */
  heardAt?: number
}

export type Tick = { dead: boolean; waiting: { live: Live; answers: boolean }[]; runs: number }

export type Place = {
  readonly target: Target
  version: Version
  state?: TargetState
  readonly incidents: Map<string, Incident>
}

export type Happening = { readonly at: number; readonly target: string } & (
  | {
      readonly kind: 'heard'
      readonly live: Live
      readonly queries: readonly Query[]
      readonly heard: readonly Heard[]
    }
  | {
      readonly kind: 'committed'
      readonly live: Live
      readonly situation: Situation
      readonly decision: Decision
      readonly wrote: boolean
    }
  | { readonly kind: 'conflict'; readonly live: Live }
  | { readonly kind: 'called'; readonly live: Live; readonly effect: Effect; readonly until: number }
  | { readonly kind: 'too-late'; readonly live: Live; readonly effect: Effect }
  | { readonly kind: 'returned'; readonly live: Live; readonly result: EffectResult }
  | { readonly kind: 'state-lost' }
)

/** Throws when what happened must not. One instance watches one story. */
export type Rule = (happening: Happening, place: Place) => void

export type StageOptions = {
  readonly chance: Chance
  readonly policy: Policy
  readonly targets: readonly Target[]
  readonly world: World
  readonly rules: readonly Rule[]
  readonly trouble: Trouble
  readonly startAt: number
  /** The slowest word with the store, each way. */
  readonly commitMaxMs?: number
}
