/**
 * Calls of Firestore, each bounded in time and tries: read, query, write. The RPCs are called themselves, because the
 * library's own batches go on repeating a commit for ten minutes after their caller has given up, and a state that
 * lands minutes later is one that nobody decided on. Counts what Google bills.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions as GaxOptions } from 'google-gax'
import type { z } from 'zod'
import {
  type ApiOutcome,
  apiCall,
  type Budget,
  type CallOptions,
  parsed,
  startBudget,
} from '../google/api-call.ts'
import type { ApiFailure } from '../google/api-failure.ts'
import { type Client, createClients, type FirestoreEndpoint } from './firestore-clients.ts'
import {
  committedSchema,
  documentFromWire,
  gotSchema,
  type Path,
  type Query,
  queryToWire,
  ranSchema,
  type StoredDocument,
  type Write,
  writeToWire,
} from './firestore-wire.ts'

/** Documents, as Google bills them: also a document that is not there is a read, and so is a query without a result. */
export type Usage = { readonly reads: number; readonly writes: number; readonly deletes: number }

/** `tries`: how often the writes were sent. After the first, an earlier one may have come through unheard. */
export type Written = ApiOutcome<readonly string[]> & { readonly tries: number }

export type Connection = {
  /** Those of the documents that are there. */
  read(paths: readonly Path[], budget: Budget): Promise<ApiOutcome<ReadonlyMap<Path, StoredDocument>>>
  query(query: Query, budget: Budget): Promise<ApiOutcome<readonly StoredDocument[]>>
  /** All of them or none; the versions in the order of the writes. */
  write(writes: readonly Write[], budget: Budget): Promise<Written>
  usage(): Usage
  /** Counts writes that came through, as it turned out, though no answer said so. */
  count(writes: readonly Write[]): void
  close(): Promise<void>
}

const PAUSES_MS = [50, 250]
/** Of the whole time: so that a dead connection leaves time for a try on a new one, and for a look at what came of it. */
const TRY_SHARE = 0.4
const NAMES_PER_READ = 300
/** gRPC's codes for what will not be otherwise at the next try. */
const FINAL_CODES = new Set([3, 5, 6, 7, 9, 11, 12])
const UNAVAILABLE = 14

export function createConnection(options: {
  readonly project: string
  readonly endpoint?: FirestoreEndpoint
}): Connection {
  const clients = createClients(options.endpoint)
  const database = `projects/${options.project}/databases/(default)`
  const documents = `${database}/documents`
  let usage: Usage = { reads: 0, writes: 0, deletes: 0 }
  const count = (more: Partial<Usage>): void => {
    const { reads = 0, writes = 0, deletes = 0 } = more
    usage = { reads: usage.reads + reads, writes: usage.writes + writes, deletes: usage.deletes + deletes }
  }
  const countWrites = (writes: readonly Write[]): void => {
    const deletes = writes.filter(({ kind }) => kind === 'delete').length
    count({ writes: writes.length - deletes, deletes })
  }

  /** As many tries as the budget has room for, while the failure is one that may pass. */
  async function insist<T>(
    budget: Budget,
    call: (client: Client, options: CallOptions) => Promise<T>,
  ): Promise<ApiOutcome<T> & { readonly tries: number }> {
    let tries = 0
    for (let round = 0; ; round += 1) {
      const opened = await apiCall(partOf(budget), () => clients.current())
      if (opened.kind === 'ok') tries += 1
      const outcome =
        opened.kind === 'failed' ? opened : await apiCall(partOf(budget), (told) => call(opened.value, told))
      if (outcome.kind === 'ok' || isFinal(outcome.failure)) return { ...outcome, tries }
      if (opened.kind === 'ok' && seemsDead(outcome.failure)) {
        clients.replace(opened.value, { graceMs: budget.timeoutMs })
      }
      const pauseMs = PAUSES_MS[round]
      if (pauseMs === undefined || budget.remainingMs() <= pauseMs) {
        return { kind: 'failed', failure: ofTries(outcome.failure, tries), tries }
      }
      await sleep(pauseMs)
    }
  }

  async function readSome(paths: readonly Path[], budget: Budget) {
    const request = { database, documents: paths.map((path) => `${documents}/${path}`) }
    const answer = await insist(budget, (client, told) =>
      collect(client.batchGetDocuments(request, streaming(told)), told.signal),
    )
    if (answer.kind === 'ok') count({ reads: paths.length })
    return each(answer, gotSchema)
  }

  return {
    async read(paths, budget) {
      const parts = await Promise.all(chunks(paths, NAMES_PER_READ).map((some) => readSome(some, budget)))
      const found = new Map<Path, StoredDocument>()
      for (const part of parts) {
        if (part.kind === 'failed') return part
        for (const got of part.value) {
          if (got.found) found.set(...entryOf(documentFromWire(got.found)))
        }
      }
      return { kind: 'ok', value: found }
    },
    async query(query, budget) {
      const request = { parent: documents, structuredQuery: queryToWire(query) }
      const answer = await insist(budget, (client, told) =>
        collect(client.runQuery(request, streaming(told)), told.signal),
      )
      const ran = each(answer, ranSchema)
      if (ran.kind === 'failed') return ran
      const found = ran.value.flatMap(({ document }) => (document ? [documentFromWire(document)] : []))
      count({ reads: Math.max(1, found.length) })
      return { kind: 'ok', value: found }
    },
    async write(writes, budget) {
      const request = { database, writes: writes.map((write) => writeToWire(write, documents)) }
      const { tries, ...answer } = await insist(budget, async (client, told) => {
        const [response] = await client.commit(request, told)
        return response
      })
      const committed = parsed(answer, committedSchema)
      if (committed.kind === 'failed') return { ...committed, tries }
      countWrites(writes)
      const versions = committed.value.writeResults.map(({ updateTime }) => updateTime ?? '')
      return { kind: 'ok', value: versions, tries }
    },
    usage: () => usage,
    count: countWrites,
    close: () => clients.close(),
  }
}

/** The time of one try. */
function partOf({ timeoutMs, remainingMs }: Budget): Budget {
  return startBudget(Math.min(remainingMs(), Math.ceil(timeoutMs * TRY_SHARE)))
}

function isFinal({ code }: ApiFailure): boolean {
  return code !== undefined && FINAL_CODES.has(code)
}

/** How long the last try took says nothing of how long it was tried. */
function ofTries(failure: ApiFailure, tries: number): ApiFailure {
  return failure.kind === 'timed-out'
    ? { ...failure, detail: `no answer in time (tries: ${tries})` }
    : failure
}

/** A connection that was cut while nobody used it shows in the next call, or never answers it. */
function seemsDead({ kind, code }: ApiFailure): boolean {
  return kind === 'timed-out' || code === UNAVAILABLE
}

/** Streams have retries of their own, which ask again in silence. */
function streaming(told: CallOptions): GaxOptions {
  return { ...told, retryRequestOptions: { retries: 0, noResponseRetries: 0 } }
}

type Stream = AsyncIterable<unknown> & { cancel(): void }

/** The library heeds the signal in calls of one answer only. */
async function collect(stream: Stream, signal: AbortSignal): Promise<readonly unknown[]> {
  const cancel = () => stream.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const messages: unknown[] = []
    for await (const message of stream) messages.push(message)
    return messages
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

function each<Schema extends z.ZodType>(answer: ApiOutcome<readonly unknown[]>, schema: Schema) {
  return parsed(answer, schema.array())
}

function entryOf(document: StoredDocument): readonly [Path, StoredDocument] {
  return [document.path, document]
}

export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
