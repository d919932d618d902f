/**
 * The charts' script, as text: fetched by the pages' script where there are charts. It draws what the API tells of a
 * target's past with uPlot, in the place of the drawings that came with the page, and moves through it by keys.
 */
export const CHARTS = `
const section = document.getElementById('charts')
const root = document.documentElement
const language = root.lang
const zone = document.body.dataset.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
const HOUR_S = 3600
const clockOffsetMs = Date.parse(section.dataset.now) - Date.now()
const drawn = new Map()

function say(text, values = {}) {
  return (WORDS[text] ?? text).replace(/\\{(\\w+)\\}/g, (slot, name) => values[name] ?? slot)
}

function number(value, unit) {
  const rounded = value < 10 ? Math.round(value * 10) / 10 : Math.round(value)
  return unit === '%' ? rounded + '%' : rounded + ' ' + unit
}

function when(seconds) {
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    timeZone: zone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).format(seconds * 1000)
}

function loadLibrary() {
  const style = document.createElement('link')
  style.rel = 'stylesheet'
  style.href = section.dataset.uplotStyle
  const script = document.createElement('script')
  script.src = section.dataset.uplot
  document.head.append(style, script)
  return new Promise((resolve, reject) => {
    script.onload = resolve
    script.onerror = () => reject(new Error('uPlot did not load'))
  })
}

async function load(days) {
  const response = await fetch(section.dataset.history + '?days=' + days, { signal: AbortSignal.timeout(15000) })
  if (!response.ok) throw new Error('The history is not there')
  return (await response.json()).points
}

/* Time, mean and maximum; an empty value breaks the line where nothing was measured for long. */
function columns(points, gauge, days) {
  const gapS = Math.max(HOUR_S, days * 24 * HOUR_S / 40)
  const rows = []
  for (const point of points) {
    if (!point[gauge]) continue
    const at = Date.parse(point.fromAt) / 1000
    const last = rows.at(-1)
    if (last && at - last[0] > gapS) rows.push([last[0] + 1, null, null])
    rows.push([at, point[gauge].mean, point[gauge].max])
  }
  return [0, 1, 2].map((column) => rows.map((row) => row[column]))
}

function colour(name) {
  return getComputedStyle(root).getPropertyValue(name).trim()
}

function bands(points) {
  return (plot) => {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.fillStyle = colour('--band')
    for (const point of points.filter(({ unhealthy }) => unhealthy > 0)) {
      const from = Math.max(bbox.left, plot.valToPos(Date.parse(point.fromAt) / 1000, 'x', true))
      const to = Math.min(bbox.left + bbox.width, plot.valToPos(Date.parse(point.toAt) / 1000, 'x', true))
      if (to >= from) ctx.fillRect(from, bbox.top, Math.max(2 * devicePixelRatio, to - from), bbox.height)
    }
    ctx.restore()
  }
}

function options(figure, points, days, place) {
  const { unit } = figure.dataset
  const axis = { stroke: colour('--soft'), font: '12px ' + getComputedStyle(document.body).fontFamily, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } }
  const now = (Date.now() + clockOffsetMs) / 1000
  const fill = colour('--fill')
  return {
    width: place.clientWidth,
    height: 170,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 }, sync: { key: 'charts' } },
    scales: { x: { range: [now - days * 24 * HOUR_S, now] }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1] } },
    axes: [
      { ...axis, size: 26, grid: { show: false }, values: (_, ticks) => ticks.map((tick) => tickText(tick, days)), space: 70 },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => number(tick, unit)), space: 34 },
    ],
    series: [
      {},
      { stroke: colour('--mean'), width: 2, fill, points: { show: false } },
      { stroke: colour('--max'), width: 1, points: { show: false } },
    ],
    hooks: { drawClear: [bands(points)], setCursor: [(plot) => read(figure, plot)] },
  }
}

function tickText(seconds, days) {
  const parts = days <= 2 ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' }
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', { timeZone: zone, ...parts }).format(seconds * 1000)
}

/* The caption says what the pointer, or the slider, is at; without one, how it was on the whole. */
function read(figure, plot, index) {
  const entry = drawn.get(figure)
  if (!entry) return
  const idx = index ?? plot.cursor.idx
  entry.index = idx
  const caption = figure.querySelector('[data-summary]')
  const [times, means, maxima] = plot.data
  const isThere = idx != null && means[idx] != null
  const { unit } = figure.dataset
  const text = isThere
    ? say('{when}: mean {mean}, at most {max}', { when: when(times[idx]), mean: number(means[idx], unit), max: number(maxima[idx], unit) })
    : entry.summary
  if (caption.textContent !== text) caption.textContent = text
  if (!isThere) return
  entry.place.setAttribute('aria-valuenow', idx)
  entry.place.setAttribute('aria-valuetext', text)
}

function summary(means, maxima, unit) {
  const known = means.filter((value) => value != null)
  if (known.length === 0) return say('nothing measured')
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const max = Math.max(...maxima.filter((value) => value != null))
  return say('mean {mean}, at most {max}', { mean: number(mean, unit), max: number(max, unit) })
}

function draw(points, days) {
  for (const figure of section.querySelectorAll('[data-gauge]')) {
    drawn.get(figure)?.plot?.destroy()
    const data = columns(points, figure.dataset.gauge, days)
    const text = summary(data[1], data[2], figure.dataset.unit)
    const place = placeOf(figure, text, data[0].length)
    figure.querySelector('[data-summary]').textContent = text
    drawn.set(figure, { place, summary: text })
    if (data[0].length === 0) {
      place.textContent = ''
      continue
    }
    place.replaceChildren()
    drawn.set(figure, { place, summary: text, plot: new uPlot(options(figure, points, days, place), data, place) })
  }
}

/* A slider in name: arrow keys, Home and End move the cursor through the points. */
function placeOf(figure, text, many) {
  const place = figure.querySelector('.plot')
  place.classList.add('live')
  if (many === 0) {
    place.removeAttribute('role')
    place.removeAttribute('tabindex')
    return place
  }
  const attributes = { role: 'slider', tabindex: '0', 'aria-label': figure.dataset.name, 'aria-valuemin': 0, 'aria-valuemax': many - 1, 'aria-valuenow': many - 1, 'aria-valuetext': text }
  for (const [name, value] of Object.entries(attributes)) place.setAttribute(name, value)
  return place
}

section.addEventListener('keydown', (event) => {
  const plot = drawn.get(event.target.closest('[data-gauge]'))?.plot
  const many = plot?.data[0].length
  if (!many || event.target.getAttribute('role') !== 'slider') return
  const figure = event.target.closest('[data-gauge]')
  const at = drawn.get(figure).index ?? many - 1
  const step = event.shiftKey ? 10 : 1
  const wanted = { ArrowLeft: at - step, ArrowDown: at - step, ArrowRight: at + step, ArrowUp: at + step, Home: 0, End: many - 1 }[event.key]
  if (wanted === undefined) return
  event.preventDefault()
  let index = Math.min(many - 1, Math.max(0, wanted))
  while (plot.data[1][index] == null && index > 0 && index < many - 1) index += wanted < at ? -1 : 1
  const left = Math.min(plot.over.clientWidth - 1, Math.max(0, plot.valToPos(plot.data[0][index], 'x')))
  plot.setCursor({ left, top: plot.valToPos(plot.data[1][index] ?? 0, 'y') })
  read(figure, plot, index)
})

let points = []
let days = Number(section.dataset.days)

async function show(range) {
  section.setAttribute('aria-busy', 'true')
  try {
    const loaded = await load(range)
    points = loaded
    days = range
    draw(points, days)
    fillTable()
    for (const link of section.querySelectorAll('[data-range]')) {
      if (Number(link.dataset.range) === days) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    }
  } finally {
    section.removeAttribute('aria-busy')
  }
}

function fillTable() {
  const stepMs = (days <= 1 ? 1 : days <= 7 ? 6 : 24) * HOUR_S * 1000
  const rows = Map.groupBy(points, (point) => Math.floor(Date.parse(point.fromAt) / stepMs) * stepMs)
  const gauges = [...section.querySelectorAll('[data-gauge]')].map(({ dataset }) => dataset)
  const cell = (text, kind = 'td') => {
    const made = document.createElement(kind)
    made.textContent = text
    if (kind === 'th') made.scope = 'row'
    return made
  }
  document.getElementById('measured-rows')?.replaceChildren(...[...rows].reverse().map(([from, inRow]) => {
    const row = document.createElement('tr')
    row.append(cell(when(from / 1000), 'th'), cell(inRow.reduce((sum, point) => sum + point.unhealthy, 0)))
    for (const { gauge, unit } of gauges) {
      const found = inRow.flatMap((point) => point[gauge] ?? [])
      const mean = found.reduce((sum, value) => sum + value.mean, 0) / found.length
      row.append(cell(found.length === 0 ? '–' : number(mean, unit) + ' / ' + number(Math.max(...found.map(({ max }) => max)), unit)))
    }
    return row
  }))
}

section.addEventListener('click', (event) => {
  const link = event.target.closest('[data-range]')
  if (!link || event.metaKey || event.ctrlKey) return
  event.preventDefault()
  show(Number(link.dataset.range)).then(() => history.replaceState(null, '', link.href), () => location.assign(link.href))
})

const redraw = () => draw(points, days)
document.addEventListener('theme', redraw)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
let width = section.clientWidth
let resized
addEventListener('resize', () => {
  if (section.clientWidth === width) return
  width = section.clientWidth
  clearTimeout(resized)
  resized = setTimeout(redraw, 150)
})

/* Without the history or the library the drawings that came with the page stay. */
Promise.all([load(days), loadLibrary()]).then(([loaded]) => {
  points = loaded
  draw(points, days)
}, () => {})
`
