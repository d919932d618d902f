import { describe, expect, it } from 'vitest'
import { lastStop, runningOperation, statusOf } from '../../../src/adapters/google/compute-operations.ts'
import { type ComputeOperation, operationSchema } from '../../../src/schemas/google-compute.ts'

describe('the last stop', () => {
  it.each<[string, readonly Partial<Wire>[], ReturnType<typeof lastStop>]>([
    ['nothing was done', [], undefined],
    ['a person stopped it', [{}], { type: 'stop', by: 'anna@example.com', at: 2000 }],
    ['the operation has no user', [{ user: '' }], { type: 'stop', by: 'system', at: 2000 }],
    ['the stop has not ended yet', [{ endTime: null }], { type: 'stop', by: 'anna@example.com', at: 1000 }],
    ['it was started after the stop', [{ operationType: 'start' }, {}], undefined],
    [
      'the start after the stop failed',
      [{ operationType: 'start', ...failed() }, {}],
      { type: 'stop', by: 'anna@example.com', at: 2000 },
    ],
    ['the stop failed', [{ ...failed() }], undefined],
    [
      'other things were done since',
      [{ operationType: 'setMetadata' }, {}],
      { type: 'stop', by: 'anna@example.com', at: 2000 },
    ],
    [
      'a preemption came after a person’s stop and start',
      [{ operationType: 'compute.instances.preempted', user: 'system' }, { operationType: 'start' }, {}],
      { type: 'compute.instances.preempted', by: 'system', at: 2000 },
    ],
    [
      'the platform restarted it after a host error',
      [
        { operationType: 'compute.instances.automaticRestart' },
        { operationType: 'compute.instances.hostError' },
      ],
      undefined,
    ],
  ])('when %s', (_when, newestFirst, expected) => {
    expect(lastStop(newestFirst.map(operation))).toEqual(expected)
  })
})

describe('the running operation', () => {
  it('is the newest one that is not DONE', () => {
    const operations = [{}, { operationType: 'start', status: 'PENDING' }, { status: 'RUNNING' }]
    expect(runningOperation(operations.map(operation))).toBe('start operation-1')
    expect(runningOperation([operation({})])).toBeUndefined()
  })
})

describe('a status', () => {
  it('that nobody knows is UNKNOWN', () => {
    expect(['RUNNING', 'HIBERNATING', ''].map(statusOf)).toEqual(['RUNNING', 'UNKNOWN', 'UNKNOWN'])
  })
})

type Wire = Record<'name' | 'operationType' | 'status' | 'user' | 'insertTime' | 'endTime', string | null> & {
  error: { errors: { code: string; message: string }[] }
}

function failed(): Partial<Wire> {
  return { error: { errors: [{ code: 'INTERNAL_ERROR', message: '' }] } }
}

function operation(changes: Partial<Wire>): ComputeOperation {
  return operationSchema.parse({
    name: 'operation-1',
    operationType: 'stop',
    status: 'DONE',
    user: 'anna@example.com',
    insertTime: '1970-01-01T00:00:01Z',
    endTime: '1970-01-01T00:00:02Z',
    ...changes,
  })
}
