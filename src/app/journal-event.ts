/** One structured event a run: what a log reader needs to know without any other line. */
import type { FleetView } from '../core/fleet.ts'
import type { TargetReport } from '../core/report.ts'
import type { Request } from '../core/request.ts'
import type { JournalEvent } from '../ports/journal.ts'

type Run = { readonly beganAt: number; readonly durationMs: number; readonly fleet: FleetView }

export function eventOf(request: Request, reports: readonly TargetReport[], run: Run): JournalEvent {
  const by = 'by' in request ? { by: request.by } : {}
  return {
    severity: severityOf(reports),
    message: messageOf(request, reports),
    fields: {
      event: request.kind,
      ...by,
      at: new Date(run.beganAt).toISOString(),
      durationMs: run.durationMs,
      ...(run.fleet.brake.kind === 'off' ? {} : { fleetBrake: run.fleet.brake }),
      targets: reports.map(briefly),
    },
  }
}

/** A healthy target's line is short; there are thousands of them. */
function briefly({
  id,
  verdict,
  cause,
  reason,
  phase,
  evidence,
  actions,
  incidentId,
  trouble,
}: TargetReport) {
  if (verdict === 'healthy' && actions.length === 0 && phase === 'watching') return { id, verdict }
  return { id, verdict, cause, reason, phase, evidence, actions, incidentId, trouble }
}

function severityOf(reports: readonly TargetReport[]): JournalEvent['severity'] {
  if (reports.some(({ actions }) => actions.some(({ rung }) => rung === 'human'))) return 'ERROR'
  if (reports.some(({ actions, trouble }) => actions.length > 0 || trouble !== undefined)) return 'WARNING'
  return reports.every(({ verdict }) => verdict === 'healthy') ? 'INFO' : 'NOTICE'
}

function messageOf({ kind }: Request, reports: readonly TargetReport[]): string {
  const unwell = reports.filter(({ verdict, actions }) => verdict !== 'healthy' || actions.length > 0)
  if (unwell.length === 0) return `${kind}: ${reports.length} healthy`
  const words = unwell.slice(0, 5).map(({ id, verdict, cause, actions }) => {
    const done = actions.map(({ rung, result }) => `${rung} ${result}`).join(', ')
    return `${id} ${cause ?? verdict}${done === '' ? '' : ` (${done})`}`
  })
  const more = unwell.length > words.length ? `, and ${unwell.length - words.length} more` : ''
  return `${kind}: ${words.join(', ')}${more}`
}
