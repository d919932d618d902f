/**
 * What systemd 257, procps 4 and the kernel print when they are asked for the black box: `systemctl status`,
 * /proc/meminfo, `free -m` and PSI. Command lines are in it, as on a real machine, secrets in their words included.
 */
import type { Vitals } from './vitals.ts'
import type { Workload } from './workload.ts'

const KIB_A_MIB = 1024

/** `systemctl status --no-pager --full --lines=0`; a unit that isn't there is told on stderr. */
export function statusOutput(workloads: readonly Workload[], now: number): string {
  return workloads.map((workload) => statusOf(workload, now)).join('\n')
}

function statusOf(workload: Workload, now: number): string {
  const { unit } = workload.options
  const { active, sub, result, load, invocationId } = workload.state()
  const container = workload.current()
  const bullet = active === 'active' ? '●' : active === 'failed' ? '×' : '○'
  const why = result === 'success' ? sub : `Result: ${result}`
  const since = container?.startedAt ?? now
  return [
    `${bullet} ${unit} - ${unit.replace(/\.service$/, '')} in a container`,
    `     Loaded: ${load} (/etc/containers/systemd/${unit.replace(/\.service$/, '.container')}; generated)`,
    `     Active: ${active} (${why}) since ${dateOf(since)}; ${Math.round((now - since) / 1000)}s ago`,
    ...(invocationId === '' ? [] : [` Invocation: ${invocationId}`]),
    ...(container === undefined ? deadLines(workload) : livingLines(workload, container)),
    '',
  ].join('\n')
}

function livingLines(
  { options, container: name }: Workload,
  { id, pid }: { readonly id: string; readonly pid: number },
): readonly string[] {
  const words = ['/app/agent', ...(options.arguments ?? [])].join(' ')
  return [
    `   Main PID: ${pid - 2} (conmon)`,
    '      Tasks: 4 (limit: 1110)',
    '     Memory: 512.3M (peak: 611.9M swap: 92.1M)',
    '        CPU: 3min 12.480s',
    `     CGroup: /system.slice/${options.unit}`,
    `             ├─libpod-payload-${id}`,
    `             │ └─${pid} ${words}`,
    '             └─runtime',
    `               └─${pid - 2} /usr/bin/conmon --api-version 1 -c ${id} -n ${name} --exit-command-arg rm`,
  ]
}

function deadLines({ options, container }: Workload): readonly string[] {
  const environment = Object.entries(options.environment ?? {}).map(
    ([name, value]) => `--env ${name}=${value}`,
  )
  const words = ['run', '--name', container, ...environment, options.image ?? 'localhost/agent:stable']
  return [
    `    Process: 1201 ExecStart=/usr/bin/podman ${words.join(' ')} (code=exited, status=137)`,
    '   Main PID: 1201 (code=exited, status=137)',
    '        CPU: 12.480s',
  ]
}

/** systemd's: `Sat 2026-01-03 10:00:00 UTC`. */
function dateOf(epochMs: number): string {
  const date = new Date(epochMs)
  const day = date.toUTCString().slice(0, 3)
  return `${day} ${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `cat /proc/meminfo`, an empty line, `free -m`. */
export function memoryOutput({ memory, swap }: Vitals): string {
  const availableMb = memory.totalMb - memory.usedMb
  const freeMb = Math.round(availableMb * 0.4)
  const cacheMb = availableMb - freeMb
  const kilobytes = (name: string, mebibytes: number): string =>
    `${`${name}:`.padEnd(16)}${String(mebibytes * KIB_A_MIB).padStart(8)} kB`
  const row = (name: string, figures: readonly number[]): string =>
    `${name.padEnd(8)}${figures.map((figure) => String(figure).padStart(12)).join('')}`
  return [
    kilobytes('MemTotal', memory.totalMb),
    kilobytes('MemFree', freeMb),
    kilobytes('MemAvailable', availableMb),
    kilobytes('Buffers', 12),
    kilobytes('Cached', cacheMb),
    kilobytes('SwapTotal', swap.totalMb),
    kilobytes('SwapFree', swap.totalMb - swap.usedMb),
    kilobytes('Mapped', 81),
    kilobytes('AnonPages', memory.usedMb - 60),
    kilobytes('Slab', 41),
    'HugePages_Total:       0',
    '',
    '               total        used        free      shared  buff/cache   available',
    row('Mem:', [memory.totalMb, memory.usedMb, freeMb, 4, cacheMb, availableMb]),
    row('Swap:', [swap.totalMb, swap.usedMb, swap.totalMb - swap.usedMb]),
    '',
  ].join('\n')
}

/** `grep --with-filename . FILES`: the cpu has no `full` of its own, but prints a line of zeros. */
export function pressureOutput({ pressure }: Vitals, files: readonly string[]): string {
  const line = (file: string, kind: 'some' | 'full', share: number): string =>
    `${file}:${kind} avg10=${share.toFixed(2)} avg60=${(share * 0.8).toFixed(2)} avg300=${(share * 0.5).toFixed(2)} total=${Math.round(share * 1e6)}\n`
  return files
    .map((file) => {
      const { some, full } = file.endsWith('memory') ? pressure.memory : { some: 0.1, full: 0 }
      return line(file, 'some', some) + line(file, 'full', full)
    })
    .join('')
}
