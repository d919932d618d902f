/** What every store must do, run against each of them: a store that passes can carry the guard. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Incident } from '../../../src/core/incident.ts'
import type { Store } from '../../../src/ports/store.ts'
import { aBlackBox, aNotice, anIncident, aRollup, aState, NOON } from '../../fakes/stored.ts'
import { forgettingContract, keptContract } from './contract-kept.ts'
import { outboxContract } from './contract-outbox.ts'

/** `create` gives a store of its own, empty, each time; `forgets`: it deletes by `clock` what has been kept long enough. */
export function storeContract(
  name: string,
  create: (clock: { now(): number }) => Store,
  { forgets }: { forgets: boolean } = { forgets: true },
): void {
  describe(`The store's contract: ${name}`, () => {
    let store: Store
    let now = NOON
    beforeEach(() => {
      now = NOON
      store = create({ now: () => now })
    })
    afterEach(() => store.close())
    stateContract(() => store)
    incidentContract(() => store)
    outboxContract(() => store)
    keptContract(() => store)
    hostileContract(() => store)
    if (!forgets) return
    forgettingContract(
      () => store,
      (at) => {
        now = at
      },
    )
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

  it('refuses a stale version, and writes nothing of such a commit', async () => {
    const first = await store().commit({ target: 'bot', expectedVersion: null, state: aState() })
    const version = first.kind === 'committed' ? first.version : null
    await store().commit({ target: 'bot', expectedVersion: version, state: aState({ fence: 1 }) })
    const stale = await store().commit({
      target: 'bot',
      expectedVersion: version,
      state: aState({ fence: 2 }),
      incident: anIncident(),
      notices: [aNotice()],
      rollup: aRollup(NOON),
      blackBox: aBlackBox(),
    })
    expect(stale).toEqual({ kind: 'conflict' })
    expect((await store().load(['bot'])).get('bot')).toMatchObject({ state: aState({ fence: 1 }) })
    expect(await store().incident('bot-1')).toEqual({ kind: 'absent' })
    expect(await store().outboxEntries(['bot-1/1'])).toEqual({ kind: 'entries', entries: [] })
    expect(await store().history({ target: 'bot', since: 0 })).toEqual({ kind: 'history', buckets: [] })
    expect(await store().blackBox(aBlackBox().id)).toEqual({ kind: 'absent' })
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

  it('gives back states of many targets at once, each under its own version', async () => {
    const targets = Array.from({ length: 40 }, (_, index) => `bot-${index}`)
    const commits = targets.map((target) =>
      store().commit({ target, expectedVersion: null, state: aState({ target }) }),
    )
    const versions = (await Promise.all(commits)).map((done) =>
      done.kind === 'committed' ? done.version : done.kind,
    )
    expect(await store().load(targets)).toEqual(
      new Map(
        targets.map((target, index) => [
          target,
          { kind: 'found', state: aState({ target }), version: versions[index] },
        ]),
      ),
    )
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

  it('gives the state its last incident while none is open', async () => {
    const closed = anIncident({ state: 'closed', closedAt: NOON + 5 })
    const lastIncident = { id: 'bot-1', closedAt: NOON + 5 }
    const first = await store().commit({
      target: 'bot',
      expectedVersion: null,
      state: aState({ lastIncident }),
      incident: closed,
    })
    const version = first.kind === 'committed' ? first.version : null
    expect((await store().load(['bot'])).get('bot')).toMatchObject({ kind: 'found', incident: closed })

    const state = aState({ lastIncident, incidentId: 'bot-2' })
    const incident = anIncident({ id: 'bot-2' })
    await store().commit({ target: 'bot', expectedVersion: version, state, incident })
    expect((await store().load(['bot'])).get('bot')).toMatchObject({ kind: 'found', incident })
  })

  it('gives a state without the incident that it names, when there is none', async () => {
    const state = aState({ incidentId: 'gone' })
    await store().commit({ target: 'bot', expectedVersion: null, state })
    expect((await store().load(['bot'])).get('bot')).toEqual({
      kind: 'found',
      state,
      version: expect.any(String),
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
    expect(await store().blackBox('bot-1')).toEqual(unavailable)
    expect(await store().history({ target: 'bot', since: NOON })).toEqual(unavailable)
    expect(await store().outbox({ targets: ['bot'], limit: 5 })).toEqual(unavailable)
    expect(await store().outboxEntries(['bot-1/1'])).toEqual(unavailable)
    expect(await store().putOutboxEntry({ ...aNotice(), deliveries: [] }, null)).toEqual(unavailable)
    await store().close()
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

  it('lists the incidents of one target only, when it is named, page after page', async () => {
    const others = ['bo', 'bot ', 'bot!', 'bot-', 'bot 0', 'other'].map((target) =>
      anIncident({ id: `of ${target}`, target, openedAt: NOON + 2 }),
    )
    await put(...others, ...[1, 2, 3].map((time) => anIncident({ id: `bot-${time}`, openedAt: NOON + time })))
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const wanted = { target: 'bot', limit: 2, ...(cursor === undefined ? {} : { cursor }) }
      const page = await store().incidents(wanted)
      if (page.kind !== 'page') throw new Error(page.detail)
      pages.push(page.incidents.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== undefined)
    expect(pages).toEqual([['bot-3', 'bot-2'], ['bot-1']])
    expect(await store().incidents({ target: 'none', limit: 2 })).toEqual({ kind: 'page', incidents: [] })
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

/** Ids that mean something to a path, a query or a quoting; the last ones look like each other's encodings. */
const HOSTILE_IDS = [
  '.',
  '..',
  '__all__',
  'a/b',
  "x'; DROP TABLE states; --",
  '{"a":[1]}',
  `\${x} %s \\`,
  '<script>alert(1)</script>',
  '\u202ecod.exe \u2028',
  '밤지기 🌙',
  'long '.repeat(400),
  'a b',
  'a%20b',
  'a_b',
  'A B',
]
const HOSTILE_TEXT = `${HOSTILE_IDS.join(' ')} \u0000 \u001b[31m \ud800 end`

function hostileContract(store: () => Store): void {
  it('keeps what has hostile ids and texts as it is, and apart from each other', async () => {
    const made = HOSTILE_IDS.map((id) => ({
      state: aState({ target: id, reason: HOSTILE_TEXT, incidentId: id }),
      incident: anIncident({ id, target: id, timeline: [{ at: NOON, kind: 'opened', text: HOSTILE_TEXT }] }),
      notices: [aNotice({ id, target: id, reason: HOSTILE_TEXT })],
      rollup: aRollup(NOON),
      blackBox: aBlackBox({ id, target: id }),
    }))
    for (const each of made) {
      const commit = { target: each.state.target, expectedVersion: null, ...each }
      expect(await store().commit(commit)).toMatchObject({ kind: 'committed' })
    }
    const loaded = await store().load(HOSTILE_IDS)
    for (const [index, { state, incident, notices, blackBox }] of made.entries()) {
      const id = HOSTILE_IDS[index] ?? ''
      expect(loaded.get(id)).toEqual({ kind: 'found', state, incident, version: expect.any(String) })
      expect(await store().incidents({ target: id, limit: 5 })).toEqual({
        kind: 'page',
        incidents: [incident],
      })
      expect(await store().blackBox(id)).toEqual({ kind: 'found', blackBox })
      const entries = [{ entry: { ...notices[0], deliveries: [] }, version: expect.any(String) }]
      expect(await store().outbox({ targets: [id], limit: 5 })).toEqual({ kind: 'entries', entries })
      expect(await store().outboxEntries([id])).toEqual({ kind: 'entries', entries })
      expect(await store().history({ target: id, since: NOON })).toMatchObject({ buckets: [{ from: NOON }] })
    }
  })
}
