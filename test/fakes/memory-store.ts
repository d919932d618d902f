/** A store in memory, for tests of what stands on one. It passes the same contract as SQLite's. */
import { readCursor, writeCursor } from '../../src/adapters/store/cursor.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { TargetState } from '../../src/core/state.ts'
import type { Committed, Loaded, Store } from '../../src/ports/store.ts'

export type MemoryStore = Store & {
  /** From now on every call is answered `unavailable`, until called with nothing. */
  readonly fail: (detail?: string) => void
  /** What is stored, by target. */
  readonly states: ReadonlyMap<string, TargetState>
}

export function createMemoryStore(): MemoryStore {
  const states = new Map<string, { version: number; state: TargetState }>()
  const incidents = new Map<string, Incident>()
  let trouble: string | undefined
  const unavailable = () => ({ kind: 'unavailable' as const, detail: trouble ?? '' })

  const loaded = (target: string): Loaded => {
    const stored = states.get(target)
    if (stored === undefined) {
      const lost = [...incidents.values()].some((incident) => incident.target === target)
      return { kind: 'absent', lost, version: null }
    }
    const incident = incidents.get(stored.state.incidentId ?? '')
    const version = String(stored.version)
    return { kind: 'found', state: stored.state, version, ...(incident === undefined ? {} : { incident }) }
  }

  const commit = ({
    target,
    expectedVersion,
    state,
    incident,
  }: Parameters<Store['commit']>[0]): Committed => {
    const version = states.get(target)?.version
    if ((version === undefined ? null : String(version)) !== expectedVersion) return { kind: 'conflict' }
    const next = (version ?? 0) + 1
    states.set(target, { version: next, state: structuredClone(state) })
    if (incident !== undefined) incidents.set(incident.id, structuredClone(incident))
    return { kind: 'committed', version: String(next) }
  }

  return {
    fail(detail) {
      trouble = detail
    },
    get states() {
      return new Map([...states].map(([target, { state }]) => [target, state]))
    },
    async load(targets) {
      return new Map(
        targets.map((target) => [target, trouble === undefined ? loaded(target) : unavailable()]),
      )
    },
    async commit(order) {
      return trouble === undefined ? commit(order) : unavailable()
    },
    async incidents({ target, limit, cursor }) {
      if (trouble !== undefined) return unavailable()
      const after = cursor === undefined ? undefined : readCursor(cursor)
      if (cursor !== undefined && after === undefined) {
        return { kind: 'bad-cursor', detail: 'The cursor is none that a page of incidents gave' }
      }
      const all = [...incidents.values()]
        .filter((incident) => target === undefined || incident.target === target)
        .filter((incident) => after === undefined || newestFirst(after, incident) < 0)
        .sort(newestFirst)
      const shown = all.slice(0, limit)
      const last = shown.at(-1)
      return last === undefined || all.length <= limit
        ? { kind: 'page', incidents: shown }
        : { kind: 'page', incidents: shown, next: writeCursor(last) }
    },
    async incident(id) {
      if (trouble !== undefined) return unavailable()
      const incident = incidents.get(id)
      return incident === undefined ? { kind: 'absent' } : { kind: 'found', incident }
    },
    async close() {
      trouble = 'The store is closed'
    },
  }
}

type Keyed = { readonly openedAt: number; readonly id: string }

function newestFirst(a: Keyed, b: Keyed): number {
  if (a.openedAt !== b.openedAt) return b.openedAt - a.openedAt
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}
