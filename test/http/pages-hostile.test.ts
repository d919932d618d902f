import { describe, expect, it } from 'vitest'
import { inertLines } from '../../src/http/pages/black-boxes.ts'
import { at, blackBox, incident, shadowReport, targetView } from './fake-guard.ts'
import { findAll, parseMarkup, textOf, withTag } from './markup.ts'
import { type World, worldHarness } from './pages-world.ts'

const EVIL = '<img src=x onerror=alert(1)>"\'&\u001b[2J\u202e\u200b'
const SHOWN = '<img src=x onerror=alert(1)>"\'&␛[2J⟨U+202E⟩⟨U+200B⟩'

const [ACTION] = incident().actions
const evilTarget = targetView({
  reason: EVIL,
  phaseReason: EVIL,
  trouble: EVIL,
  evidence: { [EVIL]: { kind: EVIL, detail: EVIL } },
  paused: { by: EVIL, reason: EVIL, since: at(0), until: at(0) },
  breaker: { kind: 'open', since: at(0), rung: 'reset', reason: EVIL },
  budgets: [{ rung: EVIL, unit: EVIL, used: 1, max: 2, windowMs: 1_000 }],
  workloads: [{ unit: EVIL, container: EVIL, state: EVIL, health: EVIL }],
  secrets: [{ name: EVIL, secret: EVIL, wanted: EVIL, applied: EVIL, appliedAt: EVIL }],
  outlook: { rung: 'restart-workload', unit: EVIL, why: EVIL },
  verdict: 'unhealthy',
  incidentId: EVIL,
})
const evilIncident = incident({
  id: EVIL,
  target: EVIL,
  timeline: [{ at: at(0), kind: 'opened', text: EVIL }],
  fixedBy: {
    kind: 'action',
    actionId: EVIL,
    rung: 'restart-workload',
    unit: EVIL,
    by: 'guard',
    proved: true,
  },
  blackBoxes: [{ id: 'b-1', at: at(0), before: 'reset' }],
  would: [{ at: at(0), rung: 'restart-workload', unit: EVIL, cause: EVIL, reason: EVIL }],
  actions:
    ACTION === undefined
      ? []
      : [
          {
            ...ACTION,
            unit: EVIL,
            cause: EVIL,
            by: { kind: 'person', who: EVIL, reason: EVIL },
            result: { kind: 'failed', detail: EVIL },
          },
        ],
})
const evilWorld: World = {
  targets: [evilTarget],
  incidents: [evilIncident],
  boxes: [
    blackBox({
      sections: [
        { kind: 'text', name: 'serial-console', text: `${EVIL}\n`, cut: false },
        { kind: 'unavailable', name: 'units', detail: EVIL },
      ],
    }),
  ],
  shadow: shadowReport({
    targets: [
      {
        id: EVIL,
        outages: 1,
        would: [
          { at: at(0), rung: 'restart-workload', unit: EVIL, cause: EVIL, reason: EVIL, incidentId: EVIL },
        ],
      },
    ],
  }),
  options: {
    extras: { mount: () => undefined, faults: [{ name: 'heal', says: EVIL }], pageNote: EVIL },
  },
}

const PAGES = [
  '/',
  '/targets/nightguard',
  '/incidents',
  '/incidents/i-1',
  '/shadow',
  '/fragments/targets',
  '/fragments/targets/nightguard',
  '/fragments/incidents',
  '/fragments/incidents/i-1',
  '/fragments/incidents/i-1/black-boxes',
]

describe('text from outside', () => {
  it.each(PAGES.flatMap((path) => [[path, 'en'] as const, [path, 'ko'] as const]))(
    'is inert on %s in %s',
    async (path, language) => {
      const text = await (await worldHarness(evilWorld).get(`${path}?lang=${language}`)).text()
      const page = parseMarkup(text)
      expect(findAll(page, withTag('img'))).toEqual([])
      expect(textOf(page)).toContain(SHOWN)
      const attributes = findAll(page, () => true).flatMap((element) => Object.values(element.attributes))
      const active = ['\u001b', '\u202e', '\u200b'].filter(
        (character) => textOf(page).includes(character) || attributes.join().includes(character),
      )
      expect(active).toEqual([])
    },
  )

  it('in an address is inert, too', async () => {
    const path = `/targets/${encodeURIComponent(EVIL)}`
    const response = await worldHarness().get(path, { accept: 'text/html' })
    const page = parseMarkup(await response.text())
    expect([response.status, textOf(page).includes('\u202e'), findAll(page, withTag('img')).length]).toEqual([
      404,
      false,
      0,
    ])
  })

  it('in what an order answered is inert in both languages', async () => {
    const { get } = worldHarness()
    for (const language of ['en', 'ko']) {
      const query = new URLSearchParams([
        ['lang', language],
        ['text', EVIL],
        ['text', `There is no incident ${EVIL}`],
      ])
      const { texts } = (await (await get(`/fragments/words?${query}`)).json()) as { texts: string[] }
      expect(texts.map((text) => text.includes(SHOWN))).toEqual([true, true])
    }
  })

  it('of a black box breaks lines at line breaks, and does nothing else', () => {
    expect(inertLines('a\u001b[31m\r\nb\tc\u2028d\n')).toBe('a␛[31m␍\nb␉c⟨U+2028⟩d\n')
    expect(inertLines('x'.repeat(3_000)).length).toBe(2_001)
  })
})
