/** How a metric is written down: its name, its words, and how its series are read from the guard's figures. */
import type { GuardMetrics } from '../../app/guard.ts'
import { inert } from '../inert.ts'

export type Labels = Readonly<Record<string, string>>
export type Series = { readonly labels?: Labels; readonly value: number }

export type Definition = {
  readonly name: string
  /** What it counts or measures, and in which unit; the reader of a dashboard sees it. */
  readonly help: string
  readonly kind: 'gauge' | 'counter'
  readonly labels: readonly string[]
  /** At most as many series as the configuration is large; values that are no number are left out later. */
  read(figures: GuardMetrics): readonly Series[]
}

export const TARGETS_MAX = 1_000
/** Of one target: budgets, secrets. */
export const OF_TARGET_MAX = 50
/** Of the whole process: actions by target, rung and result; deliveries by channel and result. */
export const COUNTED_MAX = 5_000

const LABEL_CHARS_MAX = 100

/** A label's value from anywhere: bounded, and nothing in it that a terminal or a page would obey. */
export function label(text: string): string {
  return inert(text, LABEL_CHARS_MAX)
}

export function seconds(ms: number): number {
  return ms / 1_000
}

/** `2026-11-23T03:14:00Z` in seconds since 1970. */
export function secondsAt(iso: string): number {
  return seconds(Date.parse(iso))
}

export function zeroOrOne(state: { readonly is: boolean }): number {
  return state.is ? 1 : 0
}

/** A window as Prometheus writes it: `1h`, `24h`, `90s`. */
export function windowName(windowMs: number): string {
  const hours = windowMs / 3_600_000
  return Number.isInteger(hours) ? `${hours}h` : `${Math.round(seconds(windowMs))}s`
}
