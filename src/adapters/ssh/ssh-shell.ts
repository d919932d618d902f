/**
 * The way onto a VM by node-ssh: one connection a call, under one deadline, always closed. How a login goes is
 * ssh-login.ts's, what answers mean ssh-look.ts's and ssh-result.ts's; when to ask or to order, core's.
 */
import { type Command, commandLine } from '../../commands/command.ts'
import { fenced } from '../../commands/machine.ts'
import { createSecret } from '../../commands/podman.ts'
import { reboot, restartUnit } from '../../commands/systemd.ts'
import type { ActionResult } from '../../core/action.ts'
import type { PutResult } from '../../core/evidence.ts'
import type { Sensitive } from '../../core/sensitive.ts'
import type { Target } from '../../core/target.ts'
import type { Shell, ShellLimits } from '../../ports/shell.ts'
import { askForBlackBox, noSections } from './ssh-black-box.ts'
import type { CommandResult, SshConnection } from './ssh-connection.ts'
import { type CredentialSources, createCredentials, type PinnedKey } from './ssh-credentials.ts'
import { startDeadline } from './ssh-deadline.ts'
import type { NoLogin } from './ssh-failure.ts'
import { logIn } from './ssh-login.ts'
import { lookAround } from './ssh-look.ts'
import { orderResult, rebootResult } from './ssh-result.ts'

export type SshShellOptions = CredentialSources

type Session<Result> =
  | {
      readonly kind: 'used'
      readonly connectedAfterMs: number
      /** The one that the machine proved to have. */
      readonly hostKey: PinnedKey
      readonly result: Result
    }
  | { readonly kind: 'no-login'; readonly why: NoLogin }

type PutOrder = Parameters<Shell['putSecrets']>[1]
type Put = PutOrder['puts'][number]

type OpenSession = <Result>(
  target: Target,
  limits: ShellLimits,
  use: (connection: SshConnection) => Promise<Result>,
) => Promise<Session<Result>>

/**
 * `privateKey` is asked once a process and secret while it answers well, `hostKeys` only of a target that has not
 * proved one yet (ssh-credentials.ts). The evidence's `at` is when the login began, its `durationMs` how long the
 * login took; its `hostKey` the key to remember, where it came from guest attributes.
 */
export function createSshShell(options: SshShellOptions): Shell {
  const { clock } = options
  const session = sessionOpener(options)

  async function order(
    target: Target,
    limits: ShellLimits,
    { command, toResult }: { command: Command; toResult: (result: CommandResult) => ActionResult },
  ): Promise<ActionResult> {
    const line = commandLine(command, target.ssh.user)
    const done = await session(target, limits, ({ run }) => run(line, { timeoutMs: limits.commandMs }))
    return done.kind === 'used' ? toResult(done.result) : notCarriedOut(done.why)
  }

  return {
    async look(target, questions, limits) {
      const at = clock.now()
      const done = await session(target, limits, (connection) =>
        lookAround(connection, { target, questions, commandMs: limits.commandMs }),
      )
      if (done.kind === 'no-login') return { ssh: { ...done.why, at, durationMs: clock.now() - at } }
      const { ssh, ...rest } = done.result
      const learnt = learntKey(target, done.hostKey)
      return { ssh: { ...ssh, at, durationMs: done.connectedAfterMs, ...learnt }, ...rest }
    },
    restartWorkload(target, { unit, actionId, fence }, limits) {
      const command = fenced(restartUnit(unit), { fence, actionId })
      return order(target, limits, { command, toResult: orderResult })
    },
    reboot(target, { actionId, fence }, limits) {
      const command = fenced(reboot(), { fence, actionId })
      return order(target, limits, { command, toResult: rebootResult })
    },
    async putSecrets(target, wanted, limits) {
      const done = await session(target, limits, (connection) =>
        putAll(connection, { target, wanted, commandMs: limits.commandMs }),
      )
      if (done.kind === 'used') return done.result
      return wanted.puts.map(({ put }) => ({ name: put.name, result: notCarriedOut(done.why) }))
    },
    async blackBox(target, about, limits) {
      const done = await session(target, limits, (connection) =>
        askForBlackBox(connection, { about, user: target.ssh.user, commandMs: limits.commandMs }),
      )
      if (done.kind === 'used') return done.result
      return noSections(`no login (${done.why.kind}): ${done.why.detail}`)
    },
  }
}

/** Keys, login, use and end, all under the deadline. */
function sessionOpener(options: SshShellOptions): OpenSession {
  const { clock } = options
  const credentials = createCredentials(options)
  return async (target, limits, use) => {
    const deadline = startDeadline(limits.deadlineMs)
    const startedAt = clock.now()
    try {
      const access = await Promise.race([credentials.of(target), deadline.passed])
      if (access.kind !== 'access')
        return { kind: 'no-login', why: { kind: 'not-asked', detail: access.detail } }
      const { privateKey, pins } = access
      const { connectMs } = limits
      const login = await logIn({
        access: target.ssh,
        privateKey,
        pins,
        connectMs,
        deadline: deadline.signal,
      })
      if (login.kind !== 'open') {
        if (login.kind === 'auth-failed') credentials.rejected(target)
        return { kind: 'no-login', why: login }
      }
      const connectedAfterMs = clock.now() - startedAt
      try {
        const { connection, hostKey } = login
        return { kind: 'used', connectedAfterMs, hostKey, result: await use(connection) }
      } finally {
        login.connection.close()
      }
    } finally {
      deadline.stop()
    }
  }
}

/** A key that is pinned or known already is nothing new. */
function learntKey(
  { ssh }: Target,
  { type, blob }: PinnedKey,
): { readonly hostKey?: { readonly type: string; readonly base64: string } } {
  if (ssh.hostKey.kind !== 'guest-attributes') return {}
  return { hostKey: { type, base64: blob.toString('base64') } }
}

function notCarriedOut({ kind, detail }: NoLogin): ActionResult {
  return { kind: 'failed', detail: `not carried out, no login (${kind}): ${detail}` }
}

/** One after the other; once one's end is unknown the connection is not trusted with the rest. */
async function putAll(
  connection: SshConnection,
  { target, wanted, commandMs }: { target: Target; wanted: PutOrder; commandMs: number },
): Promise<readonly PutResult[]> {
  const results: PutResult[] = []
  for (const put of wanted.puts) {
    const { name } = put.put
    if (results.some(({ result }) => result.kind === 'unknown')) {
      results.push({ name, result: { kind: 'failed', detail: 'not sent, after one whose end is unknown' } })
      continue
    }
    const line = commandLine(putCommand(put, { fence: wanted.fence, commandMs }), target.ssh.user)
    const result = await connection.run(line, { timeoutMs: commandMs, stdin: put.value.reveal() })
    results.push({ name, result: orderResult(withoutValue(result, put.value)) })
  }
  return results
}

/** Without an action's id: the trace of the last action must outlive a put. */
function putCommand({ put }: Put, { fence, commandMs }: { fence: number; commandMs: number }): Command {
  const { name, secret: source, version } = put
  const timeoutSeconds = Math.max(1, Math.floor(commandMs / 1000) - 2)
  return fenced(createSecret({ name, source, version }, { timeoutSeconds }), { fence, actionId: '' })
}

const LINE_LENGTH_MIN = 6

/** A machine that echoes its stdin must not bring the value into a report: neither whole nor a line of it. */
function withoutValue(result: CommandResult, value: Sensitive): CommandResult {
  if (result.kind !== 'exited') return result
  const whole = value.reveal()
  const parts = [whole, ...whole.split(/\r?\n/)].filter((part) => part.trim().length >= LINE_LENGTH_MIN)
  const shown = parts.reduce((text, part) => text.replaceAll(part.trim(), '[redacted]'), result.stderr)
  return { ...result, stderr: whole.trim().length < LINE_LENGTH_MIN ? '' : shown }
}
