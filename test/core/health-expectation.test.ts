import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meetsExpectation } from '../../src/core/health-expectation.ts'

const EXPECT = { status: 200, json: { status: 'healthy', count: 3, gone: null } }

describe('a health answer', () => {
  it.each([
    [{ status: 200, json: { status: 'healthy', count: 3, gone: null, more: 1 } }, { kind: 'met' }],
    [
      { status: 201, json: EXPECT.json },
      { kind: 'unmet', detail: 'status 201, expected 200' },
    ],
    [
      { status: 200, json: undefined },
      { kind: 'unmet', detail: 'the body is not JSON' },
    ],
    [
      { status: 200, json: null },
      { kind: 'unmet', detail: 'the body is not a JSON object' },
    ],
    [
      { status: 200, json: 'healthy' },
      { kind: 'unmet', detail: 'the body is not a JSON object' },
    ],
    [
      { status: 200, json: { status: 'healthy', count: '3', gone: null } },
      { kind: 'unmet', detail: '"count" is "3", expected 3' },
    ],
    [
      { status: 200, json: { status: { nested: '\u202e'.repeat(500) }, count: 3, gone: null } },
      { kind: 'unmet', detail: expect.stringMatching(/^"status" is .{1,60}, expected "healthy"$/) },
    ],
    [
      { status: 200, json: { status: 'healthy', count: 3 } },
      { kind: 'unmet', detail: '"gone" is missing, expected null' },
    ],
  ])('%j', (answer, expectation) => {
    expect(meetsExpectation(EXPECT, answer)).toEqual(expectation)
  })

  it('has no members but its own', () => {
    expect(meetsExpectation({ status: 200, json: { constructor: 'x' } }, { status: 200, json: {} })).toEqual({
      kind: 'unmet',
      detail: '"constructor" is missing, expected "x"',
    })
  })

  it('without conditions on JSON needs its status only', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(meetsExpectation({ status: 204 }, { status: 204, json })).toEqual({ kind: 'met' })
      }),
    )
  })
})
