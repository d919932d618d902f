import { expect, it } from 'vitest'
import { systemIds } from '../../src/adapters/ids.ts'

it('the same action has the same request id, in every version of the guard', () => {
  expect(systemIds.requestId('incident-1:reset:1')).toBe('836c379c-3e46-50f1-a779-d2447f77df1c')
  expect(systemIds.requestId('incident-1:reset:2')).not.toBe(systemIds.requestId('incident-1:reset:1'))
})

it('each run of the loop has an owner of its own', () => {
  expect(systemIds.owner()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(systemIds.owner()).not.toBe(systemIds.owner())
})
