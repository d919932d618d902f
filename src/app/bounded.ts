/** Side by side, but only so many at once. Results keep the order of the items; the first bug ends it. */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  { atOnceMax }: { atOnceMax: number },
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = new Array(items.length)
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(atOnceMax, items.length) }, worker))
  return results
}
