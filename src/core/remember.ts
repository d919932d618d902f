/** Remembering: what one observation and its judgement change in the state's counters and times, before any decision. */
import { rememberFailure } from './confirmation.ts'
import type { SshEvidence } from './evidence.ts'
import type { Case, Judgement } from './judgement.ts'
import { httpWorks, newestHttp, seenBootId, sshIsSilent } from './reading.ts'
import { same } from './same.ts'
import type { Fingerprint, TargetState } from './state.ts'
import { configuredFingerprint } from './state-new.ts'
import { powerOf } from './verdict-vm.ts'

/** Drops members that are undefined, so that a document has no holes. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

/** A target works when its endpoint answers and no witness says otherwise. */
export function works(subject: Case, judgement: Judgement): boolean {
  return (
    httpWorks(subject.observation) && (judgement.verdict === 'healthy' || judgement.verdict === 'degraded')
  )
}

export function remember(subject: Case, judgement: Judgement): TargetState {
  const steps = [
    rememberIdentity,
    rememberHealth,
    rememberSuspicion,
    rememberBoot,
    rememberWitnesses,
    rememberVerdict,
    forgetWhatIsOver,
  ]
  return steps.reduce((state, step) => compact(step({ ...subject, state }, judgement)), subject.state)
}

type Step = (subject: Case, judgement: Judgement) => TargetState

function without<K extends keyof TargetState>(state: TargetState, ...keys: readonly K[]): TargetState {
  const copy: Partial<TargetState> = { ...state }
  for (const key of keys) delete copy[key]
  return copy as TargetState
}

/** Arms on the first healthy look under a full fingerprint; disarms when the instance or configuration is another. */
const rememberIdentity: Step = (subject, judgement) => {
  const { state, target, observation, moment } = subject
  const { arming } = state
  const configured = configuredFingerprint(target)
  const vm = observation.vm?.kind === 'seen' ? observation.vm : undefined
  if (arming.kind === 'armed') {
    const known = arming.fingerprint
    if (known.healthUrl !== configured.healthUrl || known.ssh !== configured.ssh)
      return { ...state, arming: { kind: 'unarmed', why: 'changed', since: moment.now } }
    if (vm !== undefined && known.instanceId !== undefined && known.instanceId !== vm.instanceId)
      return { ...state, arming: { kind: 'unarmed', why: 'replaced', since: moment.now } }
    const fingerprint = {
      ...known,
      ...(vm !== undefined && known.instanceId === undefined
        ? { instanceId: vm.instanceId, addresses: vm.addresses }
        : {}),
      ...learntHostKeys(known, observation.ssh),
    }
    return same(fingerprint, known) ? state : { ...state, arming: { ...arming, fingerprint } }
  }
  if (judgement.verdict !== 'healthy' || vm === undefined || arming.why === 'state-lost') return state
  const { instanceId, addresses } = vm
  const fingerprint = { ...configured, instanceId, addresses, ...learntHostKeys({}, observation.ssh) }
  return { ...state, arming: { kind: 'armed', at: moment.now, by: 'first healthy look', fingerprint } }
}

/** The first key that an instance proved is the one that it is known by; another one is evidence. */
function learntHostKeys(
  { hostKeys }: Pick<Fingerprint, 'hostKeys'>,
  ssh: SshEvidence | undefined,
): Pick<Fingerprint, 'hostKeys'> {
  if (hostKeys !== undefined || ssh?.kind !== 'ok' || ssh.hostKey === undefined) return {}
  return { hostKeys: [ssh.hostKey] }
}

const rememberHealth: Step = (subject, judgement) => {
  const { state, policy, observation, moment } = subject
  if (works(subject, judgement)) {
    const http = newestHttp(observation)
    const endsSomething = state.failingSince !== undefined || state.failures.length > 0
    const recent = state.failures.filter(({ at }) => moment.now - at <= policy.confirmation.flapWindowMs)
    return {
      ...without(
        state,
        'failingSince',
        'innerGuardSince',
        'silentSince',
        'transitionSince',
        'downSince',
        'unclearSince',
        'grace',
        'relookAt',
        'stockOut',
        'secretsSupplied',
      ),
      failures: recent,
      bannerTimeouts: 0,
      graceSpent: false,
      healthySince: state.healthySince ?? moment.now,
      servedByKit: http?.kind === 'ok' && http.kit !== undefined,
      ...(endsSomething && state.failingSince !== undefined ? { lastHealthyAt: moment.now } : {}),
    }
  }
  if (judgement.verdict === 'inconclusive') return state
  const healthyForMs = state.healthySince === undefined ? 0 : moment.now - state.healthySince
  return {
    // Probation begins anew with the next health.
    ...without(state, 'healthySince', 'probationUntil'),
    failingSince: state.failingSince ?? moment.now,
    ...(healthyForMs >= policy.cooldown.resetAfterHealthMs ? { cooldownResetAt: moment.now } : {}),
  }
}

const rememberSuspicion: Step = (subject, judgement) => {
  const { policy, observation, moment } = subject
  const state = withoutUnclearCall(subject.state, judgement)
  if (works(subject, judgement)) return state
  const { cause } = judgement
  const silent = !httpWorks(observation) && sshIsSilent(observation)
  const witnessed = observation.ssh !== undefined
  const vm = observation.vm?.kind === 'seen' ? observation.vm : undefined
  const power = vm === undefined ? undefined : powerOf(vm.status)
  const since = (known: number | undefined, holds: boolean): number | undefined =>
    holds ? (known ?? moment.now) : undefined
  // A VM that SSH got into was not silent: such a tick is no half of a silence that stands.
  const counts = judgement.certainty === 'ambiguous' || (cause === 'path-broken' && silent)
  const next = {
    ...state,
    failures:
      cause !== undefined && counts && judgement.verdict !== 'inconclusive'
        ? rememberFailure(policy, state, cause, moment.now)
        : state.failures,
    innerGuardSince: since(
      state.innerGuardSince,
      state.innerGuardSince !== undefined || cause === 'inner-guard-at-work',
    ),
    unclearSince: since(state.unclearSince, judgement.verdict === 'inconclusive' && cause !== 'guard-young'),
    youngExcuses:
      cause === 'guard-young' ? [...state.youngExcuses, moment.now].slice(-8) : state.youngExcuses,
    ...(witnessed
      ? {
          bannerTimeouts: observation.ssh?.kind === 'banner-timeout' ? state.bannerTimeouts + 1 : 0,
          silentSince: since(state.silentSince, silent && cause !== 'guard-offline'),
        }
      : {}),
    ...(power === undefined
      ? {}
      : {
          transitionSince: since(state.transitionSince, power === 'changing'),
          downSince: since(state.downSince, power === 'down'),
        }),
  }
  return next as TargetState
}

/** A person who was called because nothing was clear was not called for what is clear now. */
function withoutUnclearCall(state: TargetState, { verdict }: Judgement): TargetState {
  const { calledPerson, unclearSince } = state
  if (calledPerson === undefined || unclearSince === undefined || verdict === 'inconclusive') return state
  const wasUnclear = calledPerson.final !== true && calledPerson.at >= unclearSince
  return wasUnclear ? without(state, 'calledPerson') : state
}

/** Grace begins with the look that first shows the boot, whatever else is pending: the next one knows it already. */
const rememberBoot: Step = (subject, judgement) => {
  const { state, policy, moment } = subject
  const boot = state.graceSpent || works(subject, judgement) ? undefined : bootSeen(subject)
  if (boot === undefined) return state
  return {
    ...state,
    grace: { since: moment.now, until: moment.now + policy.graceMs, why: boot },
    graceSpent: true,
  }
}

const rememberWitnesses: Step = (subject, { cause }) => {
  const { state, policy, observation, moment } = subject
  const beat = observation.heartbeat
  const vm = observation.vm?.kind === 'seen' ? observation.vm : undefined
  const ssh = observation.ssh
  const beatIsNew =
    beat?.kind === 'seen' && (beat.at !== state.heartbeat?.at || beat.bootId !== state.heartbeat.bootId)
  const bootId = seenBootId(observation) ?? state.bootId
  const base = ssh?.kind === 'ok' ? without(state, 'sshTrouble') : state
  // What a guard that is cut off did not hear says nothing of the target's SSH.
  const ownFault = cause === 'guard-offline' || cause === 'guard-young'
  const trouble =
    ssh === undefined || ssh.kind === 'ok' || ownFault
      ? {}
      : {
          sshTrouble: {
            kind: ssh.kind,
            since: state.sshTrouble?.since ?? moment.now,
            ...(ssh.detail === undefined ? {} : { detail: ssh.detail }),
          },
        }
  // Written now and then only: it is the clock of an hourly check, not news.
  const checkIsOld = moment.now - (state.sshCheckedAt ?? 0) >= policy.ssh.recheckEveryMs
  return {
    ...base,
    ...trouble,
    ...(ssh !== undefined && checkIsOld ? { sshCheckedAt: moment.now } : {}),
    ...(beatIsNew ? { heartbeat: { at: beat.at, bootId: beat.bootId, seenAt: moment.now } } : {}),
    ...(vm?.serial === undefined ? {} : { serialNext: vm.serial.next }),
    ...(bootId === undefined ? {} : { bootId }),
  }
}

/** Only a new verdict or cause is news; the words may change from tick to tick. */
const rememberVerdict: Step = ({ state, moment }, { verdict, cause, reason }) => {
  if (state.lastVerdict?.verdict === verdict && state.lastVerdict.cause === cause) return state
  return {
    ...state,
    lastVerdict: compact({ verdict, cause, reason, at: moment.now }) as NonNullable<
      TargetState['lastVerdict']
    >,
  }
}

/** While the last incident is named, each look reads it: no longer than it may be opened again. */
const forgetWhatIsOver: Step = ({ state, policy, moment }) => {
  const { lastIncident } = state
  const isOver = lastIncident !== undefined && moment.now - lastIncident.closedAt > policy.incident.reopenMs
  return isOver ? without(state, 'lastIncident') : state
}

/** A boot that somebody caused since the last look: another boot id, or a kernel that began on the serial console. */
function bootSeen({ state, observation }: Case): string | undefined {
  const bootId = seenBootId(observation)
  if (bootId !== undefined && state.bootId !== undefined && bootId !== state.bootId) return 'a new boot id'
  const vm = observation.vm
  if (vm?.kind === 'seen' && vm.serial?.booted === true && state.serialNext !== undefined)
    return 'a kernel began to boot on the serial console'
  return undefined
}
