/**
 * What the guard costs on Firestore: documents read, written and deleted in hours and days of good and bad luck, by the
 * store's own count on the official emulator, against what is free a day.
 */
import { findFirestoreEmulator, startFirestoreEmulator } from '../test/emulators/firestore-emulator.ts'
import {
  type Case,
  chartCase,
  dashboardCases,
  downCase,
  FULL_DAY,
  flappingCases,
  healthyCases,
  incidentCase,
  type Lengths,
} from './firestore-cases.ts'
import type { Documents, Purpose } from './firestore-stage.ts'
import type { Benchmark, Effort, Finding, Result, Table } from './result.ts'

/** A day (https://firebase.google.com/docs/firestore/pricing). */
const FREE: Documents = { reads: 50_000, writes: 20_000, deletes: 20_000 }
const LENGTHS: Readonly<Record<Effort, Lengths>> = {
  full: { hour: 60, day: 1_440 },
  quick: { hour: 12, day: 30 },
}

export const firestoreCost: Benchmark = {
  name: 'firestore-cost',
  about: 'documents read, written and deleted on Firestore, in good and bad hours and days',
  async measure({ effort, tell }) {
    const found = findFirestoreEmulator()
    if (found.kind === 'missing') {
      const note = `LEFT OUT: no Firestore emulator, ${found.reason}`
      tell(`firestore-cost: ${note}`)
      return leftOut(note)
    }
    const endpoint = await startFirestoreEmulator(found.jar)
    try {
      const cases: Case[] = []
      for (const play of [healthyCases, chartCase, incidentCase, flappingCases, downCase, dashboardCases]) {
        tell(`firestore-cost: ${play.name}`)
        cases.push(...(await play({ endpoint, lengths: LENGTHS[effort] })))
      }
      return resultOf(cases, LENGTHS[effort])
    } finally {
      await endpoint.stop()
    }
  },
}

function leftOut(note: string): Result {
  const tables = [{ title: 'Firestore', columns: ['what'], rows: [], notes: [note] }]
  return { name: 'firestore-cost', tables, findings: [], figures: [] }
}

function resultOf(cases: readonly Case[], { day }: Lengths): Result {
  const days = cases.filter(({ minutes }) => minutes === day)
  return {
    name: 'firestore-cost',
    tables: [documentsTable(cases), fitTable(days)],
    findings: findingsOf(cases),
    figures: cases,
  }
}

const PURPOSES: readonly Purpose[] = ['load', 'list', 'state', 'incident', 'outbox', 'history', 'black-box']

function documentsTable(cases: readonly Case[]): Table {
  return {
    title: 'Documents, by the store’s count: reads · writes · deletes, and what for',
    columns: ['', 'targets', 'ticks', 'reads', 'writes', 'deletes', ...PURPOSES, 'forgetting'],
    rows: cases.map(({ name, targets, minutes, cost }) => [
      name,
      String(targets),
      String(minutes),
      String(cost.reads),
      String(cost.writes),
      String(cost.deletes),
      ...PURPOSES.map((purpose) => cell(cost.by[purpose])),
      cell(cost.by.forgetting),
    ]),
    notes: [
      'r: read, w: written. load: states, and incidents that they name; list: the page’s newest incidents;',
      'outbox: notices written, claimed and noted as sent, on two channels; history: the day’s roll-up, and charts.',
    ],
  }
}

function cell(documents: Documents | undefined): string {
  if (documents === undefined) return '–'
  const { reads, writes } = documents
  const parts = [...(reads > 0 ? [`${reads} r`] : []), ...(writes > 0 ? [`${writes} w`] : [])]
  return parts.length === 0 ? '–' : parts.join(' ')
}

/** How many targets that live through such days all year are free. */
function fitTable(days: readonly Case[]): Table {
  return {
    title: 'Against the free tier of a day: 50,000 reads, 20,000 writes, 20,000 deletes',
    columns: ['', 'reads', 'writes', 'such targets that are free'],
    rows: days.map(({ name, targets, cost }) => {
      const many = Math.min(FREE.reads / (cost.reads / targets), FREE.writes / (cost.writes / targets))
      const share = (used: number, free: number) => `${((100 * used) / free).toFixed(1)} %`
      return [name, share(cost.reads, FREE.reads), share(cost.writes, FREE.writes), String(Math.floor(many))]
    }),
    notes: ['What a day has written is deleted 90 days later (notices: 30), a read and a delete a document.'],
  }
}

function fits({ cost }: Case): boolean {
  return cost.reads <= FREE.reads && cost.writes <= FREE.writes && cost.deletes <= FREE.deletes
}

function findingsOf(cases: readonly Case[]): readonly Finding[] {
  const full = cases.find(({ name }) => name === FULL_DAY)
  if (full === undefined) throw new Error('The full day was not played')
  const { reads, writes, deletes } = full.cost
  const proof: Finding = {
    kind: 'proof',
    what: `a day of four targets: ${FULL_DAY}`,
    wanted: 'within the free tier',
    measured: `${reads} reads, ${writes} writes, ${deletes} deletes`,
    holds: fits(full),
  }
  const single = cases.filter(({ targets }) => targets === 1)
  const beyond = single.filter((one) => !fits({ ...one, cost: threefold(one) }))
  return [
    proof,
    {
      kind: 'target',
      what: 'three targets at once in the worst of these days, for nothing',
      wanted: 'each within the free tier',
      measured: beyond.length === 0 ? 'each is' : `not: ${beyond.map(({ name }) => name).join('; ')}`,
      holds: beyond.length === 0,
    },
  ]
}

function threefold({ cost }: Case): Case['cost'] {
  return { ...cost, reads: 3 * cost.reads, writes: 3 * cost.writes, deletes: 3 * cost.deletes }
}
