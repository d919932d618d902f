/**
 * The emulator's book of operations: PENDING, RUNNING, DONE, one a request id, listed by filter and page.
 * What an operation does to a machine is compute-instance.ts's business.
 */
import { randomBytes } from 'node:crypto'
import { parseFilter } from './compute-filter.ts'

export type OperationError = { readonly code: string; readonly message: string }

export type Operation = {
  readonly kind: 'compute#operation'
  readonly id: string
  readonly name: string
  readonly operationType: string
  readonly targetId: string
  readonly targetLink: string
  readonly user: string
  readonly clientOperationId?: string
  readonly zone: string
  readonly selfLink: string
  readonly insertTime: string
  readonly status: 'PENDING' | 'RUNNING' | 'DONE'
  readonly progress: number
  readonly startTime?: string
  readonly endTime?: string
  readonly error?: { readonly errors: readonly OperationError[] }
  readonly httpErrorStatusCode?: number
  readonly httpErrorMessage?: string
}

export type NewOperation = {
  readonly operationType: string
  readonly targetId: string
  readonly targetLink: string
  readonly zoneLink: string
  readonly user: string
  readonly requestId?: string
}

export type OperationPage = { readonly items: readonly Operation[]; readonly nextPageToken?: string }

export type OperationQuery = {
  readonly zoneLink: string
  readonly filter: string
  readonly newestFirst: boolean
  readonly maxResults: number
  readonly pageToken: string
}

export type OperationBook = {
  add(operation: NewOperation): Operation
  begin(id: string): void
  end(id: string, error?: OperationError): Operation
  find(name: string): Operation | undefined
  byRequest(request: { readonly requestId: string; readonly targetId: string }): Operation | undefined
  /** `invalid-filter` is answered with an error by the real API. */
  list(query: OperationQuery): OperationPage | 'invalid-filter'
}

const KEPT_MAX = 2000
const FIRST_ID = 7_000_000_000_000_000_000n

export function createOperationBook(): OperationBook {
  /** By id, oldest first. */
  const operations = new Map<string, Operation>()
  let counter = FIRST_ID
  let lastInsertedAt = 0

  function change(id: string, changes: Partial<Operation>): Operation {
    const operation = operations.get(id)
    if (operation === undefined) throw new Error(`No operation ${id}`)
    const changed = { ...operation, ...changes }
    operations.set(id, changed)
    return changed
  }

  function all(): readonly Operation[] {
    return [...operations.values()]
  }

  return {
    add: (added) => {
      counter += 1n
      // Two operations never share a time, so that "the newest" has one meaning.
      lastInsertedAt = Math.max(Date.now(), lastInsertedAt + 1)
      const operation = newOperation(added, { id: String(counter), insertedAt: lastInsertedAt })
      operations.set(operation.id, operation)
      for (const id of [...operations.keys()].slice(0, operations.size - KEPT_MAX)) operations.delete(id)
      return operation
    },
    begin: (id) => {
      change(id, { status: 'RUNNING', startTime: new Date().toISOString() })
    },
    end: (id, error) => {
      const endTime = new Date(Math.max(Date.now(), lastInsertedAt)).toISOString()
      return change(id, {
        status: 'DONE',
        progress: 100,
        endTime,
        ...(error && {
          error: { errors: [error] },
          httpErrorStatusCode: 503,
          httpErrorMessage: 'SERVICE UNAVAILABLE',
        }),
      })
    },
    find: (name) => all().find((operation) => operation.name === name || operation.id === name),
    byRequest: ({ requestId, targetId }) =>
      all().find((operation) => operation.clientOperationId === requestId && operation.targetId === targetId),
    list: (query) => {
      const filter = parseFilter(query.filter)
      if (filter === undefined) return 'invalid-filter'
      const found = all().filter((operation) => operation.zone === query.zoneLink && filter(operation))
      if (query.newestFirst) found.reverse()
      else found.sort((one, other) => one.name.localeCompare(other.name))
      const from = Number(query.pageToken || '0')
      const to = from + query.maxResults
      return { items: found.slice(from, to), ...(to < found.length && { nextPageToken: String(to) }) }
    },
  }
}

function newOperation(added: NewOperation, made: { id: string; insertedAt: number }): Operation {
  const { operationType, targetId, targetLink, zoneLink, user, requestId } = added
  const source = operationType.startsWith('compute.') ? 'systemevent' : 'operation'
  const name = `${source}-${made.insertedAt}-${randomBytes(6).toString('hex')}-${randomBytes(4).toString('hex')}`
  return {
    kind: 'compute#operation',
    id: made.id,
    name,
    operationType,
    targetId,
    targetLink,
    user,
    ...(requestId === undefined ? {} : { clientOperationId: requestId }),
    zone: zoneLink,
    selfLink: `${zoneLink}/operations/${name}`,
    insertTime: new Date(made.insertedAt).toISOString(),
    status: 'PENDING',
    progress: 0,
  }
}
