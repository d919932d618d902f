import { expect, it } from 'vitest'
import { parseFilter } from '../../../sandbox/google/compute-filter.ts'

const OPERATION = { operationType: 'reset', targetId: '12', status: 'DONE', clientOperationId: 'a-b' }

it.each([
  ['', true],
  ['targetId=12', true],
  ['targetId=1', false],
  ['targetId = "12"', true],
  ['status!=DONE', false],
  ['status != "RUNNING"', true],
  ['(operationType="reset") (targetId=12)', true],
  ['(operationType="reset") AND (targetId=13)', false],
  ['operationType=reset AND status!=DONE', false],
  ['clientOperationId="a-b"', true],
  ['user=anna', false],
])('the filter %j on a reset of instance 12: %s', (filter, expected) => {
  expect(parseFilter(filter)?.(OPERATION)).toBe(expected)
})

it.each([
  'targetId',
  'targetId==12',
  '(targetId=12',
  'targetId=12)',
  'NOT targetId=12',
  'a=1 OR b=2 (',
  '"x"=1',
])('refuses what it does not understand: %s', (filter) => {
  expect(parseFilter(filter)).toBeUndefined()
})
