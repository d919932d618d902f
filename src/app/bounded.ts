/** Side by side, but only so many at once. Results keep the order of the items; a bug leaves the others their work. */
type Bounds = { readonly atOnceMax: number }

/** Each item's own end: one that throws ends nothing but itself. */
export async function settleBounded<Item, Result>(
  items: readonly Item[],
  { atOnceMax }: Bounds,
  work: (item: Item) => Promise<Result>,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const ends: PromiseSettledResult<Result>[] = new Array(items.length)
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      // An async function: what throws before its first promise is an end like any other.
      const [end] = await Promise.allSettled([(async () => work(item))()])
      ends[index] = end
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, worker))
  return ends
}

/** Throws the first bug, but only when nothing is under way any more. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  bounds: Bounds,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const ends = await settleBounded(items, bounds, work)
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}
