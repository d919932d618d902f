/** From what a run watched to the report's line of it. */
import type { TargetReport } from '../core/report.ts'
import type { Watched } from './watch.ts'

export function reportOf(id: string, { decision, actions, evidence, trouble }: Watched): TargetReport {
  const { verdict, cause, reason } = decision.verdict
  const { refusal } = decision
  const why = trouble?.detail ?? (refusal?.kind === 'in-flight' ? refusal.detail : undefined)
  return {
    id,
    verdict,
    ...(cause === undefined ? {} : { cause }),
    reason,
    phase: decision.state.phase,
    evidence,
    actions,
    ...(decision.state.incidentId === undefined ? {} : { incidentId: decision.state.incidentId }),
    ...(why === undefined ? {} : { trouble: why }),
  }
}
