/** States and incidents to store in tests, as plain as the types allow. */
import type { Incident } from '../../src/core/incident.ts'
import type { TargetState } from '../../src/core/state.ts'

export const NOON = Date.parse('2026-03-01T12:00:00Z')

export function aState(changes: Partial<TargetState> = {}): TargetState {
  return {
    schema: 1,
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
    ...changes,
  }
}

export function anIncident(changes: Partial<Incident> = {}): Incident {
  return {
    schema: 1,
    id: 'bot-1',
    target: 'bot',
    openedAt: NOON,
    openedBy: 'guard',
    cause: 'workload-failed',
    state: 'open',
    timeline: [{ at: NOON, kind: 'opened', text: 'agent.service failed' }],
    timelineDropped: 0,
    actions: [],
    ...changes,
  }
}
