/** Budgets, cooldown and breaker: how often a rung may be used. Budgets slide and are never refilled. */

import type { ActingRung } from './action.ts'
import { assertNever } from './assert-never.ts'
import type { Limit, Policy } from './policy.ts'
import type { BudgetView } from './report.ts'
import type { TargetState, Use } from './state.ts'

type Spend = ActingRung | 'rollout'

function limitsOf(policy: Policy, rung: Spend): readonly Limit[] {
  const { budgets } = policy
  switch (rung) {
    case 'restart-workload':
      return [budgets.restartWorkload]
    case 'reboot':
    case 'reset':
      return budgets.destructive
    case 'start':
    case 'resume':
      return [budgets.start]
    case 'rollout':
      return [budgets.rollout]
    default:
      return assertNever(rung)
  }
}

function shares(rung: Spend, use: Use, unit: string | undefined): boolean {
  switch (rung) {
    case 'restart-workload':
      return use.rung === rung && use.unit === unit
    case 'reboot':
    case 'reset':
      return use.rung === 'reboot' || use.rung === 'reset'
    case 'start':
    case 'resume':
      return use.rung === 'start' || use.rung === 'resume'
    case 'rollout':
      return use.rung === rung
    default:
      return assertNever(rung)
  }
}

function used(
  uses: readonly Use[],
  rung: Spend,
  unit: string | undefined,
  limit: Limit,
  now: number,
): number {
  return uses.filter((use) => now - use.at < limit.windowMs && shares(rung, use, unit)).length
}

export type BudgetAnswer =
  | { readonly kind: 'left' }
  | { readonly kind: 'spent'; readonly limit: Limit; readonly used: number }

/** Whether the rung may be used once more. `unit` for `restart-workload`. */
export function budgetFor(
  policy: Policy,
  state: TargetState,
  { rung, unit }: { rung: Spend; unit?: string | undefined },
  now: number,
): BudgetAnswer {
  for (const limit of limitsOf(policy, rung)) {
    const count = used(state.uses, rung, unit, limit, now)
    if (count >= limit.max) return { kind: 'spent', limit, used: count }
  }
  return { kind: 'left' }
}

/** Notes a use. Of each rung and unit as much is kept as any question needs: its windows' time, its limits' number. */
export function spend(policy: Policy, uses: readonly Use[], use: Use): readonly Use[] {
  const within = [...uses, use].filter(({ rung, at }) => use.at - at < memoryMs(policy, rung))
  return within.filter((kept, index) => {
    const newer = within.slice(index + 1).filter(({ rung, unit }) => rung === kept.rung && unit === kept.unit)
    return newer.length < usesMax(policy, kept.rung)
  })
}

function memoryMs(policy: Policy, rung: Spend): number {
  return Math.max(...limitsOf(policy, rung).map(({ windowMs }) => windowMs), cooldownMemoryMs(policy))
}

function usesMax(policy: Policy, rung: Spend): number {
  return Math.max(...limitsOf(policy, rung).map(({ max }) => max), policy.cooldown.stepsMs.length)
}

function cooldownMemoryMs({ cooldown }: Policy): number {
  return cooldown.resetAfterHealthMs + Math.max(...cooldown.stepsMs)
}

/**
 * When the rung may be repeated: 0 when at once. Each repeat waits longer; an hour of observed health resets it.
 * The cooldown is of one rung (and unit): another rung is not held up by it.
 */
export function cooldownEndsAt(
  policy: Policy,
  state: TargetState,
  { rung, unit }: { rung: ActingRung; unit?: string | undefined },
): number {
  const since = healthResetAt(state)
  const own = state.uses.filter((use) => use.rung === rung && use.unit === unit && use.at > since)
  const last = own.at(-1)
  if (last === undefined) return 0
  const steps = policy.cooldown.stepsMs
  return last.at + (steps[Math.min(own.length, steps.length) - 1] ?? 0)
}

/** Uses at or before this no longer count for the cooldown. */
function healthResetAt(state: TargetState): number {
  return state.cooldownResetAt ?? Number.NEGATIVE_INFINITY
}

/** What is left of each budget, for people. */
export function budgetViews(
  policy: Policy,
  state: TargetState,
  units: readonly string[],
  now: number,
): readonly BudgetView[] {
  const rows: { rung: Spend; unit?: string }[] = [
    ...units.map((unit) => ({ rung: 'restart-workload' as const, unit })),
    { rung: 'reset' },
    { rung: 'start' },
    { rung: 'rollout' },
  ]
  return rows.flatMap(({ rung, unit }) =>
    limitsOf(policy, rung).map((limit) => ({
      rung: rung === 'reset' ? 'reboot or reset' : rung === 'start' ? 'start or resume' : rung,
      ...(unit === undefined ? {} : { unit }),
      used: used(state.uses, rung, unit, limit, now),
      max: limit.max,
      windowMs: limit.windowMs,
    })),
  )
}
