/** A small world for tests of pages: a guard that shows what it is given, and pages read strictly into trees. */
import { expect } from 'vitest'
import type {
  BlackBoxView,
  HistoryView,
  IncidentView,
  ShadowReport,
  TargetView,
} from '../../src/core/report.ts'
import type { AppDependencies } from '../../src/http/app.ts'
import { at, history, incident, shadowReport, targetView } from './fake-guard.ts'
import { createHarness, type Harness } from './harness.ts'
import { type Element, find, flawsIn, parseMarkup, withId } from './markup.ts'

export type World = {
  readonly targets?: readonly TargetView[]
  readonly incidents?: readonly IncidentView[]
  readonly next?: string
  readonly boxes?: readonly BlackBoxView[]
  readonly history?: HistoryView
  readonly shadow?: ShadowReport
  readonly role?: string
  readonly options?: Partial<AppDependencies>
}

export function worldHarness(world: World = {}): Harness {
  const { targets = [targetView()], incidents = [incident()], boxes = [], next, role = 'operator' } = world
  return createHarness({
    role,
    ...world.options,
    answers: {
      targets: async () => ({ kind: 'targets', targets }),
      target: async (id) => {
        const target = targets.find((each) => each.id === id)
        const known = targets.map((each) => each.id)
        return target === undefined ? { kind: 'unknown-target', id, known } : { kind: 'target', target }
      },
      incidents: async () => ({ kind: 'page', incidents, ...(next === undefined ? {} : { next }) }),
      incident: async () => (incidents[0] ? { kind: 'found', incident: incidents[0] } : { kind: 'absent' }),
      blackBox: async (id) => {
        const box = boxes.find((each) => each.id === id)
        return box === undefined ? { kind: 'absent' } : { kind: 'found', blackBox: box }
      },
      history: async () => ({ kind: 'history', history: world.history ?? history() }),
      shadow: async () => ({ kind: 'shadow', report: world.shadow ?? shadowReport() }),
    },
  })
}

/** The page as a tree; a page of our own that is not sound in itself fails the test. */
export async function open(
  path: string,
  world: World = {},
  headers: Record<string, string> = {},
): Promise<Element> {
  const response = await worldHarness(world).get(path, { accept: 'text/html', ...headers })
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  const page = parseMarkup(await response.text())
  if (!path.startsWith('/fragments/')) expect(flawsIn(page)).toEqual([])
  return page
}

export const card = (page: Element, id = 'nightguard'): Element => find(page, withId(`target-${id}`))

/** Given up, behind an open breaker, and paused as well. */
export const TROUBLED = targetView({
  id: 'bot',
  verdict: 'unhealthy',
  cause: 'vm-frozen',
  reason: 'no answer by HTTP, SSH or heartbeat',
  phase: 'gave-up',
  phaseReason: 'the budget is spent',
  phaseSince: at(600),
  incidentId: 'i-3',
  evidence: {
    http: { kind: 'silent', detail: '3 probes' },
    heartbeat: { kind: 'seen', detail: at(200) },
    vm: { kind: 'RUNNING' },
    canary: { kind: '1 of 3' },
  },
  outlook: { rung: 'human', why: 'the budget is spent' },
  breaker: { kind: 'open', since: at(600), rung: 'reset', reason: '2 resets in 6 h' },
  paused: { by: 'ana@example.com', reason: 'Looking', since: at(60), until: at(-1_800) },
})

/** The VM was reset a minute ago, and boots. */
export const RECOVERING = targetView({
  id: 'bot',
  verdict: 'unhealthy',
  cause: 'vm-frozen',
  reason: 'no answer by HTTP, SSH or heartbeat',
  phase: 'recovering',
  phaseSince: at(40),
  incidentId: 'i-3',
  outlook: { rung: 'reset', notBeforeAt: at(-240), why: 'a reset cools down' },
})
