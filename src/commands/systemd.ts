/** systemd's commands, and what is asked of a unit. */
import type { Command } from './command.ts'

export const UNIT_PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'InvocationID',
  'TimeoutStartUSec',
] as const

/** One block of `Name=value` lines a unit, blocks parted by an empty line. */
export function showUnits(units: readonly string[]): Command {
  return {
    argv: ['systemctl', 'show', `--property=${UNIT_PROPERTIES.join(',')}`, '--', ...units],
    root: false,
  }
}

/**
 * A restart that hangs (a wedged Podman) must not keep the lock of the fenced order from the reboot that would
 * mend it. Only the waiting ends: systemd goes on with its job.
 */
const RESTART_WAIT_SECONDS = 20

/** `$1` is the unit. A unit that hit its start limit can't be started before `reset-failed`. */
export const RESTART_SCRIPT = [
  'systemctl reset-failed -- "$1" 2>/dev/null',
  `exec timeout --kill-after=1 ${RESTART_WAIT_SECONDS} systemctl restart -- "$1"`,
].join('\n')

/** Recreates the container of a Quadlet unit, unlike `podman restart`, which keeps the old secrets. */
export function restartUnit(unit: string): Command {
  return { argv: ['sh', '-c', RESTART_SCRIPT, 'nightguard-restart', unit], root: true }
}

/** Graceful; `--no-block` so that the answer comes before the connection goes. */
export function reboot(): Command {
  return { argv: ['systemctl', '--no-block', 'reboot'], root: true }
}
