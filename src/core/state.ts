/** What is remembered of a target between ticks. Stored as one document; never a secret value in it. */
import type { ActingRung, Action } from './action.ts'
import type { Bucket, PeriodSum } from './bucket.ts'
import type { Button } from './buttons.ts'

export const STATE_SCHEMA = 2

export const PHASES = [
  'unarmed',
  'watching',
  'suspect',
  'waiting',
  'recovering',
  'grace',
  'probation',
  'gave-up',
] as const
export type Phase = (typeof PHASES)[number]

export const VERDICTS = ['healthy', 'degraded', 'unhealthy', 'inconclusive'] as const
export type VerdictKind = (typeof VERDICTS)[number]

export const CAUSES = [
  'workload-failed',
  'inner-guard-at-work',
  'workload-hung',
  'path-broken',
  'stopped-by-person',
  'podman-wedged',
  'vm-frozen',
  'vm-unreachable',
  'no-way-in',
  'recovery-path-broken',
  'pressure',
  'vm-down',
  'vm-in-transition',
  'vm-replaced',
  'guard-offline',
  'guard-young',
] as const
export type Cause = (typeof CAUSES)[number]

/** What the target was when it was armed; another instance id disarms. */
export type Fingerprint = {
  readonly healthUrl: string
  readonly ssh: string
  /** Learnt when Compute was first asked; absent until then. */
  readonly instanceId?: string
  readonly addresses?: readonly string[]
  /** The host keys that this instance showed when SSH first got in; another key is evidence, never pinned anew. */
  readonly hostKeys?: readonly HostKey[]
}

/** As in a known_hosts line. */
export type HostKey = { readonly type: string; readonly base64: string }

export type Arming =
  | {
      readonly kind: 'armed'
      readonly at: number
      readonly by: string
      readonly fingerprint: Fingerprint
    }
  | {
      readonly kind: 'unarmed'
      readonly why: 'new' | 'changed' | 'replaced' | 'state-lost'
      readonly since: number
    }

export type Lease = {
  readonly owner: string
  readonly fence: number
  readonly purpose: 'recovery' | 'sync' | 'manual'
  readonly expiresAt: number
}

export type Use = {
  readonly rung: ActingRung | 'rollout'
  readonly unit?: string
  readonly at: number
}

export type LadderStep = {
  readonly rung: ActingRung
  readonly unit?: string
  /** One of the causes, or `manual`. */
  readonly cause: string
  readonly at: number
  /** The boot it was ordered in: a reboot that leaves it unchanged has not happened. */
  readonly bootId?: string
  /** The target was healthy in time after it. */
  readonly verified: boolean
}

export type Breaker =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'open'
      readonly since: number
      readonly rung: ActingRung
      readonly reason: string
    }

export type Pause = {
  readonly by: string
  readonly reason: string
  readonly since: number
  readonly until: number
}

export type AppliedSecret = {
  readonly name: string
  readonly secret: string
  readonly version: string
  readonly at: number
}

/** Restarts owed to units whose secrets changed; each is restarted once, after all its secrets are in. */
export type Rollout = {
  readonly id: string
  readonly startedAt: number
  readonly units: readonly string[]
  /** The units' invocations before: what proves a restart. */
  readonly before: readonly { readonly unit: string; readonly invocationId: string }[]
  /** Down-time that we cause: the ladder does not count it. */
  readonly expectedDownUntil: number
}

/** What people have been told of the present trouble of a target. */
export type AlertState = {
  readonly thread: string
  readonly subject: 'incident' | 'warning' | 'fleet'
  readonly cause?: Cause | 'manual' | 'fleet'
  readonly since: number
  /** Notices of the thread so far. */
  readonly number: number
  /** When the first one was written; absent while another alert speaks for this target. */
  readonly toldAt?: number
  /** The `calledPerson.at` that was told; of a fleet's: when it was told that the guard has given up on some. */
  readonly calledAt?: number
  /** How many entries the incident's timeline had ever had when it was last told. */
  readonly storyTold?: number
  readonly remindAt?: number
  /** Since when a warning or the fleet's alert does not hold any more: it is over only some time later. */
  readonly goneSince?: number
  /** The end was told: the same incident may yet be opened again. */
  readonly overAt?: number
  /** When the buttons of the newest message were offered, and which of them have been pressed. */
  readonly offeredAt?: number
  readonly pressed: readonly Button[]
  /** A person said: leave it. No more reminders. */
  readonly leftBy?: string
  /** When that was said of it, or of the alert that speaks for it: who falls ill later is another story. */
  readonly leftAt?: number
}

export type TargetState = {
  readonly schema: typeof STATE_SCHEMA
  readonly target: string
  readonly phase: Phase
  readonly phaseSince: number
  readonly reason: string
  readonly arming: Arming
  readonly lastVerdict?: {
    readonly verdict: VerdictKind
    readonly cause?: Cause
    readonly reason: string
    readonly at: number
  }
  readonly healthySince?: number
  /** The last healthy look that was worth writing down: one that ended a suspicion or an outage. */
  readonly lastHealthyAt?: number
  /** Uses before this no longer lengthen a cooldown: an hour of health had been observed when it failed again. */
  readonly cooldownResetAt?: number
  readonly failingSince?: number
  /** Ticks that found the target unhealthy by ambiguous evidence, oldest first. */
  readonly failures: readonly { readonly at: number; readonly cause: Cause }[]
  readonly bannerTimeouts: number
  readonly innerGuardSince?: number
  readonly silentSince?: number
  readonly transitionSince?: number
  /** Since when the VM is down, by Compute's word. */
  readonly downSince?: number
  /** Since when the endpoint fails and nothing can be concluded from what the witnesses say. */
  readonly unclearSince?: number
  /** In this outage secrets that were missing on the VM were put once; if that did not help, the ladder goes on. */
  readonly secretsSupplied?: true
  readonly youngExcuses: readonly number[]
  readonly heartbeat?: { readonly at: number; readonly bootId: string; readonly seenAt: number }
  readonly serialNext?: number
  readonly bootId?: string
  /** The health URL was last answered by the kit, which speaks for all workloads, not by a workload itself. */
  readonly servedByKit?: boolean
  readonly grace?: { readonly since: number; readonly until: number; readonly why: string }
  /** Set once an outage has had its grace; cleared by health. */
  readonly graceSpent: boolean
  readonly probationUntil?: number
  readonly action?: Action
  readonly lease?: Lease
  readonly fence: number
  readonly uses: readonly Use[]
  /** What was tried in this outage, oldest first. */
  readonly ladder: readonly LadderStep[]
  readonly stockOut?: { readonly failures: number; readonly until: number }
  readonly breaker: Breaker
  readonly pause?: Pause
  readonly incidentId?: string
  /** The last incident, while it may still be opened again rather than a new one. */
  readonly lastIncident?: { readonly id: string; readonly closedAt: number }
  /** `final`: the guard gave up, which a person is told even where one was called for less before. */
  readonly calledPerson?: { readonly at: number; readonly reason: string; readonly final?: true }
  /** When an idle target (given up, stopped) gets its next full look. */
  readonly relookAt?: number
  /** When the way in, and the secrets behind it, were last looked at by the clock, whichever process did it. */
  readonly sshCheckedAt?: number
  readonly sshTrouble?: { readonly kind: string; readonly since: number; readonly detail?: string }
  readonly applied: readonly AppliedSecret[]
  readonly syncTrouble?: { readonly since: number; readonly detail: string }
  readonly rollout?: Rollout
  /** What people have been told of the present trouble. */
  readonly alert?: AlertState
  /** This target tells of the whole fleet: one of them does. */
  readonly fleetAlert?: AlertState
  /** The newest notice was written then: until the outbox is known to be empty, it is looked at. */
  readonly outboxDueAt?: number
  /** The newest look that was written down; another process may have looked since. */
  readonly lookedAt?: number
  /** Measured, and not yet appended to the day's roll-up. */
  readonly unrolled?: Bucket
  /** The looks of the last hours and days, oldest first. */
  readonly hours: readonly PeriodSum[]
  readonly days: readonly PeriodSum[]
}
