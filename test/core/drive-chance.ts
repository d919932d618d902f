/** Seeded chance for the core's property tests: the same seed gives the same story, on any machine. */

/** The stories that every run of the suite tells; another number tells others: `PROPERTY_SEED=7 vitest run test/core`. */
export const SEED = Number(process.env['PROPERTY_SEED'] ?? 20_261_122)

export type Chance = {
  /** From 0 to 1, 1 excluded. */
  readonly next: () => number
  /** A whole number from 0 to `max`, `max` excluded. */
  readonly below: (max: number) => number
  readonly between: (min: number, max: number) => number
  readonly happens: (probability: number) => boolean
  readonly pick: <Item>(items: readonly Item[]) => Item
}

/** Mulberry32: small, fast and good enough for stories. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (max: number): number => Math.floor(next() * max)
  return {
    next,
    below,
    between: (min, max) => min + below(max - min + 1),
    happens: (probability) => next() < probability,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('Nothing to pick from')
      return item
    },
  }
}
