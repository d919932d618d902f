/** Targets as a person reads them: one line each, or one in full. Reports of what was done are show-reports.ts. */
import { actionName, nameOf } from '../words/names.ts'
import { say } from '../words/say.ts'
import { duration } from '../words/times.ts'
import type { TargetAnswer } from './answers.ts'
import { type Language, translated } from './language.ts'
import { type Cell, fields, inert, moment, percent, since, type Tone, table, toned } from './terminal.ts'

export function verdictCell(verdict: string, language: Language): Cell {
  return { text: nameOf('verdict', verdict, language), tone: verdictTone(verdict) }
}

function verdictTone(verdict: string): Tone {
  if (verdict === 'healthy') return 'good'
  return verdict === 'unhealthy' ? 'bad' : 'warn'
}

export function showTargets(targets: readonly TargetAnswer[], language: Language): string {
  if (targets.length === 0) return say(language, 'No targets are configured.')
  const head = [
    say(language, 'TARGET'),
    say(language, 'VERDICT'),
    say(language, 'PHASE'),
    say(language, 'UP 24 H'),
    say(language, 'LAST TICK'),
    say(language, 'REASON'),
  ]
  const rows = targets.map((target) => [
    target.id,
    verdictCell(target.verdict, language),
    phaseOf(target, language),
    target.uptime.hours24 === undefined ? '–' : percent(target.uptime.hours24),
    since(target.lastTickAt, language),
    target.trouble === undefined ? reasonOf(target, language) : translated(target.trouble, language),
  ])
  return [table(head, rows), ...nextLines(targets, language), ...modeLines(targets, language)].join('\n')
}

function phaseOf({ phase, paused }: TargetAnswer, language: Language): string {
  const name = nameOf('phase', phase, language)
  return paused === undefined ? name : say(language, '{phase}, paused', { phase: name })
}

/** What is about to be done; of most targets nothing is. */
function nextLines(targets: readonly TargetAnswer[], language: Language): readonly string[] {
  return targets.flatMap((target) => {
    const { id, outlook } = target
    if (outlook === undefined || outlook.rung === 'nothing') return []
    return [`→ ${inert(id)}: ${nextOf(outlook, language)}`]
  })
}

function nextOf(outlook: NonNullable<TargetAnswer['outlook']>, language: Language): string {
  const why = inert(translated(outlook.why, language))
  if (outlook.rung === 'nothing') return say(language, 'nothing: {why}', { why })
  const action = inert(actionName(outlook, language))
  if (outlook.notBeforeAt === undefined) return `${action}: ${why}`
  return say(language, '{action}, not before {time}: {why}', {
    action,
    time: moment(outlook.notBeforeAt),
    why,
  })
}

function modeLines(targets: readonly TargetAnswer[], language: Language): readonly string[] {
  if (!targets.some(({ mode }) => mode === 'observe')) return []
  return [toned(observesOnly(language), 'warn')]
}

function observesOnly(language: Language): string {
  return say(language, 'The guard observes only: it decides and records, but does nothing.')
}

export function reasonOf(
  { cause, reason }: { cause?: string | undefined; reason: string },
  language: Language,
): string {
  const text = translated(reason, language)
  return cause === undefined ? text : `${nameOf('cause', cause, language)}: ${text}`
}

/** One target in full. */
export function showTarget(target: TargetAnswer, language: Language): string {
  const verdict = toned(inert(nameOf('verdict', target.verdict, language)), verdictTone(target.verdict))
  const head = `${toned(inert(target.id), 'strong')}  ${verdict}  ${inert(reasonOf(target, language))}`
  const about = fields([...stateFields(target, language), ...troubleFields(target, language)])
  return [`${head}\n${about}`, ...targetTables(target, language)].join('\n\n')
}

type Field = readonly [string, string]

function stateFields(target: TargetAnswer, language: Language): readonly Field[] {
  const { phase, phaseSince, mode, outlook, uptime } = target
  const name = inert(nameOf('phase', phase, language))
  const phaseText =
    phaseSince === undefined
      ? name
      : say(language, '{phase} since {time}', { phase: name, time: moment(phaseSince) })
  const shares = [
    { span: say(language, '24 h'), share: uptime.hours24 },
    { span: say(language, '7 d'), share: uptime.days7 },
    { span: say(language, '30 d'), share: uptime.days30 },
    { span: say(language, '90 d'), share: uptime.days90 },
  ].flatMap(({ span, share }) => (share === undefined ? [] : [`${span} ${percent(share)}`]))
  return [
    [say(language, 'phase'), phaseText],
    ...(mode === 'observe' ? [[say(language, 'mode'), observesOnly(language)] as const] : []),
    ...(outlook === undefined ? [] : [[say(language, 'next'), nextOf(outlook, language)] as const]),
    ...(shares.length === 0 ? [] : [[say(language, 'uptime'), shares.join(', ')] as const]),
    [say(language, 'last tick'), since(target.lastTickAt, language)],
  ]
}

function troubleFields(target: TargetAnswer, language: Language): readonly Field[] {
  const { armed, trouble, paused, breaker, incidentId } = target
  const found: Field[] = []
  const add = (name: string, text: string) => found.push([name, text])
  if (armed === false) {
    const text = say(language, 'nothing is done until it was seen healthy, or: nightguard arm')
    add(say(language, 'unarmed'), text)
  }
  if (trouble !== undefined) add(say(language, 'trouble'), inert(translated(trouble, language)))
  if (paused !== undefined) {
    const values = { time: moment(paused.until), by: inert(paused.by), reason: inert(paused.reason) }
    add(say(language, 'paused'), say(language, 'until {time} by {by}: {reason}', values))
  }
  if (breaker?.kind === 'open') {
    const reason = inert(translated(breaker.reason ?? '', language))
    add(say(language, 'breaker'), say(language, 'open: {reason}', { reason }))
  }
  if (incidentId !== undefined) add(say(language, 'incident'), inert(incidentId))
  return found
}

function targetTables(target: TargetAnswer, language: Language): readonly string[] {
  return [
    evidenceTable(target, language),
    workloadTable(target, language),
    secretTable(target, language),
    budgetTable(target, language),
  ].filter((text) => text !== '')
}

function evidenceTable({ evidence }: TargetAnswer, language: Language): string {
  const rows = Object.entries(evidence).map(([name, { kind, detail }]) => [
    nameOf('witness', name, language),
    nameOf(name === 'vm' ? 'vm' : 'word', kind, language),
    translated(detail ?? '', language),
  ])
  const head = [say(language, 'WITNESS'), say(language, 'SAYS'), say(language, 'DETAIL')]
  return rows.length === 0 ? '' : table(head, rows)
}

function workloadTable({ workloads }: TargetAnswer, language: Language): string {
  const rows = workloads.map(({ unit, container, state, health }) => [
    unit,
    container,
    state ?? '–',
    health ?? '–',
  ])
  const head = [
    say(language, 'WORKLOAD'),
    say(language, 'CONTAINER'),
    say(language, 'STATE'),
    say(language, 'HEALTH'),
  ]
  return rows.length === 0 ? '' : table(head, rows)
}

function secretTable({ secrets }: TargetAnswer, language: Language): string {
  const rows = secrets.map(({ name, secret, wanted, applied }) => [name, secret, wanted, applied ?? '–'])
  const head = [
    say(language, 'PODMAN SECRET'),
    say(language, 'SECRET'),
    say(language, 'WANTED'),
    say(language, 'APPLIED'),
  ]
  return rows.length === 0 ? '' : table(head, rows)
}

function budgetTable({ budgets }: TargetAnswer, language: Language): string {
  const rows = budgets.map(({ rung, unit, used, max, windowMs }): readonly Cell[] => {
    const name = nameOf('budget', rung, language)
    return [
      unit === undefined ? name : `${name} ${unit}`,
      { text: say(language, '{used} of {max}', { used, max }), tone: used >= max ? 'bad' : 'plain' },
      duration(windowMs, language),
    ]
  })
  const head = [say(language, 'BUDGET'), say(language, 'USED'), say(language, 'IN')]
  return rows.length === 0 ? '' : table(head, rows)
}
