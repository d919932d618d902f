/** Forgets what has been kept long enough: about once a day and process, a bounded piece of each kind at a time. */
import { type Budget, startBudget } from '../google/api-call.ts'
import type { Connection } from './firestore-connection.ts'
import { forgottenQueries } from './firestore-documents.ts'
import type { Query } from './firestore-wire.ts'
import { DAY_MS } from './kept-since.ts'

/** Of each kind at a time. Where there were as many, there may be more: those go an hour later. */
const DOCUMENTS_MAX = 200
const AGAIN_AFTER_MS = 60 * 60 * 1_000
const TIMEOUT_MS = 4_000

export function createForgetting(connection: Connection) {
  let dueAt = Number.NEGATIVE_INFINITY

  /** How many of the kind were found. Gives up in silence: what can't be deleted today is deleted another day. */
  async function forget(query: Query, budget: Budget): Promise<number> {
    const old = await connection.query(query, budget)
    if (old.kind === 'failed' || old.value.length === 0) return 0
    const deletes = old.value.map(({ path }) => ({ kind: 'delete', path }) as const)
    await connection.write(deletes, budget)
    return old.value.length
  }

  return {
    /** Does nothing but once a day; `within` is the time that the whole call has. */
    async daily(now: number, within: Budget): Promise<void> {
      if (now < dueAt) return
      dueAt = now + DAY_MS
      const budget = startBudget(Math.min(TIMEOUT_MS, within.remainingMs()))
      const queries = forgottenQueries(now, DOCUMENTS_MAX)
      const counts = await Promise.all(queries.map((query) => forget(query, budget)))
      if (counts.includes(DOCUMENTS_MAX)) dueAt = now + AGAIN_AFTER_MS
    },
  }
}
