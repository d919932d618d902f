/** What every store must keep, history and black boxes, and what it must forget in time. */
import { expect, it } from 'vitest'
import { type Commit, KEPT_DAYS, type Store } from '../../../src/ports/store.ts'
import { aBlackBox, aNotice, anIncident, aRollup, aState, NOON } from '../../fakes/stored.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

/** Commits on whatever version is there. */
async function commitTo(store: Store, target: string, rest: Partial<Commit>): Promise<void> {
  const now = (await store.load([target])).get(target)
  const expectedVersion = now?.kind === 'found' ? now.version : null
  const done = await store.commit({ target, expectedVersion, state: aState({ target }), ...rest })
  expect(done).toMatchObject({ kind: 'committed' })
}

async function timesOf(store: Store, target: string, since: number): Promise<unknown> {
  const found = await store.history({ target, since })
  return found.kind === 'history' ? found.buckets.map(({ from }) => from) : found.detail
}

export function keptContract(store: () => Store): void {
  it('appends what was measured to the target of the commit, and gives it back whole and oldest first', async () => {
    const full = {
      ...aRollup(NOON).bucket,
      memoryUsedMb: { count: 2, sum: 900.5, max: 500 },
      swapUsedMb: { count: 1, sum: 1, max: 1 },
      memoryStallPercent: { count: 1, sum: 0.1, max: 0.1 },
    }
    await commitTo(store(), 'bot', { rollup: aRollup(NOON + 60_000) })
    await commitTo(store(), 'bot', { rollup: { day: aRollup(NOON).day, bucket: full } })
    await commitTo(store(), 'bot', { rollup: aRollup(NOON + DAY_MS) })
    await commitTo(store(), 'bot 2', { rollup: aRollup(NOON) })
    expect(await store().history({ target: 'bot', since: NOON })).toEqual({
      kind: 'history',
      buckets: [full, aRollup(NOON + 60_000).bucket, aRollup(NOON + DAY_MS).bucket],
    })
    expect(await timesOf(store(), 'bot 2', NOON)).toEqual([NOON])
    expect(await timesOf(store(), 'nobody', NOON)).toEqual([])
  })

  it('gives the whole day that `since` lies in, and the days after it', async () => {
    for (const day of [-2, -1, 0]) await commitTo(store(), 'bot', { rollup: aRollup(NOON + day * DAY_MS) })
    expect(await timesOf(store(), 'bot', NOON - DAY_MS + 1_000)).toEqual([NOON - DAY_MS, NOON])
    expect(await timesOf(store(), 'bot', 0)).toEqual([NOON - 2 * DAY_MS, NOON - DAY_MS, NOON])
    expect(await timesOf(store(), 'bot', NOON + DAY_MS)).toEqual([])
  })

  it('keeps a black box beside its incident', async () => {
    await commitTo(store(), 'bot', { incident: anIncident(), blackBox: aBlackBox() })
    expect(await store().blackBox('bot-1/reset/1')).toEqual({ kind: 'found', blackBox: aBlackBox() })
    expect(await store().blackBox('bot-1')).toEqual({ kind: 'absent' })
  })

  it('keeps a black box of 64 KiB and an incident of 200 entries', async () => {
    const text = '가나 다'.repeat(6_553)
    const blackBox = aBlackBox({ sections: [{ kind: 'text', name: 'serial-console', text, cut: false }] })
    const timeline = Array.from({ length: 200 }, (_, index) => ({
      at: NOON + index,
      kind: 'evidence' as const,
      text: `${index} ${'says that it is well '.repeat(40)}`,
    }))
    const incident = anIncident({ timeline })
    await commitTo(store(), 'bot', { state: aState({ incidentId: 'bot-1' }), incident, blackBox })
    expect(await store().blackBox(blackBox.id)).toEqual({ kind: 'found', blackBox })
    expect((await store().load(['bot'])).get('bot')).toMatchObject({ kind: 'found', incident })
  })
}

export function forgettingContract(store: () => Store, setNow: (now: number) => void): void {
  const incidents = async () => {
    const page = await store().incidents({ limit: 20 })
    return page.kind === 'page' ? page.incidents.map(({ id }) => id) : page.detail
  }
  const closed = (id: string, at: number) =>
    anIncident({ id, openedAt: at, state: 'closed', closedAt: at + 1_000 })

  it('forgets each kind after its days, and never an incident that is open', async () => {
    const open = aState({ incidentId: 'open' })
    const old = { incident: anIncident({ id: 'open' }), state: open, rollup: aRollup(NOON) }
    await commitTo(store(), 'bot', { ...old, blackBox: aBlackBox({ id: 'old' }), notices: [aNotice()] })
    await commitTo(store(), 'bot', { state: open, incident: closed('old', NOON) })

    setNow(NOON + (KEPT_DAYS.outbox + 1) * DAY_MS)
    await commitTo(store(), 'bot', { state: open })
    expect(await store().outboxEntries(['bot-1/1'])).toEqual({ kind: 'entries', entries: [] })
    expect(await incidents()).toEqual(['open', 'old'])
    expect(await timesOf(store(), 'bot', 0)).toEqual([NOON])
    expect(await store().blackBox('old')).toMatchObject({ kind: 'found' })

    const later = NOON + (KEPT_DAYS.incidents + 1) * DAY_MS
    setNow(later)
    const recent = { rollup: aRollup(later), blackBox: aBlackBox({ id: 'new', at: later }) }
    await commitTo(store(), 'bot', { ...recent, state: open, notices: [aNotice({ id: 'new', at: later })] })
    expect(await incidents()).toEqual(['open'])
    expect(await timesOf(store(), 'bot', 0)).toEqual([later])
    expect(await store().blackBox('old')).toEqual({ kind: 'absent' })
    expect(await store().blackBox('new')).toMatchObject({ kind: 'found' })
    expect(await store().outboxEntries(['new'])).toMatchObject({ entries: [{ entry: { id: 'new' } }] })
  })

  it('keeps an incident by its close, however long it lasted', async () => {
    const now = NOON + (KEPT_DAYS.incidents + 30) * DAY_MS
    setNow(now)
    const lasted = anIncident({ id: 'long', openedAt: NOON, state: 'closed', closedAt: now - DAY_MS })
    await commitTo(store(), 'bot', { incident: lasted })
    setNow(now + 2 * DAY_MS)
    await commitTo(store(), 'bot', {})
    expect(await incidents()).toEqual(['long'])
  })

  it('forgets at most once a day', async () => {
    const late = NOON + (KEPT_DAYS.incidents + 1) * DAY_MS
    setNow(late)
    await commitTo(store(), 'bot', {})
    await commitTo(store(), 'bot', { incident: closed('old', NOON) })
    setNow(late + DAY_MS / 2)
    await commitTo(store(), 'bot', {})
    expect(await incidents()).toEqual(['old'])
    setNow(late + DAY_MS + 1_000)
    await commitTo(store(), 'bot', {})
    expect(await incidents()).toEqual([])
  })
}
