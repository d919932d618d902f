/** Recording: what a tick measured, beside what it decided. It waits in the process, in the state, then in a roll-up. */
import type { Bucket } from './bucket.ts'
import type { Decision } from './decision.ts'
import { addBuckets, addToSums, dayOf, measure, rollupIsDue } from './history.ts'
import type { Policy } from './policy.ts'
import { compact } from './remember.ts'
import type { Recollection } from './request.ts'
import { same } from './same.ts'
import type { Situation } from './situation.ts'
import type { TargetState } from './state.ts'

/** Only a tick measures, once, at its end. `mayWrite` is false where another run is at work on the state. */
export function recorded(
  decision: Decision,
  situation: Situation,
  { mayWrite }: { readonly mayWrite: boolean },
): Decision {
  const { request, policy, observation, recollection, moment } = situation
  if (request.kind !== 'tick' || request.dryRun || decision.next.kind !== 'rest') return decision
  const look = measure(decision.verdict.verdict, observation, moment.now)
  const unwritten = addBuckets(recollection.unwritten, look)
  if (!mayWrite) return { ...decision, unwritten }
  const state = withoutDoneOutbox(decision.state, recollection)
  const earlier = sumOf(state.unrolled, recollection.unwritten)
  // The look that finds the day over belongs to the new one.
  if (earlier !== undefined && dayOf(earlier.from) !== dayOf(moment.now))
    return rolledUp(decision, { ...state, unrolled: look }, { bucket: earlier, policy })
  const bucket = sumOf(earlier, look) ?? look
  if (rollupIsDue(policy, bucket, moment.now)) {
    const { unrolled: _unrolled, ...rest } = state
    return rolledUp(decision, rest, { bucket, policy })
  }
  // Written along with what is written anyway; worth no write of its own.
  const isWritten = !same(decision.state, situation.state) || isNews(decision, situation)
  return isWritten
    ? { ...decision, state: compact({ ...state, unrolled: bucket, lookedAt: bucket.to }) }
    : { ...decision, unwritten }
}

function rolledUp(
  decision: Decision,
  state: TargetState,
  { bucket, policy }: { readonly bucket: Bucket; readonly policy: Policy },
): Decision {
  const lookedAt = state.unrolled?.to ?? bucket.to
  const summed = { ...state, ...addToSums(state, bucket, policy), lookedAt }
  return { ...decision, state: summed, rollup: { day: dayOf(bucket.from), bucket } }
}

function sumOf(one: Bucket | undefined, other: Bucket | undefined): Bucket | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return addBuckets(one, other)
}

/** That everything is through is written along, too. */
function withoutDoneOutbox(state: TargetState, { outboxDone }: Recollection): TargetState {
  if (outboxDone === undefined || state.outboxDueAt !== outboxDone) return state
  const { outboxDueAt: _done, ...rest } = state
  return rest
}

function isNews({ incident, notices, blackBox }: Decision, before: Situation): boolean {
  if (notices !== undefined || blackBox !== undefined) return true
  return incident !== undefined && !same(incident, before.incident)
}
