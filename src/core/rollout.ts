/**
 * Rollout: secrets are put, then each affected unit is restarted once, one after the other, by the same lease.
 * Verifying a new version and returning to the last good one will stand between `afterPuts` and `nextRollout`.
 */
import type { Action, ActionResult, SecretPut } from './action.ts'
import { actionWorstCaseMs } from './action-timing.ts'
import { budgetFor, spend } from './budget.ts'
import type { Decision } from './decision.ts'
import type { Draft } from './draft.ts'
import { inPhase, reported, toDecision, withState } from './draft.ts'
import type { EffectResult, Observation } from './evidence.ts'
import { probationMsOf, recovered } from './incidents.ts'
import { baselineOf, leased } from './issue.ts'
import type { Policy } from './policy.ts'
import { readUnit } from './reading.ts'
import type { SyncedSecret } from './report.ts'
import { planSecrets, unitsUsing } from './secret-plan.ts'
import type { Situation } from './situation.ts'
import { fits, holdsLease, isPaused } from './situation.ts'
import type { AppliedSecret, Rollout, TargetState } from './state.ts'

/** Looks at the secrets that were asked for in this run, and begins or goes on with a rollout where one is due. */
export function planRollout(draft: Draft, situation: Situation): Decision {
  const { target, observation, request, moment, policy } = situation
  const versions = observation.secretVersions
  if (versions === undefined) return goOn(draft, situation)
  const plan = planSecrets(target, versions, observation.presentSecrets, draft.state.applied)
  const noted = {
    ...withState(draft, {
      applied: confirmed(draft.state, plan.inPlace, moment.now),
      syncTrouble: troubleOf(draft.state, plan.secrets, moment.now),
    }),
    secrets: plan.secrets,
  }
  const dryRun = (request.kind === 'tick' || request.kind === 'sync') && request.dryRun
  const idle = dryRun || policy.mode === 'observe'
  if (plan.puts.length === 0 || idle || isPaused(draft.state, moment.now)) return goOn(noted, situation)
  if (draft.state.action !== undefined || !fits(moment, policy.ssh.orderMs)) return toDecision(noted)
  const owing = withState(leased(noted, 'sync', situation), { rollout: owedFor(noted, plan.puts, situation) })
  const effect = { kind: 'put-secrets' as const, puts: plan.puts, fence: owing.state.fence }
  return toDecision(owing, { kind: 'act', effect })
}

/** Written down before the puts, so that a crash between put and restart forgets no restart. */
function owedFor(
  draft: Draft,
  puts: readonly SecretPut[],
  { target, observation, policy, moment }: Situation,
): Rollout | undefined {
  const affected = unitsUsing(
    target,
    puts.map(({ name }) => name),
  )
  const units = [...new Set([...(draft.state.rollout?.units ?? []), ...affected])].filter(
    (unit) => !isStopped(unit, observation),
  )
  if (units.length === 0) return undefined
  return {
    id: draft.state.rollout?.id ?? `${target.id}-rollout-${moment.now.toString(36)}`,
    startedAt: draft.state.rollout?.startedAt ?? moment.now,
    units,
    before: invocationsOf(units, observation),
    expectedDownUntil: moment.now + policy.ssh.orderMs,
  }
}

function invocationsOf(units: readonly string[], { workloads }: Observation): Rollout['before'] {
  if (workloads === undefined || workloads.kind === 'unreadable') return []
  return workloads.units.flatMap(({ unit, invocationId }) =>
    units.includes(unit) && invocationId !== undefined ? [{ unit, invocationId }] : [],
  )
}

/** A unit that somebody stopped stays stopped: it gets the value when it is started. */
function isStopped(unit: string, { workloads }: Observation): boolean {
  if (workloads?.kind !== 'ok') return false
  return readUnit(workloads.units.find((candidate) => candidate.unit === unit)) === 'stopped'
}

function confirmed(state: TargetState, inPlace: readonly SecretPut[], now: number): readonly AppliedSecret[] {
  const fresh = inPlace.filter(
    (put) =>
      !state.applied.some(
        ({ name, secret, version }) => name === put.name && secret === put.secret && version === put.version,
      ),
  )
  return fresh.length === 0 ? state.applied : appliedWith(state.applied, fresh, now)
}

function appliedWith(
  applied: readonly AppliedSecret[],
  puts: readonly SecretPut[],
  now: number,
): readonly AppliedSecret[] {
  const names = puts.map(({ name }) => name)
  return [...applied.filter(({ name }) => !names.includes(name)), ...puts.map((put) => ({ ...put, at: now }))]
}

/** News only when it comes, changes its words or goes. */
function troubleOf(
  state: TargetState,
  secrets: readonly SyncedSecret[],
  now: number,
): TargetState['syncTrouble'] {
  const bad = secrets.filter(({ result }) => result === 'unavailable' || result === 'failed')
  if (bad.length === 0) return undefined
  const detail = bad
    .map(({ name, detail }) => `${name}: ${detail ?? 'unavailable'}`)
    .join('; ')
    .slice(0, 500)
  return state.syncTrouble?.detail === detail ? state.syncTrouble : { since: now, detail }
}

/** What was put is noted. Units of which nothing could be put are not restarted. */
export function afterPuts(
  draft: Draft,
  result: Extract<EffectResult, { kind: 'puts' }>,
  situation: Situation,
): Decision {
  const { target, moment } = situation
  const done = result.puts.filter((row) => row.result.kind === 'done').map(({ put }) => put)
  const failed = result.puts.filter((row) => row.result.kind !== 'done').map(({ put }) => put.name)
  const kept = unitsUsing(
    target,
    done.map(({ name }) => name),
  )
  const dropped = unitsUsing(target, failed).filter((unit) => !kept.includes(unit))
  const rollout = draft.state.rollout
  const units = (rollout?.units ?? []).filter((unit) => !dropped.includes(unit))
  const secrets = result.puts.map(syncedBy)
  const told = secrets.reduce(toldPut, draft)
  const noted = withState(told, {
    applied: appliedWith(draft.state.applied, done, moment.now),
    syncTrouble: troubleOf(draft.state, secrets, moment.now),
    rollout: rollout === undefined || units.length === 0 ? undefined : { ...rollout, units },
  })
  return nextRollout({ ...noted, secrets }, situation)
}

function syncedBy({ put, result }: { readonly put: SecretPut; readonly result: ActionResult }): SyncedSecret {
  const { name, secret, version } = put
  const detail = result.detail === undefined ? {} : { detail: result.detail }
  return { name, secret, version, result: result.kind === 'done' ? 'put' : 'failed', ...detail }
}

function toldPut(draft: Draft, { name, version, result, detail }: SyncedSecret): Draft {
  const words = `${name} version ${version}`
  return reported(draft, {
    rung: 'put-secret',
    result: result === 'put' ? 'done' : 'failed',
    detail: detail === undefined ? words : `${words}: ${detail}`,
  })
}

/** Without new puts: restarts that are still owed from before. */
function goOn(draft: Draft, situation: Situation): Decision {
  const { request, moment } = situation
  const { rollout } = draft.state
  if (rollout === undefined) return toDecision(draft)
  if (rollout.units.length === 0) {
    const over = moment.now >= rollout.expectedDownUntil
    return toDecision(over ? withState(draft, { rollout: undefined }) : draft)
  }
  const dryRun = (request.kind === 'tick' || request.kind === 'sync') && request.dryRun
  if (dryRun || draft.state.action !== undefined) return toDecision(draft)
  // What can't be done for now stays owed, and is not told again with each tick.
  return whyNotNow(draft, situation) === undefined ? nextRollout(draft, situation) : toDecision(draft)
}

/** Restarts the next unit that is owed one; each by an action of its own, written down before it is carried out. */
export function nextRollout(draft: Draft, situation: Situation): Decision {
  const { policy, observation, moment } = situation
  const rollout = draft.state.rollout
  const units = rollout?.units.filter((unit) => !isStopped(unit, observation)) ?? []
  const unit = units[0]
  if (rollout === undefined || unit === undefined)
    return toDecision(ended(withState(draft, { rollout: undefined, lease: undefined }), situation))
  const why = whyNotNow(draft, situation)
  if (why !== undefined) {
    const detail = `${unit}: ${why}`
    const free = withState(draft, { lease: undefined, rollout: { ...rollout, units } })
    return toDecision(reported(free, { rung: 'rollout', result: 'skipped', detail }))
  }
  const held = holdsLease(draft.state, moment) ? draft : leased(draft, 'sync', situation)
  const action = restartFor(held.state, unit, situation)
  const issued = withState(held, {
    action,
    rollout: {
      ...rollout,
      // Owed until it has happened: an order that fails, or is lost in a crash, is given again.
      units,
      expectedDownUntil: moment.now + policy.ssh.orderMs + policy.verify.inTickMs,
    },
    uses: spend(policy, held.state.uses, { rung: 'rollout', unit, at: moment.now }),
    innerGuardSince: undefined,
    relookAt: undefined,
  })
  const phased = inPhase(issued, 'recovering', `restarting ${unit} for its new secrets`, moment.now)
  return toDecision(phased, { kind: 'act', effect: { kind: 'act', action } })
}

function ended(draft: Draft, { policy, moment }: Situation): Draft {
  if (draft.state.phase !== 'recovering') return draft
  const why = 'restarted for its new secrets'
  if (draft.incident === undefined) return inPhase(draft, 'watching', why, moment.now)
  const probationUntil = draft.state.probationUntil ?? moment.now + probationMsOf(policy, draft.incident)
  const well = recovered(draft.incident, { kind: 'unknown' }, moment.now)
  const probation = withState({ ...draft, incident: well }, { probationUntil })
  return inPhase(probation, 'probation', why, moment.now)
}

/** Whether an owed restart is worth a look over SSH at all. */
export function mayRollOut(policy: Policy, state: TargetState, now: number): boolean {
  return whyHeldBack(policy, state, now) === undefined
}

function whyNotNow({ state }: Draft, { policy, moment, observation }: Situation): string | undefined {
  const ssh = observation.ssh
  if (ssh !== undefined && ssh.kind !== 'ok') return `SSH says ${ssh.kind}`
  if (!fits(moment, actionWorstCaseMs(policy, 'restart-workload'))) return 'too little of this run is left'
  return whyHeldBack(policy, state, moment.now)
}

function whyHeldBack(policy: Policy, state: TargetState, now: number): string | undefined {
  if (policy.mode === 'observe') return 'the guard observes only'
  if (state.arming.kind === 'unarmed') return 'the target is not armed: it gets the value when it is started'
  // A person may have paused it while the secrets were put.
  if (isPaused(state, now)) return 'the target is paused'
  if (state.breaker.kind === 'open')
    return 'the breaker is open: nothing is restarted until a person closes it'
  const budget = budgetFor(policy, state, { rung: 'rollout' }, now)
  return budget.kind === 'spent' ? 'the budget for restarts by rollouts is spent' : undefined
}

function restartFor(state: TargetState, unit: string, { observation, moment }: Situation): Action {
  const rollout = state.rollout
  const id = rollout?.id ?? state.target
  const before = rollout?.before.find((row) => row.unit === unit)
  return {
    id: `${id}.${unit}.${moment.now.toString(36)}`,
    incidentId: id,
    rung: 'restart-workload',
    unit,
    attempt: 1,
    cause: 'rollout',
    purpose: 'rollout',
    by: { kind: 'guard' },
    force: false,
    status: 'issued',
    intendedAt: moment.now,
    issuedAt: moment.now,
    baseline: {
      ...baselineOf(state, observation, unit),
      ...(before === undefined ? {} : { invocationId: before.invocationId }),
    },
    fence: state.fence,
  }
}
