/** What the guard asks of the machine itself: who it is now, its health from inside, and orders under the fence. */
import type { Command } from './command.ts'

/** Where the machine keeps the fence, the last attempt and a person's wish for peace. */
export const RUN_DIRECTORY = '/run/nightguard'

/** Prints `name=value` lines: boot_id, uptime (seconds), held, and fence and last when there are any. */
export const FACTS_SCRIPT = [
  'echo "boot_id=$(cat /proc/sys/kernel/random/boot_id)"',
  'read -r up _ </proc/uptime; echo "uptime=$up"',
  `if [ -e ${RUN_DIRECTORY}/hold ] || [ -e /etc/nightguard/hold ]; then echo held=yes; else echo held=no; fi`,
  `if [ -r ${RUN_DIRECTORY}/fence ]; then echo "fence=$(cat ${RUN_DIRECTORY}/fence)"; fi`,
  `if [ -r ${RUN_DIRECTORY}/last ]; then echo "last=$(cat ${RUN_DIRECTORY}/last)"; fi`,
].join('\n')

export function facts(): Command {
  return { argv: ['sh', '-c', FACTS_SCRIPT, 'nightguard-facts'], root: false }
}

/** Exit code of a fenced order when the machine has seen a higher fence: it was not carried out. */
export const EXIT_FENCED = 75
/** Exit code of a fenced order when another one holds the lock. */
export const EXIT_BUSY = 74
/** Exit code of a fenced order when the machine could not record it: it was not carried out. */
export const EXIT_NOT_RECORDED = 73
/** Exit code of the kit's gate when it does not let a command through. */
export const EXIT_GATE_REFUSED = 77

/**
 * `$1` is the fence, `$2` the action's id, empty for an order that leaves no trace of its own; the rest is the
 * order, run while the lock is held. Files are renamed into place: a full disk must not leave an empty fence,
 * and one that is no number counts as none, or it would lock the guard out until the next boot.
 */
export const FENCED_SCRIPT = [
  `mkdir -p ${RUN_DIRECTORY} && exec 9>${RUN_DIRECTORY}/lock || exit ${EXIT_NOT_RECORDED}`,
  `flock -w 5 9 || exit ${EXIT_BUSY}`,
  `seen=$(cat ${RUN_DIRECTORY}/fence 2>/dev/null)`,
  `case "$seen" in ''|*[!0-9]*) seen=0;; esac`,
  `[ "$1" -ge "$seen" ] || exit ${EXIT_FENCED}`,
  `record() { printf '%s\\n' "$2" >"${RUN_DIRECTORY}/$1.new" && mv -f "${RUN_DIRECTORY}/$1.new" "${RUN_DIRECTORY}/$1"; }`,
  `record fence "$1" || exit ${EXIT_NOT_RECORDED}`,
  `[ -z "$2" ] || record last "$2" || exit ${EXIT_NOT_RECORDED}`,
  'shift 2; exec "$@"',
].join('\n')

/** Runs `order` under the machine's lock, refused when the machine has seen a higher fence. */
export function fenced(order: Command, { fence, actionId }: { fence: number; actionId: string }): Command {
  return {
    argv: ['sh', '-c', FENCED_SCRIPT, 'nightguard-fenced', String(fence), actionId, ...order.argv],
    root: true,
  }
}

/** The health URL asked from inside; prints the body, a newline and the status code. */
export function askInside(url: string, { timeoutSeconds }: { timeoutSeconds: number }): Command {
  return {
    argv: [
      'curl',
      '--silent',
      '--show-error',
      '--noproxy',
      '*',
      '--max-time',
      String(timeoutSeconds),
      '--max-filesize',
      '65536',
      '--write-out',
      '\n%{http_code}',
      '--',
      url,
    ],
    root: false,
  }
}
