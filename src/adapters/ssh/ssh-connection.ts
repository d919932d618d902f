/**
 * Commands on one SSH connection, side by side, each bounded in time and bytes, and all of them in what the
 * machine may send at all. What an exit code means is known to whoever asked.
 */
import type { Socket } from 'node:net'
import type { NodeSSH } from 'node-ssh'
import { plainText } from '../../core/plain-text.ts'

export type CommandResult =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** By a signal, or without saying how. */
  | { readonly kind: 'ended'; readonly detail: string }
  | { readonly kind: 'timed-out'; readonly afterMs: number }
  /** It said more than 256 KiB; the connection was closed for it. */
  | { readonly kind: 'flooded' }
  /** The connection was lost; the command may have run. */
  | { readonly kind: 'lost' }
  /** The connection had ended before: it was not run. */
  | { readonly kind: 'not-sent' }
  /** The machine does not run commands for us: it was not run. */
  | { readonly kind: 'refused'; readonly detail: string }

export type CommandOptions = { readonly timeoutMs: number; readonly stdin?: string }

export type SshConnection = {
  run(commandLine: string, options: CommandOptions): Promise<CommandResult>
  close(): void
}

export const OUTPUT_BYTES_MAX = 256 * 1024
/** Of one connection: five full outputs, and what SSH puts around them. */
const CONNECTION_BYTES_MAX = 2 * 1024 * 1024

type Output = { readonly stdout: Buffer[]; readonly stderr: Buffer[]; bytes: number }
type End = 'open' | 'lost' | 'flooded' | 'deadline'

export function createConnection({
  ssh,
  socket,
  deadline,
}: {
  ssh: NodeSSH
  socket: Socket
  deadline: AbortSignal
}): SshConnection {
  let ended: End = 'open'
  const end = (why: End) => {
    if (ended === 'open') ended = why
    socket.destroy()
  }
  const atDeadline = () => end('deadline')
  socket.once('close', () => end('lost'))
  socket.on('data', () => {
    if (socket.bytesRead > CONNECTION_BYTES_MAX) end('flooded')
  })
  deadline.addEventListener('abort', atDeadline, { once: true })
  if (deadline.aborted) atDeadline()

  return {
    async run(commandLine, { timeoutMs, stdin }) {
      if (ended !== 'open') return { kind: 'not-sent' }
      const startedAt = performance.now()
      const result = await runCommand(ssh, commandLine, {
        timeoutMs,
        ...(stdin === undefined ? {} : { stdin }),
        onFlood: () => end('flooded'),
      })
      if (result.kind === 'exited' || result.kind === 'timed-out' || ended === 'open') return result
      if (ended === 'flooded') return { kind: 'flooded' }
      if (ended === 'deadline')
        return { kind: 'timed-out', afterMs: Math.round(performance.now() - startedAt) }
      return { kind: 'lost' }
    },
    close() {
      deadline.removeEventListener('abort', atDeadline)
      ssh.dispose()
      // A machine that never closes its side must not keep ours.
      socket.destroy()
    },
  }
}

async function runCommand(
  ssh: NodeSSH,
  commandLine: string,
  { timeoutMs, stdin, onFlood }: CommandOptions & { onFlood: () => void },
): Promise<CommandResult> {
  const output: Output = { stdout: [], stderr: [], bytes: 0 }
  const collect = (chunks: Buffer[]) => (chunk: Buffer) => {
    output.bytes += chunk.byteLength
    if (output.bytes > OUTPUT_BYTES_MAX) onFlood()
    else chunks.push(chunk)
  }
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<CommandResult>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timed-out', afterMs: timeoutMs }), timeoutMs)
  })
  const execution = ssh
    .execCommand(commandLine, {
      ...(stdin === undefined ? {} : { stdin }),
      noTrim: true,
      onStdout: collect(output.stdout),
      onStderr: collect(output.stderr),
    })
    .then(
      ({ code, signal }) => resultOf({ code, signal, output }),
      (error: Error): CommandResult => ({ kind: 'refused', detail: plainText(error.message, 120) }),
    )
  try {
    return await Promise.race([execution, timeout])
  } finally {
    clearTimeout(timer)
  }
}

function resultOf({
  code,
  signal,
  output,
}: {
  code: number | null
  signal: string | null
  output: Output
}): CommandResult {
  if (output.bytes > OUTPUT_BYTES_MAX) return { kind: 'flooded' }
  if (code !== null)
    return { kind: 'exited', code, stdout: textOf(output.stdout), stderr: textOf(output.stderr) }
  return {
    kind: 'ended',
    detail: signal === null ? 'no exit code came' : `ended by ${plainText(signal, 20)}`,
  }
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
