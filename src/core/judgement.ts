/** What a verdict rests on and what would mend it: the inner form of a verdict, between verdict.ts and escalation.ts. */
import type { Verdict } from './decision.ts'
import type { Observation } from './evidence.ts'
import type { Policy } from './policy.ts'
import type { Moment } from './request.ts'
import type { TargetState } from './state.ts'
import type { Target } from './target.ts'

export type Remedy =
  | { readonly kind: 'none' }
  /** Somebody or something else is at it; `since` when it was first seen, and when a person is to be told. */
  | { readonly kind: 'wait'; readonly callPersonAt?: number }
  /** One unit at a time; `allDown` when no workload of the target is well, so that a reboot harms nobody. */
  | { readonly kind: 'restart-workload'; readonly units: readonly string[]; readonly allDown: boolean }
  | { readonly kind: 'reboot' }
  | { readonly kind: 'reset' /** not before this */; readonly notBefore?: number }
  | { readonly kind: 'start' | 'resume'; readonly notBefore?: number }
  | { readonly kind: 'human' }

export type Judgement = Verdict & {
  /** Definitive evidence acts in the same tick; ambiguous evidence must stand. */
  readonly certainty: 'definitive' | 'ambiguous'
  readonly remedy: Remedy
}

/** What the judge looks at. */
export type Case = {
  readonly policy: Policy
  readonly target: Target
  readonly state: TargetState
  readonly observation: Observation
  /** Other targets whose first probe of this tick was answered. */
  readonly peersAnswering: number
  readonly moment: Moment
}

const NOTHING: Remedy = { kind: 'none' }

export function healthy(reason: string): Judgement {
  return { verdict: 'healthy', reason, certainty: 'definitive', remedy: NOTHING }
}

export function degraded(cause: NonNullable<Verdict['cause']>, reason: string, remedy = NOTHING): Judgement {
  return { verdict: 'degraded', cause, reason, certainty: 'definitive', remedy }
}

export function inconclusive(reason: string, cause?: NonNullable<Verdict['cause']>): Judgement {
  return {
    verdict: 'inconclusive',
    ...(cause === undefined ? {} : { cause }),
    reason,
    certainty: 'ambiguous',
    remedy: NOTHING,
  }
}

export function unhealthy(
  certainty: Judgement['certainty'],
  cause: NonNullable<Verdict['cause']>,
  reason: string,
  remedy: Remedy,
): Judgement {
  return { verdict: 'unhealthy', cause, reason, certainty, remedy }
}
