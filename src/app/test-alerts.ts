/** A test notice through every channel, now: is everybody reached? */
import type { Notice } from '../core/notice.ts'
import { NOTICE_SCHEMA } from '../core/notice.ts'
import type { AlertTest } from '../core/report.ts'
import type { RunContext } from './run-context.ts'

export async function testAlerts(
  { ports, delivery }: RunContext,
  by: string,
): Promise<{ kind: 'tested'; results: readonly AlertTest[] }> {
  const now = ports.clock.now()
  const thread = `test-${now.toString(36)}`
  const notice: Notice = {
    schema: NOTICE_SCHEMA,
    id: `${thread}.1`,
    thread,
    number: 1,
    target: 'night-guard',
    kind: 'test',
    severity: 'info',
    at: now,
    verdict: 'healthy',
    reason: `a test, asked for by ${by}: nothing is wrong`,
    since: now,
    story: [],
  }
  return { kind: 'tested', results: await delivery.direct(notice) }
}
