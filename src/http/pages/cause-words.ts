/** What a cause means and what the guard does about it, in two sentences each, for somebody woken at night. */
import type { Language } from '../../core/channel.ts'
import type { Cause } from '../../core/state.ts'
import { say } from '../../words/say.ts'

const CAUSES: Readonly<Record<Cause, string>> = {
  'workload-failed': 'SSH works and systemd says that the unit failed. The guard restarts that unit only.',
  'inner-guard-at-work':
    'Podman and systemd on the VM are already restarting it. The guard waits for them, five minutes at most.',
  'workload-hung':
    'The unit seems to run, yet its endpoint does not answer from inside the VM either. The guard restarts the unit; should that not help, a reboot may follow.',
  'path-broken':
    'The VM works; only the way from here to its health endpoint does not. Nothing on the VM would mend that, so nothing is done to it.',
  'stopped-by-person': 'A person stopped it, or it looks so. The guard leaves it off and asks.',
  'podman-wedged':
    'SSH works, but Podman does not answer any more. Once that is confirmed, the guard reboots the VM.',
  'vm-frozen':
    'Neither HTTP, SSH nor the heartbeat gets through while Compute says that the VM runs: the kernel hangs, or memory ran out. Once that is confirmed, the guard resets the VM.',
  'vm-unreachable':
    'Nothing answers, and there is no heartbeat that could tell a frozen VM from a broken path. The guard resets it only when a neighbour on the same path answers, or after a long silence.',
  'no-way-in':
    'The VM lives but lets the guard in no more: the login, the host key or the gate refuses. A person has to look.',
  'recovery-path-broken':
    'The workload answers, but SSH does not: should it break now, the guard could not mend it gently.',
  pressure: 'Memory, swap or disk is over its threshold. The guard only tells; it does nothing about it.',
  'vm-down': 'The VM was preempted, or its host failed. The guard starts it again.',
  'vm-in-transition': 'Compute is changing the state of the VM. The guard waits for its end.',
  'vm-replaced':
    'It is gone, or is another VM than the one that was armed. The guard does not touch it until a person arms it.',
  'guard-offline': 'The guard itself reaches nothing: that says nothing of the target, so nothing is done.',
  'guard-young':
    'The guard has just started, and its network may not be up yet. It looks again before it believes the silence.',
}

export function causeExplained(cause: Cause, language: Language): string {
  return say(language, CAUSES[cause])
}
