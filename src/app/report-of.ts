/** From what a run watched to the report's line of it. */
import type { TargetReport } from '../core/report.ts'
import type { Watched } from './watch.ts'

export function reportOf(id: string, { decision, actions, evidence, trouble }: Watched): TargetReport {
  const { verdict, cause, reason } = decision.verdict
  return {
    id,
    verdict,
    ...(cause === undefined ? {} : { cause }),
    reason,
    phase: decision.state.phase,
    evidence,
    actions,
    ...(decision.state.incidentId === undefined ? {} : { incidentId: decision.state.incidentId }),
    ...(trouble === undefined ? {} : { trouble: trouble.detail }),
  }
}
