/** From a target's state and its last look to what the API and the pages show. */

import type { Bucket } from '../core/bucket.ts'
import { budgetViews } from '../core/budget.ts'
import type { Policy } from '../core/policy.ts'
import type {
  Outlook,
  SecretView,
  SeenWorkload,
  TargetReport,
  TargetView,
  WorkloadView,
} from '../core/report.ts'
import { usesOf } from '../core/secret-plan.ts'
import type { TargetState } from '../core/state.ts'
import type { Target } from '../core/target.ts'
import { told } from '../core/told.ts'
import { pastOf } from './history-view.ts'

/** This process's last look. */
export type LastLook = {
  readonly at: number
  readonly report: TargetReport
  readonly outlook?: Outlook
  readonly workloads?: readonly SeenWorkload[]
}

export type Seen = {
  readonly now: number
  readonly last?: LastLook | undefined
  /** Measured by this process and not written yet. */
  readonly unwritten?: Bucket | undefined
}

export function viewOf(target: Target, policy: Policy, state: TargetState, seen: Seen): TargetView {
  const { now, last, unwritten } = seen
  const report = last?.report
  const stored = state.lastVerdict
  // Another process may have looked since.
  const isNewest = last !== undefined && (stored === undefined || stored.at <= last.at)
  const word = isNewest ? last.report : stored
  const paused = state.pause !== undefined && now < state.pause.until ? { paused: told(state.pause) } : {}
  const incident = state.incidentId === undefined ? {} : { incidentId: state.incidentId }
  const units = target.workloads.map(({ unit }) => unit)
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
    budgets: budgetViews(policy, state, units, now),
    ...incident,
    workloads: target.workloads.map((workload) => workloadView(workload, last?.workloads)),
    secrets: usesOf(target).map((use) => secretView(use, state)),
    ...lastLookOf(state, last),
    mode: policy.mode,
    ...(isNewest && last.outlook !== undefined ? { outlook: told(last.outlook) } : {}),
    ...pastOf(state, { policy, unwritten, now }),
    ...(report?.trouble === undefined ? {} : { trouble: report.trouble }),
  }
}

/** This process's own, or else the newest that somebody wrote down. */
function lastLookOf({ lookedAt }: TargetState, last: LastLook | undefined): Pick<TargetView, 'lastTickAt'> {
  const at = Math.max(last?.at ?? 0, lookedAt ?? 0)
  return at === 0 ? {} : { lastTickAt: new Date(at).toISOString() }
}

function workloadView(
  { unit, container }: Target['workloads'][number],
  seen: readonly SeenWorkload[] = [],
): WorkloadView {
  const found = seen.find((workload) => workload.unit === unit)
  if (found === undefined) return { unit, container }
  return {
    unit,
    container,
    state: found.state,
    ...(found.health === undefined ? {} : { health: found.health }),
  }
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
export function viewOfTrouble(target: Target, policy: Policy, report: TargetReport): TargetView {
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
    mode: policy.mode,
    uptime: {},
    days: [],
    trouble: reason,
  }
}
