/** Counts what Vitest's JSON report says, so that a file that broke before its first test is not overlooked. */
import { z } from 'zod'

export type TestCount = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly skippedNames: readonly string[]
  /** Files that failed as a whole: not one of their tests is counted as failed. */
  readonly brokenFiles: readonly string[]
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

export function countTests(report: unknown): TestCount {
  const files = reportSchema.parse(report).testResults
  const tests = files.flatMap(({ assertionResults }) => assertionResults)
  const failed = tests.filter(({ status }) => status === 'failed').length
  const passed = tests.filter(({ status }) => status === 'passed').length
  const skipped = tests.filter(({ status }) => status !== 'failed' && status !== 'passed')
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  )
  return {
    passed,
    failed: failed + broken.length,
    skipped: skipped.length,
    skippedNames: skipped.map(({ fullName }) => fullName),
    brokenFiles: broken.map(({ name }) => name),
  }
}
