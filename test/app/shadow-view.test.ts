/** What the guard would have done: read from the incidents of the asked days, page by page, and no further back. */
import { describe, expect, it } from 'vitest'
import { createGuard } from '../../src/app/create-guard.ts'
import type { Incident } from '../../src/core/incident.ts'
import { DEFAULT_POLICY } from '../../src/core/policy.ts'
import type { Store } from '../../src/ports/store.ts'
import { createMemoryStore } from '../fakes/memory-store.ts'
import { aTarget, createQuietPorts } from '../fakes/quiet-ports.ts'
import { anIncident, aState, NOON } from '../fakes/stored.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const iso = (at: number): string => new Date(at).toISOString()

/** `pages` counts what was asked of the store. */
async function shadowOf(incidents: readonly Incident[], { days = 7, ids = ['bot', 'crawler'] } = {}) {
  const quiet = createQuietPorts()
  const memory = createMemoryStore()
  for (const [index, incident] of incidents.entries()) {
    const target = `writer-${index}`
    await memory.commit({ target, expectedVersion: null, state: aState({ target }), incident })
  }
  let pages = 0
  const store: Store = {
    ...memory,
    incidents(query) {
      pages += 1
      return memory.incidents(query)
    },
  }
  const policy = { ...DEFAULT_POLICY, mode: 'observe' as const }
  const targets = ids.map((id) => aTarget(id))
  const guard = createGuard({ targets, policy, canaryUrls: [], ports: { ...quiet, store } })
  return { outcome: await guard.shadow({ days }), pages, memory, guard }
}

const wouldReset = (at: number) =>
  ({ at, rung: 'reset', cause: 'vm-frozen', reason: 'HTTP, SSH and heartbeat are gone' }) as const

function outage(at: number, changes: Partial<Incident> = {}): Incident {
  return anIncident({ id: `bot-${at}`, beganAt: at, openedAt: at, ...changes })
}

describe('The shadow report', () => {
  it('tells by target what would have been done, oldest first, and how long the outage went on without it', async () => {
    const one = NOON - 3 * DAY
    const other = NOON - DAY
    const { outcome } = await shadowOf([
      outage(other, { would: [wouldReset(other + MINUTE)] }),
      outage(one, {
        would: [
          {
            at: one,
            rung: 'restart-workload',
            unit: 'bot.service',
            cause: 'workload-failed',
            reason: 'it failed',
          },
          wouldReset(one + 5 * MINUTE),
        ],
        recoveredAt: one + 12 * MINUTE,
      }),
    ])
    expect(outcome).toEqual({
      kind: 'shadow',
      report: {
        mode: 'observe',
        fromAt: iso(NOON - 7 * DAY),
        toAt: iso(NOON),
        cut: false,
        targets: [
          {
            id: 'bot',
            outages: 2,
            would: [
              {
                at: iso(one),
                rung: 'restart-workload',
                unit: 'bot.service',
                cause: 'workload-failed',
                reason: 'it failed',
                incidentId: `bot-${one}`,
                lastedMs: 12 * MINUTE,
              },
              {
                at: iso(one + 5 * MINUTE),
                rung: 'reset',
                cause: 'vm-frozen',
                reason: 'HTTP, SSH and heartbeat are gone',
                incidentId: `bot-${one}`,
                lastedMs: 7 * MINUTE,
              },
              {
                at: iso(other + MINUTE),
                rung: 'reset',
                cause: 'vm-frozen',
                reason: 'HTTP, SSH and heartbeat are gone',
                incidentId: `bot-${other}`,
              },
            ],
          },
          { id: 'crawler', outages: 0, would: [] },
        ],
      },
    })
  })

  it('counts an outage in which nothing would have been done, and none of a target that is not watched any more', async () => {
    const { outcome } = await shadowOf([
      outage(NOON - DAY),
      outage(NOON - DAY, { id: 'gone-1', target: 'gone' }),
    ])
    expect(outcome).toMatchObject({
      report: {
        targets: [
          { id: 'bot', outages: 1, would: [] },
          { id: 'crawler', outages: 0, would: [] },
        ],
      },
    })
  })

  it.each([
    { days: 1, outages: 1 },
    { days: 7, outages: 2 },
    { days: 90, outages: 3 },
  ])('of $days days has $outages of the outages', async ({ days, outages }) => {
    const incidents = [0.5, 6, 40, 100].map((age) => outage(NOON - age * DAY))
    const { outcome } = await shadowOf(incidents, { days })
    expect(outcome).toMatchObject({ report: { targets: [{ outages }, { outages: 0 }] } })
  })

  it.each([
    ['none', { many: 0, recent: 0, pages: 1, cut: false }],
    ['a page of which one is too old', { many: 100, recent: 99, pages: 1, cut: false }],
    ['more than a page', { many: 250, recent: 250, pages: 3, cut: false }],
    ['more than it reads', { many: 1_001, recent: 1_001, pages: 10, cut: true }],
  ])('reads as many pages as it needs, at most ten: of %s', async (_name, { many, recent, pages, cut }) => {
    const incidents = Array.from({ length: many }, (_, index) =>
      outage(NOON - (index < recent ? index * MINUTE : 8 * DAY)),
    )
    const read = await shadowOf(incidents)
    expect(read.outcome).toMatchObject({
      report: { cut, targets: [{ outages: Math.min(recent, 1_000) }, { outages: 0 }] },
    })
    expect(read.pages).toBe(pages)
  })

  it('is unavailable with the store', async () => {
    const { memory, guard } = await shadowOf([])
    memory.fail('gone')
    expect(await guard.shadow({ days: 7 })).toEqual({ kind: 'unavailable', detail: 'gone' })
  })
})
