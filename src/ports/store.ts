/** What is remembered between ticks. What it means is core/state.ts and core/incident.ts. */
import type { Incident } from '../core/incident.ts'
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

/** What the guard remembers. `commit` is all or nothing, and fails on a version that is not the stored one. */
export type Store = {
  /** The states of all named targets, in one round trip where the technology allows it, with their open incidents. */
  load(targets: readonly string[]): Promise<ReadonlyMap<string, Loaded>>
  commit(commit: Commit): Promise<Committed>
  /** Newest first; `cursor` is what an earlier page gave as `next`. */
  incidents(query: { target?: string; limit: number; cursor?: string }): Promise<IncidentPage>
  incident(id: string): Promise<FoundIncident>
  close(): Promise<void>
}
