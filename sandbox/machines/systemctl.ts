/** systemd's commands on a simulated machine: show, reset-failed, restart, reboot. */
import { statusOutput } from './black-box-output.ts'
import { failed, type Invocation, ok, type Reply, type ShellHost } from './shell-host.ts'
import { showOutput } from './systemd-output.ts'
import type { Workload } from './workload.ts'

const EXIT_NOT_LOADED = 5

export async function systemctl(host: ShellHost, invocation: Invocation): Promise<Reply> {
  const [verb, ...rest] = invocation.words.filter((word) => word !== '--no-block' && word !== '--')
  if (verb === 'show') return show(host, rest)
  if (!invocation.root) return failed(1, 'Interactive authentication required.')
  const unit = rest[0] ?? ''
  const workload = host.workloads.find((one) => one.options.unit === unit)
  switch (verb) {
    case 'reboot':
      host.reboot()
      return ok('')
    case 'reset-failed':
      workload?.resetFailed()
      return workload === undefined
        ? failed(1, `Failed to reset failed state of unit ${unit}: Unit ${unit} not loaded.`)
        : ok('')
    case 'restart':
      return workload === undefined
        ? failed(EXIT_NOT_LOADED, `Failed to restart ${unit}: Unit ${unit} not found.`)
        : restart(host, workload)
    default:
      return failed(1, `Unknown command verb '${verb ?? ''}'.`)
  }
}

function show(host: ShellHost, words: readonly string[]): Reply {
  const properties = words
    .filter((word) => word.startsWith('--property='))
    .flatMap((word) => word.slice('--property='.length).split(','))
  const units = words.filter((word) => !word.startsWith('--'))
  return ok(
    showOutput(
      units.map((unit) => ({
        unit,
        state: host.workloads.find((workload) => workload.options.unit === unit)?.state(),
      })),
      properties,
    ),
  )
}

/** STATUS_SCRIPT: what is there on stdout, what isn't on stderr; the exit code is that of `head`. */
export function status(host: ShellHost, units: readonly string[]): Reply {
  const found = host.workloads.filter(({ options }) => units.includes(options.unit))
  const missing = units.filter((unit) => !found.some(({ options }) => options.unit === unit))
  return {
    stdout: statusOutput(found, host.now()),
    stderr: missing.map((unit) => `Unit ${unit} could not be found.\n`).join(''),
    exitCode: 0,
  }
}

async function restart(host: ShellHost, workload: Workload): Promise<Reply> {
  const { unit } = workload.options
  // With Podman wedged the stop of its container never ends.
  if (host.wedged()) return new Promise(() => undefined)
  host.tell(`systemctl restart ${unit}`)
  if ((await workload.restart()) === 'active') return ok('')
  return failed(
    1,
    `Job for ${unit} failed because the control process exited with error code.\n` +
      `See "systemctl status ${unit}" and "journalctl -xeu ${unit}" for details.`,
  )
}
