/**
 * Confirmation: has ambiguous evidence stood long enough? In two ticks in a row, or in several within a window.
 * Definitive evidence needs none.
 */
import type { Judgement } from './judgement.ts'
import type { Policy } from './policy.ts'
import type { Cause, TargetState } from './state.ts'

/** Bounds the list of remembered failures; more than any flapping rule needs. */
const FAILURES_MAX = 16

/** Causes that are one suspicion seen through different witnesses: silence is silence, whatever the heartbeat says. */
const FAMILY: Partial<Record<Cause, string>> = {
  'vm-frozen': 'silence',
  'vm-unreachable': 'silence',
  'path-broken': 'silence',
}

function family(cause: Cause): string {
  return FAMILY[cause] ?? cause
}

/** Remembers this tick's failure. Ticks that come too close together (doubled, retried) count once. */
export function rememberFailure(
  policy: Policy,
  state: TargetState,
  cause: Cause,
  now: number,
): TargetState['failures'] {
  const recent = state.failures.filter(({ at }) => now - at <= policy.confirmation.flapWindowMs)
  const newest = recent.findLast((failure) => family(failure.cause) === family(cause))
  if (newest !== undefined && now - newest.at < policy.confirmation.gapMinMs) return recent
  return [...recent, { at: now, cause }].slice(-FAILURES_MAX)
}

/** Whether the judgement may be acted on now. `state` is the one before this tick's failure was remembered. */
export function isConfirmed(policy: Policy, state: TargetState, judgement: Judgement, now: number): boolean {
  if (judgement.certainty === 'definitive') return true
  if (judgement.cause === undefined) return false
  const kin = family(judgement.cause)
  const earlier = state.failures.filter((failure) => family(failure.cause) === kin)
  return stoodInARow(policy, state, earlier, now) || flaps(policy, earlier, now)
}

function stoodInARow(
  { confirmation }: Policy,
  state: TargetState,
  earlier: TargetState['failures'],
  now: number,
): boolean {
  const { gapMinMs, gapMaxMs } = confirmation
  return earlier.some(
    ({ at }) =>
      now - at >= gapMinMs &&
      now - at <= gapMaxMs &&
      (state.lastHealthyAt === undefined || state.lastHealthyAt < at),
  )
}

function flaps({ confirmation }: Policy, earlier: TargetState['failures'], now: number): boolean {
  const within = earlier.filter(
    ({ at }) => now - at >= confirmation.gapMinMs && now - at <= confirmation.flapWindowMs,
  )
  return within.length + 1 >= confirmation.flapTicks
}
