import { Script } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { IncidentView, TargetView } from '../../src/core/report.ts'
import type { AppDependencies } from '../../src/http/app.ts'
import { SCRIPT } from '../../src/http/assets/script.ts'
import { STYLE } from '../../src/http/assets/style.ts'
import { at, incident, targetView } from './fake-guard.ts'
import { createHarness } from './harness.ts'
import { type Element, find, findAll, parseMarkup, textOf, withClass, withId, withTag } from './markup.ts'

type World = {
  targets?: readonly TargetView[]
  incidents?: readonly IncidentView[]
  role?: string
  options?: Partial<AppDependencies>
}

function harness({
  targets = [targetView()],
  incidents = [incident()],
  role = 'operator',
  options,
}: World = {}) {
  return createHarness({
    role,
    ...options,
    answers: {
      targets: async () => ({ kind: 'targets', targets }),
      incidents: async () => ({ kind: 'page', incidents }),
      incident: async () => (incidents[0] ? { kind: 'found', incident: incidents[0] } : { kind: 'absent' }),
    },
  })
}

async function open(path: string, world: World = {}): Promise<Element> {
  const response = await harness(world).get(path, { accept: 'text/html' })
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  return parseMarkup(await response.text())
}

const idsOf = (element: Element) =>
  findAll(element, (each) => each.attributes['id'] !== undefined).map((each) => each.attributes['id'])
const card = (page: Element, id = 'nightguard') => find(page, withId(`target-${id}`))
const noticesOf = (element: Element) => textOf(find(element, withClass('notices')))

const TROUBLED = targetView({
  id: 'bot',
  verdict: 'unhealthy',
  cause: 'vm-frozen',
  reason: 'No answer by HTTP, SSH or heartbeat',
  phase: 'gave-up',
  phaseSince: at(600),
  incidentId: 'i-3',
  evidence: { http: { kind: 'silent', detail: '3 probes' }, vm: { kind: 'RUNNING' } },
  breaker: { kind: 'open', since: at(600), rung: 'reset', reason: '2 resets in 6 h' },
  paused: { by: 'ana@example.com', reason: 'Looking', since: at(60), until: at(-1_800) },
})

describe('the dashboard', () => {
  it.each([
    [
      'all healthy',
      [targetView(), targetView({ id: 'b' })],
      'All is well',
      '2 of 2 targets healthy, last look',
    ],
    ['one in trouble', [targetView(), TROUBLED], '1 target in trouble', '1 of 2 targets healthy, last look'],
    [
      'one degraded',
      [targetView({ verdict: 'degraded' })],
      '1 target needs a look',
      '0 of 1 target healthy, last look',
    ],
    ['unsure', [targetView({ verdict: 'inconclusive' })], 'Not sure yet', '0 of 1 target healthy, last look'],
    [
      'hindered',
      [targetView({ trouble: 'Newer schema' })],
      'The guard is hindered',
      '1 of 1 target healthy, last look',
    ],
    ['nothing to guard', [], 'Nothing to guard yet', '0 of 0 targets healthy, no look yet'],
  ])('says first how the fleet is: %s', async (_, targets, headline, summary) => {
    const page = await open('/', { targets })
    expect(textOf(find(page, withTag('h1')))).toBe(headline)
    expect(textOf(find(page, withTag('title')))).toBe(`${headline} – Night Guard`)
    expect(textOf(find(page, withClass('headline')))).toContain(summary)
  })

  it('tells of a target what is the matter, by word and not by colour alone', async () => {
    const shown = card(await open('/', { targets: [TROUBLED] }), 'bot')
    expect(shown.attributes).toMatchObject({
      'data-verdict': 'unhealthy',
      'data-phase': 'gave-up',
      'data-tone': 'bad',
    })
    expect(textOf(find(shown, withClass('verdict')))).toBe('unhealthy')
    expect(textOf(find(shown, withClass('reason')))).toBe('No answer by HTTP, SSH or heartbeat')
    expect(textOf(find(shown, withClass('standing')))).toBe(
      'vm-frozen gave-up since 03:04:20 UTC seen at 03:14:08 UTC',
    )
    expect(textOf(find(shown, withClass('evidence')))).toBe('HTTP silent 3 probes Compute RUNNING')
    expect(noticesOf(shown)).toBe(
      'Paused by ana@example.com, ends at 03:44:20 UTC : Looking Breaker open since 03:04:20 UTC : 2 resets in 6 h See the incident',
    )
  })

  it('lists workloads, secrets by name and age, and what the budgets leave', async () => {
    const shown = find(await open('/'), withId('details-nightguard'))
    expect(textOf(shown)).toBe(
      '1 workload, 1 secret, 1 budget in use ' +
        'Workloads agent.service active, healthy ' +
        'Secrets bot_token version 7 (latest), put at 01:14:20 UTC ' +
        'Budgets restart-workload agent.service 2 of 3 left in 1 h reboot, reset 2 of 2 left in 6 h',
    )
  })

  it('opens the details of a target that is not well, and of no other', async () => {
    const page = await open('/', { targets: [targetView(), TROUBLED] })
    const opened = ['nightguard', 'bot'].map((id) => 'open' in find(page, withId(`details-${id}`)).attributes)
    expect(opened).toEqual([false, true])
  })

  it.each([
    [
      'a state that cannot be read',
      { trouble: 'The state is of schema 2' },
      "The guard can't act: The state is of schema 2. Nothing is done until it can.",
    ],
    [
      'a new target',
      { armed: false, arming: { kind: 'unarmed', why: 'new', since: at(0) } },
      'Not armed: it is acted on once it has been seen healthy.',
    ],
    [
      'another VM',
      { armed: false, arming: { kind: 'unarmed', why: 'replaced', since: at(0) } },
      'Not armed: it is another VM than before; a person has to arm it.',
    ],
  ] satisfies [string, Partial<TargetView>, string][])('explains %s', async (_, changes, words) => {
    expect(noticesOf(card(await open('/', { targets: [targetView(changes)] })))).toBe(words)
  })

  it('has words for what is not there', async () => {
    const bare = targetView({ evidence: {}, workloads: [], secrets: [], budgets: [] })
    const page = await open('/', { targets: [bare], incidents: [] })
    expect(textOf(page)).toContain('No witness has been asked yet.')
    expect(textOf(page)).toContain('None is configured: only the VM itself is watched.')
    expect(textOf(page)).toContain('No incident so far.')
    expect(textOf(await open('/', { targets: [] }))).toContain('No target is configured.')
  })

  it.each([
    ['as it is', {}, ['recover', 'pause']],
    ['paused', { paused: TROUBLED.paused }, ['recover', 'resume']],
    ['with the breaker open', { breaker: TROUBLED.breaker }, ['recover', 'resume', 'pause']],
    ['unarmed', { armed: false }, ['recover', 'pause', 'arm']],
  ])('offers the orders that fit a target %s', async (_, changes, orders) => {
    const page = await open('/', { targets: [targetView(changes as Partial<TargetView>)] })
    const buttons = findAll(page, (each) => each.attributes['data-order'] !== undefined)
    expect(buttons.map((button) => button.attributes['data-order'])).toEqual(orders)
  })

  it('offers a viewer no order', async () => {
    const page = await open('/', { role: 'viewer' })
    expect(findAll(page, withTag('button'))).toEqual([])
    expect(findAll(page, withTag('dialog'))).toEqual([])
  })

  it('says so when there is no script to give orders with', async () => {
    expect(textOf(find(await open('/'), withTag('noscript')))).toContain('Orders need JavaScript')
  })

  it('has faults to choose only where it is given some', async () => {
    expect(findAll(await open('/'), withClass('faults'))).toEqual([])
    const extras = {
      mount: () => undefined,
      faults: [{ name: 'vm-freezes', says: 'The kernel stops' }],
      pageNote: 'Sandbox',
    }
    const page = await open('/', { options: { extras } })
    const fault = find(page, withId('fault-nightguard-vm-freezes'))
    expect(fault.attributes).toMatchObject({ 'data-fault': 'vm-freezes', 'data-target': 'nightguard' })
    expect(textOf(find(page, withClass('note')))).toBe('Sandbox')
  })

  it('asks often where a fault can be watched, seldom where each look costs store reads', async () => {
    const refresh = async (options?: World['options']) =>
      find(await open('/', options === undefined ? {} : { options }), withTag('body')).attributes[
        'data-refresh-ms'
      ]
    expect(await refresh()).toBe('15000')
    expect(await refresh({ extras: { mount: () => undefined } })).toBe('2000')
    expect(await refresh({ refreshMs: 500 })).toBe('500')
  })

  it('gives each fragment in the very shape that the page has it', async () => {
    const page = await open('/')
    const targets = await open('/fragments/targets')
    const incidents = await open('/fragments/incidents')
    expect(find(targets, withId('targets'))).toEqual(find(page, withId('targets')))
    expect(find(incidents, withId('incidents'))).toEqual(find(page, withId('incidents')))
  })

  it('names no element twice', async () => {
    const extras = { mount: () => undefined, faults: [{ name: 'heal', says: 'x' }] }
    const ids = idsOf(await open('/', { targets: [targetView(), TROUBLED], options: { extras } }))
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  it('asks no other host for anything, and has nothing inline', async () => {
    const page = await open('/')
    const outside = findAll(page, (each) =>
      Object.values(each.attributes).some((value) => /^(https?:)?\/\//.test(value)),
    )
    const inline = findAll(page, (each) =>
      Object.keys(each.attributes).some((name) => /^on|^style$/.test(name)),
    )
    expect([outside, inline]).toEqual([[], []])
    expect(findAll(page, withTag('script')).map(textOf)).toEqual([''])
  })

  it('is light: under 60 KB with three targets, all files together', async () => {
    const targets = [targetView(), targetView({ id: 'b' }), TROUBLED]
    const text = await (await harness({ targets, incidents: Array(10).fill(incident()) }).get('/')).text()
    expect(text.length + SCRIPT.length + STYLE.length).toBeLessThan(60_000)
  })

  it('has a script that parses', () => {
    expect(() => new Script(`async () => {${SCRIPT}}`)).not.toThrow()
  })
})

describe('an incident', () => {
  it('stands in the list with its timeline', async () => {
    const item = find(await open('/'), withId('incident-i-1'))
    expect(textOf(item)).toBe(
      'nightguard workload-hung closed 03:12:20 UTC , lasted 90 s ' +
        '03:12:20 opened agent.service hangs 03:12:21 action restart-workload agent.service 03:13:50 closed Healthy again ' +
        'The whole incident',
    )
  })

  it('has a page with the timeline and the actions', async () => {
    const page = await open('/incidents/i-1')
    expect(textOf(find(page, withTag('h1')))).toBe('nightguard: workload-hung')
    expect(findAll(find(page, withClass('timeline')), withTag('li')).map(textOf)).toEqual([
      '03:12:20 opened agent.service hangs',
      '03:12:21 action restart-workload agent.service',
      '03:13:50 closed Healthy again',
    ])
    expect(textOf(find(page, withClass('actions')))).toBe(
      'restart-workload agent.service proved by the guard, for workload-hung, attempt 1 ' +
        'intended 03:12:21 , issued 03:12:21 , ended 03:12:30 done: restarted in 3.6 s',
    )
  })

  it('is kept fresh while it is open, and left alone when closed', async () => {
    const fragment = async (state: IncidentView['state']) =>
      find(await open('/incidents/i-1', { incidents: [incident({ state })] }), withId('incident')).attributes[
        'data-fragment'
      ]
    expect(await fragment('acting')).toBe('/fragments/incidents/i-1')
    expect(await fragment('closed')).toBeUndefined()
  })

  it('that is not there is a page for a browser, and a problem for a program', async () => {
    const { get } = harness({ incidents: [] })
    const page = await get('/incidents/i-9', { accept: 'text/html,*/*' })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    expect(textOf(find(parseMarkup(await page.text()), withTag('h1')))).toBe('No such incident')
    const problem = await get('/incidents/i-9')
    expect([problem.status, problem.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })
})

describe('a dashboard without its store', () => {
  it('says so, with the status that is due', async () => {
    const targets = async () => ({ kind: 'unavailable' as const, detail: 'The database is locked' })
    const { get } = createHarness({ answers: { targets } })
    const response = await get('/', { accept: 'text/html' })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30'])
    expect(textOf(parseMarkup(await response.text()))).toContain('The database is locked')
    expect((await get('/fragments/targets', { accept: 'text/html' })).headers.get('content-type')).toBe(
      'application/problem+json',
    )
  })
})

describe('text from outside', () => {
  const EVIL = '<img src=x onerror=alert(1)>"\'&\u001b[2J\u202e\u200b'
  const SHOWN = '<img src=x onerror=alert(1)>"\'&␛[2J⟨U+202E⟩⟨U+200B⟩'
  const action = incident().actions[0]
  const evil = targetView({
    reason: EVIL,
    trouble: EVIL,
    evidence: { [EVIL]: { kind: EVIL, detail: EVIL } },
    paused: { by: EVIL, reason: EVIL, since: at(0), until: at(0) },
    breaker: { kind: 'open', since: at(0), rung: 'reset', reason: EVIL },
    budgets: [{ rung: EVIL, unit: EVIL, used: 1, max: 2, windowMs: 1_000 }],
    workloads: [{ unit: EVIL, container: EVIL, state: EVIL, health: EVIL }],
    secrets: [{ name: EVIL, secret: EVIL, wanted: EVIL, applied: EVIL, appliedAt: EVIL }],
  })
  const evilIncident = incident({
    id: EVIL,
    target: EVIL,
    timeline: [{ at: at(0), kind: 'opened', text: EVIL }],
    actions: action
      ? [
          {
            ...action,
            unit: EVIL,
            cause: EVIL,
            by: { kind: 'person', who: EVIL, reason: EVIL },
            result: { kind: 'failed', detail: EVIL },
          },
        ]
      : [],
  })
  const extras = { mount: () => undefined, faults: [{ name: 'heal', says: EVIL }], pageNote: EVIL }

  it.each(['/', '/incidents/i-1'])('is inert on %s', async (path) => {
    const response = await harness({ targets: [evil], incidents: [evilIncident], options: { extras } }).get(
      path,
    )
    const text = await response.text()
    const page = parseMarkup(text)
    expect(findAll(page, withTag('img'))).toEqual([])
    expect(textOf(page)).toContain(SHOWN)
    expect(['\u001b', '\u202e', '\u200b'].filter((character) => textOf(page).includes(character))).toEqual([])
  })
})
