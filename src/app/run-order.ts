/** A person's order on one target: recover, arm, pause, resume; the same loop, the same lease. */
import type { Request } from '../core/request.ts'
import type { OrderOutcome } from './guard.ts'
import { eventOf } from './journal-event.ts'
import type { RunContext } from './run-context.ts'
import {
  beginWatch,
  fleetOf,
  foundOf,
  leftAlone,
  loadStandings,
  namedTargets,
  shareFrom,
  watchAndRemember,
} from './run-context.ts'
import { storeUnreachable } from './store-unreachable.ts'
import { viewOf } from './view-of.ts'

/** What a person says of one target: an order, or a button. */
export type PersonsWord = Exclude<Request, { kind: 'tick' } | { kind: 'sync' }>

const ATTEMPTS_MAX = 5

/** A person's word must not lose to a routine tick: a race that was lost before anything was done is run again. */
export async function runOrder(
  context: RunContext,
  id: string,
  request: PersonsWord,
  /** The end of the run that it is part of; absent: it has a run's whole time. */
  { deadlineAt }: { readonly deadlineAt?: number } = {},
): Promise<OrderOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await runOnce(context, id, { request, deadlineAt })
    const lost = outcome.kind === 'refused' && outcome.refusal.kind === 'lost-race'
    // Of a recovery only one that has done nothing yet: it looks and decides anew.
    const hasDone = lost && request.kind === 'recover' && outcome.report.actions.length > 0
    if (!lost || hasDone || attempt === ATTEMPTS_MAX) return outcome
  }
}

async function runOnce(
  context: RunContext,
  id: string,
  { request, deadlineAt }: { readonly request: PersonsWord; readonly deadlineAt: number | undefined },
): Promise<OrderOutcome> {
  const { policy, ports } = context
  const named = namedTargets(context, [id])
  if ('kind' in named) return named
  const beganAt = ports.clock.now()
  const standings = await loadStandings(context)
  if ('kind' in standings)
    return storeUnreachable(context, request.kind, `${standings.detail}: nothing was done`)
  const standing = standings.find(({ target }) => target.id === id)
  if (standing === undefined) throw new Error(`${id} is known and was not loaded`)
  const found = foundOf(standing, beganAt)
  if (found === undefined) return { kind: 'unavailable', detail: leftAlone(standing).reason }
  const { target } = standing
  const fleet = fleetOf(context, standings, { answers: new Map(), now: beganAt })
  const shared = shareFrom(context, beganAt, deadlineAt)
  const run = beginWatch(context, { target, found, request, fleet, shared })
  const { watched, report } = await watchAndRemember(context, run)
  const now = ports.clock.now()
  ports.journal.write(eventOf(request, [report], { beganAt, durationMs: now - beganAt, fleet }))
  const { trouble, decision } = watched
  if (trouble?.kind === 'unavailable') return storeUnreachable(context, request.kind, trouble.detail)
  const refusal =
    trouble === undefined ? decision.refusal : { kind: 'lost-race' as const, detail: trouble.detail }
  if (refusal !== undefined) return { kind: 'refused', refusal, report }
  context.counters.actions([report])
  const last = context.memory.lastReports.get(id)
  const unwritten = context.memory.recollections.get(id)?.unwritten
  return { kind: 'done', report, view: viewOf(target, policy, decision.state, { now, last, unwritten }) }
}
