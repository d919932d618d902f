/** What a cause means and what the guard does about it: `2-behaviour` in two sentences each, for somebody woken at night. */
import { assertNever } from '../../core/assert-never.ts'
import type { Language } from '../../core/channel.ts'
import type { Cause } from '../../core/state.ts'
import { say } from '../../words/say.ts'

export function causeExplained(cause: Cause, language: Language): string {
  switch (cause) {
    case 'workload-failed':
      return say(
        language,
        'SSH works and systemd says that the unit failed. The guard restarts that unit only.',
      )
    case 'inner-guard-at-work':
      return say(
        language,
        'Podman and systemd on the VM are already restarting it. The guard waits for them, five minutes at most.',
      )
    case 'workload-hung':
      return say(
        language,
        'The unit seems to run, yet its endpoint does not answer from inside the VM either. The guard restarts the unit; should that not help, a reboot may follow.',
      )
    case 'path-broken':
      return say(
        language,
        'The VM works; only the way from here to its health endpoint does not. Nothing on the VM would mend that, so nothing is done to it.',
      )
    case 'stopped-by-person':
      return say(language, 'A person stopped it, or it looks so. The guard leaves it off and asks.')
    case 'podman-wedged':
      return say(
        language,
        'SSH works, but Podman does not answer any more. Once that is confirmed, the guard reboots the VM.',
      )
    case 'vm-frozen':
      return say(
        language,
        'Neither HTTP, SSH nor the heartbeat gets through while Compute says that the VM runs: the kernel hangs, or memory ran out. Once that is confirmed, the guard resets the VM.',
      )
    case 'vm-unreachable':
      return say(
        language,
        'Nothing answers, and there is no heartbeat that could tell a frozen VM from a broken path. The guard resets it only when a neighbour on the same path answers, or after a long silence.',
      )
    case 'no-way-in':
      return say(
        language,
        'The VM lives but lets the guard in no more: the login, the host key or the gate refuses. A person has to look.',
      )
    case 'recovery-path-broken':
      return say(
        language,
        'The workload answers, but SSH does not: should it break now, the guard could not mend it gently.',
      )
    case 'pressure':
      return say(
        language,
        'Memory, swap or disk is over its threshold. The guard only tells; it does nothing about it.',
      )
    case 'vm-down':
      return say(language, 'The VM was preempted, or its host failed. The guard starts it again.')
    case 'vm-in-transition':
      return say(language, 'Compute is changing the state of the VM. The guard waits for its end.')
    case 'vm-replaced':
      return say(
        language,
        'It is gone, or is another VM than the one that was armed. The guard does not touch it until a person arms it.',
      )
    case 'guard-offline':
      return say(
        language,
        'The guard itself reaches nothing: that says nothing of the target, so nothing is done.',
      )
    case 'guard-young':
      return say(
        language,
        'The guard has just started, and its network may not be up yet. It looks again before it believes the silence.',
      )
    default:
      return assertNever(cause)
  }
}
