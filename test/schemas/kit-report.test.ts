import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKitReport } from '../../src/schemas/kit-report.ts'

const BOOT_ID = '0d2b4b3e-3f43-4f0e-9d0c-7f2f1f0b9a11'
const WHOLE = {
  kit: 'night-guard/1',
  status: 'degraded',
  reasons: ['memory is short'],
  bootId: BOOT_ID.toUpperCase(),
  uptimeSeconds: 12.5,
  workloads: [
    {
      unit: 'agent.service',
      state: 'active',
      health: 'healthy',
      restarts: 2,
      startedAt: '2025-01-01T00:00:00Z',
    },
    { unit: 'bot.service', state: 'failed' },
  ],
  memory: { totalMb: 1000, usedMb: 800 },
  swap: { totalMb: 2000, usedMb: 100 },
  pressure: { memory: { some: 12.5, full: 3.25 } },
  disk: { totalMb: 30_000, usedMb: 9000 },
  load: [0.5, 0.4, 0.3],
  secrets: [{ name: 'token', version: '3' }],
  later: { members: 'are passed over' },
}

describe('the kit’s health body', () => {
  it('is read whole', () => {
    expect(parseKitReport(WHOLE)).toEqual({
      status: 'degraded',
      bootId: BOOT_ID,
      uptimeSeconds: 12.5,
      workloads: [
        { unit: 'agent.service', state: 'active', health: 'healthy' },
        { unit: 'bot.service', state: 'failed' },
      ],
      memory: { totalMb: 1000, usedMb: 800 },
      swap: { totalMb: 2000, usedMb: 100 },
      memoryStallPercent: 3.25,
      disk: { totalMb: 30_000, usedMb: 9000 },
    })
  })

  it('may say no more than its status', () => {
    expect(parseKitReport({ kit: 'night-guard/1', status: 'healthy' })).toEqual({
      status: 'healthy',
      workloads: [],
    })
  })

  it.each([
    ['another program’s', { status: 'healthy' }],
    ['of another version', { ...WHOLE, kit: 'night-guard/2' }],
    ['without a status', { ...WHOLE, status: undefined }],
    ['with a status of its own', { ...WHOLE, status: 'splendid' }],
    ['a list', [WHOLE]],
    ['a text', 'night-guard/1'],
    ['null', null],
    ['nothing', undefined],
  ])('that is %s is no report', (_name, body) => {
    expect(parseKitReport(body)).toBeUndefined()
  })

  it('loses members that are not what they should be, and keeps the others', () => {
    const hostile = {
      ...WHOLE,
      bootId: '../../etc',
      uptimeSeconds: -1,
      memory: { totalMb: '1000', usedMb: Number.NaN },
      swap: 7,
      pressure: { memory: { full: 900 } },
      disk: { totalMb: 1e300, usedMb: 1 },
      workloads: [7, null, { unit: 'a.service' }, { unit: '\u202e', state: 'active' }, WHOLE.workloads[1]],
    }
    expect(parseKitReport(hostile)).toEqual({
      status: 'degraded',
      workloads: [{ unit: 'bot.service', state: 'failed' }],
    })
  })

  it('has plain words of at most 128 characters, and at most 64 workloads', () => {
    const nasty = { unit: `a\u001b[31m\u202e\n${'b'.repeat(500)}`, state: 'active', health: '' }
    const report = parseKitReport({ ...WHOLE, workloads: Array.from({ length: 200 }, () => nasty) })
    expect(report?.workloads).toHaveLength(64)
    expect(report?.workloads[0]).toEqual({ unit: `a ${'b'.repeat(125)}…`, state: 'active' })
  })

  it('never makes the parser throw', () => {
    fc.assert(fc.property(fc.anything(), (body) => void parseKitReport(body)))
    const near = fc.record({
      kit: fc.constant('night-guard/1'),
      status: fc.constant('failed'),
      bootId: fc.anything(),
      workloads: fc.anything(),
      memory: fc.anything(),
      pressure: fc.anything(),
    })
    fc.assert(
      fc.property(near, (body) => {
        expect(parseKitReport(body)?.status).toBe('failed')
      }),
    )
  })
})
