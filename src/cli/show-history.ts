/** What was measured, and what shadow mode would have done, as a person reads it. Hours and days are the reader's. */
import { actionName, nameOf } from '../words/names.ts'
import { say } from '../words/say.ts'
import { duration } from '../words/times.ts'
import type { HistoryAnswer, HistoryPointAnswer, ShadowAnswer, TargetAnswer } from './answers.ts'
import { type Language, translated } from './language.ts'
import { type Cell, clockOf, dayOf, fields, inert, moment, percent, table, toned } from './terminal.ts'

/** One day is told by the hour, more by the day. */
const DAYS_BY_HOUR_MAX = 1

export function showHistory(
  { target, points }: HistoryAnswer,
  { uptime }: TargetAnswer,
  { days, language }: { readonly days: number; readonly language: Language },
): string {
  const shares: readonly (readonly [string, number | undefined])[] = [
    [say(language, '24 h'), uptime.hours24],
    [say(language, '7 d'), uptime.days7],
    [say(language, '30 d'), uptime.days30],
    [say(language, '90 d'), uptime.days90],
  ]
  const lines = shares.map(([span, share]) => [span, share === undefined ? '–' : percent(share)] as const)
  const head = `${toned(inert(target), 'strong')}  ${say(language, 'uptime')}`
  return `${head}\n${fields(lines)}\n\n${measuredTable(points, { days, language })}`
}

function measuredTable(
  points: readonly HistoryPointAnswer[],
  { days, language }: { readonly days: number; readonly language: Language },
): string {
  if (points.length === 0) return say(language, 'Nothing was measured in this time.')
  const head = [
    days <= DAYS_BY_HOUR_MAX ? say(language, 'HOUR') : say(language, 'DAY'),
    say(language, 'UP'),
    say(language, 'LATENCY ms'),
    say(language, 'MEMORY MB'),
    say(language, 'SWAP MB'),
    say(language, 'STALLED %'),
  ]
  const periods = Map.groupBy(points, ({ fromAt }) => {
    const date = new Date(fromAt)
    return days <= DAYS_BY_HOUR_MAX ? `${dayOf(date)} ${clockOf(date).slice(0, 2)}:00` : dayOf(date)
  })
  const rows = [...periods].map(([period, some]): readonly Cell[] => [
    period,
    upOf(some),
    gaugeOf(some, 'latencyMs'),
    gaugeOf(some, 'memoryUsedMb'),
    gaugeOf(some, 'swapUsedMb'),
    gaugeOf(some, 'memoryStallPercent'),
  ])
  const legend = toned(say(language, 'Values are mean / highest.'), 'faint')
  return `${table(head, rows)}\n${legend}`
}

/** Looks that nothing was concluded from don't count. */
function upOf(points: readonly HistoryPointAnswer[]): Cell {
  const up = sumOf(points, ({ healthy, degraded }) => healthy + degraded)
  const down = sumOf(points, ({ unhealthy }) => unhealthy)
  if (up + down === 0) return '–'
  return { text: percent(up / (up + down)), tone: down === 0 ? 'good' : 'warn' }
}

function gaugeOf(
  points: readonly HistoryPointAnswer[],
  name: 'latencyMs' | 'memoryUsedMb' | 'swapUsedMb' | 'memoryStallPercent',
): string {
  const measured = points.flatMap((point) => {
    const gauge = point[name]
    const looks = point.healthy + point.degraded + point.unhealthy + point.inconclusive
    return gauge === undefined ? [] : [{ ...gauge, looks: Math.max(1, looks) }]
  })
  if (measured.length === 0) return '–'
  const looks = sumOf(measured, (one) => one.looks)
  const mean = sumOf(measured, (one) => one.mean * one.looks) / looks
  return `${rounded(mean)} / ${rounded(Math.max(...measured.map(({ max }) => max)))}`
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}

function rounded(value: number): string {
  return String(Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value))
}

export function showShadow(report: ShadowAnswer, language: Language): string {
  const { mode, fromAt, toAt, targets, cut } = report
  const span = say(language, 'From {from} to {to}', { from: moment(fromAt), to: moment(toAt) })
  const acts = say(
    language,
    'The guard acts (policy.mode is act): what is told here is from when it observed.',
  )
  return [
    toned(span, 'faint'),
    ...(mode === 'observe' ? [] : [acts]),
    ...targets.map(({ id, outages }) => outagesLine(id, outages, language)),
    '',
    wouldTable(report, language),
    ...(cut ? [toned(say(language, 'There were more incidents than were looked through.'), 'warn')] : []),
  ].join('\n')
}

function outagesLine(id: string, count: number, language: Language): string {
  const target = inert(id)
  if (count === 0) return say(language, '{target}: no outage', { target })
  if (count === 1) return say(language, '{target}: 1 outage', { target })
  return say(language, '{target}: {count} outages', { target, count })
}

function wouldTable({ targets }: ShadowAnswer, language: Language): string {
  const rows = targets.flatMap(({ id, would }) =>
    would.map(({ at, rung, unit, cause, reason, lastedMs, incidentId }): readonly Cell[] => [
      moment(at),
      id,
      actionName({ rung, unit }, language),
      lastedMs === undefined ? say(language, 'lasts') : duration(lastedMs, language),
      incidentId,
      `${nameOf('cause', cause, language)}: ${translated(reason, language)}`,
    ]),
  )
  if (rows.length === 0) return say(language, 'It would have done nothing.')
  const head = [
    say(language, 'AT'),
    say(language, 'TARGET'),
    say(language, 'WOULD HAVE DONE'),
    say(language, 'OUTAGE WENT ON'),
    say(language, 'INCIDENT'),
    say(language, 'WHY'),
  ]
  return table(head, rows)
}
