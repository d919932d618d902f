/**
 * The machine's command line: answers the very commands of src/commands with the output of the real tools.
 * Anything else is not found. Who may log in, and over which wire, is ssh-server.ts's business.
 */
import {
  KERNEL_LOG_SCRIPT,
  MEMORY_SCRIPT,
  PRESSURE_FILES,
  STATUS_SCRIPT,
} from '../../src/commands/black-box.ts'
import {
  EXIT_BUSY,
  EXIT_FENCED,
  FACTS_SCRIPT,
  FENCED_SCRIPT,
  RUN_DIRECTORY,
} from '../../src/commands/machine.ts'
import { RESTART_SCRIPT } from '../../src/commands/systemd.ts'
import { parseCommandLine } from './argv.ts'
import { memoryOutput, pressureOutput } from './black-box-output.ts'
import { curl } from './curl.ts'
import { podman } from './podman.ts'
import { failed, type Invocation, ok, type Reply, type ShellHost } from './shell-host.ts'
import { status, systemctl } from './systemctl.ts'

/** Runs what a session's exec request asks for. */
export function runLine(
  host: ShellHost,
  { line, user, stdin }: { line: string; user: string; stdin: () => Promise<string> },
): Promise<Reply> {
  const words = parseCommandLine(line)
  if (words === undefined) {
    return Promise.resolve(failed(127, `bash: line 1: ${line.slice(0, 80)}: command not found`))
  }
  return run(host, { words, root: user === 'root', stdin })
}

async function run(host: ShellHost, invocation: Invocation): Promise<Reply> {
  const [name, ...rest] = invocation.words
  switch (name) {
    case 'sudo':
      if (rest[0] !== '-n' || rest[1] !== '--') return failed(1, 'sudo: a password is required')
      return run(host, { ...invocation, words: rest.slice(2), root: true })
    case 'timeout':
      return timeout(host, { ...invocation, words: rest })
    case 'sh':
      return script(host, { ...invocation, words: rest })
    case 'podman':
      return podman(host, { ...invocation, words: rest })
    case 'systemctl':
      return systemctl(host, { ...invocation, words: rest })
    case 'curl':
      return curl(host, rest)
    case 'grep':
      return grep(host, rest)
    case undefined:
      return ok('')
    default:
      return failed(127, `bash: line 1: ${name}: command not found`)
  }
}

/** `timeout --kill-after=1 SECONDS COMMAND…`: 124 when the time was up. */
async function timeout(host: ShellHost, invocation: Invocation): Promise<Reply> {
  const words = invocation.words[0]?.startsWith('--kill-after=')
    ? invocation.words.slice(1)
    : invocation.words
  const seconds = Number(words[0])
  if (!Number.isFinite(seconds)) return failed(125, `timeout: invalid time interval '${words[0] ?? ''}'`)
  let cancel = (): void => undefined
  const timeIsUp = new Promise<Reply>((resolve) => {
    cancel = host.timers.after(seconds * 1_000, () => resolve({ stdout: '', stderr: '', exitCode: 124 }))
  })
  const reply = await Promise.race([run(host, { ...invocation, words: words.slice(1) }), timeIsUp])
  cancel()
  return reply
}

/** `sh -c SCRIPT NAME ARGUMENTS…`, for the scripts that the guard has. */
async function script(host: ShellHost, invocation: Invocation): Promise<Reply> {
  const [flag, text, , ...rest] = invocation.words
  if (flag === '-c' && text === FACTS_SCRIPT) return ok(facts(host))
  if (flag === '-c' && text === FENCED_SCRIPT) return fenced(host, { ...invocation, words: rest })
  if (flag === '-c' && text === STATUS_SCRIPT) return status(host, rest)
  // The kernel's log is root's alone (kernel.dmesg_restrict); both ways to it fail without a word.
  if (flag === '-c' && text === KERNEL_LOG_SCRIPT) return ok(invocation.root ? host.kernelLog() : '')
  if (flag === '-c' && text === MEMORY_SCRIPT) return ok(memoryOutput(host.vitalsNow()))
  if (flag === '-c' && text === RESTART_SCRIPT) {
    const unit = rest[0] ?? ''
    await run(host, { ...invocation, words: ['systemctl', 'reset-failed', '--', unit] })
    return run(host, { ...invocation, words: ['systemctl', 'restart', '--', unit] })
  }
  return failed(127, `sh: 1: ${(text ?? '').slice(0, 80)}: not found`)
}

/** `grep --with-filename . FILES`, of the files that the guard reads. */
function grep(host: ShellHost, words: readonly string[]): Reply {
  const [flag, pattern, ...files] = words
  const known = files.every((file) => PRESSURE_FILES.some((path) => path === file))
  if (flag !== '--with-filename' || pattern !== '.' || !known) return failed(2, 'grep: no such file')
  return ok(pressureOutput(host.vitalsNow(), files))
}

function facts(host: ShellHost): string {
  const fence = host.run.fence()
  const last = host.run.lastActionId()
  return [
    `boot_id=${host.bootId()}`,
    `uptime=${(host.uptimeMs() / 1_000).toFixed(2)}`,
    `held=${host.run.held() ? 'yes' : 'no'}`,
    ...(fence === undefined ? [] : [`fence=${fence}`]),
    ...(last === undefined ? [] : [`last=${last}`]),
    '',
  ].join('\n')
}

/** FENCED_SCRIPT: the lock is held until the order ends, for `exec` hands the descriptor on. */
async function fenced(host: ShellHost, invocation: Invocation): Promise<Reply> {
  if (!invocation.root) {
    return failed(73, `mkdir: cannot create directory '${RUN_DIRECTORY}': Permission denied`)
  }
  const [fence, actionId, ...order] = invocation.words
  const release = await host.run.lock(host.timing.lockWaitMs)
  if (release === undefined) return { stdout: '', stderr: '', exitCode: EXIT_BUSY }
  // Not in a `finally`: an order that never ends (the power went) keeps the lock until the next boot.
  const reply = await underLock(host, { ...invocation, words: order }, { fence, actionId })
  release()
  return reply
}

async function underLock(
  host: ShellHost,
  invocation: Invocation,
  { fence, actionId }: { fence: string | undefined; actionId: string | undefined },
): Promise<Reply> {
  const seen = host.run.fence() ?? 0
  if (fence === undefined || actionId === undefined || !/^\d+$/.test(fence) || Number(fence) < seen) {
    host.tell(`refuses an order with fence ${fence ?? '?'}: it has seen ${seen}`)
    return { stdout: '', stderr: '', exitCode: EXIT_FENCED }
  }
  host.run.write({ fence: Number(fence), actionId })
  return run(host, invocation)
}
