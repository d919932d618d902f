/**
 * Compare-and-swap on Firestore: one batch, all or nothing. An answer that got lost is looked for once: the document
 * carries the id of the attempt. Two things refuse a batch, another version and a notice that is there already; the
 * second is no conflict, and the batch goes again without that notice.
 */
import { randomUUID } from 'node:crypto'
import type { OutboxEntry } from '../../core/notice.ts'
import type { Commit, Committed, Version } from '../../ports/store.ts'
import type { Budget } from '../google/api-call.ts'
import type { ApiFailure } from '../google/api-failure.ts'
import type { Connection } from './firestore-connection.ts'
import {
  blackBoxWrite,
  entryPath,
  entryWrite,
  incidentWrite,
  rollupWrite,
  statePath,
  stateWrite,
} from './firestore-documents.ts'
import { type Condition, conditionOf, type Path, type StoredDocument, type Write } from './firestore-wire.ts'
import { entryOf } from './stored-documents.ts'

/** A notice may turn up while the batch without the earlier one is on its way. */
const ROUNDS_MAX = 3
/** gRPC: not found, already there, precondition failed. */
const REFUSED_CODES = new Set([5, 6, 9])

type Call = { readonly connection: Connection; readonly budget: Budget }

type Swap = {
  /** The document that is compared and swapped. */
  readonly path: Path
  readonly expectedVersion: Version
  /** The write of that document, first, and all that goes along. */
  writes(options: { readonly commitId: string; readonly when: Condition }): readonly [Write, ...Write[]]
  /** Written only where there is none yet. */
  readonly added: ReadonlyMap<Path, Write>
  readonly what: string
}

export function commitOn(call: Call, commit: Commit): Promise<Committed> {
  const { target, expectedVersion, state, incident, notices = [], rollup, blackBox } = commit
  const absent = { when: { kind: 'absent' }, commitId: randomUUID() } as const
  return swap(call, {
    path: statePath(target),
    expectedVersion,
    writes: (attempt) => [
      stateWrite(target, state, attempt),
      ...(incident === undefined ? [] : [incidentWrite(incident)]),
      ...(rollup === undefined ? [] : [rollupWrite(target, rollup)]),
      ...(blackBox === undefined ? [] : [blackBoxWrite(blackBox)]),
    ],
    added: new Map(notices.map((notice) => [entryPath(notice.id), entryWrite(entryOf(notice), absent)])),
    what: `committing the state of ${target}`,
  })
}

export function putEntryOn(call: Call, entry: OutboxEntry, expectedVersion: Version): Promise<Committed> {
  return swap(call, {
    path: entryPath(entry.id),
    expectedVersion,
    writes: (attempt) => [entryWrite(entry, attempt)],
    added: new Map(),
    what: `committing the outbox entry ${entry.id}`,
  })
}

async function swap(call: Call, { path, expectedVersion, writes, added, what }: Swap): Promise<Committed> {
  const { connection, budget } = call
  const when = conditionOf(expectedVersion)
  if (when === undefined) return { kind: 'conflict' }
  const commitId = randomUUID()
  const main = writes({ commitId, when })
  let missing = added
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    const all = [...main, ...missing.values()]
    const written = await connection.write(all, budget)
    if (written.kind === 'ok') return { kind: 'committed', version: written.value[0] ?? '' }
    const refused = REFUSED_CODES.has(written.failure.code ?? 0)
    if (refused && written.tries === 1 && missing.size === 0) return { kind: 'conflict' }
    const there = await connection.read([path, ...missing.keys()], budget)
    if (there.kind === 'failed') return unavailable(what, written.failure)
    const now = there.value.get(path)
    if (now?.text('commitId') === commitId) {
      connection.count(all)
      return { kind: 'committed', version: now.version }
    }
    if (!refused) return unavailable(what, written.failure)
    const still = without(missing, there.value)
    if ((now?.version ?? null) !== expectedVersion || still.size === missing.size) return { kind: 'conflict' }
    missing = still
  }
  return { kind: 'conflict' }
}

function without(
  writes: ReadonlyMap<Path, Write>,
  there: ReadonlyMap<Path, StoredDocument>,
): ReadonlyMap<Path, Write> {
  return new Map([...writes].filter(([path]) => !there.has(path)))
}

function unavailable(what: string, { detail }: ApiFailure) {
  return { kind: 'unavailable', detail: `Firestore, ${what}: ${detail}` } as const
}
