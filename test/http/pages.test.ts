import { Script } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { TargetView } from '../../src/core/report.ts'
import { assetAt, assetPath } from '../../src/http/assets/assets.ts'
import { at, incident, targetView } from './fake-guard.ts'
import { createHarness } from './harness.ts'
import { type Element, find, findAll, parseMarkup, textOf, withClass, withId, withTag } from './markup.ts'
import { card, open, RECOVERING, TROUBLED, type World, worldHarness } from './pages-world.ts'

const FAULTS = Array.from({ length: 18 }, (_, index) => ({
  name: `some-longer-fault-${index}`,
  says: 'What happens, in one line that is about as long as the lines of the sandbox are.',
}))
const SANDBOX = { extras: { mount: () => undefined, faults: FAULTS, pageNote: 'Sandbox' } }

const orders = (page: Element) =>
  findAll(page, (each) => each.attributes['data-order'] !== undefined).map(
    (button) => button.attributes['data-order'],
  )

describe('the dashboard says first how the fleet is', () => {
  it.each([
    [
      'all healthy',
      [targetView(), targetView({ id: 'b' })],
      'All is well',
      '2 of 2 healthy, last look 03:14:08',
    ],
    ['one in trouble', [targetView(), TROUBLED], '1 target in trouble', '1 of 2 healthy, last look 03:14:08'],
    [
      'two in trouble',
      [TROUBLED, { ...TROUBLED, id: 'b' }],
      '2 targets in trouble',
      '0 of 2 healthy, last look 03:14:08',
    ],
    [
      'one degraded',
      [targetView({ verdict: 'degraded' })],
      '1 target needs a look',
      '0 of 1 healthy, last look 03:14:08',
    ],
    [
      'unsure',
      [targetView({ verdict: 'inconclusive' })],
      'Not sure yet',
      '0 of 1 healthy, last look 03:14:08',
    ],
    [
      'hindered',
      [targetView({ trouble: 'the state is of a newer schema' })],
      'The guard is hindered',
      '1 of 1 healthy, last look 03:14:08',
    ],
    ['nothing to guard', [], 'Nothing to guard yet', '0 of 0 healthy, no look yet'],
  ])('%s', async (_, targets, headline, summary) => {
    const page = await open('/', { targets })
    expect(textOf(find(page, withTag('h1')))).toBe(headline)
    expect(textOf(find(page, withTag('title')))).toBe(`${headline} – Night Guard`)
    expect(textOf(find(page, withClass('headline')))).toBe(`${headline} ${summary}`)
  })
})

describe('a card', () => {
  it('of a healthy target has the verdict, the reason, the past, the workloads and the orders', async () => {
    const shown = card(await open('/'))
    expect(shown.attributes).toEqual({
      class: 'target',
      id: 'target-nightguard',
      'aria-labelledby': 'name-nightguard',
      'data-target': 'nightguard',
      'data-verdict': 'healthy',
      'data-phase': 'watching',
      'data-tone': 'good',
      'data-sign': 'nightguard healthy watching ',
      'data-says': 'healthy',
    })
    expect(textOf(shown)).toBe(
      'nightguard healthy The health endpoint answers as it should watching since 2026-03-03 03:14:20 seen 03:14:08 ' +
        '24 h 100% 7 days 100% 30 days 99.98% 90 days 99.98% agent.service healthy Recover Pause',
    )
  })

  it('of a target that gave up says everything that a person must know, by word and not by colour alone', async () => {
    const shown = card(await open('/', { targets: [TROUBLED] }), 'bot')
    expect(shown.attributes['data-tone']).toBe('bad')
    expect(textOf(shown)).toBe(
      'bot unhealthy No answer by HTTP, SSH or heartbeat VM frozen gave up since 03:04:20 seen 03:14:08 ' +
        'Breaker open since 03:04:20 : 2 resets in 6 h. Nothing is done until a person closes it. ' +
        'Paused by ana@example.com, ends 03:44:20 : Looking ' +
        'Next: Call of a person – The budget is spent See the incident ' +
        '24 h 100% 7 days 100% 30 days 99.98% 90 days 99.98% agent.service healthy Recover Resume',
    )
  })

  it('of a target that recovers says what comes next, and not before when', async () => {
    const page = await open('/', { targets: [RECOVERING] })
    expect(textOf(find(card(page, 'bot'), withClass('next')))).toBe(
      'Next: Hard reset (not before 03:18:20 ) – A reset cools down',
    )
    expect(card(page, 'bot').attributes).toMatchObject({ 'data-busy': '' })
    expect(find(page, withId('incident-link-bot')).attributes['href']).toBe('/incidents/i-3')
  })

  it.each([
    [
      'a state that cannot be read',
      { trouble: 'the state is of schema 9' },
      "The guard can't act: The state is of schema 9. Nothing is done until it can.",
    ],
    [
      'a new target',
      { armed: false, arming: { kind: 'unarmed', why: 'new', since: at(0) } },
      'Not armed: it is acted on once it has been seen healthy.',
    ],
    [
      'a changed one',
      { armed: false, arming: { kind: 'unarmed', why: 'changed', since: at(0) } },
      'Not armed: its configuration changed; it is acted on once it has been seen healthy.',
    ],
    [
      'another VM',
      { armed: false, arming: { kind: 'unarmed', why: 'replaced', since: at(0) } },
      'Not armed: it is another VM than before; a person has to arm it.',
    ],
    [
      'lost state',
      { armed: false, arming: { kind: 'unarmed', why: 'state-lost', since: at(0) } },
      'Not armed: what was known of it is lost; a person has to arm it.',
    ],
  ] satisfies [string, Partial<TargetView>, string][])('explains %s', async (_, changes, words) => {
    const shown = card(await open('/', { targets: [targetView(changes)] }))
    expect(textOf(find(shown, withClass('notices')))).toBe(words)
  })

  it.each([
    ['as it is', {}, ['recover', 'pause']],
    ['paused', { paused: TROUBLED.paused }, ['recover', 'resume']],
    ['with the breaker open', { breaker: TROUBLED.breaker }, ['recover', 'resume', 'pause']],
    ['unarmed', { armed: false }, ['recover', 'pause', 'arm']],
  ])('offers the orders that fit a target %s', async (_, changes, expected) => {
    expect(orders(await open('/', { targets: [targetView(changes as Partial<TargetView>)] }))).toEqual(
      expected,
    )
  })

  it('has words for what is not there', async () => {
    const bare = targetView({ evidence: {}, workloads: [], secrets: [], budgets: [], days: [], uptime: {} })
    const page = await open('/', { targets: [bare], incidents: [] })
    expect(textOf(find(page, withClass('shares')))).toBe(
      '24 h – no look 7 days – no look 30 days – no look 90 days – no look',
    )
    expect(textOf(page)).toContain('No incident so far.')
    expect(textOf(await open('/', { targets: [] }))).toContain('No target is configured.')
  })
})

describe('uptime bars', () => {
  const bars = async (changes: Partial<TargetView>) =>
    find(await open('/', { targets: [targetView(changes)] }), withClass('bars'))

  it('say in words what they draw, for who cannot see them', async () => {
    expect((await bars({})).attributes['aria-label']).toBe(
      'The last 90 days: 2 without trouble, 1 with, 87 without a look',
    )
  })

  it('draw a run of like days with one line, each kind at a height of its own', async () => {
    const drawn = findAll(await bars({}), withTag('path')).map(({ attributes }) => attributes)
    expect(drawn).toEqual([
      { class: 'good', d: 'M435 20h4M445 20h4' },
      { class: 'bad', d: 'M440 16h4' },
      { class: 'none', d: 'M0 30h434' },
    ])
  })

  it('cost little: ninety days in some hundred bytes', async () => {
    const { get } = worldHarness({ targets: [targetView({ days: [] })] })
    const [svg = ''] = /<svg class="bars".*?<\/svg>/s.exec(await (await get('/')).text()) ?? []
    expect(svg.length).toBeLessThan(250)
  })
})

describe('a fleet', () => {
  const fleet = (size: number) =>
    Array.from({ length: size }, (_, index) => targetView({ id: `node-${index}` }))
  const idsOf = (page: Element, kind: string) =>
    findAll(page, withClass(kind)).map(({ attributes }) => attributes['id'])

  it('of a few is shown in full, what is in trouble first', async () => {
    const page = await open('/', {
      targets: [targetView(), targetView({ id: 'c', verdict: 'degraded' }), TROUBLED],
    })
    expect(idsOf(page, 'target')).toEqual(['target-bot', 'target-c', 'target-nightguard'])
    expect(findAll(page, withClass('row'))).toEqual([])
  })

  it('of hundreds has cards for what needs a look, and a line for each of the others, a hundred a page', async () => {
    const page = await open('/', { targets: [...fleet(150), TROUBLED] })
    expect(idsOf(page, 'target')).toEqual(['target-bot'])
    expect(idsOf(page, 'row')).toHaveLength(99)
    expect(textOf(find(page, withClass('pages')))).toBe('Page 1 of 2 Next')
    const second = await open('/?page=2', { targets: [...fleet(150), TROUBLED] })
    expect(idsOf(second, 'row')).toHaveLength(51)
    expect(find(second, withId('targets')).attributes['data-fragment']).toBe(
      '/fragments/targets?lang=en&page=2',
    )
  })

  it('in which everything fails has a dozen cards, and lines for the rest', async () => {
    const page = await open('/', {
      targets: fleet(40).map((target) => ({ ...target, verdict: 'unhealthy' })),
    })
    expect([idsOf(page, 'target').length, idsOf(page, 'row').length]).toEqual([12, 28])
  })

  it.each(['0', '-1', 'x', '1.5', '99999'])('shows its first page for page=%s', async (asked) => {
    const page = await open(`/?page=${asked}`, { targets: fleet(150) })
    expect(idsOf(page, 'row')).toHaveLength(100)
  })
})

describe('orders', () => {
  it('are offered to operators only', async () => {
    const page = await open('/', { role: 'viewer' })
    expect(findAll(page, withTag('button'))).toEqual([])
    expect(findAll(page, withTag('dialog'))).toEqual([])
  })

  it('are confirmed in a dialog, with a reason and a preview', async () => {
    const dialog = find(await open('/'), withTag('dialog'))
    expect(textOf(dialog)).toContain('Cancel Preview Do it')
    expect(find(dialog, ({ attributes }) => attributes['name'] === 'reason').attributes).toMatchObject({
      required: '',
      maxlength: '500',
    })
  })

  it('need a script, and the page says so', async () => {
    expect(textOf(find(await open('/'), withTag('noscript')))).toBe(
      'This page shows the state. Orders need JavaScript, or the nightguard command.',
    )
  })

  it('of the sandbox, to break something, are there only where it gives some', async () => {
    expect(findAll(await open('/'), withClass('faults'))).toEqual([])
    const page = await open('/', { options: SANDBOX })
    expect(find(page, withId('fault-nightguard-some-longer-fault-3')).attributes).toMatchObject({
      'data-fault': 'some-longer-fault-3',
    })
    expect(textOf(find(page, withClass('note')))).toBe('Sandbox')
  })
})

describe('observe mode', () => {
  const observed = targetView({ mode: 'observe' })
  const world: World = { targets: [observed], options: { mode: 'observe' } }

  it.each(['/', '/targets/nightguard', '/incidents', '/incidents/i-1', '/shadow'])(
    'is said clearly on %s, with a way to what would have been done',
    async (path) => {
      const page = await open(path, world)
      expect(textOf(find(page, withId('observing')))).toBe(
        'The guard observes only. It decides and records, and acts on nothing. What it would have done',
      )
      const links = findAll(find(page, withClass('top')), withTag('a')).map(textOf)
      expect(links).toContain('Shadow mode')
    },
  )

  it('is taken from the targets where the app is not told', async () => {
    const page = await open('/', { targets: [observed] })
    expect(findAll(page, withId('observing'))).toHaveLength(1)
    expect(findAll(await open('/'), withId('observing'))).toEqual([])
  })
})

describe('an open page', () => {
  it('asks often where a fault can be watched, seldom where each look costs store reads', async () => {
    const refresh = async (options?: World['options']) =>
      find(await open('/', options === undefined ? {} : { options }), withTag('body')).attributes[
        'data-refresh-ms'
      ]
    expect(await refresh()).toBe('15000')
    expect(await refresh({ extras: { mount: () => undefined } })).toBe('2000')
    expect(await refresh({ refreshMs: 500 })).toBe('500')
  })

  it.each([
    ['/', 'targets', '/fragments/targets?lang=en'],
    ['/', 'incidents', '/fragments/incidents?lang=en'],
    ['/targets/nightguard', 'target', '/fragments/targets/nightguard?lang=en'],
    ['/targets/nightguard', 'incidents', '/fragments/incidents?target=nightguard&lang=en'],
    ['/incidents/i-1', 'incident', '/fragments/incidents/i-1?lang=en'],
    ['/incidents/i-1', 'boxes', '/fragments/incidents/i-1/black-boxes?lang=en'],
  ])('of %s gets #%s anew in the very shape that the page has it', async (path, id, fragment) => {
    const world = { incidents: [incident({ state: 'acting' })] }
    const part = find(await open(path, world), withId(id))
    expect(part.attributes['data-fragment']).toBe(fragment)
    expect(find(await open(fragment, world), withId(id))).toEqual(part)
  })
})

describe('what a page weighs', () => {
  const targets = [targetView(), targetView({ id: 'b' }), TROUBLED]
  const world: World = { targets, incidents: Array(5).fill(incident()), options: SANDBOX }
  const bytes = (text: string) => [Buffer.byteLength(text), gzipSync(text).length] as const

  it.each([
    ['/', 'en', 60_000, 18_000],
    ['/', 'ko', 60_000, 20_000],
    ['/targets/bot', 'ko', 60_000, 20_000],
    ['/incidents/i-1', 'ko', 60_000, 18_000],
  ] as const)(
    '%s in %s, with style and script: under %i bytes, %i as gzip',
    async (path, language, rawMax, gzipMax) => {
      const response = await worldHarness(world).get(`${path}?lang=${language}`)
      const text = await response.text()
      const files = [...text.matchAll(/"(\/assets\/[^"]*\.(?:css|js))"/g)]
        .map(([, file = '']) => file)
        .filter((file) => !/uplot|charts/.test(file))
      const parts = [text, ...files.map((file) => assetAt(file)?.body ?? '')].map(bytes)
      const [raw, gzipped] = [0, 1].map((kind) => parts.reduce((sum, part) => sum + (part[kind] ?? 0), 0))
      expect(parts.length).toBeGreaterThan(2)
      expect(raw).toBeLessThan(rawMax)
      expect(gzipped).toBeLessThan(gzipMax)
    },
  )

  const sent = ['/', '/incidents/i-1', '/docs', '/openapi.json', '/api/targets/nightguard/history']

  it.each([...sent, assetPath('style.css')])('%s is sent compressed to who can read that', async (path) => {
    const response = await worldHarness(world).get(path, { 'accept-encoding': 'gzip, br' })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')).toMatch(/Accept-Encoding/)
  })
})

describe('the scripts', () => {
  it.each(['script.js', 'script.ko.js', 'charts.js', 'charts.ko.js', 'uplot.js'] as const)(
    '%s parses',
    (name) => {
      const body = assetAt(assetPath(name))?.body ?? ''
      expect(body.length).toBeGreaterThan(1_000)
      expect(() => new Script(`async () => {${body}}`)).not.toThrow()
    },
  )

  it('load nothing for charts before a page has some', async () => {
    expect(find(await open('/'), withTag('body'))).toBeDefined()
    expect(findAll(await open('/'), withId('charts'))).toEqual([])
    expect(find(await open('/targets/nightguard'), withId('charts')).attributes).toMatchObject({
      'data-script': assetPath('charts.js'),
      'data-uplot': assetPath('uplot.js'),
      'data-uplot-style': assetPath('uplot.css'),
    })
  })
})

describe('a page without its store', () => {
  const unavailable = async () => ({ kind: 'unavailable' as const, detail: 'The database is locked' })
  const answers = {
    targets: unavailable,
    target: unavailable,
    incidents: unavailable,
    incident: unavailable,
    shadow: unavailable,
  }

  it.each(['/', '/targets/nightguard', '/incidents', '/incidents/i-1', '/shadow'])(
    '%s says so, with the status that is due',
    async (path) => {
      const browser = { accept: 'text/html', 'accept-encoding': 'gzip' }
      const response = await createHarness({ answers }).get(path, browser)
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30'])
      expect(textOf(parseMarkup(await response.text()))).toContain('The database is locked')
    },
  )

  it('answers a fragment with a problem, which the script tells', async () => {
    const response = await createHarness({ answers }).get('/fragments/targets', { accept: 'text/html' })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  it('still shows a target whose history alone cannot be read', async () => {
    const response = await createHarness({ answers: { history: unavailable } }).get('/targets/nightguard')
    expect(response.status).toBe(200)
    expect(textOf(find(parseMarkup(await response.text()), withId('charts')))).toContain(
      'What was measured cannot be read now.',
    )
  })
})
