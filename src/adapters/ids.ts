/** Names that nobody else has taken, and names that everybody derives alike. */
import { randomUUID } from 'node:crypto'
import { v5 } from 'uuid'
import type { Ids } from '../ports/ids.ts'

/** Never changes: the same action must give the same request id in every version of the guard. */
export const REQUEST_NAMESPACE = 'b6b0a4a9-6d0c-4a53-9d57-0c2f3a9b8e41'

export const systemIds: Ids = {
  owner: () => randomUUID(),
  requestId: (actionId) => v5(actionId, REQUEST_NAMESPACE),
}
