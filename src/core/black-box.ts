/**
 * The black box: what a machine looked like just before it was rebooted or reset, kept beside its incident. What goes in
 * is chosen by name (console, kernel, units, containers' allow-listed fields, memory), never logs or environments.
 */
import type { ActingRung } from './action.ts'

export const BLACK_BOX_SCHEMA = 1
/** All sections together, in bytes of UTF-8. */
export const BLACK_BOX_BYTES_MAX = 64 * 1024
/** A box for each of the newest destructive actions of an incident. */
export const BLACK_BOXES_MAX = 4

export const BLACK_BOX_SECTIONS = [
  'serial-console',
  'kernel-oom',
  'units',
  'containers',
  'memory',
  'pressure',
] as const
export type BlackBoxSectionName = (typeof BLACK_BOX_SECTIONS)[number]

export type BlackBoxSection =
  | {
      readonly kind: 'text'
      readonly name: BlackBoxSectionName
      /** Redacted and bounded; lines end with `\n`. May hold any printable text of the machine: hostile until shown. */
      readonly text: string
      /** Bytes, lines or fields were left out. */
      readonly cut: boolean
    }
  | { readonly kind: 'unavailable'; readonly name: BlackBoxSectionName; readonly detail: string }

/** What was heard for a black box, in the order of `BLACK_BOX_SECTIONS`. */
export type BlackBoxEvidence = { readonly at: number; readonly sections: readonly BlackBoxSection[] }

export type BlackBox = {
  readonly schema: typeof BLACK_BOX_SCHEMA
  /** Deterministic: the id of the action that it was kept for. */
  readonly id: string
  readonly incidentId: string
  readonly target: string
  readonly at: number
  readonly before: ActingRung
  readonly sections: readonly BlackBoxSection[]
}

/** How an incident points to its boxes. */
export type BlackBoxReference = { readonly id: string; readonly at: number; readonly before: ActingRung }
