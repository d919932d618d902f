/** From a target's state and its last report to what the API and the pages show. */
import { budgetViews } from '../core/budget.ts'
import type { Policy } from '../core/policy.ts'
import type { SecretView, TargetReport, TargetView, WorkloadView } from '../core/report.ts'
import { usesOf } from '../core/secret-plan.ts'
import type { TargetState } from '../core/state.ts'
import type { Target } from '../core/target.ts'
import { told } from '../core/told.ts'

type Seen = { readonly at: number; readonly report?: TargetReport }

export function viewOf(target: Target, policy: Policy, state: TargetState, seen: Seen): TargetView {
  const { report } = seen
  const last = state.lastVerdict
  const cause = report === undefined ? last?.cause : report.cause
  const paused = state.pause !== undefined && seen.at < state.pause.until ? { paused: told(state.pause) } : {}
  const incident = state.incidentId === undefined ? {} : { incidentId: state.incidentId }
  return {
    id: target.id,
    verdict: report?.verdict ?? last?.verdict ?? 'inconclusive',
    ...(cause === undefined ? {} : { cause }),
    reason: report?.reason ?? last?.reason ?? 'not looked at yet',
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
      seen.at,
    ),
    ...incident,
    workloads: target.workloads.map((workload) => workloadView(workload, report)),
    secrets: usesOf(target).map((use) => secretView(use, state)),
    ...(report === undefined ? {} : { lastTickAt: new Date(seen.at).toISOString() }),
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
