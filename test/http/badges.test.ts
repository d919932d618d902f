import { describe, expect, it } from 'vitest'
import type { TargetView } from '../../src/core/report.ts'
import { BADGE_GROUNDS, badgeSvg, NAME_GROUND, textWidth } from '../../src/http/pages/badge.ts'
import { addStatusRoutes } from '../../src/http/routes/status.ts'
import { NOW } from './fake-guard.ts'
import { find, findAll, parseMarkup, textOf, withTag } from './markup.ts'
import { createSmallApp, fullView, guardThat, noFigures } from './small-app.ts'

function createBadges(views: readonly TargetView[], name = 'The bot') {
  return createSmallApp((app) =>
    addStatusRoutes(app, {
      guard: guardThat({
        metrics: () => noFigures(),
        targets: async () => ({ kind: 'targets', targets: views }),
      }),
      now: () => NOW,
      reader: { language: 'en', timeZone: 'UTC' },
      status: {
        title: 'Ours',
        targets: [
          { id: 'nightguard', name },
          { id: 'second', name: 'Site' },
        ],
      },
    }),
  )
}

async function badgeOf(views: readonly TargetView[], path: string, name?: string) {
  const response = await createBadges(views, name).get(path)
  const svg = find(parseMarkup(await response.text()), withTag('svg'))
  const [colour, ground] = findAll(svg, ({ attributes }) => 'fill' in attributes).map(
    ({ attributes }) => attributes['fill'],
  )
  return { label: svg.attributes['aria-label'], ground, colour, svg }
}

const UP = fullView({ uptime: { days90: 0.99986 } })
const DOWN = fullView({ verdict: 'unhealthy', phase: 'recovering' })
const SECOND = fullView({ id: 'second' })

describe("a chosen target's badge", () => {
  it.each([
    ['up, with its share', UP, 'The bot: up 99.98%', 'up'],
    ['up, without looks so far', fullView(), 'The bot: up', 'up'],
    ['degraded', fullView({ verdict: 'degraded' }), 'The bot: degraded', 'degraded'],
    ['down', DOWN, 'The bot: down', 'down'],
    ['not known', fullView({ verdict: 'inconclusive' }), 'The bot: not known right now', 'unknown'],
  ] as const)('%s', async (_, view, label, word) => {
    const badge = await badgeOf([view], '/status/badges/nightguard.svg')
    expect([badge.label, badge.ground, badge.colour]).toEqual([label, NAME_GROUND, BADGE_GROUNDS[word]])
  })

  it('speaks Korean when asked', async () => {
    expect((await badgeOf([UP], '/status/badges/nightguard.svg?lang=ko')).label).toBe('The bot: 정상 99.98%')
  })

  it('shows a name with markup as it stands', async () => {
    const { svg } = await badgeOf([UP], '/status/badges/nightguard.svg', '<script>&"\u202e\uffff')
    expect(findAll(svg, withTag('script'))).toEqual([])
    expect(findAll(svg, withTag('text')).map(textOf)).toEqual(['<script>&"⟨U+202E⟩', 'up 99.98%'])
  })

  it('is bounded, however long the name', () => {
    expect(badgeSvg({ name: 'x'.repeat(10_000), text: 'up', word: 'up' }).length).toBeLessThan(1_500)
  })
})

describe("all chosen targets' badge", () => {
  it.each([
    ['all up', [UP, SECOND], 'Ours: up'],
    ['one of them down', [DOWN, SECOND], 'Ours: 1/2 down'],
    ['all down', [DOWN, { ...DOWN, id: 'second' }], 'Ours: down'],
    ['one of them not known', [UP], 'Ours: not known right now'],
  ])('%s', async (_, views, label) => {
    expect((await badgeOf(views, '/status/badges/all.svg')).label).toBe(label)
  })
})

describe('a badge as a file', () => {
  it('is an image for other pages, for 30 s, and never a frame or a script', async () => {
    const { headers } = await createBadges([UP]).get('/status/badges/nightguard.svg')
    const names = [
      'content-type',
      'cache-control',
      'vary',
      'cross-origin-resource-policy',
      'x-frame-options',
      'x-content-type-options',
    ]
    expect(names.map((name) => headers.get(name))).toEqual([
      'image/svg+xml; charset=utf-8',
      'public, max-age=30',
      'Accept-Language',
      'cross-origin',
      'DENY',
      'nosniff',
    ])
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each([
    'unlisted.svg',
    'nightguard',
    'nightguard.png',
    '.svg',
    'constructor.svg',
    '__proto__.svg',
    `${'x'.repeat(200)}.svg`,
    '%2e%2e%2funlisted.svg',
  ])('%s is not there', async (file) => {
    const views = [UP, fullView({ id: 'unlisted' })]
    expect((await createBadges(views).get(`/status/badges/${file}`)).status).toBe(404)
  })

  it('text fits where it is put', async () => {
    const { svg } = await badgeOf([UP], '/status/badges/nightguard.svg')
    const [name, value] = findAll(svg, withTag('text')).map(({ attributes }) => ({
      from: Number(attributes['x']),
      to: Number(attributes['x']) + Number(attributes['textLength'] ?? attributes['textlength']),
    }))
    const width = Number(svg.attributes['width'])
    expect([name?.from, (value?.from ?? 0) - (name?.to ?? 0), width - (value?.to ?? 0)]).toEqual([6, 12, 6])
  })

  it.each([
    ['iiii', 'mmmm'],
    ['lower', 'UPPER'],
    ['abc', '가나다'],
  ])('"%s" is narrower than "%s"', (narrow, wide) => {
    expect(textWidth(narrow)).toBeLessThan(textWidth(wide))
  })
})

describe('white on each of its colours', () => {
  it.each([...Object.values(BADGE_GROUNDS), NAME_GROUND])('%s has a contrast of 4.5 and more', (ground) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
      const part = Number.parseInt(ground.slice(from, from + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    expect(1.05 / (luminance + 0.05)).toBeGreaterThanOrEqual(4.5)
  })
})
