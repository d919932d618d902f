import { describe, expect, it } from 'vitest'
import type { Guard, GuardMetrics } from '../../src/app/guard.ts'
import type { StatusPage } from '../../src/core/channel.ts'
import type { DayView, TargetView } from '../../src/core/report.ts'
import { addStatusRoutes } from '../../src/http/routes/status.ts'
import { publicStatusSchema } from '../../src/schemas/api-status.ts'
import { at, NOW } from './fake-guard.ts'
import { find, findAll, parseMarkup, textOf, withClass, withTag } from './markup.ts'
import { createSmallApp, fullView, guardThat, noFigures } from './small-app.ts'

const DAY_MS = 24 * 3_600_000
const dayBefore = (days: number) => new Date(NOW - days * DAY_MS).toISOString().slice(0, 10)
const looks = (day: string, changes: Partial<DayView> = {}): DayView => ({
  day,
  healthy: 1_440,
  degraded: 0,
  unhealthy: 0,
  inconclusive: 0,
  ...changes,
})

const STATUS: StatusPage = {
  title: 'Our services',
  targets: [
    { id: 'nightguard', name: 'The bot' },
    { id: 'second', name: 'The site' },
  ],
}

const WELL: readonly TargetView[] = [
  fullView({
    uptime: { days90: 0.99986 },
    days: [looks(dayBefore(3), { healthy: 1_436, unhealthy: 4 }), looks(dayBefore(0))],
  }),
  fullView({ id: 'second', uptime: { days90: 1 }, days: [looks(dayBefore(0))] }),
  fullView({ id: 'unlisted', verdict: 'unhealthy', phase: 'gave-up' }),
]

function createPublic(
  views: readonly TargetView[] | 'unavailable' = WELL,
  options: { status?: StatusPage; figures?: GuardMetrics; language?: 'en' | 'ko' } = {},
) {
  const { status = STATUS, figures = noFigures(), language = 'en' } = options
  let now = NOW
  let answer = views
  let asked = 0
  const targets: Guard['targets'] = async () => {
    asked += 1
    if (answer === 'unavailable') return { kind: 'unavailable', detail: 'firestore at 10.0.0.9 refuses' }
    return { kind: 'targets', targets: answer }
  }
  const { get } = createSmallApp((app) =>
    addStatusRoutes(app, {
      guard: guardThat({ targets, metrics: () => figures }),
      now: () => now,
      reader: { language, timeZone: 'Asia/Seoul' },
      status,
    }),
  )
  return {
    get,
    json: async () => publicStatusSchema.parse(await (await get('/status.json')).json()),
    page: async (path = '/status', headers: Record<string, string> = {}) =>
      parseMarkup(await (await get(path, { headers })).text()),
    asked: () => asked,
    later: (ms: number, next = answer) => {
      now += ms
      answer = next
    },
  }
}

describe('without the option', () => {
  it.each(['/status', '/status.json', '/status/badges/all.svg', '/status/badges/nightguard.svg'])(
    '%s is not there, and the guard is not asked',
    async (path) => {
      const { get } = createSmallApp((app) =>
        addStatusRoutes(app, {
          guard: guardThat({}),
          now: () => NOW,
          reader: { language: 'en', timeZone: 'UTC' },
        }),
      )
      expect((await get(path)).status).toBe(404)
    },
  )
})

describe('/status.json', () => {
  it('says of the chosen targets what was chosen', async () => {
    expect(await createPublic().json()).toEqual({
      title: 'Our services',
      at: new Date(NOW).toISOString(),
      status: 'up',
      targets: [
        {
          name: 'The bot',
          status: 'up',
          uptime90Days: 0.99986,
          days: [
            { day: dayBefore(3), uptime: 1_436 / 1_440, downMinutes: 4 },
            { day: dayBefore(0), uptime: 1, downMinutes: 0 },
          ],
        },
        {
          name: 'The site',
          status: 'up',
          uptime90Days: 1,
          days: [{ day: dayBefore(0), uptime: 1, downMinutes: 0 }],
        },
      ],
    })
  })

  it.each<[string, Partial<TargetView>, string]>([
    ['healthy', {}, 'up'],
    ['degraded', { verdict: 'degraded', cause: 'pressure' }, 'degraded'],
    ['unhealthy and confirmed', { verdict: 'unhealthy', phase: 'recovering' }, 'down'],
    ['unhealthy, but only suspected', { verdict: 'unhealthy', phase: 'suspect' }, 'unknown'],
    ['unhealthy and never armed', { verdict: 'unhealthy', phase: 'unarmed', armed: false }, 'down'],
    ['inconclusive', { verdict: 'inconclusive' }, 'unknown'],
    ['a state that cannot be read', { trouble: 'a newer schema' }, 'unknown'],
    ['last looked at an hour ago', { lastTickAt: at(3_600) }, 'unknown'],
    [
      'last looked at an hour ago, though there were looks today',
      { lastTickAt: at(3_600), days: [looks(dayBefore(0))] },
      'unknown',
    ],
    [
      'last looked at an hour ago, and by nobody else for days',
      { lastTickAt: at(3_600), days: [looks(dayBefore(2))] },
      'unknown',
    ],
  ])('%s', async (_, changes, word) => {
    const status = { title: 'One', targets: [{ id: 'nightguard', name: 'Bot' }] }
    const { json } = createPublic([fullView(changes)], { status })
    expect((await json()).targets.map((target) => target.status)).toEqual([word])
  })

  it.each([
    [['healthy', 'healthy'], 'up'],
    [['healthy', 'inconclusive'], 'unknown'],
    [['degraded', 'inconclusive'], 'degraded'],
    [['degraded', 'unhealthy'], 'down'],
  ] as const)('%j together: %s', async ([one, other], word) => {
    const { json } = createPublic([
      fullView({ verdict: one, phase: 'recovering' }),
      fullView({ id: 'second', verdict: other, phase: 'recovering' }),
    ])
    expect((await json()).status).toBe(word)
  })

  it('says of a chosen target that is not watched that nothing is known', async () => {
    const { json } = createPublic([fullView()])
    expect((await json()).targets[1]).toEqual({ name: 'The site', status: 'unknown', days: [] })
  })

  it('may be read by any site', async () => {
    const { headers } = await createPublic().get('/status.json')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('cache-control')).toBe('public, max-age=30')
  })
})

describe('what strangers never see', () => {
  const SECRETIVE = fullView({
    verdict: 'unhealthy',
    phase: 'recovering',
    phaseReason: 'PHASE-REASON',
    cause: 'workload-hung',
    reason: 'REASON of 10.138.0.2',
    evidence: { http: { kind: 'refused', detail: 'EVIDENCE' } },
    incidentId: 'INCIDENT',
    workloads: [{ unit: 'UNIT.service', container: 'CONTAINER' }],
    secrets: [{ name: 'SECRET', secret: 'SECRET', wanted: 'latest' }],
    paused: { by: 'PERSON@example.com', reason: 'PAUSE', since: at(60), until: at(-60) },
    outlook: { rung: 'reset', why: 'OUTLOOK' },
    breaker: { kind: 'open', since: at(60), rung: 'reset', reason: 'BREAKER' },
    trouble: 'TROUBLE',
    days: [looks(dayBefore(0))],
  })

  it.each([
    '/status',
    '/status?lang=ko',
    '/status.json',
    '/status/badges/all.svg',
    '/status/badges/nightguard.svg',
  ])('%s has nothing of it', async (path) => {
    const text = await (await createPublic([SECRETIVE, fullView({ id: 'unlisted' })]).get(path)).text()
    expect(text).not.toMatch(
      /REASON|EVIDENCE|INCIDENT|UNIT|CONTAINER|SECRET|PERSON|PAUSE|OUTLOOK|BREAKER|TROUBLE|workload-hung|10\.138|reset|recovering|nightguard|unlisted/,
    )
  })

  it.each(['/status', '/status.json', '/status/badges/all.svg'])(
    '%s tells nothing of a store that is down, but that nothing is known',
    async (path) => {
      const response = await createPublic('unavailable').get(path)
      const text = await response.text()
      expect(response.status).toBe(200)
      expect(text).not.toMatch(/firestore|10\.0\.0\.9/)
      expect(text).toMatch(/[Nn]ot known right now|"status":"unknown"/)
    },
  )
})

describe('what it costs', () => {
  it('asks the guard once for all who come within 30 s, however many at once', async () => {
    const { get, asked, later } = createPublic()
    await Promise.all(Array.from({ length: 20 }, () => get('/status')))
    later(29_999)
    await Promise.all([get('/status.json'), get('/status/badges/all.svg'), get('/status?lang=ko')])
    expect(asked()).toBe(1)
    later(1)
    await Promise.all([get('/status'), get('/status.json')])
    expect(asked()).toBe(2)
  })

  it('asks nobody at all while this process itself watches', async () => {
    const targets = WELL.map((view) => ({ view, lookedAt: NOW - 60_000 }))
    const { json, asked } = createPublic('unavailable', { figures: noFigures({ targets }) })
    expect((await json()).status).toBe('up')
    expect(asked()).toBe(0)
  })

  it('asks the store when this process has not looked for a while', async () => {
    const targets = WELL.map((view) => ({ view, lookedAt: NOW - 120_001 }))
    const { get, asked } = createPublic(WELL, { figures: noFigures({ targets }) })
    await get('/status')
    expect(asked()).toBe(1)
  })

  it('does not ask again and again when the store is down', async () => {
    const { get, asked, later, json } = createPublic('unavailable')
    for (let times = 0; times < 5; times += 1) await get('/status')
    expect(asked()).toBe(1)
    later(30_000, WELL)
    expect((await json()).status).toBe('up')
  })

  it('a bug is no view that is kept', async () => {
    let broken = true
    const { get } = createSmallApp((app) =>
      addStatusRoutes(app, {
        guard: guardThat({
          metrics: () => noFigures(),
          targets: async () => {
            if (broken) throw new Error('bug at 10.0.0.9')
            return { kind: 'targets', targets: WELL }
          },
        }),
        now: () => NOW,
        reader: { language: 'en', timeZone: 'UTC' },
        status: STATUS,
      }),
    )
    const response = await get('/status')
    expect([response.status, (await response.text()).includes('10.0.0.9')]).toEqual([500, false])
    broken = false
    expect((await get('/status')).status).toBe(200)
  })
})

describe('/status as a page', () => {
  it('says how all are, and each', async () => {
    const page = await createPublic().page()
    expect(textOf(find(page, withTag('h1')))).toBe('All systems are up')
    const rows = findAll(page, withTag('article'))
    expect(rows.map((row) => textOf(find(row, withTag('h2'))))).toEqual(['The bot', 'The site'])
    expect(rows.map((row) => textOf(find(row, withClass('status-word'))))).toEqual(['Up', 'Up'])
    expect(rows.map((row) => textOf(find(row, withClass('status-span'))))).toEqual([
      '90 days ago 99.98% up Today',
      '90 days ago 100% up Today',
    ])
  })

  it('tells past downtime by day and duration only, newest first', async () => {
    const days = [
      looks(dayBefore(40), { unhealthy: 130 }),
      looks(dayBefore(3), { unhealthy: 4 }),
      looks(dayBefore(0)),
    ]
    const page = await createPublic([fullView({ days })]).page()
    expect(findAll(find(page, withClass('status-outages')), withTag('li')).map(textOf)).toEqual([
      `${dayBefore(3)} The bot down for about 4 min`,
      `${dayBefore(40)} The bot down for about 2 h 10 min`,
    ])
  })

  it('draws 90 days: those without a look, good ones, and the others with their words', async () => {
    const bars = findAll(await createPublic().page(), withClass('status-bars'))
    expect(bars.map(({ attributes }) => attributes['aria-label'])).toEqual([
      '90 days: 99.98% up, days with downtime: 1',
      '90 days: 100% up, days with downtime: 0',
    ])
    const [bot] = bars
    if (bot === undefined) throw new Error('No bars')
    const drawn = (name: string) => (find(bot, withClass(name)).attributes['d'] ?? '').split('M').length - 1
    expect([drawn('none'), drawn('good')]).toEqual([88, 1])
    expect(findAll(bot, withTag('title')).map(textOf)).toEqual([`${dayBefore(3)}: down for about 4 min`])
  })

  it('has no script, and asks nobody else for anything', async () => {
    const page = await createPublic().page()
    expect(findAll(page, withTag('script'))).toEqual([])
    const addresses = findAll(page, () => true).flatMap(({ attributes }) => [
      ...(attributes['href'] === undefined ? [] : [attributes['href']]),
      ...(attributes['src'] === undefined ? [] : [attributes['src']]),
    ])
    expect(addresses.filter((address) => !/^(\/assets\/|\?lang=)/.test(address))).toEqual([])
    expect(findAll(page, ({ attributes }) => 'style' in attributes)).toEqual([])
  })

  it('reloads itself every minute, unless its reader stops that', async () => {
    const { get, page } = createPublic()
    expect((await get('/status')).headers.get('refresh')).toBe('60')
    expect((await get('/status?lang=en&reload=no')).headers.get('refresh')).toBeNull()
    const links = async (path: string) =>
      findAll(find(await page(path), withTag('footer')), withTag('a')).map((link) => [
        textOf(link),
        link.attributes['href'],
      ])
    expect(await links('/status')).toEqual([
      ['Stop that', '?lang=en&reload=no'],
      ['한국어', '?lang=ko'],
    ])
    expect(await links('/status?lang=ko&reload=no')).toEqual([
      ['1분마다 자동 새로 고침', '?lang=ko'],
      ['English', '?lang=en&reload=no'],
    ])
  })

  it('may be kept for 30 s, apart for each language, and never be framed', async () => {
    const { headers } = await createPublic().get('/status')
    expect(
      ['cache-control', 'vary', 'content-language', 'x-frame-options', 'cross-origin-resource-policy'].map(
        (name) => headers.get(name),
      ),
    ).toEqual(['public, max-age=30', 'Accept-Language, Accept-Encoding', 'en', 'DENY', 'same-origin'])
  })

  it.each([
    ['/status', '', 'en', 'en'],
    ['/status', '', 'ko', 'ko'],
    ['/status', 'ko-KR,ko;q=0.9,en;q=0.8', 'en', 'ko'],
    ['/status', 'de,en;q=0.5', 'ko', 'en'],
    ['/status', 'de,fr;q=0.5', 'ko', 'ko'],
    ['/status?lang=en', 'ko', 'ko', 'en'],
    ['/status?lang=ko', 'en', 'en', 'ko'],
    ['/status?lang=xx', 'ko', 'en', 'ko'],
    ['/status', ';;;q=,,\u00ff', 'en', 'en'],
  ] as const)(
    '%s, accepting "%s", of a guard that speaks %s: %s',
    async (path, accepted, language, spoken) => {
      const { page } = createPublic(WELL, { language })
      const html = find(await page(path, { 'accept-language': accepted }), withTag('html'))
      expect(html.attributes['lang']).toBe(spoken)
    },
  )

  it('speaks Korean, to the last word', async () => {
    const days = [looks(dayBefore(3), { unhealthy: 4 }), looks(dayBefore(0))]
    const views = [fullView({ verdict: 'unhealthy', phase: 'recovering', days, uptime: { days90: 0.5 } })]
    const page = await createPublic(views).page('/status?lang=ko')
    expect(textOf(find(page, withTag('main')))).toBe(
      'Our services 2개 중 1개가 중단되었습니다 12:14 Asia/Seoul 기준 ' +
        'The bot 중단됨 2026년 3월 1일: 약 4분 동안 중단 90일 전 가동률 50.00% 오늘 ' +
        'The site 확인 중 90일 전 아직 집계 없음 오늘 ' +
        '최근 90일간의 중단 이력 2026년 3월 1일 The bot 약 4분 동안 중단',
    )
    expect(textOf(find(page, withTag('footer')))).toBe(
      '날짜는 UTC 기준입니다. 이 페이지는 1분마다 자동으로 새로 고침됩니다. 자동 새로 고침 끄기 English 한국어',
    )
  })

  it('shows names that contain markup or bidi controls inert', async () => {
    const status = {
      title: '</title><script>',
      targets: [{ id: 'nightguard', name: '<b onclick="x">\u202e' }],
    }
    const page = await createPublic(WELL, { status }).page()
    expect(findAll(page, withTag('script'))).toEqual([])
    expect(textOf(find(page, withTag('article')))).toContain('<b onclick="x">⟨U+202E⟩')
  })

  it('stays small: ten targets with a bad day each, below 30 KB', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `t-${index}`)
    const days = Array.from({ length: 90 }, (_, index) =>
      looks(dayBefore(89 - index), { unhealthy: index === 5 ? 9 : 0 }),
    )
    const views = ids.map((id) => fullView({ id, days }))
    const { get } = createPublic(views, {
      status: { title: 'Ten', targets: ids.map((id) => ({ id, name: id })) },
    })
    expect((await (await get('/status')).arrayBuffer()).byteLength).toBeLessThan(30_000)
  })
})
