/** Which problem an outcome of the guard is: status, words, and what to do. */
import type { Context } from 'hono'
import type { Guard, Unavailable, UnknownTarget } from '../app/guard.ts'
import { assertNever } from '../core/assert-never.ts'
import type { Refusal } from '../core/decision.ts'
import type { TargetReport } from '../core/report.ts'
import { badRequest, type ProblemOptions, problem, RETRY_AFTER_SECONDS } from './problem.ts'

export function unavailable(context: Context, outcome: Unavailable) {
  return problem(context, {
    name: 'store-unavailable',
    title: "The guard's memory can't be reached",
    status: 503,
    detail: outcome.detail,
    mend: 'Nothing was done. Try again; if it stays, look at the store.',
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  })
}

export function unknownTarget(context: Context, outcome: UnknownTarget) {
  return problem(context, {
    name: 'unknown-target',
    title: 'No such target',
    status: 404,
    detail: `${outcome.id} is not watched; the targets are ${outcome.known.join(', ')}`,
    mend: 'Use one of the known ids, or add the target to the configuration.',
    known: outcome.known,
  })
}

type NoIncidents = Exclude<Awaited<ReturnType<Guard['incidents']>>, { kind: 'page' }>

export function noIncidents(context: Context, outcome: NoIncidents) {
  switch (outcome.kind) {
    case 'bad-cursor':
      return badRequest(context, [{ field: 'cursor', message: outcome.detail }])
    case 'unknown-target':
      return unknownTarget(context, outcome)
    case 'unavailable':
      return unavailable(context, outcome)
    default:
      return assertNever(outcome)
  }
}

export function unknownIncident(context: Context, id: string) {
  return problem(context, {
    name: 'unknown-incident',
    title: 'No such incident',
    status: 404,
    detail: `There is no incident ${id}`,
    mend: 'GET /api/incidents lists them; old ones are deleted in time.',
  })
}

export function unknownBlackBox(context: Context, id: string) {
  return problem(context, {
    name: 'unknown-black-box',
    title: 'No such black box',
    status: 404,
    detail: `There is no black box ${id}`,
    mend: 'GET /api/incidents/{id} names the black boxes of an incident; old ones are deleted in time.',
  })
}

export function refused(context: Context, outcome: { refusal: Refusal; report: TargetReport }) {
  const { refusal, report } = outcome
  const { kind, detail } = refusal
  const errors = kind === 'unknown-unit' ? { errors: [{ field: 'unit', message: detail }] } : {}
  return problem(context, { name: kind, detail, report, ...errors, ...refusalWords(kind) })
}

type RefusalWords = Pick<ProblemOptions<400 | 409 | 423>, 'title' | 'status' | 'mend'>

function refusalWords(kind: Refusal['kind']): RefusalWords {
  switch (kind) {
    case 'lost-race':
      return { title: 'Another run was faster', status: 409, mend: 'Ask again.' }
    case 'observing':
      return {
        title: 'The guard observes only',
        status: 423,
        mend: 'Set policy.mode to act to let it act.',
      }
    case 'expired':
      return { title: 'The button is used up', status: 409, mend: 'Use the newest message, or the page.' }
    case 'in-flight':
      return { title: 'An action is in flight', status: 409, mend: 'Wait for its end, then ask again.' }
    case 'breaker-open':
      return {
        title: 'The breaker is open',
        status: 423,
        mend: 'Find out what is wrong. Then close the breaker (resume with closeBreaker), or use force.',
      }
    case 'healthy':
      return {
        title: 'The target is healthy',
        status: 423,
        mend: 'Leave it alone, or use force if you know better.',
      }
    case 'paused':
      return { title: 'The target is paused', status: 423, mend: 'Resume it first.' }
    case 'barred':
      return {
        title: 'The action is barred',
        status: 423,
        mend: 'Use a gentler action; the detail says why.',
      }
    case 'not-applicable':
      return { title: 'The action does not fit', status: 409, mend: 'Choose another action, or auto.' }
    case 'unknown-unit':
      return { title: 'No such unit', status: 400, mend: "Use one of the target's workload units." }
    default:
      return assertNever(kind)
  }
}
