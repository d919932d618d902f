/** What is remembered between ticks. What it means is core/state.ts and core/incident.ts. */
import type { BlackBox } from '../core/black-box.ts'
import type { Bucket, Rollup } from '../core/bucket.ts'
import type { Incident } from '../core/incident.ts'
import type { Notice, OutboxEntry } from '../core/notice.ts'
import type { TargetState } from '../core/state.ts'

/** Opaque to all but the store: names the stored state's version, for compare-and-swap. */
export type Version = string | null

export type Loaded =
  | {
      readonly kind: 'found'
      readonly state: TargetState
      readonly version: Version
      readonly incident?: Incident
    }
  /** `lost`: there is no state, but a trace (incidents) of an earlier one. */
  | { readonly kind: 'absent'; readonly lost: boolean; readonly version: null }
  /** The document can't be read as what it should be; committing on `version` replaces it. */
  | { readonly kind: 'broken'; readonly detail: string; readonly version: Version }
  /** Written by a newer Night Guard: it is left alone. */
  | { readonly kind: 'newer'; readonly schema: number }
  | { readonly kind: 'unavailable'; readonly detail: string }

export type Commit = {
  readonly target: string
  readonly expectedVersion: Version
  readonly state: TargetState
  readonly incident?: Incident
  /**
   * Put into the outbox as entries without deliveries. One whose id is there already is left as it is: the same
   * notice may be written by more than one target.
   */
  readonly notices?: readonly Notice[]
  /** Appended to the target's document of that day. */
  readonly rollup?: Rollup
  readonly blackBox?: BlackBox
}

export type Committed =
  | { readonly kind: 'committed'; readonly version: Version }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unavailable'; readonly detail: string }

export type IncidentPage =
  | { readonly kind: 'page'; readonly incidents: readonly Incident[]; readonly next?: string }
  /** The cursor is none that this store gave. */
  | { readonly kind: 'bad-cursor'; readonly detail: string }
  | { readonly kind: 'unavailable'; readonly detail: string }

export type FoundIncident =
  | { readonly kind: 'found'; readonly incident: Incident }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unavailable'; readonly detail: string }

export type FoundBlackBox =
  | { readonly kind: 'found'; readonly blackBox: BlackBox }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unavailable'; readonly detail: string }

export type FoundHistory =
  | { readonly kind: 'history'; readonly buckets: readonly Bucket[] }
  | { readonly kind: 'unavailable'; readonly detail: string }

export type StoredEntry = { readonly entry: OutboxEntry; readonly version: Version }

export type FoundEntries =
  | { readonly kind: 'entries'; readonly entries: readonly StoredEntry[] }
  | { readonly kind: 'unavailable'; readonly detail: string }

/** How long each kind of document is kept; the store forgets the older ones by itself, about once a day. */
export const KEPT_DAYS = { incidents: 90, blackBoxes: 90, history: 90, outbox: 30 } as const

/** What the guard remembers. `commit` is all or nothing, and fails on a version that is not the stored one. */
export type Store = {
  /**
   * The states of all named targets, in one round trip where the technology allows it, each with the incident that
   * `incidentId`, or else `lastIncident`, names.
   */
  load(targets: readonly string[]): Promise<ReadonlyMap<string, Loaded>>
  commit(commit: Commit): Promise<Committed>
  /** Newest first; `cursor` is what an earlier page gave as `next`. */
  incidents(query: { target?: string; limit: number; cursor?: string }): Promise<IncidentPage>
  incident(id: string): Promise<FoundIncident>
  blackBox(id: string): Promise<FoundBlackBox>
  /** What was appended to the target's days from `since` on, oldest first; a day that can't be read is left out. */
  history(query: { target: string; since: number }): Promise<FoundHistory>
  /** The entries of the named targets that are not settled, oldest first; `limit` at most. */
  outbox(query: { targets: readonly string[]; limit: number }): Promise<FoundEntries>
  /** Named entries, settled ones too; those that are not there are left out. */
  outboxEntries(ids: readonly string[]): Promise<FoundEntries>
  /** Compare-and-swap of one entry. */
  putOutboxEntry(entry: OutboxEntry, expectedVersion: Version): Promise<Committed>
  close(): Promise<void>
}
