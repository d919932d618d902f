/** Incidents as a person reads them: what broke, when, and what was done about it. */
import type { IncidentAnswer, IncidentsAnswer } from './answers.ts'
import { type Cell, inert, moment, span, table, toned } from './terminal.ts'

export function showIncidents({ incidents, next }: IncidentsAnswer): string {
  if (incidents.length === 0) return 'No incidents.'
  const rows = incidents.map((incident) => [
    incident.id,
    incident.target,
    moment(incident.openedAt),
    lastedOf(incident),
    stateCell(incident.state),
    incident.cause,
  ])
  const text = table(['INCIDENT', 'TARGET', 'OPENED', 'LASTED', 'STATE', 'CAUSE'], rows)
  return next === undefined ? text : `${text}\n${toned(`more: --cursor ${inert(next)}`, 'faint')}`
}

function stateCell(state: string): Cell {
  if (state === 'closed') return { text: state, tone: 'good' }
  return { text: state, tone: state === 'gave-up' ? 'bad' : 'warn' }
}

function lastedOf({ openedAt, closedAt }: IncidentAnswer): string {
  if (closedAt === undefined) return '–'
  const ms = new Date(closedAt).getTime() - new Date(openedAt).getTime()
  return Number.isNaN(ms) ? '–' : span(ms)
}

export function showIncident(incident: IncidentAnswer): string {
  const lasted = incident.closedAt === undefined ? '' : `, lasted ${lastedOf(incident)}`
  const head = [
    `${toned(inert(incident.id), 'strong')}  ${inert(incident.state)}  ${inert(incident.cause)}`,
    `target ${inert(incident.target)}, opened by the ${inert(incident.openedBy)} at ${moment(incident.openedAt)}${lasted}`,
  ]
  const rows = incident.timeline.map(({ at, kind, text }) => [moment(at), kind, text])
  const dropped = incident.timelineDropped
  return [
    ...head,
    '',
    rows.length === 0 ? 'Its timeline is empty.' : table(['AT', 'WHAT', ''], rows),
    ...(dropped === 0 ? [] : [toned(`${dropped} more entries were left out`, 'faint')]),
  ].join('\n')
}
