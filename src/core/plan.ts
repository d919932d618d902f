/** The plan: which witnesses to ask next, given what has been heard. Empty when there is enough to decide. */

import { actionWorstCaseMs, lookWorstCaseMs } from './action-timing.ts'
import { assertNever } from './assert-never.ts'
import type { Observation } from './evidence.ts'
import type { Policy } from './policy.ts'
import type { Query, ShellQuestions } from './query.ts'
import { httpWorks, kitRaisesSuspicion, newestHttp } from './reading.ts'
import { mayRollOut } from './rollout.ts'
import { missingNames, secretsAreStale, usesOf, wantedNames } from './secret-plan.ts'
import { isBoot, isPower } from './settle.ts'
import type { Situation } from './situation.ts'
import { fits, isIdle, stageOf } from './situation.ts'
import type { Target } from './target.ts'
import { powerOf } from './verdict-vm.ts'

export function plan(situation: Situation): readonly Query[] {
  const stage = stageOf(situation)
  switch (stage) {
    case 'order':
    case 'result':
      return []
    case 'foreign':
      return situation.observation.http.length === 0 ? [probeOnce(situation.policy)] : []
    case 'last-look':
      return lastLook(situation)
    case 'verifying':
      return verifying(situation)
    case 'watching':
      return watching(situation)
    default:
      return assertNever(stage)
  }
}

function probeOnce({ probe }: Policy): Query {
  return { kind: 'http', timeoutMs: probe.timeoutMs, times: 1, afterMs: 0 }
}

function watching(situation: Situation): readonly Query[] {
  const { policy, state, observation, request, moment } = situation
  const idle = request.kind === 'tick' && isIdle(state, moment.now)
  const http = newestHttp(observation)
  if (http === undefined) return idle ? [idleProbe(policy)] : first(situation)
  if (http.kind === 'ok') return whenHttpWorks(situation)
  return idle && observation.ssh === undefined ? whileIdle(situation) : whenHttpFails(situation)
}

/** A VM that lives behind a broken path may still freeze: its heartbeat is cheap to read. */
function whileIdle({ state, observation }: Situation): readonly Query[] {
  const lives = state.lastVerdict?.cause === 'path-broken'
  return lives && observation.heartbeat === undefined ? [{ kind: 'heartbeat' }] : []
}

function idleProbe({ probe }: Policy): Query {
  return { kind: 'http', timeoutMs: probe.idleTimeoutMs, times: 1, afterMs: 0 }
}

/** A person's order and a sync want more than a probe from the start, and ask it side by side. */
function first(situation: Situation): readonly Query[] {
  const { policy, target, request } = situation
  const probe = probeOnce(policy)
  switch (request.kind) {
    case 'recover':
      return [probe, ...witnesses(situation)]
    case 'sync':
      return [
        probe,
        { kind: 'secret-versions', uses: usesOf(target) },
        shell(situation, { inside: true, workloads: true, secrets: wantedNames(target) }),
      ]
    default:
      return [probe]
  }
}

function whenHttpWorks(situation: Situation): readonly Query[] {
  const { policy, target, state, observation, moment } = situation
  const http = newestHttp(observation)
  const queries: Query[] = []
  const suspicious = http?.kind === 'ok' && kitRaisesSuspicion(http.kit)
  const pendingProof = state.action?.status === 'issued'
  const owesRestart = (state.rollout?.units.length ?? 0) > 0 && mayRollOut(policy, state, moment.now)
  const names = wantedNames(target)
  const checkDue = sshCheckIsDue(situation)
  const pollDue = checkDue || pollIsDue(situation)
  if (!sshIsHeard(observation) && fits(moment, policy.ssh.lookMs)) {
    const looks = suspicious || pendingProof || checkDue || owesRestart || observation.ssh !== undefined
    const secrets = (looks && pollDue) || secretsDue(situation) ? names : []
    if (looks || secrets.length > 0)
      queries.push(shell(situation, { inside: false, workloads: true, secrets }))
  }
  if (observation.vm === undefined && state.arming.kind === 'unarmed') queries.push({ kind: 'vm' })
  if (observation.secretVersions === undefined && pollDue && names.length > 0)
    queries.push({ kind: 'secret-versions', uses: usesOf(target) })
  return queries
}

/** A failure over SSH that is older than the answer over HTTP says nothing of the VM that answers now. */
function sshIsHeard(observation: Observation): boolean {
  const { ssh } = observation
  return ssh !== undefined && (ssh.kind === 'ok' || ssh.at >= (newestHttp(observation)?.at ?? 0))
}

function pollIsDue({ policy, recollection, moment }: Situation): boolean {
  const polledAt = recollection.secretsPolledAt ?? Number.NEGATIVE_INFINITY
  return moment.now - polledAt >= policy.sync.pollMs
}

/** The metadata differs from what was applied: now the VM is asked what it really has. */
function secretsDue({ target, state, observation }: Situation): boolean {
  const versions = observation.secretVersions
  return versions !== undefined && secretsAreStale(target, versions, state.applied)
}

function sshCheckIsDue({ policy, state, recollection, moment }: Situation): boolean {
  // After an outage SSH has to be heard again before the recovery path is believed to be well.
  if (state.sshTrouble !== undefined && state.failingSince !== undefined) return true
  const everyMs = state.sshTrouble === undefined ? policy.ssh.checkEveryMs : policy.ssh.recheckEveryMs
  // What this process does not remember another may have written down: a cold start costs no SSH connection.
  const askedAt = Math.max(recollection.sshAskedAt ?? 0, state.sshCheckedAt ?? 0)
  return moment.now - askedAt >= everyMs
}

function whenHttpFails(situation: Situation): readonly Query[] {
  const { policy, state, target, observation, moment } = situation
  const { probe } = policy
  const queries: Query[] = []
  const reprobes = probe.count - observation.http.length
  if (reprobes > 0 && fits(moment, reprobes * (probe.gapMs + probe.timeoutMs)))
    queries.push({ kind: 'http', timeoutMs: probe.timeoutMs, times: reprobes, afterMs: probe.gapMs })
  queries.push(...witnesses(situation))
  // A VM that is new has no secrets yet, one that lost a secret can't create the container that wants it, and a
  // workload that a person stopped must not keep new versions from the others.
  const stopped = state.lastVerdict?.cause === 'stopped-by-person'
  const isDue = (state.arming.kind === 'unarmed' || stopped) && pollIsDue(situation)
  const lacks = missingNames(target, unitsOf(target), observation.presentSecrets).length > 0
  if ((isDue || lacks) && observation.secretVersions === undefined && usesOf(target).length > 0)
    queries.push({ kind: 'secret-versions', uses: usesOf(target) })
  return queries.length === 0 && isBooting(situation) ? probeOnceMore(situation, moment.deadlineAt) : queries
}

function unitsOf({ workloads }: Target): readonly string[] {
  return workloads.map(({ unit }) => unit)
}

/**
 * Our own boot is under way: each tick of it goes on probing, for a VM that is back is to be seen at once.
 * Not where the tick may still have to act: then its evidence must not grow old.
 */
function isBooting({ state: { action, grace }, observation, moment }: Situation): boolean {
  const { vm } = observation
  if (vm?.kind === 'seen' && powerOf(vm.status) === 'down') return false
  const boots = action?.status === 'issued' && isBoot(action.rung)
  return boots && grace !== undefined && moment.deadlineAt < grace.until
}

function probeOnceMore({ policy, moment }: Situation, until: number): readonly Query[] {
  const { gapMs } = policy.verify
  const { timeoutMs } = policy.probe
  if (moment.now + gapMs > until || !fits(moment, gapMs + timeoutMs)) return []
  return [{ kind: 'http', timeoutMs, times: 1, afterMs: gapMs }]
}

/** All the witnesses of a suspicion that were not heard yet, side by side. */
function witnesses(situation: Situation): readonly Query[] {
  const { policy, target, state, observation, moment } = situation
  const queries: Query[] = []
  const patient = state.bannerTimeouts + 1 >= policy.ssh.bannerTimeoutTicks
  if (observation.ssh === undefined && fits(moment, lookWorstCaseMs(policy, { patient })))
    queries.push({
      ...shell(situation, {
        inside: true,
        workloads: true,
        secrets: wantedNames(target),
      }),
      connectMs: patient ? policy.ssh.patientConnectMs : policy.ssh.connectMs,
    })
  if (fits(moment, policy.compute.callMs)) {
    if (observation.vm === undefined) queries.push({ kind: 'vm', serialFrom: state.serialNext ?? 0 })
    if (observation.heartbeat === undefined) queries.push({ kind: 'heartbeat' })
    if (observation.canary === undefined) queries.push({ kind: 'canary' })
    const action = state.action
    if (observation.trace === undefined && action !== undefined && isUntracedPower(action))
      queries.push({ kind: 'trace', actionId: action.id })
  }
  return queries
}

function isUntracedPower(action: NonNullable<Situation['state']['action']>): boolean {
  return isPower(action.rung) && action.status === 'issued' && action.result?.kind !== 'done'
}

function shell({ policy }: Situation, questions: ShellQuestions): Extract<Query, { kind: 'shell' }> {
  return { kind: 'shell', questions, connectMs: policy.ssh.connectMs }
}

/** Just before issuing: one more probe and, for Compute's rungs, Compute's word. */
function lastLook(situation: Situation): readonly Query[] {
  const { policy, state, observation, moment } = situation
  const action = state.action
  if (action === undefined) return []
  const queries: Query[] = []
  const http = newestHttp(observation)
  if (http === undefined || http.at < action.intendedAt) queries.push(probeOnce(policy))
  if (isPower(action.rung) && (observation.vm === undefined || observation.vm.at < action.intendedAt))
    queries.push({ kind: 'vm' })
  if (queries.length > 0) return [...queries, ...blackBox(situation, action)]
  if (isOvertaken(situation, action)) return [probeOnce(policy)]
  // The endpoint works: is the one unit that we are after still down?
  const unheard = observation.ssh === undefined || observation.ssh.at < action.intendedAt
  const inTime = fits(moment, policy.ssh.lookMs + actionWorstCaseMs(policy, action.rung))
  if (httpWorks(observation) && action.rung === 'restart-workload' && unheard && inTime)
    return [shell(situation, { inside: false, workloads: true, secrets: [] })]
  return []
}

/** What a box that was collected to its last moment still needs to be put together. */
const BOX_SLACK_MS = 1_000
/** A probe that ended longer ago is not just before issuing. */
const JUST_BEFORE_MS = 2_000

/** The black box took its time: is the VM back meanwhile? Asked once. */
function isOvertaken(
  { policy, observation, moment }: Situation,
  { rung, intendedAt }: NonNullable<Situation['state']['action']>,
): boolean {
  const looks = observation.http.filter(({ at }) => at >= intendedAt)
  const last = looks.at(-1)
  if (observation.blackBox === undefined || last === undefined || looks.length > 1) return false
  const isOld = moment.now - (last.at + last.durationMs) > JUST_BEFORE_MS
  return isOld && fits(moment, policy.probe.timeoutMs + actionWorstCaseMs(policy, rung))
}

/** Beside the last look: what is still to be had of the machine before it is rebooted or reset. */
function blackBox(
  { policy, observation, moment }: Situation,
  { rung }: NonNullable<Situation['state']['action']>,
): readonly Query[] {
  const isDestructive = rung === 'reboot' || rung === 'reset'
  if (!isDestructive || observation.blackBox !== undefined) return []
  // It never costs the action its time.
  const spareMs = moment.deadlineAt - moment.now - actionWorstCaseMs(policy, rung) - BOX_SLACK_MS
  const deadlineMs = Math.min(policy.blackBox.collectMs, spareMs)
  if (deadlineMs <= 0) return []
  return [{ kind: 'black-box', overSsh: observation.ssh?.kind === 'ok', deadlineMs }]
}

/** After our own action: probe until the target is well, its window is over or the tick is; then ask for proof. */
function verifying(situation: Situation): readonly Query[] {
  const { policy, state, observation, moment } = situation
  const action = state.action
  if (action?.issuedAt === undefined) return []
  if (httpWorks(observation)) {
    const heard = observation.ssh !== undefined
    return heard || !fits(moment, policy.ssh.lookMs)
      ? []
      : [shell(situation, { inside: false, workloads: true, secrets: [] })]
  }
  const restartEnd = action.issuedAt + actionWorstCaseMs(policy, action.rung) + policy.verify.inTickMs
  return probeOnceMore(situation, isBoot(action.rung) ? moment.deadlineAt : restartEnd)
}
