/** States, incidents and what else is stored, for tests: as plain as the types allow. */
import type { BlackBox } from '../../src/core/black-box.ts'
import type { Bucket, Rollup } from '../../src/core/bucket.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { Notice } from '../../src/core/notice.ts'
import type { TargetState } from '../../src/core/state.ts'

export const NOON = Date.parse('2026-03-01T12:00:00Z')

export function aState(changes: Partial<TargetState> = {}): TargetState {
  return {
    schema: 2,
    target: 'bot',
    phase: 'watching',
    phaseSince: NOON,
    reason: 'All is well',
    arming: { kind: 'unarmed', why: 'new', since: NOON },
    failures: [],
    bannerTimeouts: 0,
    youngExcuses: [],
    graceSpent: false,
    fence: 0,
    uses: [],
    ladder: [],
    breaker: { kind: 'closed' },
    applied: [],
    hours: [],
    days: [],
    ...changes,
  }
}

export function anIncident(changes: Partial<Incident> = {}): Incident {
  return {
    schema: 2,
    id: 'bot-1',
    target: 'bot',
    beganAt: NOON,
    openedAt: NOON,
    openedBy: 'guard',
    cause: 'workload-failed',
    state: 'open',
    timeline: [{ at: NOON, kind: 'opened', text: 'agent.service failed' }],
    timelineDropped: 0,
    actions: [],
    relapses: 0,
    blackBoxes: [],
    would: [],
    notices: 0,
    ...changes,
  }
}

export function aNotice(changes: Partial<Notice> = {}): Notice {
  return {
    schema: 1,
    id: 'bot-1/1',
    thread: 'bot-1',
    number: 1,
    target: 'bot',
    kind: 'triggered',
    severity: 'critical',
    at: NOON,
    incidentId: 'bot-1',
    verdict: 'unhealthy',
    cause: 'workload-failed',
    reason: 'agent.service failed',
    since: NOON,
    story: [],
    ...changes,
  }
}

export function aBucket(changes: Partial<Bucket> = {}): Bucket {
  return {
    from: NOON,
    to: NOON,
    looks: { healthy: 1, degraded: 0, unhealthy: 0, inconclusive: 0 },
    latencyMs: { count: 1, sum: 12.5, max: 12.5 },
    ...changes,
  }
}

/** The bucket of a minute, on its day. */
export function aRollup(at: number): Rollup {
  return { day: new Date(at).toISOString().slice(0, 10), bucket: aBucket({ from: at, to: at }) }
}

export function aBlackBox(changes: Partial<BlackBox> = {}): BlackBox {
  return {
    schema: 1,
    id: 'bot-1/reset/1',
    incidentId: 'bot-1',
    target: 'bot',
    at: NOON,
    before: 'reset',
    sections: [
      { kind: 'text', name: 'serial-console', text: 'Kernel panic\n', cut: true },
      { kind: 'unavailable', name: 'memory', detail: 'no way in' },
    ],
    ...changes,
  }
}
