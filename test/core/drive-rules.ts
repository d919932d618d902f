/**
 * The rules that always hold (1 to 7, 10, 11 and the bounds), each told what happens and throwing when it must not.
 * They keep their own books and use no more of the core than its plainest readings.
 */
import type { Action } from '../../src/core/action.ts'
import type { Observation } from '../../src/core/evidence.ts'
import type { Policy } from '../../src/core/policy.ts'
import { innerGuardLimitMs, newestHttp, readUnit, seenBootId } from '../../src/core/reading.ts'
import { isBoot, isPower, isProved } from '../../src/core/settle.ts'
import type { Situation } from '../../src/core/situation.ts'
import { stageOf } from '../../src/core/situation.ts'
import { powerOf } from '../../src/core/verdict-vm.ts'
import type { Happening, Rule } from './drive-stage.ts'

type Committed = Extract<Happening, { kind: 'committed' }>

/** A rule of one target, for each target of a story. */
function perTarget(create: () => Rule): Rule {
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

function isAutomatic(action: Action): boolean {
  return action.by.kind === 'guard'
}

/** A tick or a sync has looked and remembered what it saw, more than a short probe. */
function remembers({ situation }: Committed): boolean {
  const { observation, request } = situation
  const short =
    observation.ssh === undefined && observation.vm === undefined && observation.heartbeat === undefined
  const fails = newestHttp(observation)?.kind !== 'ok'
  return stageOf(situation) === 'watching' && request.kind !== 'recover' && !(short && fails)
}

function looksWell({ situation, decision }: Committed): boolean {
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

/** What was ordered of a VM that is down now is over: it can neither boot nor be reset any more. */
function wentDown({ rung, issuedAt = 0 }: Action, observation: Observation): boolean {
  if (!isDown(observation) || observation.vm?.kind !== 'seen') return false
  return (
    rung === 'reboot' || rung === 'reset' || (isBoot(rung) && (observation.vm.lastStop?.at ?? 0) > issuedAt)
  )
}

type Spent = {
  readonly id: string
  readonly kind: string
  readonly unit: string | undefined
  readonly at: number
}

function kindOf({ rung, purpose }: Action): string {
  if (purpose === 'rollout') return 'rollout'
  if (rung === 'reboot' || rung === 'reset') return 'destructive'
  return rung === 'restart-workload' ? rung : 'start'
}

export function rule5({ budgets }: Policy): Rule {
  const limits: Readonly<Record<string, readonly { max: number; windowMs: number }[]>> = {
    'restart-workload': [budgets.restartWorkload],
    destructive: budgets.destructive,
    start: [budgets.start],
    rollout: [budgets.rollout],
  }
  return perTarget(() => {
    let spent: readonly Spent[] = []
    const exceeded = (action: Action, now: number): boolean =>
      (limits[kindOf(action)] ?? []).some(
        ({ max, windowMs }) =>
          spent.filter(
            (use) =>
              use.kind === kindOf(action) &&
              now - use.at < windowMs &&
              (use.kind !== 'restart-workload' || use.unit === action.unit),
          ).length >= max,
      )
    return (happening) => {
      if (happening.kind === 'state-lost') spent = []
      if (happening.kind === 'returned' && happening.result.kind === 'action') {
        const { actionId, result } = happening.result
        if (result.kind === 'failed' && result.stockOut === true)
          spent = spent.filter(({ id }) => id !== actionId)
      }
      if (happening.kind !== 'committed' || !happening.wrote) return
      const { situation, decision } = happening
      const { request, moment } = situation
      if (situation.state.breaker.kind === 'open' && decision.state.breaker.kind === 'closed')
        must(
          request.kind === 'resume' && request.closeBreaker,
          'rule 5',
          `the breaker was closed by a ${request.kind}`,
        )
      const action = issuedIn(happening)
      if (action === undefined) return
      if (isAutomatic(action)) {
        must(situation.state.breaker.kind === 'closed', 'rule 5', `${action.id} while the breaker is open`)
        must(!exceeded(action, moment.now), 'rule 5', `${action.id} beyond its budget`)
      }
      spent = [...spent, { id: action.id, kind: kindOf(action), unit: action.unit, at: moment.now }]
    }
  })
}

export function rule6({ vm }: Policy): Rule {
  return perTarget(() => {
    let rebooted: Action | undefined
    let heard: Observation['ssh']
    return (happening) => {
      if (happening.kind === 'heard')
        heard = happening.heard.findLast(({ ssh }) => ssh !== undefined)?.ssh ?? heard
      const action = issuedIn(happening)
      if (action === undefined || happening.kind !== 'committed') return
      if (action.rung === 'reboot') rebooted = action
      const { observation, moment } = happening.situation
      const ssh = observation.ssh ?? heard
      if (action.rung !== 'reset' || action.force || ssh?.kind !== 'ok') return
      const since = moment.now - (rebooted?.issuedAt ?? moment.now)
      const unchanged = rebooted !== undefined && observation.facts?.bootId === rebooted.baseline.bootId
      must(unchanged && since >= vm.bootUnchangedMs, 'rule 6', `${action.id} while SSH works`)
    }
  })
}

export function rule7({ graceMs }: Policy): Rule {
  return perTarget(() => {
    let until = Number.NEGATIVE_INFINITY
    return (happening) => {
      if (happening.kind !== 'committed' || !happening.wrote) return
      const { situation, decision } = happening
      const { state, observation, moment } = situation
      if (looksWell(happening) || didNotHappen(happening) || isDown(observation))
        until = Number.NEGATIVE_INFINITY
      const action = issuedIn(happening)
      const starts = action?.rung === 'start' || action?.rung === 'resume'
      if (action !== undefined && isAutomatic(action) && action.purpose === 'recovery' && !starts)
        must(moment.now >= until, 'rule 7', `${action.id} in the grace after a boot`)
      if (action !== undefined && isBoot(action.rung)) until = moment.now + graceMs
      const booted = seenBootId(observation)
      const isNew = booted !== undefined && state.bootId !== undefined && booted !== state.bootId
      const watched = remembers(happening) && !looksWell(happening) && decision.state.arming.kind === 'armed'
      if (watched && isNew && !state.graceSpent && action === undefined)
        until = Math.max(until, moment.now + graceMs)
    }
  })
}

/** A VM that is down is not booting. */
function isDown({ vm }: Observation): boolean {
  return vm?.kind === 'seen' && powerOf(vm.status) === 'down'
}

/** The boot that the grace is for was called off. */
function didNotHappen({ situation, decision }: Committed): boolean {
  const ended = situation.state.action
  if (ended === undefined || !isBoot(ended.rung) || decision.state.action?.id === ended.id) return false
  return decision.incident?.actions.find(({ id }) => id === ended.id)?.status === 'not-happened'
}

export function rule10(): Rule {
  return (happening) => {
    if (happening.kind !== 'committed' || happening.decision.next.kind !== 'act') return
    const { state, moment } = happening.situation
    const paused = state.pause !== undefined && moment.now < state.pause.until
    must(!paused, 'rule 10', `${happening.decision.next.effect.kind} while paused`)
  }
}

export function rule11({ graceMs }: Policy): Rule {
  return (happening) => {
    if (happening.kind !== 'committed') return
    const { situation, decision } = happening
    const { request, state, moment } = situation
    if (request.kind !== 'recover' || stageOf(situation) !== 'watching') return
    const waitedMs = moment.now - (state.action?.issuedAt ?? moment.now)
    if (decision.refusal?.kind === 'in-flight')
      must(waitedMs < graceMs, 'rule 11', `a person is locked out by an order that is ${waitedMs} ms old`)
    const needsForce = state.breaker.kind === 'open' || looksWell(happening)
    if (request.force || !needsForce) return
    must(decision.next.kind === 'rest', 'rule 11', 'a recovery without the force that it needs')
    must(decision.refusal !== undefined, 'rule 11', 'a recovery that was neither done nor refused')
  }
}

export const BOUNDS = {
  failures: 16,
  uses: 200,
  ladder: 32,
  youngExcuses: 8,
  timeline: 200,
  actions: 50,
} as const

export function staysBounded(): Rule {
  return (happening) => {
    if (happening.kind !== 'committed' || !happening.wrote) return
    const { state, incident } = happening.decision
    must(state.failures.length <= BOUNDS.failures, 'bounds', 'failures')
    must(state.uses.length <= BOUNDS.uses, 'bounds', 'uses')
    must(state.ladder.length <= BOUNDS.ladder, 'bounds', 'ladder')
    must(state.youngExcuses.length <= BOUNDS.youngExcuses, 'bounds', 'youngExcuses')
    must((incident?.timeline.length ?? 0) <= BOUNDS.timeline, 'bounds', 'timeline')
    must((incident?.actions.length ?? 0) <= BOUNDS.actions, 'bounds', 'actions')
    const hole = holeIn(state, 'state') ?? holeIn(incident ?? {}, 'incident')
    must(hole === undefined, 'bounds', `${hole} does not survive JSON`)
  }
}

/** Where a value would come back from JSON as another: an undefined member, a number that is none. */
function holeIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? undefined : path
  if (typeof value !== 'object' || value === null) return value === undefined ? path : undefined
  for (const [name, member] of Object.entries(value)) {
    const hole = holeIn(member, `${path}.${name}`)
    if (hole !== undefined) return hole
  }
  return undefined
}

/** An issued action comes to an end: three looks after its grace and its lease it is settled, whatever they say. */
export function settlesActions({ graceMs, lease }: Policy): Rule {
  const overMs = graceMs + lease.durationMs + lease.decideAnewAfterMs
  return perTarget(() => {
    let count = 0
    return (happening) => {
      if (happening.kind !== 'committed') return
      const { situation, decision } = happening
      const { state, moment, request } = situation
      const action = decision.state.action
      if (action?.id !== state.action?.id) count = 0
      if (action?.issuedAt === undefined || action.status !== 'issued') return
      const paused = state.pause !== undefined && moment.now < state.pause.until
      if (request.kind !== 'tick' || stageOf(situation) !== 'watching' || paused) return
      const { verdict, cause } = decision.verdict
      // Nothing is known, or the VM's own guard is at work, which has a limit of its own.
      const waits = verdict === 'inconclusive' || cause === 'inner-guard-at-work'
      // A run that froze has no time to look.
      const looks = remembers(happening)
        ? !waits
        : state.relookAt !== undefined && moment.now < state.relookAt
      if (moment.now < action.issuedAt + overMs || !looks) return
      count += 1
      must(count < 3, 'liveness', `${action.id} is never settled`)
    }
  })
}

export function allRules(policy: Policy): readonly Rule[] {
  return [
    rule1(),
    rule2(),
    rule3(),
    rule4(policy),
    rule5(policy),
    rule6(policy),
    rule7(policy),
    rule10(),
    rule11(policy),
    staysBounded(),
    settlesActions(policy),
  ]
}
