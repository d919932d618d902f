/**
 * A store that reads no page of incidents twice while none can have changed: an open dashboard asks four times a minute
 * while something goes on. An incident is only ever written with its target's state, so the states' versions tell.
 */
import type { Clock } from '../ports/clock.ts'
import type { IncidentPage, Loaded, Store } from '../ports/store.ts'

/** A page is asked for right after the states were; what was seen of them is good for so long. */
const SEEN_MS = 3_000
/** Of targets that another configuration watches no versions are seen. */
const PAGE_KEPT_MS = 5 * 60_000
const PAGES_MAX = 20

type Kept = {
  readonly versions: string
  readonly readAt: number
  readonly page: Extract<IncidentPage, { kind: 'page' }>
}
type Options = { readonly clock: Pick<Clock, 'now'>; readonly targets: readonly { readonly id: string }[] }

export function withIncidentCache(store: Store, { clock, targets }: Options): Store {
  const pages = new Map<string, Kept>()
  let seen: { readonly at: number; readonly versions: string } | undefined
  /** Grows when a commit begins, and when it ends. */
  let commits = 0

  function keep(key: string, kept: Kept): void {
    pages.delete(key)
    pages.set(key, kept)
    const oldest = pages.size > PAGES_MAX ? pages.keys().next().value : undefined
    if (oldest !== undefined) pages.delete(oldest)
  }

  function known(key: string, now: number): Kept | undefined {
    const kept = pages.get(key)
    if (kept === undefined || seen === undefined) return undefined
    const holds = kept.versions === seen.versions && now - seen.at <= SEEN_MS
    return holds && now - kept.readAt <= PAGE_KEPT_MS ? kept : undefined
  }

  return {
    ...store,
    async load(ids) {
      const at = clock.now()
      const before = commits
      const loaded = await store.load(ids)
      const versions = versionsOf(targets, loaded)
      // What was seen while the guard itself was writing may be from before.
      if (versions !== undefined && commits === before) seen = { at, versions }
      return loaded
    },
    async commit(commit) {
      const changed = (): void => {
        commits += 1
        seen = undefined
      }
      changed()
      const committed = await store.commit(commit)
      changed()
      return committed
    },
    async incidents(query) {
      const now = clock.now()
      const key = JSON.stringify(query)
      const kept = known(key, now)
      if (kept !== undefined) return kept.page
      const versions = seen?.versions
      const page = await store.incidents(query)
      if (page.kind === 'page' && versions !== undefined) keep(key, { versions, readAt: now, page })
      return page
    },
  }
}

/** Undefined unless all of them were seen. */
function versionsOf(targets: Options['targets'], loaded: ReadonlyMap<string, Loaded>): string | undefined {
  const versions = targets.map(({ id }) => {
    const found = loaded.get(id)
    return found !== undefined && 'version' in found ? `${found.version}` : undefined
  })
  return versions.includes(undefined) ? undefined : versions.join()
}
