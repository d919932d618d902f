/**
 * What is asked of a machine for the black box, before it goes down. Each command is bounded by `timeout` on the
 * machine, so that one that hangs leaves no process behind, and prints less than the connection takes. What of
 * the answers is kept is the adapter's work.
 */
import type { Command } from './command.ts'

type Bound = { readonly timeoutSeconds: number }

function bounded(words: readonly string[], { timeoutSeconds }: Bound): Command['argv'] {
  return ['timeout', '--kill-after=1', String(timeoutSeconds), ...words]
}

const UNIT = /^[A-Za-z0-9_][A-Za-z0-9:_.@\\-]*\.[a-z]+$/
const CONTAINER = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/

/** A number would be taken for a process, `*` for a pattern, nothing at all for the whole system. */
function operands(words: readonly string[], form: RegExp): readonly string[] {
  const wrong = words.find((word) => !form.test(word))
  if (wrong !== undefined) throw new TypeError(`Not a name to ask about: ${wrong}`)
  if (words.length === 0) throw new TypeError('Nothing to ask about')
  return words
}

/** `$@` are the units. It lists the processes of each with all their words, which have no bound of their own. */
export const STATUS_SCRIPT = 'systemctl status --no-pager --full --lines=0 -- "$@" | head -c 65536'

/** Without journal lines. Throws `TypeError` for no units, or one that is no unit's name. */
export function statusOfUnits(units: readonly string[], bound: Bound): Command {
  const names = operands(units, UNIT)
  return { argv: bounded(['sh', '-c', STATUS_SCRIPT, 'nightguard-status', ...names], bound), root: false }
}

/**
 * A line of JSON a container, made of these fields and no others: neither environment nor arguments, mounts, labels
 * or the output of health checks leave the machine. Fields: Podman's libpod/define/container_inspect.go, 4.0 and later.
 */
export const CONTAINER_TEMPLATE = `{${[
  '"name":{{json .Name}}',
  '"id":{{json .ID}}',
  '"image":{{json .ImageName}}',
  '"status":{{json .State.Status}}',
  '"running":{{json .State.Running}}',
  '"oomKilled":{{json .State.OOMKilled}}',
  '"exitCode":{{json .State.ExitCode}}',
  '"error":{{json .State.Error}}',
  '"startedAt":{{json .State.StartedAt}}',
  '"finishedAt":{{json .State.FinishedAt}}',
  '"health":{{with .State.Health}}{{json .Status}}{{else}}null{{end}}',
  '"failingStreak":{{with .State.Health}}{{json .FailingStreak}}{{else}}null{{end}}',
  '"restarts":{{json .RestartCount}}',
  '"memoryBytes":{{json .HostConfig.Memory}}',
  '"memorySwapBytes":{{json .HostConfig.MemorySwap}}',
  '"memoryReservationBytes":{{json .HostConfig.MemoryReservation}}',
].join(',')}}`

/** Throws `TypeError` for no containers, or one that is no container's name. Exit code 125 when one isn't there. */
export function describeContainers(containers: readonly string[], bound: Bound): Command {
  const names = operands(containers, CONTAINER)
  const words = ['podman', 'container', 'inspect', `--format=${CONTAINER_TEMPLATE}`, '--', ...names]
  return { argv: bounded(words, bound), root: true }
}

/** The kernel's own ring first: it asks nothing of a disk or a journal that may hang. The newest 128 KiB. */
export const KERNEL_LOG_SCRIPT = [
  '{ dmesg --kernel --color=never ||',
  'journalctl --dmesg --boot=0 --no-pager --quiet --output=short-monotonic --lines=2000',
  '} 2>/dev/null | tail -c 131072',
].join('\n')

/** `[  123.456789] words` a line; from the journal, with host and `kernel:` before the words. */
export function kernelLog(bound: Bound): Command {
  return { argv: bounded(['sh', '-c', KERNEL_LOG_SCRIPT, 'nightguard-kernel-log'], bound), root: true }
}

/** The kernel's figures, an empty line, and what `free` makes of them in MiB. */
export const MEMORY_SCRIPT = 'cat /proc/meminfo\necho\nfree -m'

export function memoryFigures(bound: Bound): Command {
  return { argv: bounded(['sh', '-c', MEMORY_SCRIPT, 'nightguard-memory'], bound), root: false }
}

export const PRESSURE_FILES = ['/proc/pressure/cpu', '/proc/pressure/memory', '/proc/pressure/io'] as const

/** `file:some avg10=… avg60=… avg300=… total=…` a line. Exit code 2 where the kernel has no PSI. */
export function pressureFigures(bound: Bound): Command {
  return { argv: bounded(['grep', '--with-filename', '.', ...PRESSURE_FILES], bound), root: false }
}
