/** A store in memory, for tests of what stands on one. It passes the same contract as the real ones; it never forgets. */
import { readCursor, writeCursor } from '../../src/adapters/store/cursor.ts'
import type { BlackBox } from '../../src/core/black-box.ts'
import type { Rollup } from '../../src/core/bucket.ts'
import { dayOf } from '../../src/core/history.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { OutboxEntry } from '../../src/core/notice.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Commit, Committed, Loaded, Store, Version } from '../../src/ports/store.ts'

export type MemoryStore = Store & {
  /** From now on every call is answered `unavailable`, until called with nothing. */
  readonly fail: (detail?: string) => void
  /** What is stored, by target. */
  readonly states: ReadonlyMap<string, TargetState>
  /** What is in the outbox, by id. */
  readonly entries: ReadonlyMap<string, OutboxEntry>
}

type Kept<Document> = { readonly version: Version; readonly document: Document }

/** Documents under versions; `put` is the new version, or undefined when `expected` is not the present one. */
function shelf<Document>() {
  const all = new Map<string, Kept<Document>>()
  return {
    all,
    put(id: string, document: Document, expected: Version): string | undefined {
      const version = all.get(id)?.version ?? null
      if (version !== expected) return undefined
      const next = String(Number(version) + 1)
      all.set(id, { version: next, document: structuredClone(document) })
      return next
    },
    documents: () => new Map([...all].map(([id, { document }]) => [id, document])),
  }
}

export function createMemoryStore(): MemoryStore {
  const states = shelf<TargetState>()
  const outbox = shelf<OutboxEntry>()
  const incidents = new Map<string, Incident>()
  const blackBoxes = new Map<string, BlackBox>()
  const rollups: (Rollup & { target: string })[] = []
  let trouble: string | undefined

  /** What `answer` says, or that nothing can be reached. */
  const unless = <Answer>(answer: () => Answer) =>
    trouble === undefined ? answer() : { kind: 'unavailable' as const, detail: trouble }

  const loaded = (target: string): Loaded => {
    const stored = states.all.get(target)
    if (stored === undefined) {
      const lost = [...incidents.values()].some((incident) => incident.target === target)
      return { kind: 'absent', lost, version: null }
    }
    const { document: state, version } = stored
    const incident = incidents.get(state.incidentId ?? state.lastIncident?.id ?? '')
    return { kind: 'found', state, version, ...(incident === undefined ? {} : { incident }) }
  }

  const commit = (order: Commit): Committed => {
    const { target, expectedVersion, state, incident, notices = [], rollup, blackBox } = order
    const version = states.put(target, state, expectedVersion)
    if (version === undefined) return { kind: 'conflict' }
    if (incident !== undefined) incidents.set(incident.id, structuredClone(incident))
    for (const notice of notices) outbox.put(notice.id, { ...notice, deliveries: [] }, null)
    if (rollup !== undefined) rollups.push({ ...structuredClone(rollup), target })
    if (blackBox !== undefined) blackBoxes.set(blackBox.id, structuredClone(blackBox))
    return { kind: 'committed', version }
  }

  const entries = (chosen: (entry: OutboxEntry) => boolean, limit = Number.POSITIVE_INFINITY) => ({
    kind: 'entries' as const,
    entries: [...outbox.all.values()]
      .filter(({ document }) => chosen(document))
      .map(({ document, version }) => ({ entry: document, version }))
      .sort(({ entry: one }, { entry: other }) => one.at - other.at || one.number - other.number)
      .slice(0, limit),
  })

  return {
    fail(detail) {
      trouble = detail
    },
    get states() {
      return states.documents()
    },
    get entries() {
      return outbox.documents()
    },
    load: async (targets) => new Map(targets.map((target) => [target, unless(() => loaded(target))])),
    commit: async (order) => unless(() => commit(order)),
    incidents: async (query) => unless(() => pageOf([...incidents.values()], query)),
    incident: async (id) => unless(() => found('incident', incidents.get(id))),
    blackBox: async (id) => unless(() => found('blackBox', blackBoxes.get(id))),
    history: async ({ target, since }) =>
      unless(() => ({
        kind: 'history',
        buckets: rollups
          .filter((rollup) => rollup.target === target && rollup.day >= dayOf(since))
          .map(({ bucket }) => bucket)
          .sort((one, other) => one.from - other.from),
      })),
    outbox: async ({ targets, limit }) =>
      unless(() =>
        entries(({ target, settledAt }) => settledAt === undefined && targets.includes(target), limit),
      ),
    outboxEntries: async (ids) => unless(() => entries(({ id }) => ids.includes(id))),
    putOutboxEntry: async (entry, expectedVersion) =>
      unless(() => {
        const version = outbox.put(entry.id, entry, expectedVersion)
        return version === undefined ? { kind: 'conflict' } : { kind: 'committed', version }
      }),
    async close() {
      trouble = 'The store is closed'
    },
  }
}

function found<Name extends string, Document>(name: Name, document: Document | undefined) {
  if (document === undefined) return { kind: 'absent' as const }
  return { kind: 'found' as const, [name]: document } as { kind: 'found' } & Record<Name, Document>
}

function pageOf(
  incidents: readonly Incident[],
  { target, limit, cursor }: Parameters<Store['incidents']>[0],
): Awaited<ReturnType<Store['incidents']>> {
  const after = cursor === undefined ? undefined : readCursor(cursor)
  if (cursor !== undefined && after === undefined) {
    return { kind: 'bad-cursor', detail: 'The cursor is none that a page of incidents gave' }
  }
  const all = incidents
    .filter((incident) => target === undefined || incident.target === target)
    .filter((incident) => after === undefined || newestFirst(after, incident) < 0)
    .sort(newestFirst)
  const shown = all.slice(0, limit)
  const last = shown.at(-1)
  return last === undefined || all.length <= limit
    ? { kind: 'page', incidents: shown }
    : { kind: 'page', incidents: shown, next: writeCursor(last) }
}

type Keyed = { readonly openedAt: number; readonly id: string }

function newestFirst(a: Keyed, b: Keyed): number {
  if (a.openedAt !== b.openedAt) return b.openedAt - a.openedAt
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}
