/** What every store must do for the outbox: nothing is lost, nothing written twice, one sender at a time. */
import { expect, it } from 'vitest'
import type { Notice, OutboxEntry } from '../../../src/core/notice.ts'
import type { Store, Version } from '../../../src/ports/store.ts'
import { aNotice, aState, NOON } from '../../fakes/stored.ts'

export function outboxContract(store: () => Store): void {
  const commit = async (target: string, ...notices: readonly Notice[]) => {
    const now = (await store().load([target])).get(target)
    const expectedVersion = now?.kind === 'found' ? now.version : null
    return store().commit({ target, expectedVersion, state: aState({ target }), notices })
  }
  const stored = async (id: string) => {
    const found = await store().outboxEntries([id])
    if (found.kind !== 'entries') throw new Error(found.detail)
    return found.entries[0]
  }
  const put = async (id: string, changes: Partial<OutboxEntry>) => {
    const now = await stored(id)
    if (now === undefined) throw new Error(`No entry ${id}`)
    return store().putOutboxEntry({ ...now.entry, ...changes }, now.version)
  }
  const pending = async (...targets: readonly string[]) => {
    const found = await store().outbox({ targets, limit: 100 })
    return found.kind === 'entries' ? found.entries.map(({ entry }) => entry.id) : found.detail
  }

  it('puts the notices of a commit into the outbox, without deliveries', async () => {
    const notice = aNotice({ offer: { buttons: ['recover'], offeredAt: NOON }, targets: ['bot'] })
    await commit('bot', notice)
    const entries = [{ entry: { ...notice, deliveries: [] }, version: expect.any(String) }]
    expect(await store().outbox({ targets: ['bot'], limit: 5 })).toEqual({ kind: 'entries', entries })
    expect(await store().outboxEntries([notice.id])).toEqual({ kind: 'entries', entries })
  })

  it('gives the entries of the named targets only, oldest first, and not more than asked for', async () => {
    await commit('bot', aNotice({ id: 'b', at: NOON + 2 }), aNotice({ id: 'a', at: NOON + 2, number: 2 }))
    await commit('other', aNotice({ id: 'c', target: 'other', at: NOON + 1 }))
    await commit('third', aNotice({ id: 'd', target: 'third', at: NOON }))
    expect(await pending('bot', 'other', 'nobody')).toEqual(['c', 'b', 'a'])
    expect(await pending()).toEqual([])
    const two = await store().outbox({ targets: ['bot', 'other', 'third'], limit: 2 })
    expect(two).toMatchObject({ entries: [{ entry: { id: 'd' } }, { entry: { id: 'c' } }] })
  })

  it('finds the entries of more targets than fit into one question', async () => {
    const targets = Array.from({ length: 70 }, (_, index) => `bot-${index}`)
    for (const index of [0, 31, 69]) {
      const target = `bot-${index}`
      await commit(target, aNotice({ id: target, target, at: NOON + index }))
    }
    expect(await pending(...targets)).toEqual(['bot-0', 'bot-31', 'bot-69'])
  })

  it('leaves an entry as it is when its notice is written again, by whichever target', async () => {
    await commit('bot', aNotice({ reason: 'first' }))
    const claim = { owner: 'one', until: NOON + 1 }
    await put('bot-1/1', { claim })
    const before = await stored('bot-1/1')
    const again = aNotice({ reason: 'second' })
    expect(await commit('other', again, aNotice({ id: 'new', target: 'other' }))).toMatchObject({
      kind: 'committed',
    })
    expect(await stored('bot-1/1')).toEqual(before)
    expect(before?.entry).toEqual({ ...aNotice({ reason: 'first' }), deliveries: [], claim })
    expect(await pending('bot', 'other')).toEqual(['bot-1/1', 'new'])
  })

  it('writes a notice once that stands twice in one commit', async () => {
    expect(await commit('bot', aNotice(), aNotice())).toMatchObject({ kind: 'committed' })
    expect(await pending('bot')).toEqual(['bot-1/1'])
  })

  it('does not reset a settled entry whose notice is written again', async () => {
    await commit('bot', aNotice())
    const delivery = {
      channel: 'telegram:1',
      status: 'sent',
      attempts: 1,
      dueAt: NOON,
      receipt: '7',
    } as const
    await put('bot-1/1', { deliveries: [delivery], settledAt: NOON + 9 })
    expect(await pending('bot')).toEqual([])
    await commit('bot', aNotice())
    expect(await pending('bot')).toEqual([])
    expect((await stored('bot-1/1'))?.entry).toEqual({
      ...aNotice(),
      deliveries: [delivery],
      settledAt: NOON + 9,
    })
  })

  it('lets many targets write the same notice at the same time: all commits stand, the entry once', async () => {
    const targets = Array.from({ length: 12 }, (_, index) => `bot-${index}`)
    const notice = aNotice({ id: 'fleet/1', target: 'bot-0', cause: 'fleet' })
    const done = await Promise.all(targets.map((target) => commit(target, notice)))
    expect(done.map(({ kind }) => kind)).toEqual(targets.map(() => 'committed'))
    expect(await pending(...targets)).toEqual(['fleet/1'])
  })

  it('swaps an entry on its version only', async () => {
    await commit('bot', aNotice())
    const before = await stored('bot-1/1')
    const version = before?.version ?? null
    const entry = { ...aNotice(), deliveries: [] }
    const claimed = await store().putOutboxEntry({ ...entry, claim: { owner: 'one', until: NOON } }, version)
    expect(claimed).toEqual({ kind: 'committed', version: expect.any(String) })
    const late = { ...entry, claim: { owner: 'two', until: NOON } }
    for (const stale of [version, null, 'x', '999']) {
      expect(await store().putOutboxEntry(late, stale)).toEqual({ kind: 'conflict' })
    }
    expect(await stored('bot-1/1')).toEqual({
      entry: { ...entry, claim: { owner: 'one', until: NOON } },
      version: claimed.kind === 'committed' ? claimed.version : null,
    })
  })

  it('lets exactly one of many senders claim an entry', async () => {
    await commit('bot', aNotice())
    const { version = null } = (await stored('bot-1/1')) ?? {}
    const claims = Array.from({ length: 10 }, (_, index) =>
      store().putOutboxEntry(
        { ...aNotice(), deliveries: [], claim: { owner: `${index}`, until: NOON } },
        version,
      ),
    )
    const kinds = (await Promise.all(claims)).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['committed', ...Array.from({ length: 9 }, () => 'conflict')])
  })

  it('puts an entry that no commit brought, and refuses to put it as new again', async () => {
    const entry = { ...aNotice({ id: 'test/1', kind: 'test' }), deliveries: [] }
    const first: Version = null
    expect(await store().putOutboxEntry(entry, first)).toEqual({
      kind: 'committed',
      version: expect.any(String),
    })
    expect(await store().putOutboxEntry(entry, first)).toEqual({ kind: 'conflict' })
    expect(await pending('bot')).toEqual(['test/1'])
  })

  it('leaves out entries that are not there', async () => {
    await commit('bot', aNotice({ id: 'b', at: NOON + 1 }), aNotice({ id: 'a' }))
    expect(await store().outboxEntries(['none', 'b', 'a', 'b'])).toMatchObject({
      entries: [{ entry: { id: 'a' } }, { entry: { id: 'b' } }],
    })
    expect(await store().outboxEntries([])).toEqual({ kind: 'entries', entries: [] })
  })
}
