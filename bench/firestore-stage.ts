/**
 * The real guard on the real Firestore store, which keeps its memory in the official emulator; all else is scripted,
 * and the clock virtual. Counts documents read, written and deleted, and says what for.
 */
import type { FirestoreStore } from '../src/adapters/store/firestore.ts'
import { createFirestoreStore } from '../src/adapters/store/firestore.ts'
import type { FirestoreEndpoint } from '../src/adapters/store/firestore-clients.ts'
import { createGuard } from '../src/app/create-guard.ts'
import type { Guard } from '../src/app/guard.ts'
import { dayOf } from '../src/core/history.ts'
import { close, openIncident } from '../src/core/incidents.ts'
import { DEFAULT_POLICY } from '../src/core/policy.ts'
import { newState } from '../src/core/state-new.ts'
import type { Commit, Store, Version } from '../src/ports/store.ts'
import {
  createChannels,
  createVirtualClock,
  createWorldPorts,
  type Script,
  targetOf,
  type VirtualClock,
} from './firestore-machines.ts'

/** What documents are read and written for. */
export type Purpose =
  | 'load'
  | 'state'
  | 'incident'
  | 'outbox'
  | 'history'
  | 'black-box'
  | 'list'
  | 'forgetting'

export type Documents = { readonly reads: number; readonly writes: number; readonly deletes: number }
export type Cost = Documents & { readonly by: Readonly<Partial<Record<Purpose, Documents>>> }

export type Stage = {
  readonly guard: () => Guard
  readonly clock: VirtualClock
  /** So many ticks, one a minute; after each, what else happens in that minute. */
  ticks(minutes: number, beside?: () => Promise<void>): Promise<void>
  /** What the work costs. */
  costOf(work: () => Promise<void>): Promise<Cost>
  /** As if there had been so many incidents long ago, of targets that are no more. */
  fillWithIncidents(many: number): Promise<void>
  /** As if the target had been watched for so many days: before its first tick. */
  fillWithDays(target: string, many: number): Promise<void>
  /** The process ends, and another one goes on. */
  restart(): Promise<void>
  close(): Promise<void>
}

const NONE: Documents = { reads: 0, writes: 0, deletes: 0 }
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const START_AT = Date.UTC(2026, 10, 22)
let projects = 0

export function openStage(options: {
  readonly endpoint: FirestoreEndpoint
  readonly scripts: readonly Script[]
  /** Whether the channels get messages through. */
  readonly channelsTake?: (now: number) => boolean
}): Stage {
  projects += 1
  const project = `cost-${process.pid}-${projects}`
  const clock = createVirtualClock(START_AT)
  const world = createWorldPorts(options.scripts, clock)
  const channels = createChannels(options.channelsTake ?? (() => true), clock)
  const counter = createCounter()
  let nextTickAt = START_AT
  const openStore = () => {
    const store = createFirestoreStore({
      project,
      clock,
      endpoint: options.endpoint,
      // What is counted here is documents: a busy machine may take its time.
      timeoutMs: 60_000,
    })
    return { ...store, [Symbol.asyncDispose]: () => store.close() }
  }
  const begin = () => {
    const store = counted(openStore(), counter)
    const ports = { ...world, channels, store, journal: { write: () => undefined } }
    const targets = options.scripts.map(targetOf)
    return createGuard({ targets, policy: DEFAULT_POLICY, canaryUrls: ['https://canary.example'], ports })
  }
  let guard = begin()
  return {
    guard: () => guard,
    clock,
    async ticks(minutes, beside) {
      for (let minute = 0; minute < minutes; minute += 1) {
        clock.moveTo(nextTickAt)
        nextTickAt = Math.max(clock.now(), nextTickAt) + MINUTE_MS
        const outcome = await guard.tick({ dryRun: false })
        if (outcome.kind !== 'report') throw new Error(`The tick ended as ${JSON.stringify(outcome)}`)
        await beside?.()
      }
    },
    async costOf(work) {
      const before = counter.read()
      await work()
      return minus(counter.read(), before)
    },
    async fillWithIncidents(many) {
      await using store = openStore()
      for (let index = 0; index < many; index += 1) await store.commit(formerIncident(index))
    },
    async fillWithDays(target, many) {
      await using store = openStore()
      let expectedVersion: Version = null
      for (let age = many; age > 0; age -= 1) {
        const done = await store.commit({ ...formerDay(target, age), expectedVersion })
        if (done.kind === 'committed') expectedVersion = done.version
      }
    },
    async restart() {
      await guard.close({ timeoutMs: 0 })
      guard = begin()
    },
    close: () => guard.close({ timeoutMs: 0 }),
  }
}

function formerIncident(index: number): Commit {
  const target = `former-${index}`
  const at = START_AT - (index + 1) * DAY_MS
  const opened = { target, cause: 'manual', by: 'person', beganAt: at } as const
  const incident = close(openIncident(opened, { text: 'an old one', now: at }), { text: 'closed', now: at })
  const state = newState(targetOf({ id: target }), 'new', at)
  return { target, expectedVersion: null, state, incident }
}

function formerDay(target: string, age: number): Commit {
  const from = START_AT - age * DAY_MS
  const looks = { healthy: 1_440, degraded: 0, unhealthy: 0, inconclusive: 0 }
  const bucket = { from, to: from + DAY_MS - MINUTE_MS, looks }
  const state = newState(targetOf({ id: target }), 'new', from)
  return { target, expectedVersion: null, state, rollup: { day: dayOf(from), bucket } }
}

type Counter = {
  add(purpose: Purpose, documents: Partial<Documents>): void
  /** One call of the store at a time, so that what each costs can be told. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>
  read(): Cost
}

function createCounter(): Counter {
  const by: Partial<Record<Purpose, Documents>> = {}
  let turn: Promise<unknown> = Promise.resolve()
  return {
    add(purpose, documents) {
      by[purpose] = plus(by[purpose] ?? NONE, { ...NONE, ...documents })
    },
    inTurn(work) {
      const mine = turn.then(work)
      turn = mine.catch(() => undefined)
      return mine
    },
    read: () => ({ ...Object.values(by).reduce(plus, NONE), by: { ...by } }),
  }
}

function plus(one: Documents, other: Documents): Documents {
  return {
    reads: one.reads + other.reads,
    writes: one.writes + other.writes,
    deletes: one.deletes + other.deletes,
  }
}

function minusDocuments(one: Documents, other: Documents): Documents {
  return {
    reads: one.reads - other.reads,
    writes: one.writes - other.writes,
    deletes: one.deletes - other.deletes,
  }
}

function minus(one: Cost, other: Cost): Cost {
  const purposes = Object.entries(one.by) as readonly (readonly [Purpose, Documents])[]
  const by = purposes.map(([purpose, documents]) => [
    purpose,
    minusDocuments(documents, other.by[purpose] ?? NONE),
  ])
  return { ...minusDocuments(one, other), by: Object.fromEntries(by) }
}

/** The store's own count of each call, put down to a purpose. */
function counted(store: FirestoreStore, counter: Counter): Store {
  async function measured<Result>(
    work: () => Promise<Result>,
    book: (used: Documents) => void,
  ): Promise<Result> {
    return counter.inTurn(async () => {
      const before = store.usage()
      const result = await work()
      book(minusDocuments(store.usage(), before))
      return result
    })
  }
  const under =
    (purpose: Purpose) =>
    (used: Documents): void =>
      counter.add(purpose, used)
  return {
    load: (targets) => measured(() => store.load(targets), under('load')),
    commit: (commit) =>
      measured(
        () => store.commit(commit),
        (used) => bookCommit(commit, used, counter),
      ),
    incidents: (query) => measured(() => store.incidents(query), under('list')),
    incident: (id) => measured(() => store.incident(id), under('list')),
    blackBox: (id) => measured(() => store.blackBox(id), under('list')),
    history: (query) => measured(() => store.history(query), under('history')),
    outbox: (query) => measured(() => store.outbox(query), under('outbox')),
    outboxEntries: (ids) => measured(() => store.outboxEntries(ids), under('outbox')),
    putOutboxEntry: (entry, version) => measured(() => store.putOutboxEntry(entry, version), under('outbox')),
    close: () => store.close(),
  }
}

/** A batch holds a document a kind; what it reads and deletes besides is the daily forgetting. */
function bookCommit(commit: Commit, used: Documents, counter: Counter): void {
  const { incident, rollup, blackBox, notices = [] } = commit
  const parts: readonly (readonly [Purpose, number])[] = [
    ['state', 1],
    ['incident', incident === undefined ? 0 : 1],
    ['history', rollup === undefined ? 0 : 1],
    ['black-box', blackBox === undefined ? 0 : 1],
    ['outbox', notices.length],
  ]
  for (const [purpose, writes] of parts) if (writes > 0) counter.add(purpose, { writes })
  const written = parts.reduce((sum, [, writes]) => sum + writes, 0)
  if (used.writes !== written)
    throw new Error(`A commit of ${written} documents was counted as ${used.writes}`)
  counter.add('forgetting', { reads: used.reads, deletes: used.deletes })
}
