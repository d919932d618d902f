/** How long things are kept, for every store. */
import { KEPT_DAYS } from '../../ports/store.ts'

export const DAY_MS = 24 * 60 * 60 * 1_000

/** What is older than this may be forgotten. */
export function keptSince(kind: keyof typeof KEPT_DAYS, now: number): number {
  return now - KEPT_DAYS[kind] * DAY_MS
}
