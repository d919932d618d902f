/** What a handful of measurements comes down to. Medians, for one slow run says something about the machine only. */

export type Spread = {
  readonly runs: number
  readonly median: number
  readonly lowerQuartile: number
  readonly upperQuartile: number
}

/** Linear between the neighbours, as most tools do it; `share` is from 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) throw new Error('There is no quantile of nothing')
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    runs: values.length,
    median: median(values),
    lowerQuartile: quantile(values, 0.25),
    upperQuartile: quantile(values, 0.75),
  }
}

/** Run by run: two that were measured one after the other shared the machine's mood. */
export function ratioOf(values: readonly number[], { to }: { to: readonly number[] }): Spread {
  if (values.length !== to.length) throw new Error('A ratio is of pairs')
  return spreadOf(values.map((value, index) => value / (to[index] ?? Number.NaN)))
}
