/** A store as a fleet has it after months: every target armed, in sync, with 90 days and 25 hours of sums. */
import { createSqliteStore } from '../src/adapters/store/sqlite.ts'
import { parseConfig } from '../src/config.ts'
import type { PeriodSum } from '../src/core/bucket.ts'
import type { TargetState } from '../src/core/state.ts'
import { configuredFingerprint, newState } from '../src/core/state-new.ts'
import type { Target } from '../src/core/target.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export async function fillStore(path: string, configText: string): Promise<void> {
  const parsed = parseConfig(configText, { source: 'the bench' })
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems))
  const store = createSqliteStore({ path })
  const now = Date.now()
  for (const target of parsed.config.targets) {
    const state = settledState(target, now)
    const outcome = await store.commit({ target: target.id, expectedVersion: null, state })
    if (outcome.kind !== 'committed') throw new Error(`${target.id} could not be written: ${outcome.kind}`)
  }
  await store.close()
}

function settledState(target: Target, now: number): TargetState {
  const fingerprint = { ...configuredFingerprint(target), instanceId: '42', addresses: ['10.0.0.2'] }
  return {
    ...newState(target, 'new', now),
    arming: { kind: 'armed', at: now - 90 * DAY_MS, by: 'first healthy look', fingerprint },
    phase: 'watching',
    reason: 'healthy',
    lastVerdict: {
      verdict: 'healthy',
      reason: 'the health endpoint answers as it should',
      at: now - 90 * DAY_MS,
    },
    healthySince: now - 90 * DAY_MS,
    servedByKit: true,
    sshCheckedAt: now,
    bootId: '0f5c1d5e-7a49-4c6b-9b1c-2f8b8e5d6a10',
    hours: periods(now, { lengthMs: HOUR_MS, count: 25, looks: 60 }),
    days: periods(now, { lengthMs: DAY_MS, count: 90, looks: 1_440 }),
  }
}

function periods(
  now: number,
  { lengthMs, count, looks }: { readonly lengthMs: number; readonly count: number; readonly looks: number },
): readonly PeriodSum[] {
  const last = Math.floor(now / lengthMs) * lengthMs
  return Array.from({ length: count }, (_, index) => ({
    from: last - (count - 1 - index) * lengthMs,
    healthy: looks,
    degraded: 0,
    unhealthy: 0,
    inconclusive: 0,
  }))
}
