import { expect, it } from 'vitest'
import { countTests } from '../../scripts/count-tests.ts'

it('counts tests, names the skipped ones, and counts a file that broke before its first test as failed', () => {
  const test = (fullName: string, status: string) => ({ fullName, status })
  const report = {
    testResults: [
      {
        name: 'a.test.ts',
        status: 'passed',
        assertionResults: [test('one', 'passed'), test('two', 'pending')],
      },
      {
        name: 'b.test.ts',
        status: 'failed',
        assertionResults: [test('three', 'failed'), test('four', 'todo')],
      },
      { name: 'c.test.ts', status: 'failed', assertionResults: [] },
    ],
  }
  expect(countTests(report)).toEqual({
    passed: 1,
    failed: 2,
    skipped: 2,
    skippedNames: ['two', 'four'],
    brokenFiles: ['c.test.ts'],
  })
})

it('refuses a report that is none', () => {
  expect(() => countTests({})).toThrow()
})
