/** The state of a target that was never seen, or whose state was lost. */

import type { Arming, Fingerprint, TargetState } from './state.ts'
import { STATE_SCHEMA } from './state.ts'
import type { Target } from './target.ts'

export function newState(target: Target, why: 'new' | 'state-lost', now: number): TargetState {
  const arming: Arming = { kind: 'unarmed', why, since: now }
  return {
    schema: STATE_SCHEMA,
    target: target.id,
    phase: 'unarmed',
    phaseSince: now,
    reason: describeUnarmed(arming),
    arming,
    failures: [],
    bannerTimeouts: 0,
    youngExcuses: [],
    graceSpent: false,
    fence: 0,
    uses: [],
    ladder: [],
    breaker: { kind: 'closed' },
    applied: [],
    hours: [],
    days: [],
  }
}

export function describeUnarmed(arming: Extract<Arming, { kind: 'unarmed' }>): string {
  switch (arming.why) {
    case 'new':
      return 'never seen healthy yet: watched, not acted on'
    case 'changed':
      return 'its configuration changed and it was not seen healthy since: watched, not acted on'
    case 'replaced':
      return 'another instance than the armed one: watched, not acted on until it is seen healthy'
    case 'state-lost':
      return 'its state was lost: watched, not acted on until a person arms it'
  }
}

/** What of the configuration a target is armed under. */
export function configuredFingerprint(target: Target): Pick<Fingerprint, 'healthUrl' | 'ssh'> {
  return {
    healthUrl: target.health.url,
    ssh: `${target.ssh.user}@${target.ssh.host}:${target.ssh.port}`,
  }
}
