/**
 * What was measured of a target: a small drawing a gauge and a table of the same, both made here, so that they are
 * there without the script. With it, assets/script-charts.ts puts a chart to point at in the drawing's place.
 */
import { html } from 'hono/html'
import type { GaugeView, HistoryPoint, HistoryView } from '../../core/report.ts'
import { say } from '../../words/say.ts'
import { assetPath } from '../assets/assets.ts'
import type { Visit } from './visit.ts'
import { fixedMoment, type Html, phrase } from './words.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
export const RANGES_DAYS = [1, 7, 30, 90] as const

const GAUGES = ['latencyMs', 'memoryUsedMb', 'swapUsedMb', 'memoryStallPercent'] as const
type GaugeName = (typeof GAUGES)[number]
const UNITS: Readonly<Record<GaugeName, string>> = {
  latencyMs: 'ms',
  memoryUsedMb: 'MB',
  swapUsedMb: 'MB',
  memoryStallPercent: '%',
}

export type Charts = { readonly target: string; readonly days: number; readonly history?: HistoryView }

export function charts({ target, days, history }: Charts, visit: Visit): Html {
  const { language } = visit
  const path = `/api/targets/${target}/history`
  return html`<section id="charts" class="charts" aria-labelledby="charts-title" data-history="${path}" data-days="${days}" data-now="${new Date(visit.now).toISOString()}" data-script="${assetPath(language === 'ko' ? 'charts.ko.js' : 'charts.js')}" data-uplot="${assetPath('uplot.js')}" data-uplot-style="${assetPath('uplot.css')}">
<header><h2 id="charts-title">${say(language, 'Measured')}</h2>
<nav class="choice" aria-label="${say(language, 'Time range')}">${RANGES_DAYS.map(
    (range) =>
      html`<a id="range-${range}" href="/targets/${target}?days=${range}#charts" data-range="${range}"${range === days ? html` aria-current="true"` : ''}>${rangeName(range, visit)}</a>`,
  )}</nav></header>
${history === undefined ? html`<p class="none">${say(language, 'What was measured cannot be read now.')}</p>` : figures(history.points, days, visit)}
</section>`
}

function rangeName(days: number, { language }: Visit): string {
  return days === 1 ? say(language, '24 h') : say(language, '{n} days', { n: days })
}

function figures(points: readonly HistoryPoint[], days: number, visit: Visit): Html {
  return html`<div class="figures">${GAUGES.map((gauge) => figure(gauge, points, days, visit))}</div>
<details class="details" id="measured"><summary id="measured-summary">${say(visit.language, 'The same as a table')}</summary>
${table(points, days, visit)}</details>`
}

function figure(gauge: GaugeName, points: readonly HistoryPoint[], days: number, visit: Visit): Html {
  const { language } = visit
  const name = gaugeName(gauge, visit)
  const found = points.flatMap((point) => point[gauge] ?? [])
  const text =
    found.length === 0
      ? say(language, 'nothing measured')
      : say(language, 'mean {mean}, at most {max}', {
          mean: withUnit(meanOf(found), gauge),
          max: withUnit(maxOf(found), gauge),
        })
  const drawn =
    found.length === 0
      ? html`<p class="none">${say(language, 'The kit reports this; where there is none, it stays empty.')}</p>`
      : drawing(gauge, points, { days, now: visit.now, label: `${name}: ${text}` })
  return html`
<figure id="chart-${gauge}" data-gauge="${gauge}" data-unit="${UNITS[gauge]}" data-name="${name}"><figcaption><b>${name}</b> <span class="soft" data-summary>${text}</span></figcaption>
<div class="plot">${drawn}</div></figure>`
}

function gaugeName(gauge: GaugeName, { language }: Visit): string {
  const names: Readonly<Record<GaugeName, string>> = {
    latencyMs: say(language, 'Latency'),
    memoryUsedMb: say(language, 'Memory'),
    swapUsedMb: say(language, 'Swap'),
    memoryStallPercent: say(language, 'Memory pressure'),
  }
  return names[gauge]
}

function meanOf(values: readonly GaugeView[]): number {
  return values.reduce((sum, { mean }) => sum + mean, 0) / values.length
}

function maxOf(values: readonly GaugeView[]): number {
  return Math.max(...values.map(({ max }) => max))
}

function withUnit(value: number, gauge: GaugeName): string {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  return gauge === 'memoryStallPercent' ? `${rounded}%` : `${rounded} ${UNITS[gauge]}`
}

const WIDTH = 600
const HEIGHT = 100

type Scale = { readonly x: (at: string) => number; readonly y: (value: number) => number }

function drawing(
  gauge: GaugeName,
  points: readonly HistoryPoint[],
  { days, now, label }: { readonly days: number; readonly now: number; readonly label: string },
): Html {
  const top = maxOf(points.flatMap((point) => point[gauge] ?? [])) * 1.08 || 1
  const begin = now - days * DAY_MS
  const scale: Scale = {
    x: (at) => Math.round(((Date.parse(at) - begin) / (now - begin)) * WIDTH),
    y: (value) => Math.round(HEIGHT - (value / top) * HEIGHT),
  }
  const line = (member: keyof GaugeView) => linePath(points, { gauge, member, scale, days })
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="down" d="${bands(points, scale)}"/><path class="max" d="${line('max')}"/><path class="mean" d="${line('mean')}"/></svg>`
}

/** Where nothing was measured for so long, the line is broken. */
function gapMs(days: number): number {
  return Math.max(HOUR_MS, (days * DAY_MS) / 40)
}

function linePath(
  points: readonly HistoryPoint[],
  options: {
    readonly gauge: GaugeName
    readonly member: keyof GaugeView
    readonly scale: Scale
    readonly days: number
  },
): string {
  const { gauge, member, scale, days } = options
  let path = ''
  let last = Number.NEGATIVE_INFINITY
  for (const point of points) {
    const value = point[gauge]?.[member]
    if (value === undefined) continue
    const joined = Date.parse(point.fromAt) - last < gapMs(days)
    path += `${joined ? 'L' : 'M'}${scale.x(point.fromAt)} ${scale.y(value)}`
    last = Date.parse(point.toAt)
  }
  return path
}

/** When it was found unhealthy: at least a hair wide. */
function bands(points: readonly HistoryPoint[], { x }: Scale): string {
  return points
    .filter(({ unhealthy }) => unhealthy > 0)
    .map(({ fromAt, toAt }) => `M${x(fromAt)} 0h${Math.max(2, x(toAt) - x(fromAt))}v${HEIGHT}H${x(fromAt)}Z`)
    .join('')
}

function rowMs(days: number): number {
  if (days <= 1) return HOUR_MS
  return days <= 7 ? 6 * HOUR_MS : DAY_MS
}

function table(points: readonly HistoryPoint[], days: number, visit: Visit): Html {
  const { language } = visit
  const step = rowMs(days)
  const rows = Map.groupBy(points, ({ fromAt }) => Math.floor(Date.parse(fromAt) / step) * step)
  const head = [
    say(language, 'From'),
    say(language, 'Unhealthy'),
    ...GAUGES.map((gauge) => gaugeName(gauge, visit)),
  ]
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${say(language, 'What was measured')}"><table>
<thead><tr>${head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody id="measured-rows">${[...rows].toReversed().map(([from, inRow]) => tableRow(from, inRow, visit))}</tbody>
</table></div>
<p class="none">${phrase(language, 'Mean and maximum of each span; {unhealthy} counts looks.', { unhealthy: say(language, 'Unhealthy') })}</p>`
}

function tableRow(from: number, points: readonly HistoryPoint[], visit: Visit): Html {
  const unhealthy = points.reduce((sum, point) => sum + point.unhealthy, 0)
  const cells = GAUGES.map((gauge) => {
    const found = points.flatMap((point) => point[gauge] ?? [])
    return found.length === 0 ? '–' : `${withUnit(meanOf(found), gauge)} / ${withUnit(maxOf(found), gauge)}`
  })
  return html`
<tr><th scope="row">${fixedMoment(new Date(from).toISOString(), visit)}</th><td>${unhealthy}</td>${cells.map((text) => html`<td>${text}</td>`)}</tr>`
}
