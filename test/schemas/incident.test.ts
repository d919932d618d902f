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
      recoveredAt: NOON,
      timelineDropped: 4,
      fixedBy: {
        kind: 'action',
        actionId: 'a',
        rung: 'restart-workload',
        unit: 'agent.service',
        by: 'guard',
        proved: true,
      },
      relapses: 2,
      blackBoxes: [{ id: 'a', at: NOON, before: 'reset' }],
      would: [{ at: NOON, rung: 'reboot', unit: 'agent.service', cause: 'podman-wedged', reason: 'r' }],
      notices: 3,
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

  it.each([{ kind: 'inner-guard' }, { kind: 'unknown' }] as const)('comes back fixed by %j', (fixedBy) => {
    const incident = anIncident({ fixedBy })
    expect(readIncident(JSON.parse(JSON.stringify(incident)))).toEqual({ kind: 'read', document: incident })
  })

  it('of the first schema began when it was opened, and has had no relapse, black box or notice', () => {
    const {
      beganAt: _b,
      relapses: _r,
      blackBoxes: _x,
      would: _w,
      notices: _n,
      ...old
    } = anIncident({ openedAt: NOON + 5 })
    expect(readIncident({ ...old, schema: 1 })).toEqual({
      kind: 'read',
      document: anIncident({ beganAt: NOON + 5, openedAt: NOON + 5 }),
    })
  })

  it('of the first schema is broken, and no surprise, when its time is none', () => {
    for (const openedAt of [undefined, 'noon', null]) {
      expect(readIncident({ ...anIncident(), schema: 1, openedAt })).toMatchObject({ kind: 'broken' })
    }
  })

  it('is broken or newer like a state', () => {
    expect(readIncident(null)).toEqual({ kind: 'broken', detail: 'It has no schema number' })
    expect(readIncident({ schema: 9 })).toEqual({ kind: 'newer', schema: 9 })
    expect(readIncident({ ...anIncident(), cause: 'gremlins' })).toMatchObject({ kind: 'broken' })
  })
})
