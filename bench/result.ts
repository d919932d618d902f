/** What a benchmark hands back: figures for programs, tables for people, and what they say of the project's targets. */

export type Table = {
  readonly title: string
  readonly columns: readonly string[]
  /** As many cells as there are columns; the first is a name, the others are figures. */
  readonly rows: readonly (readonly string[])[]
  readonly notes?: readonly string[]
}

export type Finding = {
  /** A `target` may be missed on a slow machine; a `proof` that fails is a bug and ends the run with 1. */
  readonly kind: 'target' | 'proof'
  readonly what: string
  readonly wanted: string
  readonly measured: string
  readonly holds: boolean
}

export type Result = {
  readonly name: string
  readonly tables: readonly Table[]
  readonly findings: readonly Finding[]
  /** All that was measured, units in the names. */
  readonly figures: unknown
}

/** How much is measured: `quick` only shows that the programs run. */
export type Effort = 'full' | 'quick'

export type Benchmark = {
  readonly name: string
  /** One line. */
  readonly about: string
  measure(options: { readonly effort: Effort; readonly tell: (line: string) => void }): Promise<Result>
}
