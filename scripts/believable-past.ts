/**
 * Ninety days of a small fleet that never were: sums, roll-ups and closed incidents, as the guard itself would have
 * written them. For pictures and for tests of pages that show a past; what happens from now on is real.
 */
import { createSqliteStore } from '../src/adapters/store/sqlite.ts'
import type { ActingRung } from '../src/core/action.ts'
import type { Bucket, PeriodSum } from '../src/core/bucket.ts'
import { dayOf } from '../src/core/history.ts'
import type { Incident } from '../src/core/incident.ts'
import { incidentIdFor } from '../src/core/incidents.ts'
import type { Cause, TargetState } from '../src/core/state.ts'
import { configuredFingerprint, newState } from '../src/core/state-new.ts'
import type { Target } from '../src/core/target.ts'
import type { Commit, Store, Version } from '../src/ports/store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `endedAgoMs`: how long before now it was over. */
type Outage = {
  readonly endedAgoMs: number
  readonly minutes: number
  readonly cause: Cause
  readonly rung: ActingRung
  readonly reason: string
}
type Past = {
  readonly outages: readonly Outage[]
  /** Days ago on which it worked, and was short of memory. */
  readonly pressed: readonly number[]
  /** Megabytes that it uses on an ordinary day, as its kit tells; absent where no kit answers. */
  readonly memoryMb?: number
}

const PASTS: Readonly<Record<string, Past>> = {
  bot: {
    pressed: [],
    outages: [
      hung({ unit: 'bot.service', endedAgoMs: 9 * HOUR_MS, minutes: 3 }),
      frozen({ endedAgoMs: 23 * DAY_MS + 5 * HOUR_MS, minutes: 4 }),
      hung({ unit: 'bot.service', endedAgoMs: 61 * DAY_MS, minutes: 2 }),
    ],
  },
  crawler: {
    memoryMb: 560,
    pressed: [12, 13, 14],
    outages: [
      hung({ unit: 'crawler.service', endedAgoMs: 15 * HOUR_MS, minutes: 3 }),
      frozen({ endedAgoMs: 12 * DAY_MS + 7 * HOUR_MS, minutes: 22 }),
      hung({ unit: 'api.service', endedAgoMs: 40 * DAY_MS, minutes: 2 }),
    ],
  },
  mailer: { pressed: [], outages: [frozen({ endedAgoMs: 52 * DAY_MS + 3 * HOUR_MS, minutes: 4 })] },
}
const NO_PAST: Past = { pressed: [], outages: [] }

function hung(options: { unit: string; endedAgoMs: number; minutes: number }): Outage {
  const { unit, ...when } = options
  const reason = `${unit} answers nobody: no answer within 5 s`
  return { ...when, cause: 'workload-hung', rung: 'restart-workload', reason }
}

function frozen(when: { endedAgoMs: number; minutes: number }): Outage {
  const reason = 'the VM runs, but HTTP, SSH and heartbeat are all gone'
  return { ...when, cause: 'vm-frozen', rung: 'reset', reason }
}

/** Writes a file that a service may then begin with. Throws when it can't be written. */
export async function writePast(path: string, targets: readonly Target[], now: number): Promise<void> {
  const store = createSqliteStore({ path })
  try {
    for (const target of targets) await writeTarget(store, target, now)
  } finally {
    await store.close()
  }
}

async function writeTarget(store: Store, target: Target, now: number): Promise<void> {
  const past = PASTS[target.id] ?? NO_PAST
  let version: Version = null
  const write = async (more: Partial<Pick<Commit, 'state' | 'incident' | 'rollup'>>) => {
    const state = newState(target, 'new', now)
    const outcome = await store.commit({ target: target.id, expectedVersion: version, state, ...more })
    if (outcome.kind !== 'committed') throw new Error(`${target.id} could not be written: ${outcome.kind}`)
    version = outcome.version
  }
  for (const outage of past.outages) await write({ incident: incidentOf(target, outage, now) })
  for (const bucket of bucketsOf(past, now)) await write({ rollup: { day: dayOf(bucket.from), bucket } })
  await write({ state: stateOf(target, past, now) })
}

function stateOf(target: Target, past: Past, now: number): TargetState {
  const since = now - 90 * DAY_MS
  const reason = 'the health endpoint answers as it should'
  const wellSince = now - Math.min(...past.outages.map(({ endedAgoMs }) => endedAgoMs), 90 * DAY_MS)
  return {
    ...newState(target, 'new', since),
    arming: {
      kind: 'armed',
      at: since,
      by: 'first healthy look',
      fingerprint: configuredFingerprint(target),
    },
    phase: 'watching',
    phaseSince: wellSince,
    reason: 'healthy',
    lastVerdict: { verdict: 'healthy', reason, at: wellSince },
    healthySince: wellSince,
    // Long enough ago that the first tick looks at its workloads.
    sshCheckedAt: now - DAY_MS,
    applied: target.workloads.flatMap(({ secrets }) =>
      secrets.map(({ as, secret }) => ({ name: as, secret, version: '1', at: now - 41 * DAY_MS })),
    ),
    hours: periods(past, now, { lengthMs: HOUR_MS, many: 25 }),
    days: periods(past, now, { lengthMs: DAY_MS, many: 90 }),
  }
}

type Periods = { readonly lengthMs: number; readonly many: number }

function periods(past: Past, now: number, { lengthMs, many }: Periods): readonly PeriodSum[] {
  const last = Math.floor(now / lengthMs) * lengthMs
  return Array.from({ length: many }, (_, index) => {
    const from = last - (many - 1 - index) * lengthMs
    return { from, ...looksBetween(past, { from, to: Math.min(from + lengthMs, now) }, now) }
  })
}

/** One look a minute. */
function looksBetween(past: Past, { from, to }: { readonly from: number; readonly to: number }, now: number) {
  const looks = Math.round((to - from) / MINUTE_MS)
  const unhealthy = past.outages.reduce((sum, { endedAgoMs, minutes }) => {
    const end = now - endedAgoMs
    const overlapMs = Math.min(to, end) - Math.max(from, end - minutes * MINUTE_MS)
    return sum + Math.max(0, Math.round(overlapMs / MINUTE_MS))
  }, 0)
  const isPressed = past.pressed.some((daysAgo) => dayOf(now - daysAgo * DAY_MS) === dayOf(from))
  const degraded = isPressed ? Math.round(looks / 12) : 0
  return { healthy: Math.max(0, looks - unhealthy - degraded), degraded, unhealthy, inconclusive: 0 }
}

/** Fine for the last day, coarser before. */
function bucketsOf(past: Past, now: number): readonly Bucket[] {
  const spans = [
    { untilAgoMs: 7 * DAY_MS, stepMs: 6 * HOUR_MS, many: 83 * 4 },
    { untilAgoMs: DAY_MS, stepMs: HOUR_MS, many: 6 * 24 },
    { untilAgoMs: 0, stepMs: 10 * MINUTE_MS, many: 24 * 6 },
  ]
  return spans.flatMap(({ untilAgoMs, stepMs, many }) =>
    Array.from({ length: many }, (_, index) => {
      const from = now - untilAgoMs - (many - index) * stepMs
      return bucketOf(past, { from, to: from + stepMs - MINUTE_MS }, now)
    }),
  )
}

function bucketOf(past: Past, span: { readonly from: number; readonly to: number }, now: number): Bucket {
  const looks = looksBetween(past, span, now)
  const count = looks.healthy + looks.degraded
  const hour = (span.from % DAY_MS) / HOUR_MS
  // Busier by day, and a little different each time.
  const busy = 0.5 - 0.5 * Math.cos((2 * Math.PI * (hour - 3)) / 24)
  const jitter = wave(span.from, 37) * 0.6 + wave(span.from, 11) * 0.4
  const down = looks.unhealthy > 0 ? 1 : 0
  const gauge = (mean: number, peak: number) => ({
    count,
    sum: Math.round(mean * count * 10) / 10,
    max: Math.round(peak * 10) / 10,
  })
  const latency = 18 + 9 * busy + 4 * jitter + down * 60
  const latencyMs = gauge(latency, latency * (1.6 + jitter) + down * 400)
  if (past.memoryMb === undefined) return { ...span, looks, latencyMs }
  const memory = past.memoryMb + 70 * busy + 30 * jitter + (looks.degraded > 0 ? 160 : 0)
  const swap = 130 + 60 * busy + 25 * jitter + (looks.degraded > 0 ? 520 : 0)
  const stall = 0.3 + 0.8 * busy * jitter + (looks.degraded > 0 ? 6 : 0)
  return {
    ...span,
    looks,
    latencyMs,
    memoryUsedMb: gauge(memory, memory + 24 + 30 * jitter),
    swapUsedMb: gauge(swap, swap + 18),
    memoryStallPercent: gauge(stall, stall * 2.4 + 0.4),
  }
}

/** 0 to 1; the same for the same moment. */
function wave(at: number, turns: number): number {
  return 0.5 + 0.5 * Math.sin((at / DAY_MS) * turns)
}

function incidentOf(target: Target, outage: Outage, now: number): Incident {
  const { minutes, cause, rung, reason } = outage
  const recoveredAt = now - outage.endedAgoMs
  const beganAt = recoveredAt - minutes * MINUTE_MS
  const openedAt = beganAt + MINUTE_MS
  const closedAt = recoveredAt + 5 * MINUTE_MS
  const unit = cause === 'workload-hung' ? reason.split(' ')[0] : undefined
  const named = unit === undefined ? {} : { unit }
  const what = unit === undefined ? rung : `${rung} of ${unit}`
  const id = incidentIdFor(target.id, openedAt)
  const actionId = `${id}.${rung}.1`
  return {
    schema: 2,
    id,
    target: target.id,
    beganAt,
    openedAt,
    openedBy: 'guard',
    recoveredAt,
    closedAt,
    cause,
    state: 'closed',
    timeline: [
      { at: openedAt, kind: 'opened', text: `${cause}: ${reason}` },
      { at: openedAt + 1_000, kind: 'action', text: `${what} issued` },
      { at: openedAt + 5_000, kind: 'action', text: `${what}: done` },
      { at: recoveredAt, kind: 'verified', text: `well again ${minutes - 1} min after the ${what}, proved` },
      { at: closedAt, kind: 'closed', text: `closed: well since its probation began; ${minutes} min in all` },
    ],
    timelineDropped: 0,
    actions: [
      {
        id: actionId,
        incidentId: id,
        rung,
        ...named,
        attempt: 1,
        cause,
        purpose: 'recovery',
        by: { kind: 'guard' },
        force: false,
        status: 'proved',
        intendedAt: openedAt,
        issuedAt: openedAt + 1_000,
        endedAt: recoveredAt,
        result: { kind: 'done' },
        baseline: {},
        fence: 1,
      },
    ],
    fixedBy: { kind: 'action', actionId, rung, ...named, by: 'guard', proved: true },
    relapses: 0,
    blackBoxes: [],
    would: [],
    notices: 2,
  }
}
