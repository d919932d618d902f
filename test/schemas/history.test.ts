import { describe, expect, it } from 'vitest'
import { readBucket } from '../../src/schemas/history.ts'
import { aBucket, NOON } from '../fakes/stored.ts'

const gauge = { count: 2, sum: 3.5, max: 2 }

describe('A stored bucket of measurements', () => {
  it.each([
    ['a plain one', aBucket()],
    ['one without a latency', { from: NOON, to: NOON, looks: aBucket().looks }],
    [
      'one with all that can be measured',
      aBucket({ latencyMs: gauge, memoryUsedMb: gauge, swapUsedMb: gauge, memoryStallPercent: gauge }),
    ],
  ])('comes back as it was: %s', (_, bucket) => {
    const stored = { schema: 1, bucket }
    expect(readBucket(JSON.parse(JSON.stringify(stored)))).toEqual({ kind: 'read', document: stored })
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'It has no schema number'],
    ['a bucket without its cover', aBucket(), 'It has no schema number'],
    [
      'without its end',
      { schema: 1, bucket: { ...aBucket(), to: undefined } },
      '✖ Invalid input: expected number, received undefined\n  → at bucket.to',
    ],
    [
      'with a field too many',
      { schema: 1, bucket: { ...aBucket(), x: 1 } },
      '✖ Unrecognized key: "x"\n  → at bucket',
    ],
    [
      'with a gauge cut short',
      { schema: 1, bucket: aBucket({ latencyMs: { count: 1, sum: 1 } as never }) },
      '✖ Invalid input: expected number, received undefined\n  → at bucket.latencyMs.max',
    ],
  ])('is broken, with the reason, when it is %s', (_, document, detail) => {
    expect(readBucket(document)).toEqual({ kind: 'broken', detail })
  })

  it('of a newer schema is told apart', () => {
    expect(readBucket({ schema: 2, bucket: 'else' })).toEqual({ kind: 'newer', schema: 2 })
  })
})
