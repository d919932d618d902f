/**
 * A store that remembers what it has read of the past: a chart of 90 days would cost 90 documents each time it is
 * looked at, and thousands of buckets to parse. Past days don't change, so later looks read the newest day only.
 */
import type { Bucket, Rollup } from '../core/bucket.ts'
import { addBuckets } from '../core/history.ts'
import type { Policy } from '../core/policy.ts'
import { same } from '../core/same.ts'
import type { Clock } from '../ports/clock.ts'
import type { FoundHistory, Store } from '../ports/store.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** The end of a day may be written so long after it; a later one is seen when all is read anew. */
const LATE_MS = 10 * MINUTE_MS
const READ_ANEW_AFTER_MS = DAY_MS
const TARGETS_MAX = 20
/** Of all targets together, about 350 bytes each. */
const BUCKETS_MAX = 20_000
/**
 * Charts have 360 points at most: a day that is n days old is only ever seen in points of n × 4 minutes or longer, and
 * kept in pieces of half of that.
 */
const PIECE_MS_A_DAY = 2 * MINUTE_MS

type Kept = {
  /** All that begins from here on; the beginning of a day. */
  readonly since: number
  /** When the whole of it was last read, and when the newest part. */
  readonly wholeAt: number
  readonly readAt: number
  /** Oldest first. */
  readonly buckets: readonly Bucket[]
}

type Asked = Parameters<Store['history']>[0]
type Options = { readonly clock: Pick<Clock, 'now'>; readonly policy: Pick<Policy, 'history'> }

/** The newest day may be `policy.history.everyMs` old, but for what this process has added to it itself. */
export function withHistoryCache(store: Store, { clock, policy }: Options): Store {
  /** The least recently used first. */
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Promise<FoundHistory>>()

  function keep(target: string, value: Kept): void {
    kept.delete(target)
    kept.set(target, value)
    let buckets = [...kept.values()].reduce((sum, one) => sum + one.buckets.length, 0)
    for (const [name, one] of kept) {
      if (name === target || (kept.size <= TARGETS_MAX && buckets <= BUCKETS_MAX)) return
      kept.delete(name)
      buckets -= one.buckets.length
    }
  }

  function fresh({ target, since }: Asked): Kept | undefined {
    const known = usable(kept.get(target), since, clock.now())
    if (known === undefined || clock.now() - known.readAt >= policy.history.everyMs) return undefined
    keep(target, known)
    return known
  }

  async function read({ target, since }: Asked): Promise<FoundHistory> {
    const now = clock.now()
    const known = usable(kept.get(target), since, now)
    const from = known === undefined ? dayBegin(since) : openSince(known)
    const found = await store.history({ target, since: from })
    if (found.kind === 'unavailable') return found
    const past = known?.buckets.filter((bucket) => bucket.from < from) ?? []
    const buckets = [...past, ...inPieces(found.buckets, now)]
    keep(target, { since: known?.since ?? from, wholeAt: known?.wholeAt ?? now, readAt: now, buckets })
    return { kind: 'history', buckets: buckets.filter(isSince(since)) }
  }

  function add(target: string, { bucket }: Rollup): void {
    const known = kept.get(target)
    if (known === undefined || known.buckets.some((one) => same(one, bucket))) return
    const buckets = [...known.buckets, bucket].sort((one, other) => one.from - other.from)
    kept.set(target, { ...known, buckets })
  }

  return {
    ...store,
    async commit(commit) {
      const committed = await store.commit(commit)
      const { target, rollup } = commit
      if (committed.kind === 'committed' && rollup !== undefined) add(target, rollup)
      return committed
    },
    async history(asked) {
      for (;;) {
        const known = fresh(asked)
        if (known !== undefined)
          return { kind: 'history', buckets: known.buckets.filter(isSince(asked.since)) }
        const other = underWay.get(asked.target)
        if (other === undefined) {
          const reading = read(asked).finally(() => underWay.delete(asked.target))
          underWay.set(asked.target, reading)
          return reading
        }
        const found = await other
        if (found.kind === 'unavailable') return found
      }
    },
  }
}

function usable(known: Kept | undefined, since: number, now: number): Kept | undefined {
  const reaches = known !== undefined && known.since <= dayBegin(since)
  return reaches && now - known.wholeAt < READ_ANEW_AFTER_MS ? known : undefined
}

function dayBegin(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS
}

/** The first day that may have grown since it was read. */
function openSince({ readAt }: Kept): number {
  return dayBegin(readAt - LATE_MS)
}

/** Whole days, as the store gives them. */
function isSince(since: number): (bucket: Bucket) => boolean {
  const begin = dayBegin(since)
  return ({ from }) => from >= begin
}

/** Neighbours of old days are added up: nobody sees them apart. */
function inPieces(buckets: readonly Bucket[], now: number): readonly Bucket[] {
  const pieces = new Map<string, Bucket>()
  for (const bucket of buckets) {
    const pieceMs = Math.max(1, Math.floor((now - bucket.from) / DAY_MS) * PIECE_MS_A_DAY)
    const key = `${pieceMs} ${Math.floor(bucket.from / pieceMs)}`
    pieces.set(key, addBuckets(pieces.get(key), bucket))
  }
  return [...pieces.values()]
}
