import { describe, expect, it } from 'vitest'
import { readIncident } from '../../src/schemas/incident.ts'
import { anIncident, NOON } from '../fakes/stored.ts'

describe('A stored incident', () => {
  it('comes back as it was', () => {
    const incident = anIncident({
      closedAt: NOON + 1,
      openedBy: 'person',
      cause: 'manual',
      state: 'gave-up',
      timelineDropped: 4,
      actions: [
        {
          id: 'a',
          incidentId: 'bot-1',
          rung: 'restart-workload',
          unit: 'agent.service',
          attempt: 2,
          cause: 'manual',
          purpose: 'rollout',
          by: { kind: 'guard' },
          force: false,
          status: 'intended',
          intendedAt: NOON,
          baseline: {},
          fence: 1,
        },
      ],
    })
    expect(readIncident(JSON.parse(JSON.stringify(incident)))).toEqual({ kind: 'read', document: incident })
  })

  it('is broken or newer like a state', () => {
    expect(readIncident(null)).toEqual({ kind: 'broken', detail: 'It has no schema number' })
    expect(readIncident({ schema: 9 })).toEqual({ kind: 'newer', schema: 9 })
    expect(readIncident({ ...anIncident(), cause: 'gremlins' })).toMatchObject({ kind: 'broken' })
  })
})
