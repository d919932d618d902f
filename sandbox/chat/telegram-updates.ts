/** What waits for a bot: Telegram's row of updates, each delivered until it is confirmed by a higher offset. */

export type Updates = {
  /** Gives the update's id. */
  push(content: Readonly<Record<string, unknown>>): number
  /** As it is, with no id added: a broken one. */
  pushRaw(update: unknown): void
  take(asked: {
    readonly offset?: number | undefined
    readonly limit?: number | undefined
    readonly allowed?: readonly string[] | undefined
  }): readonly unknown[]
  waiting(): number
}

const LIMIT = 100

/** https://core.telegram.org/bots/api#getupdates: below the offset they are forgotten; a negative one counts from the end. */
export function createUpdates(firstId: number): Updates {
  let rows: { readonly id: number; readonly update: unknown }[] = []
  let next = firstId
  return {
    push: (content) => {
      const id = next
      next += 1
      rows.push({ id, update: { update_id: id, ...content } })
      return id
    },
    pushRaw: (update) => {
      rows.push({ id: next, update })
      next += 1
    },
    take: ({ offset, limit = LIMIT, allowed }) => {
      if (offset !== undefined) {
        rows = offset < 0 ? rows.slice(offset) : rows.filter(({ id }) => id >= offset)
      }
      const wanted = rows.filter(({ update }) => isAllowed(update, allowed))
      return wanted.slice(0, limit).map(({ update }) => update)
    },
    waiting: () => rows.length,
  }
}

function isAllowed(update: unknown, allowed: readonly string[] | undefined): boolean {
  if (allowed === undefined || allowed.length === 0 || typeof update !== 'object' || update === null)
    return true
  const kinds = Object.keys(update).filter((key) => key !== 'update_id')
  return kinds.length === 0 || kinds.some((kind) => allowed.includes(kind))
}
