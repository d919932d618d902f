/** The host keys that an instance has proved earlier, from the state into the target. Learning them is the settling's. */
import type { TargetState } from './state.ts'
import type { Target } from './target.ts'

/**
 * The target as SSH should be told of it: once this instance has proved its host key, no other one is taken, whatever
 * is published now. An unarmed target (new, or another instance than before) learns anew; a key that a person has
 * pinned in the configuration stands above all.
 */
export function withKnownKeys(target: Target, state: Pick<TargetState, 'arming'>): Target {
  const { arming } = state
  if (target.ssh.hostKey.kind !== 'guest-attributes' || arming.kind !== 'armed') return target
  const keys = arming.fingerprint.hostKeys ?? []
  return keys.length === 0 ? target : { ...target, ssh: { ...target.ssh, hostKey: { kind: 'known', keys } } }
}
