/** What ticks, syncs, orders and tests of the alerts have done, as a person reads it. */
import { nameOf } from '../words/names.ts'
import { say } from '../words/say.ts'
import type { AlertTestsAnswer, OrderAnswer, SyncAnswer, TargetReportAnswer, TickAnswer } from './answers.ts'
import { type Language, translated } from './language.ts'
import { reasonOf, showTargets, verdictCell } from './show-targets.ts'
import { type Cell, inert, moment, type Tone, table, toned } from './terminal.ts'

export function showTick({ at, durationMs, targets }: TickAnswer, language: Language): string {
  const head = [
    say(language, 'TARGET'),
    say(language, 'VERDICT'),
    say(language, 'PHASE'),
    say(language, 'DONE'),
    say(language, 'REASON'),
  ]
  const rows = targets.map((report) => [
    report.id,
    verdictCell(report.verdict, language),
    nameOf('phase', report.phase, language),
    doneOf(report, language),
    report.trouble === undefined ? reasonOf(report, language) : translated(report.trouble, language),
  ])
  return `${table(head, rows)}\n${footer({ at, durationMs })}`
}

function doneOf({ actions }: TargetReportAnswer, language: Language): string {
  if (actions.length === 0) return '–'
  return actions
    .map(({ rung, result }) => `${nameOf('rung', rung, language)} ${nameOf('result', result, language)}`)
    .join(', ')
}

function footer({ at, durationMs }: { at: string | number; durationMs: number }): string {
  return toned(`${moment(at)}, ${Math.round(durationMs)} ms`, 'faint')
}

const SECRET_TONES: Readonly<Record<string, Tone>> = { failed: 'bad', unavailable: 'bad', put: 'good' }

export function showSync({ at, durationMs, targets }: SyncAnswer, language: Language): string {
  const rows = targets.flatMap((report) => syncRows(report, language))
  const head = [
    say(language, 'TARGET'),
    say(language, 'SECRET'),
    say(language, 'VERSION'),
    say(language, 'RESULT'),
    say(language, 'DETAIL'),
  ]
  const body = rows.length === 0 ? say(language, 'No secrets are wanted.') : table(head, rows)
  return `${body}\n${footer({ at, durationMs })}`
}

function syncRows(report: SyncAnswer['targets'][number], language: Language): readonly (readonly Cell[])[] {
  const detailOf = (detail = '') => translated(detail, language)
  const secrets = report.secrets.map(({ name, version, result, detail }): readonly Cell[] => [
    report.id,
    name,
    version ?? '–',
    { text: nameOf('secret', result, language), tone: SECRET_TONES[result] ?? 'plain' },
    detailOf(detail),
  ])
  const others = report.actions.filter(({ rung }) => rung !== 'put-secret')
  const actions = others.map(({ rung, result, detail }): readonly Cell[] => [
    report.id,
    nameOf('rung', rung, language),
    '–',
    nameOf('result', result, language),
    detailOf(detail),
  ])
  if (report.trouble === undefined) return [...secrets, ...actions]
  const trouble: Cell = { text: say(language, 'trouble'), tone: 'bad' }
  return [...secrets, ...actions, [report.id, '–', '–', trouble, detailOf(report.trouble)]]
}

/** `otherwise` is said when no action was carried out. */
export function showOrder(
  { report, target }: OrderAnswer,
  { otherwise, language }: { readonly otherwise: string; readonly language: Language },
): string {
  const actions = report.actions.map(({ rung, result, detail }) => {
    const done = `${nameOf('rung', rung, language)}: ${nameOf('result', result, language)}`
    return inert(detail === undefined ? done : `${done}, ${translated(detail, language)}`)
  })
  const trouble = report.trouble === undefined ? [] : [inert(translated(report.trouble, language))]
  return [
    ...(actions.length === 0 ? [otherwise] : actions),
    ...trouble,
    '',
    showTargets([target], language),
  ].join('\n')
}

export function showAlertTests({ results }: AlertTestsAnswer, language: Language): string {
  if (results.length === 0) {
    return say(language, 'Nobody is told of anything: the configuration has no channel under notify.')
  }
  const head = [say(language, 'CHANNEL'), say(language, 'RESULT'), say(language, 'DETAIL')]
  const rows = results.map(({ channel, result, detail = '' }): readonly Cell[] => [
    channel,
    { text: nameOf('delivery', result, language), tone: result === 'sent' ? 'good' : 'bad' },
    translated(detail, language),
  ])
  return table(head, rows)
}
