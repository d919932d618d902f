/** An incident as a Markdown document, to be kept, mailed or pasted into a ticket. Escaping is markdown.ts's work. */
import type { Language, Reader } from '../core/channel.ts'
import type { BlackBoxView, IncidentView } from '../core/report.ts'
import { fixedWords } from './deeds.ts'
import { block, table, words } from './markdown.ts'
import { actionName, nameOf } from './names.ts'
import { say } from './say.ts'
import { sentenceFor } from './sentences.ts'
import { dateTime, duration, zoneOf } from './times.ts'

type Section = BlackBoxView['sections'][number]

/**
 * Times are told in the reader's zone. `boxes` are those of `incident.blackBoxes` that could be had, in any order.
 * Text of the VM and of people can't break out: escaped in tables, fenced in black boxes.
 */
export function incidentMarkdown(
  incident: IncidentView,
  boxes: readonly BlackBoxView[],
  reader: Reader,
): string {
  const { language } = reader
  const parts = [
    `# ${words(incident.target)}: ${nameOf('cause', incident.cause, language)}`,
    facts(incident, reader),
    `## ${say(language, 'Timeline')}`,
    timeline(incident, reader),
    `## ${say(language, 'Actions')}`,
    actions(incident, reader),
    ...would(incident, reader),
    ...incident.blackBoxes.flatMap((reference) => blackBox(reference, boxes, reader)),
  ]
  return `${parts.join('\n\n')}\n`
}

function timeOf(at: string, reader: Reader): string {
  return dateTime(at, reader, 'seconds')
}

function facts(incident: IncidentView, reader: Reader): string {
  const { language } = reader
  const { beganAt, openedAt, recoveredAt, closedAt, fixedBy } = incident
  const none = say(language, 'not yet')
  const at = (time: string | undefined): string => (time === undefined ? none : timeOf(time, reader))
  const lasted =
    recoveredAt === undefined ? none : duration(Date.parse(recoveredAt) - Date.parse(beganAt), language)
  const rows: readonly (readonly [string, string])[] = [
    [say(language, 'Target'), words(incident.target)],
    [say(language, 'Cause'), nameOf('cause', incident.cause, language)],
    [say(language, 'State'), nameOf('incident', incident.state, language)],
    [say(language, 'Opened by'), openerName(incident.openedBy, language)],
    [say(language, 'Began'), at(beganAt)],
    [say(language, 'Confirmed'), at(openedAt)],
    [say(language, 'Recovered'), at(recoveredAt)],
    [say(language, 'Closed'), at(closedAt)],
    [say(language, 'Outage'), lasted],
    [say(language, 'What mended it'), fixedBy === undefined ? none : words(fixedWords(fixedBy, language))],
    [say(language, 'Relapses'), String(incident.relapses)],
    [say(language, 'Incident'), words(incident.id)],
    [say(language, 'Times are in'), words(zoneOf(reader))],
  ]
  return table([say(language, 'Fact'), say(language, 'Value')], rows)
}

function openerName(by: IncidentView['openedBy'], language: Language): string {
  return by === 'guard' ? say(language, 'the guard') : say(language, 'a person')
}

function timeline({ timeline, timelineDropped }: IncidentView, reader: Reader): string {
  const { language } = reader
  const rows = timeline.map(({ at, kind, text }) => [
    timeOf(at, reader),
    nameOf('timeline', kind, language),
    words(sentenceFor(text, reader)),
  ])
  const told = table([say(language, 'Time'), say(language, 'Kind'), say(language, 'What happened')], rows)
  if (timelineDropped === 0) return told
  const dropped = say(language, 'Entries after the first that were left out: {count}.', {
    count: timelineDropped,
  })
  return `${told}\n\n${dropped}`
}

function actions({ actions }: IncidentView, reader: Reader): string {
  const { language } = reader
  if (actions.length === 0) return say(language, 'Nothing was done.')
  const rows = actions.map((action) => [
    words(actionWords(action, language)),
    ordererOf(action, language),
    timeOf(action.intendedAt, reader),
    action.issuedAt === undefined ? '–' : timeOf(action.issuedAt, reader),
    action.endedAt === undefined ? '–' : timeOf(action.endedAt, reader),
    nameOf('status', action.status, language),
    resultOf(action, reader),
  ])
  const head = [
    say(language, 'Action'),
    say(language, 'By whom, and why'),
    say(language, 'Intended'),
    say(language, 'Issued'),
    say(language, 'Ended'),
    say(language, 'Status'),
    say(language, 'Result'),
  ]
  return table(head, rows)
}

type ActionView = IncidentView['actions'][number]

function actionWords(action: ActionView, language: Language): string {
  const name = actionName(action, language)
  return action.attempt === 1
    ? name
    : say(language, '{action} (attempt {number})', { action: name, number: action.attempt })
}

function ordererOf({ by, cause, force }: ActionView, language: Language): string {
  const why = nameOf('cause', cause, language)
  if (by.kind === 'guard') return words(say(language, 'the guard: {why}', { why }))
  const who = { who: by.who, reason: by.reason }
  return words(
    force ? say(language, '{who}, by force: {reason}', who) : say(language, '{who}: {reason}', who),
  )
}

function resultOf({ result }: ActionView, reader: Reader): string {
  if (result === undefined) return '–'
  const kind = nameOf('result', result.kind, reader.language)
  return result.detail === undefined ? kind : words(`${kind}: ${sentenceFor(result.detail, reader)}`)
}

function would({ would }: IncidentView, reader: Reader): readonly string[] {
  const { language } = reader
  if (would.length === 0) return []
  const rows = would.map(({ at, rung, unit, cause, reason }) => [
    timeOf(at, reader),
    words(actionName({ rung, unit }, language)),
    words(nameOf('cause', cause, language)),
    words(sentenceFor(reason, reader)),
  ])
  const head = [
    say(language, 'Time'),
    say(language, 'Action'),
    say(language, 'Cause'),
    say(language, 'Reason'),
  ]
  return [`## ${say(language, 'What would have been done')}`, table(head, rows)]
}

function blackBox(
  { id, at, before }: IncidentView['blackBoxes'][number],
  boxes: readonly BlackBoxView[],
  reader: Reader,
): readonly string[] {
  const { language } = reader
  const box = boxes.find((candidate) => candidate.id === id)
  const title = say(language, 'Black box of {time}, before: {action}', {
    time: timeOf(at, reader),
    action: actionName({ rung: before }, language),
  })
  if (box === undefined) return [`## ${title}`, say(language, 'It is not kept any more.')]
  return [`## ${title}`, ...box.sections.flatMap((section) => sectionWords(section, reader))]
}

function sectionWords(section: Section, reader: Reader): readonly string[] {
  const { language } = reader
  const name = `### ${nameOf('section', section.name, language)}`
  if (section.kind === 'text') {
    const cut = section.cut ? [say(language, 'Some of it was left out.')] : []
    return [name, ...cut, block(section.text)]
  }
  const detail = words(sentenceFor(section.detail, reader))
  return [name, say(language, 'Not to be had: {detail}', { detail })]
}
