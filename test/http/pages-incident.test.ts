import { describe, expect, it } from 'vitest'
import type { IncidentView } from '../../src/core/report.ts'
import { at, blackBox, incident, shadowReport } from './fake-guard.ts'
import { type Element, find, findAll, parseMarkup, textOf, withClass, withId, withTag } from './markup.ts'
import { open, worldHarness } from './pages-world.ts'

const [ACTION] = incident().actions
const { closedAt: _closed, recoveredAt: _recovered, fixedBy: _fixed, ...begun } = incident()

/** The VM was reset, and nothing is known of it yet. */
const ACTING: IncidentView = {
  ...begun,
  cause: 'vm-frozen',
  state: 'acting',
  blackBoxes: [{ id: 'b-1', at: at(119), before: 'reset' }],
}

function facts(page: Element): Record<string, string> {
  const rows = findAll(find(page, withClass('facts')), withTag('div'))
  return Object.fromEntries(
    rows.map((row) => [textOf(find(row, withTag('dt'))), textOf(find(row, withTag('dd')))]),
  )
}

describe('the list of incidents', () => {
  it.each([
    [
      'one that is over',
      incident(),
      'nightguard workload hung closed 03:12:20 · down for 30 s · Restart of agent.service by the guard',
    ],
    ['one that lasts', ACTING, 'nightguard VM frozen acting 03:12:20'],
    [
      'one that the VM mended itself',
      incident({ fixedBy: { kind: 'inner-guard' } }),
      "nightguard workload hung closed 03:12:20 · down for 30 s · The VM's own guard",
    ],
    [
      'one that a person mended',
      incident({
        fixedBy: { kind: 'action', actionId: 'a', rung: 'reboot', by: 'person', proved: true },
      }),
      'nightguard workload hung closed 03:12:20 · down for 30 s · Reboot by a person',
    ],
  ])('tells in a line of %s', async (_, each, words) => {
    const item = find(await open('/', { incidents: [each] }), withId('incident-i-1'))
    expect(textOf(item)).toBe(words)
    expect(find(item, withTag('a')).attributes['href']).toBe('/incidents/i-1')
  })

  it('is paged by cursor, newest first', async () => {
    const { get, asked } = worldHarness({ next: 'c2' })
    const page = parseMarkup(await (await get('/incidents')).text())
    expect(asked).toEqual([{ call: 'incidents', with: [{ limit: 50 }] }])
    const links = findAll(find(page, withClass('pages')), withTag('a'))
    expect(links.map((link) => [textOf(link), link.attributes['href']])).toEqual([
      ['Older', '/incidents?cursor=c2'],
    ])
  })

  it('keeps its filter from page to page, and has a way back to the newest', async () => {
    const { get, asked } = worldHarness({ next: 'c3' })
    const page = parseMarkup(await (await get('/incidents?target=nightguard&cursor=c2')).text())
    expect(asked).toEqual([{ call: 'incidents', with: [{ limit: 50, target: 'nightguard', cursor: 'c2' }] }])
    const links = findAll(
      page,
      ({ tag, attributes }) => tag === 'a' && /cursor|target=/.test(attributes['href'] ?? ''),
    )
    expect(links.map((link) => [textOf(link), link.attributes['href']])).toEqual([
      ['nightguard', '/incidents?target=nightguard'],
      ['Newest', '/incidents?target=nightguard'],
      ['Older', '/incidents?target=nightguard&cursor=c3'],
      ['English', '/incidents?target=nightguard&cursor=c2&lang=en'],
      ['한국어', '/incidents?target=nightguard&cursor=c2&lang=ko'],
      ['As the system', '/incidents?target=nightguard&cursor=c2&theme=auto'],
      ['Light', '/incidents?target=nightguard&cursor=c2&theme=light'],
      ['Dark', '/incidents?target=nightguard&cursor=c2&theme=dark'],
    ])
  })

  it('offers the targets of what it lists as filters', async () => {
    const incidents = [
      incident(),
      incident({ id: 'i-2', target: 'bot' }),
      incident({ id: 'i-3', target: 'bot' }),
    ]
    const shown = find(await open('/incidents', { incidents }), withClass('filter'))
    expect(textOf(shown)).toBe('All targets bot nightguard')
  })
})

describe("an incident's page", () => {
  it('tells how long it lasted, and what ended it', async () => {
    const page = await open('/incidents/i-1', { incidents: [incident({ relapses: 2 })] })
    expect(textOf(find(page, withTag('h1')))).toBe('nightguard workload hung')
    expect(textOf(find(page, withClass('standing')))).toBe('closed opened 03:12:20 by the guard')
    expect(facts(page)).toEqual({
      'Down for': '30 s',
      Began: '03:12:05',
      'Confirmed after': '15 s',
      'Well again': '03:12:35',
      'Fixed by': 'Restart of agent.service by the guard',
      'Fell ill again': '2 times',
      Closed: '03:13:50',
    })
  })

  it('of one that lasts says so', async () => {
    const page = await open('/incidents/i-1', { incidents: [ACTING] })
    expect(facts(page)).toEqual({ 'Down for': 'still', Began: '03:12:05', 'Confirmed after': '15 s' })
    expect(find(page, withId('incident')).attributes).toMatchObject({
      'data-busy': '',
      'data-sign': 'acting 1 3',
    })
  })

  it('says where health has no proof', async () => {
    const fixedBy = { kind: 'action', actionId: 'a-1', rung: 'reset', by: 'guard', proved: false } as const
    const page = await open('/incidents/i-1', { incidents: [incident({ fixedBy })] })
    expect(facts(page)['Fixed by']).toBe('Hard reset by the guard (well, but without proof)')
  })

  it('has the timeline, with the date where it changes', async () => {
    const timeline = [
      { at: at(4 * 3_600), kind: 'opened', text: 'agent.service answers nobody: no answer within 2 s' },
      { at: at(119), kind: 'action', text: 'restart-workload of agent.service issued' },
      { at: at(30), kind: 'closed', text: 'healthy for 5 min' },
    ] as const
    const page = await open('/incidents/i-1', {
      incidents: [incident({ openedAt: at(4 * 3_600), timeline, timelineDropped: 7 })],
    })
    const entries = findAll(find(page, withClass('timeline')), withTag('li')).map(textOf)
    expect(entries[0]).toBe('23:14:20 opened agent.service answers nobody: no answer within 2 s')
    expect(entries[1]).toMatch(/^2026-03-04 03:12:21 action /)
    expect(entries[2]).toMatch(/^2026-03-04 03:13:50 closed /)
    expect(textOf(page)).toContain('Left out because the timeline was full: 7')
  })

  it.each([
    [
      'the guard, proved',
      {},
      'Restart of agent.service proved by the guard, because of: workload hung ' +
        'intended 03:12:21 issued 03:12:21 proved 03:12:30 Done: Restarted in 3.6 s',
    ],
    [
      'a person, with force, for the second time, without an end',
      {
        by: { kind: 'person', who: 'ana@example.com', reason: 'It hangs' },
        force: true,
        attempt: 2,
        status: 'issued',
        endedAt: undefined,
        result: undefined,
      },
      'Restart of agent.service issued by ana@example.com: It hangs, attempt 2, with force intended 03:12:21 issued 03:12:21',
    ],
  ] as const)('shows the life of an action by %s', async (_, changes, words) => {
    const changed = { ...ACTION, ...changes }
    const action = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined))
    const page = await open('/incidents/i-1', {
      incidents: [incident({ actions: [action as NonNullable<typeof ACTION>] })],
    })
    expect(textOf(find(page, withClass('actions')))).toBe(words)
  })

  it('shows what would have been done, were it not to observe only', async () => {
    const would = [
      { at: at(60), rung: 'reset', cause: 'vm-frozen', reason: 'no answer by HTTP, SSH or heartbeat' },
    ] as const
    const page = await open('/incidents/i-1', { incidents: [incident({ actions: [], would })] })
    expect(textOf(page)).toContain('What was done Nothing was done.')
    expect(textOf(find(page, withClass('actions')))).toBe(
      'Hard reset not done 03:13:20 · VM frozen No answer by HTTP, SSH or heartbeat',
    )
  })

  it('is kept fresh while it lasts, and left alone when closed', async () => {
    const fragments = async (state: IncidentView['state']) => {
      const page = await open('/incidents/i-1', { incidents: [incident({ state })] })
      return ['incident', 'boxes'].map((id) => find(page, withId(id)).attributes['data-fragment'])
    }
    expect(await fragments('acting')).toEqual([
      '/fragments/incidents/i-1?lang=en',
      '/fragments/incidents/i-1/black-boxes?lang=en',
    ])
    expect(await fragments('closed')).toEqual([undefined, undefined])
  })

  it('leads to its export', async () => {
    const page = await open('/incidents/i-1', {}, { 'accept-language': 'ko' })
    const link = find(page, ({ attributes }) => 'download' in attributes)
    expect(link.attributes['href']).toBe('/api/incidents/i-1/markdown?lang=ko')
  })

  it('that is not there is a page for a browser, and a problem for a program', async () => {
    const { get } = worldHarness({ incidents: [] })
    const page = await get('/incidents/i-9', { accept: 'text/html,*/*' })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    expect(textOf(find(parseMarkup(await page.text()), withTag('h1')))).toBe('No such incident')
    const problem = await get('/incidents/i-9')
    expect([problem.status, problem.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })
})

describe('the black box', () => {
  it('is folded, section by section, and says what is not there', async () => {
    const page = await open('/incidents/i-1', { incidents: [ACTING], boxes: [blackBox()] })
    const box = find(page, withClass('box'))
    expect(textOf(find(box, withTag('h3')))).toBe('Before the hard reset, 03:12:21')
    expect(findAll(box, withTag('details')).map(({ attributes }) => 'open' in attributes)).toEqual([false])
    expect(textOf(find(box, withTag('summary')))).toBe('Serial console 2 lines, cut')
    expect(textOf(box)).toContain('Units not there: SSH does not answer')
  })

  it('keeps its lines', async () => {
    const page = await open('/incidents/i-1', { incidents: [ACTING], boxes: [blackBox()] })
    expect(find(page, withTag('pre')).children).toEqual([
      'Out of memory: Killed process 812 (agent)\n[  812.0] oom_reaper\n',
    ])
  })

  it('that was deleted in the meantime is told of', async () => {
    const page = await open('/incidents/i-1', { incidents: [ACTING] })
    expect(textOf(find(page, withId('boxes')))).toContain('Not kept any more: 1')
  })

  it('takes no room where none was kept', async () => {
    expect(find(await open('/incidents/i-1'), withId('boxes'))).toEqual({
      tag: 'section',
      attributes: { id: 'boxes', hidden: '' },
      children: [],
    })
  })
})

describe('the page of shadow mode', () => {
  it('tells what would have been done, target by target', async () => {
    const page = await open('/shadow')
    expect(textOf(find(page, withClass('headline')))).toBe(
      'What it would have done Outages in this time: 1. The guard would have acted this often: 1.',
    )
    expect(textOf(find(page, withClass('shadow-target')))).toBe(
      'nightguard outages: 1 Restart of agent.service workload hung agent.service answers nobody: no answer within 2 s ' +
        '02:14:20 · the outage went on for 12 min 34 s · See the incident',
    )
  })

  it('has words for nothing, for outages without an action, and for more than it looked through', async () => {
    const nothing = await open('/shadow', { shadow: shadowReport({ targets: [] }) })
    expect(textOf(nothing)).toContain('Nothing happened that it would have acted on.')
    const waited = shadowReport({ mode: 'act', cut: true, targets: [{ id: 'bot', outages: 2, would: [] }] })
    const page = textOf(await open('/shadow', { shadow: waited }))
    expect(page).toContain('It would have waited, or called a person.')
    expect(page).toContain('There were more incidents than were looked through')
    expect(page).toContain('only what it met while policy.mode: observe was set stands here')
  })

  it.each([
    ['', 7],
    ['?days=30', 30],
    ['?days=0', 7],
  ])('is asked for the range of %j: %i days', async (query, days) => {
    const { get, asked } = worldHarness()
    await get(`/shadow${query}`)
    expect(asked).toEqual([{ call: 'shadow', with: [{ days }] }])
  })
})
