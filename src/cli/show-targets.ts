/** Targets and reports of ticks, syncs and orders, as a person reads them. */
import type { OrderAnswer, SyncAnswer, TargetAnswer, TargetReportAnswer, TickAnswer } from './answers.ts'
import { ago, type Cell, inert, moment, span, type Tone, table, toned } from './terminal.ts'

export function verdictCell(verdict: string): Cell {
  return { text: verdict, tone: verdictTone(verdict) }
}

function verdictTone(verdict: string): Tone {
  if (verdict === 'healthy') return 'good'
  return verdict === 'unhealthy' ? 'bad' : 'warn'
}

export function showTargets(targets: readonly TargetAnswer[]): string {
  if (targets.length === 0) return 'No targets are configured.'
  return table(
    ['TARGET', 'VERDICT', 'PHASE', 'LAST TICK', 'REASON'],
    targets.map((target) => [
      target.id,
      verdictCell(target.verdict),
      target.paused === undefined ? target.phase : `${target.phase}, paused`,
      ago(target.lastTickAt),
      target.trouble ?? reasonOf(target),
    ]),
  )
}

function reasonOf({ cause, reason }: { cause?: string | undefined; reason: string }): string {
  return cause === undefined ? reason : `${cause}: ${reason}`
}

/** One target in full. */
export function showTarget(target: TargetAnswer): string {
  const since = target.phaseSince === undefined ? '' : ` since ${moment(target.phaseSince)}`
  const verdict = toned(inert(target.verdict), verdictTone(target.verdict))
  const lines = [
    `${toned(inert(target.id), 'strong')}  ${verdict}  ${inert(reasonOf(target))}`,
    `phase     ${inert(target.phase)}${since}`,
    `last tick ${ago(target.lastTickAt)}`,
    ...(target.armed === false
      ? ['unarmed   nothing is done until it was seen healthy, or: nightguard arm']
      : []),
    ...(target.trouble === undefined ? [] : [`trouble   ${inert(target.trouble)}`]),
    ...pauseLines(target),
    ...(target.breaker?.kind === 'open' ? [`breaker   open: ${inert(target.breaker.reason ?? '')}`] : []),
    ...(target.incidentId === undefined ? [] : [`incident  ${inert(target.incidentId)}`]),
  ]
  return [lines.join('\n'), ...targetTables(target)].join('\n\n')
}

function pauseLines({ paused }: TargetAnswer): readonly string[] {
  if (paused === undefined) return []
  return [`paused    until ${moment(paused.until)} by ${inert(paused.by)}: ${inert(paused.reason)}`]
}

function targetTables(target: TargetAnswer): readonly string[] {
  const evidence = Object.entries(target.evidence).map(([name, { kind, detail }]) => [
    name,
    kind,
    detail ?? '',
  ])
  const workloads = target.workloads.map(({ unit, container, state, health }) => [
    unit,
    container,
    state ?? '–',
    health ?? '–',
  ])
  const secrets = target.secrets.map(({ name, secret, wanted, applied }) => [
    name,
    secret,
    wanted,
    applied ?? '–',
  ])
  const budgets = target.budgets.map(({ rung, unit, used, max, windowMs }) => [
    unit === undefined ? rung : `${rung} ${unit}`,
    { text: `${used} of ${max}`, tone: used >= max ? ('bad' as const) : ('plain' as const) },
    span(windowMs),
  ])
  return [
    evidence.length === 0 ? '' : table(['WITNESS', 'SAYS', 'DETAIL'], evidence),
    workloads.length === 0 ? '' : table(['WORKLOAD', 'CONTAINER', 'STATE', 'HEALTH'], workloads),
    secrets.length === 0 ? '' : table(['PODMAN SECRET', 'SECRET', 'WANTED', 'APPLIED'], secrets),
    budgets.length === 0 ? '' : table(['BUDGET', 'USED', 'IN'], budgets),
  ].filter((text) => text !== '')
}

export function showTick({ at, durationMs, targets }: TickAnswer): string {
  const rows = targets.map((report) => [
    report.id,
    verdictCell(report.verdict),
    report.phase,
    doneOf(report),
    report.trouble ?? reasonOf(report),
  ])
  return `${table(['TARGET', 'VERDICT', 'PHASE', 'DONE', 'REASON'], rows)}\n${footer({ at, durationMs })}`
}

function doneOf({ actions }: TargetReportAnswer): string {
  return actions.length === 0 ? '–' : actions.map(({ rung, result }) => `${rung} ${result}`).join(', ')
}

function footer({ at, durationMs }: { at: string | number; durationMs: number }): string {
  return toned(`${moment(at)}, ${Math.round(durationMs)} ms`, 'faint')
}

const SECRET_TONES: Readonly<Record<string, Tone>> = { failed: 'bad', unavailable: 'bad', put: 'good' }

export function showSync({ at, durationMs, targets }: SyncAnswer): string {
  const rows = targets.flatMap((report) => {
    const secrets = report.secrets.map(({ name, version, result, detail }): readonly Cell[] => [
      report.id,
      name,
      version ?? '–',
      { text: result, tone: SECRET_TONES[result] ?? 'plain' },
      detail ?? '',
    ])
    const others = report.actions.filter(({ rung }) => rung !== 'put-secret')
    const actions = others.map(({ rung, result, detail }): readonly Cell[] => [
      report.id,
      rung,
      '–',
      result,
      detail ?? '',
    ])
    const trouble: readonly (readonly Cell[])[] =
      report.trouble === undefined
        ? []
        : [[report.id, '–', '–', { text: 'trouble', tone: 'bad' }, report.trouble]]
    return [...secrets, ...actions, ...trouble]
  })
  const body =
    rows.length === 0
      ? 'No secrets are wanted.'
      : table(['TARGET', 'SECRET', 'VERSION', 'RESULT', 'DETAIL'], rows)
  return `${body}\n${footer({ at, durationMs })}`
}

/** `otherwise` is said when no action was carried out. */
export function showOrder({ report, target }: OrderAnswer, otherwise: string): string {
  const actions = report.actions.map(({ rung, result, detail }) =>
    inert(detail === undefined ? `${rung}: ${result}` : `${rung}: ${result}, ${detail}`),
  )
  const trouble = report.trouble === undefined ? [] : [inert(report.trouble)]
  return [...(actions.length === 0 ? [otherwise] : actions), ...trouble, '', showTargets([target])].join('\n')
}
