/** From a target's state and its last report to what the API and the pages show. */
import { budgetViews } from '../core/budget.ts'
import type { Policy } from '../core/policy.ts'
import type { SecretView, TargetReport, TargetView, WorkloadView } from '../core/report.ts'
import { usesOf } from '../core/secret-plan.ts'
import type { TargetState } from '../core/state.ts'
import type { Target } from '../core/target.ts'
import { told } from '../core/told.ts'

/** `last`: this process's last look. */
export type Seen = {
  readonly now: number
  readonly last?: { readonly at: number; readonly report: TargetReport } | undefined
}

export function viewOf(target: Target, policy: Policy, state: TargetState, { now, last }: Seen): TargetView {
  const report = last?.report
  const stored = state.lastVerdict
  // Another process may have looked since.
  const word = last === undefined || (stored !== undefined && stored.at > last.at) ? stored : last.report
  const paused = state.pause !== undefined && now < state.pause.until ? { paused: told(state.pause) } : {}
  const incident = state.incidentId === undefined ? {} : { incidentId: state.incidentId }
  return {
    id: target.id,
    verdict: word?.verdict ?? 'inconclusive',
    ...(word?.cause === undefined ? {} : { cause: word.cause }),
    reason: word?.reason ?? 'not looked at yet',
    phase: state.phase,
    phaseReason: state.reason,
    phaseSince: new Date(state.phaseSince).toISOString(),
    armed: state.arming.kind === 'armed',
    arming: told(state.arming),
    evidence: report?.evidence ?? {},
    ...paused,
    breaker: told(state.breaker),
    budgets: budgetViews(
      policy,
      state,
      target.workloads.map(({ unit }) => unit),
      now,
    ),
    ...incident,
    workloads: target.workloads.map((workload) => workloadView(workload, report)),
    secrets: usesOf(target).map((use) => secretView(use, state)),
    ...(last === undefined ? {} : { lastTickAt: new Date(last.at).toISOString() }),
    ...(report?.trouble === undefined ? {} : { trouble: report.trouble }),
  }
}

function workloadView({ unit, container }: Target['workloads'][number], report?: TargetReport): WorkloadView {
  const state = report?.evidence['workloads']?.detail?.split('; ').find((part) => part.startsWith(`${unit} `))
  return { unit, container, ...(state === undefined ? {} : { state: state.slice(unit.length + 1) }) }
}

function secretView(
  { as, secret, version }: ReturnType<typeof usesOf>[number],
  { applied }: TargetState,
): SecretView {
  const known = applied.find(({ name }) => name === as)
  const there =
    known === undefined ? {} : { applied: known.version, appliedAt: new Date(known.at).toISOString() }
  return { name: as, secret, wanted: version, ...there }
}

/** A target whose state must be left alone. */
export function viewOfTrouble(target: Target, report: TargetReport): TargetView {
  const { verdict, reason, phase } = report
  return {
    id: target.id,
    verdict,
    reason,
    phase,
    armed: false,
    evidence: {},
    breaker: { kind: 'closed' },
    budgets: [],
    workloads: target.workloads.map((workload) => workloadView(workload)),
    secrets: usesOf(target).map(({ as, secret, version }) => ({ name: as, secret, wanted: version })),
    trouble: reason,
  }
}
