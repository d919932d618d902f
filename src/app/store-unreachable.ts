/** The store can't be reached: nothing is decided, the log says so, and people are told past the outbox, now and then. */
import type { Notice } from '../core/notice.ts'
import { NOTICE_SCHEMA } from '../core/notice.ts'
import type { Unavailable } from './guard.ts'
import type { RunContext } from './run-context.ts'

export async function storeUnreachable(
  context: RunContext,
  kind: string,
  detail: string,
): Promise<Unavailable> {
  const message = `${kind}: the store can't be reached: ${detail}`
  context.ports.journal.write({ severity: 'CRITICAL', message, fields: {} })
  // Only a tick is sure to come again and again: a person who asks sees the answer.
  if (kind === 'tick') await tellPeople(context, detail)
  return { kind: 'unavailable', detail }
}

async function tellPeople({ ports, policy, memory, delivery }: RunContext, detail: string): Promise<void> {
  const now = ports.clock.now()
  const { storeAlertAt } = memory
  if (storeAlertAt !== undefined && now - storeAlertAt < policy.alerts.remindEveryMs) return
  // At once, so that a run beside this one tells it no second time.
  memory.storeAlertAt = now
  const thread = `store-${now.toString(36)}`
  const notice: Notice = {
    schema: NOTICE_SCHEMA,
    id: `${thread}.1`,
    thread,
    number: 1,
    target: 'night-guard',
    kind: 'triggered',
    severity: 'critical',
    at: now,
    verdict: 'inconclusive',
    reason: `the memory of the guard can't be reached, nothing is done to any target: ${detail.slice(0, 300)}`,
    since: now,
    story: [],
  }
  const told = await delivery.direct(notice)
  // Nobody knows of it: the next tick tries again.
  if (!told.some(({ result }) => result === 'sent')) delete memory.storeAlertAt
}
