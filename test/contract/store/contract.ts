/** What every store must do, run against each of them: a store that passes can carry the guard. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Incident } from '../../../src/core/incident.ts'
import type { Store } from '../../../src/ports/store.ts'
import { anIncident, aState, NOON } from '../../fakes/stored.ts'

export function storeContract(name: string, create: () => Store): void {
  describe(`The store's contract: ${name}`, () => {
    let store: Store
    beforeEach(() => {
      store = create()
    })
    afterEach(() => store.close())
    stateContract(() => store)
    incidentContract(() => store)
  })
}

function stateContract(store: () => Store): void {
  it('answers for every target that was asked, absent ones included', async () => {
    expect(await store().load(['bot', 'agent', 'bot'])).toEqual(
      new Map([
        ['bot', { kind: 'absent', lost: false, version: null }],
        ['agent', { kind: 'absent', lost: false, version: null }],
      ]),
    )
    expect(await store().load([])).toEqual(new Map())
  })

  it('gives back the whole state under the version that its commit answered', async () => {
    const state = aState({
      lease: { owner: 'one', fence: 4, purpose: 'recovery', expiresAt: NOON },
      uses: [{ rung: 'reset', at: NOON }],
    })
    const committed = await store().commit({ target: 'bot', expectedVersion: null, state })
    expect(committed).toEqual({ kind: 'committed', version: expect.any(String) })
    const version = committed.kind === 'committed' ? committed.version : null
    expect(await store().load(['bot'])).toEqual(new Map([['bot', { kind: 'found', state, version }]]))
  })

  it('refuses a first commit when there is a state already', async () => {
    await store().commit({ target: 'bot', expectedVersion: null, state: aState() })
    const second = await store().commit({
      target: 'bot',
      expectedVersion: null,
      state: aState({ fence: 9 }),
    })
    expect(second).toEqual({ kind: 'conflict' })
    expect((await store().load(['bot'])).get('bot')).toMatchObject({ state: aState() })
  })

  it('refuses a stale version, and writes neither the state nor the incident of such a commit', async () => {
    const first = await store().commit({ target: 'bot', expectedVersion: null, state: aState() })
    const version = first.kind === 'committed' ? first.version : null
    await store().commit({ target: 'bot', expectedVersion: version, state: aState({ fence: 1 }) })
    const stale = await store().commit({
      target: 'bot',
      expectedVersion: version,
      state: aState({ fence: 2 }),
      incident: anIncident(),
    })
    expect(stale).toEqual({ kind: 'conflict' })
    expect((await store().load(['bot'])).get('bot')).toMatchObject({ state: aState({ fence: 1 }) })
    expect(await store().incident('bot-1')).toEqual({ kind: 'absent' })
  })

  it('refuses a version that no store gave', async () => {
    for (const expectedVersion of ['7', 'x', '', '1 OR 1=1']) {
      expect(await store().commit({ target: 'bot', expectedVersion, state: aState() })).toEqual({
        kind: 'conflict',
      })
    }
  })

  it('lets exactly one of many commits on one version win', async () => {
    const first = await store().commit({ target: 'bot', expectedVersion: null, state: aState() })
    const version = first.kind === 'committed' ? first.version : null
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, fence) =>
        store().commit({ target: 'bot', expectedVersion: version, state: aState({ fence }) }),
      ),
    )
    expect(all.filter(({ kind }) => kind === 'committed')).toHaveLength(1)
    expect(all.filter(({ kind }) => kind === 'conflict')).toHaveLength(19)
  })

  it('gives the state its open incident, and no other', async () => {
    const state = aState({ incidentId: 'bot-2' })
    await store().commit({ target: 'bot', expectedVersion: null, state: aState(), incident: anIncident() })
    const before = (await store().load(['bot'])).get('bot')
    const version = before?.kind === 'found' ? before.version : null
    const incident = anIncident({ id: 'bot-2', openedAt: NOON + 1 })
    await store().commit({ target: 'bot', expectedVersion: version, state, incident })
    expect((await store().load(['bot'])).get('bot')).toEqual({
      kind: 'found',
      state,
      version: expect.any(String),
      incident,
    })
  })

  it('tells a lost state from a new target by the incidents that are left of it', async () => {
    await store().commit({
      target: 'bot',
      expectedVersion: null,
      state: aState(),
      incident: anIncident({ target: 'gone' }),
    })
    expect(await store().load(['gone', 'new'])).toEqual(
      new Map([
        ['gone', { kind: 'absent', lost: true, version: null }],
        ['new', { kind: 'absent', lost: false, version: null }],
      ]),
    )
  })

  it('answers unavailable once it is closed', async () => {
    await store().close()
    const unavailable = { kind: 'unavailable', detail: 'The store is closed' }
    expect(await store().load(['bot'])).toEqual(new Map([['bot', unavailable]]))
    expect(await store().commit({ target: 'bot', expectedVersion: null, state: aState() })).toEqual(
      unavailable,
    )
    expect(await store().incidents({ limit: 5 })).toEqual(unavailable)
    expect(await store().incident('bot-1')).toEqual(unavailable)
  })
}

function incidentContract(store: () => Store): void {
  const put = async (...incidents: readonly Incident[]) => {
    for (const incident of incidents) {
      const now = (await store().load(['bot'])).get('bot')
      const expectedVersion = now?.kind === 'found' ? now.version : null
      await store().commit({ target: 'bot', expectedVersion, state: aState(), incident })
    }
  }

  it('replaces an incident that is committed again', async () => {
    const closed = anIncident({ state: 'closed', closedAt: NOON + 5 })
    await put(anIncident(), closed)
    expect(await store().incident('bot-1')).toEqual({ kind: 'found', incident: closed })
    expect(await store().incidents({ limit: 5 })).toEqual({ kind: 'page', incidents: [closed] })
  })

  it('lists incidents newest first, equal times by id, page after page without gap or repeat', async () => {
    const times = [3, 1, 2, 2, 2, 5]
    await put(...times.map((time, index) => anIncident({ id: `bot-${index}`, openedAt: NOON + time })))
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await store().incidents({ limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      if (page.kind !== 'page') throw new Error(page.detail)
      expect(page.incidents.length).toBeLessThanOrEqual(2)
      seen.push(...page.incidents.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== undefined)
    expect(seen).toEqual(['bot-5', 'bot-0', 'bot-4', 'bot-3', 'bot-2', 'bot-1'])
  })

  it('lists the incidents of one target only, when it is named', async () => {
    await put(anIncident(), anIncident({ id: 'other-1', target: 'other' }))
    expect(await store().incidents({ target: 'other', limit: 5 })).toEqual({
      kind: 'page',
      incidents: [anIncident({ id: 'other-1', target: 'other' })],
    })
  })

  it('refuses a cursor that it never gave', async () => {
    for (const cursor of ['', 'x', Buffer.from('[1]').toString('base64url'), 'A'.repeat(5_000), '…']) {
      expect(await store().incidents({ limit: 5, cursor })).toEqual({
        kind: 'bad-cursor',
        detail: 'The cursor is none that a page of incidents gave',
      })
    }
  })
}
