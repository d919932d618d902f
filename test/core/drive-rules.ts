/**
 * The rules that always hold (1 to 7, 10, 11 and the bounds), each told what happens and throwing when it must not.
 * They keep their own books and use no more of the core than its plainest readings.
 */
import type { Action } from '../../src/core/action.ts'
import type { Observation } from '../../src/core/evidence.ts'
import type { Policy } from '../../src/core/policy.ts'
import { innerGuardLimitMs, newestHttp, readUnit } from '../../src/core/reading.ts'
import { isBoot, isPower, isProved } from '../../src/core/settle.ts'
import type { Situation } from '../../src/core/situation.ts'
import { stageOf } from '../../src/core/situation.ts'
import { powerOf } from '../../src/core/verdict-vm.ts'
import type { Happening, Rule } from './drive-happening.ts'

export type Committed = Extract<Happening, { kind: 'committed' }>

/** A rule of one target, for each target of a story. */
export function perTarget(create: () => Rule): Rule {
  const rules = new Map<string, Rule>()
  return (happening, place) => {
    const rule = rules.get(happening.target) ?? create()
    rules.set(happening.target, rule)
    rule(happening, place)
  }
}

export function must(holds: boolean, rule: string, words: string): void {
  if (!holds) throw new Error(`${rule}: ${words}`)
}

/** The action that this happening writes down as issued, to be carried out next. */
export function issuedIn(happening: Happening): Action | undefined {
  if (happening.kind !== 'committed') return undefined
  const { next } = happening.decision
  if (next.kind !== 'act' || next.effect.kind !== 'act') return undefined
  must(happening.wrote, 'rule 4', 'an action is issued without a word in the store')
  return next.effect.action
}

export function isAutomatic(action: Action): boolean {
  return action.by.kind === 'guard'
}

/** A tick or a sync has looked and remembered what it saw, more than a short probe. */
export function remembers({ situation }: Committed): boolean {
  const { observation, request } = situation
  const short =
    observation.ssh === undefined && observation.vm === undefined && observation.heartbeat === undefined
  const fails = newestHttp(observation)?.kind !== 'ok'
  return stageOf(situation) === 'watching' && request.kind !== 'recover' && !(short && fails)
}

export function looksWell({ situation, decision }: Committed): boolean {
  const { verdict } = decision.verdict
  return newestHttp(situation.observation)?.kind === 'ok' && (verdict === 'healthy' || verdict === 'degraded')
}

export function rule1(): Rule {
  return (happening) => {
    if (happening.kind !== 'committed') return
    const { situation, decision, wrote } = happening
    const { arming } = situation.state
    const vm = situation.observation.vm?.kind === 'seen' ? situation.observation.vm : undefined
    const after = decision.state.arming
    const known = arming.kind === 'armed' ? arming.fingerprint.instanceId : undefined
    if (wrote && arming.kind === 'unarmed' && after.kind === 'armed' && situation.request.kind !== 'arm') {
      must(arming.why !== 'state-lost', 'rule 1', 'a target whose state was lost was armed by health alone')
      const healthy =
        newestHttp(situation.observation)?.kind === 'ok' && decision.verdict.verdict === 'healthy'
      must(healthy && vm !== undefined, 'rule 1', 'armed without a healthy look under a full fingerprint')
    }
    if (
      arming.kind === 'unarmed' &&
      after.kind === 'unarmed' &&
      arming.why === 'state-lost' &&
      after.why === 'new'
    )
      must(situation.request.kind === 'arm', 'rule 1', 'a lost state was confirmed by nobody')
    if (remembers(happening) && known !== undefined && vm !== undefined && vm.instanceId !== known)
      must(after.kind === 'unarmed', 'rule 1', 'another instance id did not disarm')
    const action = issuedIn(happening)
    if (action === undefined || !isAutomatic(action)) return
    must(after.kind === 'armed', 'rule 1', `${action.id} on an unarmed target`)
    must(
      known === undefined || vm === undefined || vm.instanceId === known,
      'rule 1',
      `${action.id} on another instance`,
    )
  }
}

const STATUS_FOR: Readonly<Record<string, readonly string[]>> = {
  reset: ['RUNNING'],
  start: ['TERMINATED', 'STOPPED'],
  resume: ['SUSPENDED'],
}

export function rule2(): Rule {
  return perTarget(() => {
    const heardAt = new Map<string, number>()
    return (happening) => {
      if (happening.kind !== 'committed') return
      const { decision, situation, live } = happening
      const intended = decision.state.action
      if (
        intended?.status === 'intended' &&
        situation.state.action?.id !== intended.id &&
        live.heardAt !== undefined
      )
        heardAt.set(intended.id, Math.max(live.heardAt, situation.observation.http.at(-1)?.at ?? 0))
      const action = issuedIn(happening)
      if (action === undefined || action.purpose === 'rollout') return
      const { observation, moment } = situation
      const http = newestHttp(observation)
      must(http !== undefined && http.at >= action.intendedAt, 'rule 2', `${action.id} without a last look`)
      if (!action.force)
        must(stillFails(action, situation), 'rule 2', `${action.id} on a target that is well`)
      const age = moment.now - (heardAt.get(action.id) ?? Number.NEGATIVE_INFINITY)
      must(age <= 30_000, 'rule 2', `${action.id} on evidence that is ${age} ms old`)
      if (!isPower(action.rung)) return
      const vm = observation.vm
      must(vm?.kind === 'seen' && vm.at >= action.intendedAt, 'rule 2', `${action.id} without Compute's word`)
      if (vm?.kind !== 'seen') return
      must(vm.operationRunning === undefined, 'rule 2', `${action.id} beside a running operation`)
      must(
        STATUS_FOR[action.rung]?.includes(vm.status) === true,
        'rule 2',
        `${action.id} on a VM that is ${vm.status}`,
      )
      const { arming } = situation.state
      const known = arming.kind === 'armed' ? arming.fingerprint.instanceId : undefined
      must(known === undefined || known === vm.instanceId, 'rule 2', `${action.id} on another instance`)
    }
  })
}

/** The endpoint fails, or a look after the wish says so of the one unit: failed, or overdue under the VM's own guard. */
function stillFails(action: Action, { policy, target, state, observation, moment }: Situation): boolean {
  const { http, ssh, workloads } = observation
  if (http.at(-1)?.kind !== 'ok') return true
  if (action.rung !== 'restart-workload' || workloads?.kind !== 'ok') return false
  if (ssh?.kind !== 'ok' || ssh.at < action.intendedAt) return false
  const unit = workloads.units.find((candidate) => candidate.unit === action.unit)
  const workload = target.workloads.find((candidate) => candidate.unit === action.unit)
  if (readUnit(unit) === 'failed') return true
  if (readUnit(unit) !== 'at-work' || workload === undefined) return false
  return moment.now - (state.innerGuardSince ?? moment.now) > innerGuardLimitMs(policy, workload, unit)
}

export function rule3(): Rule {
  return perTarget(() => {
    const owners = new Map<number, string>()
    const issued = new Map<string, number | undefined>()
    let busyUntil = Number.NEGATIVE_INFINITY
    let fenceMax = 0
    let lostAt = Number.NEGATIVE_INFINITY
    return (happening) => {
      const action = issuedIn(happening)
      if (action !== undefined) {
        const again = !issued.has(action.id) || issued.get(action.id) === action.issuedAt
        must(again, 'rule 3', `two actions share the id ${action.id}`)
        issued.set(action.id, action.issuedAt)
      }
      if (happening.kind === 'state-lost') {
        owners.clear()
        fenceMax = 0
        busyUntil = Number.NEGATIVE_INFINITY
        lostAt = happening.at
      }
      if (happening.kind !== 'called' || happening.live.beganAt < lostAt) return
      const { effect, live, at } = happening
      const fence = effect.kind === 'act' ? effect.action.fence : effect.fence
      must(at >= busyUntil, 'rule 3', `${effect.kind} while another effect is in flight`)
      must(fence >= fenceMax, 'rule 3', `${effect.kind} under fence ${fence}, ${fenceMax} was used before`)
      must((owners.get(fence) ?? live.owner) === live.owner, 'rule 3', `fence ${fence} has two owners`)
      busyUntil = happening.until
      fenceMax = fence
      owners.set(fence, live.owner)
    }
  })
}

export function rule4(policy: Policy): Rule {
  return perTarget(() => {
    const written = new Set<string>()
    const known = new Map<string, string>()
    let last: { readonly action: Action; settled: boolean } | undefined
    return (happening) => {
      // What was in flight then is forgotten with it: only the machine's own lock is left.
      if (happening.kind === 'state-lost') last = undefined
      if (
        happening.kind === 'returned' &&
        happening.result.kind === 'action' &&
        happening.result.result.kind !== 'unknown'
      )
        known.set(happening.live.owner, happening.result.actionId)
      if (happening.kind === 'called' && happening.effect.kind === 'act')
        must(
          written.has(JSON.stringify(happening.effect.action)),
          'rule 4',
          'an act that was not written down first',
        )
      if (happening.kind !== 'committed') return
      const { situation, live, wrote } = happening
      const { observation, moment } = situation
      if (
        last !== undefined &&
        wrote &&
        (settles(last.action, happening) || known.get(live.owner) === last.action.id)
      )
        last.settled = true
      const action = issuedIn(happening)
      if (action === undefined) return
      must(
        action.status === 'issued' && action.issuedAt !== undefined,
        'rule 4',
        `${action.id} is ${action.status}`,
      )
      const overAt = (last?.action.issuedAt ?? 0) + policy.lease.durationMs + policy.lease.decideAnewAfterMs
      const free = last === undefined || last.settled || moment.now >= overAt
      must(free, 'rule 4', `${action.id} while the end of ${last?.action.id} is unknown`)
      must(
        observation.result === undefined || action.purpose === 'rollout',
        'rule 4',
        'no look between two actions',
      )
      written.add(JSON.stringify(action))
      last = { action, settled: false }
    }
  })
}

function settles(action: Action, committed: Committed): boolean {
  const { observation, moment } = committed.situation
  return (
    looksWell(committed) ||
    wentDown(action, observation) ||
    observation.trace?.kind === 'happened' ||
    observation.facts?.lastActionId === action.id ||
    isProved(action, observation, moment.now)
  )
}

/** A VM that is down is not booting. */
export function isDown({ vm }: Observation): boolean {
  return vm?.kind === 'seen' && powerOf(vm.status) === 'down'
}

/** What was ordered of a VM that is down now is over: it can neither boot nor be reset any more. */
function wentDown({ rung, issuedAt = 0 }: Action, observation: Observation): boolean {
  if (!isDown(observation) || observation.vm?.kind !== 'seen') return false
  return (
    rung === 'reboot' || rung === 'reset' || (isBoot(rung) && (observation.vm.lastStop?.at ?? 0) > issuedAt)
  )
}
