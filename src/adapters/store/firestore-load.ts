/** Loads states from Firestore: one read of all of them, and one more of the incidents that they name, if they do. */
import type { Loaded } from '../../ports/store.ts'
import type { ApiOutcome, Budget } from '../google/api-call.ts'
import { type Connection, chunks } from './firestore-connection.ts'
import { incidentPath, statePath, tracesQuery } from './firestore-documents.ts'
import type { Path, StoredDocument } from './firestore-wire.ts'
import { loadedFrom } from './stored-documents.ts'

type Call = { readonly connection: Connection; readonly budget: Budget }
type Unavailable = { readonly kind: 'unavailable'; readonly detail: string }
type Documents = ReadonlyMap<Path, StoredDocument>

const AT_ONCE = 50

export async function loadStates(
  call: Call,
  targets: readonly string[],
): Promise<{ readonly kind: 'loaded'; readonly states: ReadonlyMap<string, Loaded> } | Unavailable> {
  const wanted = [...new Set(targets)]
  const states = await call.connection.read(wanted.map(statePath), call.budget)
  if (states.kind === 'failed') return unavailable('loading the states', states)
  const missing = wanted.filter((target) => !states.value.has(statePath(target)))
  const [incidents, lost] = await Promise.all([namedBy(call, states.value), lostOf(call, missing)])
  if (incidents.kind === 'failed') return unavailable('loading the incidents', incidents)
  if (lost.kind === 'failed') return unavailable('looking for traces of lost states', lost)
  const loaded = (target: string): Loaded => {
    const state = states.value.get(statePath(target))
    if (state !== undefined) return loadedOf(target, state, incidents.value)
    return { kind: 'absent', lost: lost.value.has(target), version: null }
  }
  return { kind: 'loaded', states: new Map(wanted.map((target) => [target, loaded(target)])) }
}

function loadedOf(target: string, state: StoredDocument, incidents: Documents): Loaded {
  const named = state.text('incidentId')
  const incident = named === undefined ? undefined : incidents.get(incidentPath(named))
  return loadedFrom({
    target,
    version: state.version,
    document: state.text('document'),
    incident: incident === undefined ? undefined : (incident.text('document') ?? ''),
  })
}

async function namedBy({ connection, budget }: Call, states: Documents): Promise<ApiOutcome<Documents>> {
  const paths = [...states.values()].flatMap((state) => {
    const id = state.text('incidentId')
    return id === undefined ? [] : [incidentPath(id)]
  })
  return paths.length === 0 ? { kind: 'ok', value: new Map() } : connection.read([...new Set(paths)], budget)
}

/** Those of the targets that incidents are left of. A fresh project is told by one question. */
async function lostOf(
  { connection, budget }: Call,
  targets: readonly string[],
): Promise<ApiOutcome<ReadonlySet<string>>> {
  const lost = new Set<string>()
  if (targets.length === 0) return { kind: 'ok', value: lost }
  const any = await connection.query(tracesQuery(), budget)
  if (any.kind === 'failed' || any.value.length === 0) return any.kind === 'failed' ? any : ok(lost)
  for (const some of chunks(targets, AT_ONCE)) {
    const traces = await Promise.all(some.map((target) => connection.query(tracesQuery(target), budget)))
    for (const [index, trace] of traces.entries()) {
      if (trace.kind === 'failed') return trace
      const target = some[index]
      if (trace.value.length > 0 && target !== undefined) lost.add(target)
    }
  }
  return ok(lost)
}

function ok<Value>(value: Value) {
  return { kind: 'ok', value } as const
}

function unavailable(
  what: string,
  { failure }: Extract<ApiOutcome<unknown>, { kind: 'failed' }>,
): Unavailable {
  return { kind: 'unavailable', detail: `Firestore, ${what}: ${failure.detail}` }
}
