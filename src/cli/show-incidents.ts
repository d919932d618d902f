/** Incidents as a person reads them: what broke, when, and what was done about it. */
import { nameOf } from '../words/names.ts'
import { say } from '../words/say.ts'
import { duration } from '../words/times.ts'
import type { IncidentAnswer, IncidentsAnswer } from './answers.ts'
import { type Language, translated } from './language.ts'
import { type Cell, inert, moment, table, toned } from './terminal.ts'

export function showIncidents({ incidents, next }: IncidentsAnswer, language: Language): string {
  if (incidents.length === 0) return say(language, 'No incidents.')
  const head = [
    say(language, 'INCIDENT'),
    say(language, 'TARGET'),
    say(language, 'OPENED'),
    say(language, 'LASTED'),
    say(language, 'STATE'),
    say(language, 'CAUSE'),
  ]
  const rows = incidents.map((incident) => [
    incident.id,
    incident.target,
    moment(incident.openedAt),
    lastedOf(incident, language),
    stateCell(incident.state, language),
    nameOf('cause', incident.cause, language),
  ])
  const more = say(language, 'more: --cursor {cursor}', { cursor: inert(next ?? '') })
  return next === undefined ? table(head, rows) : `${table(head, rows)}\n${toned(more, 'faint')}`
}

function stateCell(state: string, language: Language): Cell {
  const text = nameOf('incident', state, language)
  if (state === 'closed') return { text, tone: 'good' }
  return { text, tone: state === 'gave-up' ? 'bad' : 'warn' }
}

function lastedOf({ openedAt, closedAt }: IncidentAnswer, language: Language): string {
  if (closedAt === undefined) return '–'
  const ms = new Date(closedAt).getTime() - new Date(openedAt).getTime()
  return Number.isNaN(ms) ? '–' : duration(ms, language)
}

export function showIncident(incident: IncidentAnswer, language: Language): string {
  const { id, state, cause, timeline, timelineDropped: dropped } = incident
  const head = [
    toned(inert(id), 'strong'),
    inert(nameOf('incident', state, language)),
    inert(nameOf('cause', cause, language)),
  ].join('  ')
  const rows = timeline.map(({ at, kind, text }) => [
    moment(at),
    nameOf('timeline', kind, language),
    translated(text, language),
  ])
  const body = table([say(language, 'AT'), say(language, 'WHAT'), ''], rows)
  const more = say(language, '{count} more entries were left out', { count: dropped })
  return [
    head,
    openedLine(incident, language),
    '',
    rows.length === 0 ? say(language, 'Its timeline is empty.') : body,
    ...(dropped === 0 ? [] : [toned(more, 'faint')]),
  ].join('\n')
}

function openedLine(incident: IncidentAnswer, language: Language): string {
  const values = { target: inert(incident.target), time: moment(incident.openedAt) }
  const opened =
    incident.openedBy === 'person'
      ? say(language, 'target {target}, opened by a person at {time}', values)
      : say(language, 'target {target}, opened by the guard at {time}', values)
  if (incident.closedAt === undefined) return opened
  return `${opened}, ${say(language, 'lasted {time}', { time: lastedOf(incident, language) })}`
}
