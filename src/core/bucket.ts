/** Looks that were added up, by verdict and in figures. Adding them up is history.ts's. */

/** How many looks came to which verdict. */
export type Looks = {
  readonly healthy: number
  readonly degraded: number
  readonly unhealthy: number
  readonly inconclusive: number
}

/** Of all values that were measured. */
export type Gauge = { readonly count: number; readonly sum: number; readonly max: number }

/** Some looks in a row, added up. */
export type Bucket = {
  /** The first and the last of its looks. */
  readonly from: number
  readonly to: number
  readonly looks: Looks
  readonly latencyMs?: Gauge
  readonly memoryUsedMb?: Gauge
  readonly swapUsedMb?: Gauge
  readonly memoryStallPercent?: Gauge
}

/** The looks of an hour or a day; `from` is when it begins, in UTC. */
export type PeriodSum = { readonly from: number } & Looks

/** What is appended to one target's document of one day. */
export type Rollup = {
  /** `2026-11-23`, in UTC. */
  readonly day: string
  readonly bucket: Bucket
}
