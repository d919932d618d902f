/** Podman's commands. `timeout` bounds them on the VM, so that a wedged Podman leaves no process behind. */
import type { Command } from './command.ts'

export const LABEL_SOURCE = 'nightguard.source'
export const LABEL_VERSION = 'nightguard.version'

/** `timeout` ends a command with one of these when it hung. */
export const EXIT_TIMED_OUT = [124, 137] as const

function podman(seconds: number, words: readonly string[]): Command {
  return { argv: ['timeout', '--kill-after=1', String(seconds), 'podman', ...words], root: true }
}

/** A JSON array of those that exist; exit code 125 when one is missing. */
export function inspectContainers(
  names: readonly string[],
  { timeoutSeconds }: { timeoutSeconds: number },
): Command {
  return podman(timeoutSeconds, ['container', 'inspect', ...names])
}

/** A JSON array of those that exist, values not included; exit code 125 when one is missing. */
export function inspectSecrets(
  names: readonly string[],
  { timeoutSeconds }: { timeoutSeconds: number },
): Command {
  return podman(timeoutSeconds, ['secret', 'inspect', ...names])
}

/** The value is read from stdin. `--replace` needs Podman 4.7. */
export function createSecret(
  { name, source, version }: { name: string; source: string; version: string },
  { timeoutSeconds }: { timeoutSeconds: number },
): Command {
  return podman(timeoutSeconds, [
    'secret',
    'create',
    '--replace',
    `--label=${LABEL_SOURCE}=${source}`,
    `--label=${LABEL_VERSION}=${version}`,
    name,
    '-',
  ])
}
