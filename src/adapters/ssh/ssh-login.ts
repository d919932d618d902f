/**
 * From an address to a shell, or to the exact reason why not. Our own socket carries the connection, so that
 * refused, silent and mute machines can be told apart; what is run on it is ssh-connection.ts's.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { NodeSSH } from 'node-ssh'
import type { Sensitive } from '../../core/sensitive.ts'
import type { SshAccess } from '../../core/target.ts'
import { createConnection, type SshConnection } from './ssh-connection.ts'
import { type PinnedKey, SIGNATURES } from './ssh-credentials.ts'
import { type LoginFailure, type LoginStage, loginFailure, type NoLogin } from './ssh-failure.ts'

export type Login = {
  readonly access: Pick<SshAccess, 'host' | 'port' | 'user' | 'privateKey'>
  readonly privateKey: Sensitive
  readonly pins: readonly PinnedKey[]
  /** For TCP, handshake and authentication together. */
  readonly connectMs: number
  /** Ends the login and everything run on the connection. */
  readonly deadline: AbortSignal
}

export type LoggedIn =
  | { readonly kind: 'open'; readonly connection: SshConnection; readonly hostKey: PinnedKey }
  | NoLogin

type Progress = {
  stage: LoginStage
  otherHostKey: boolean
  timedOut: boolean
  /** The pin that was shown; proved once the handshake is over. */
  shown?: PinnedKey
  error?: Error
}

const KEEPALIVE_MS = 5_000

export async function logIn(login: Login): Promise<LoggedIn> {
  const { NodeSSH, parseKey } = await library()
  if (parseKey(login.privateKey.reveal()) instanceof Error)
    return {
      kind: 'not-asked',
      detail: `secret ${login.access.privateKey.secret} holds no private key that can be used: OpenSSH or PEM, without a passphrase`,
    }
  const { host, port } = login.access
  const progress: Progress = { stage: 'tcp', otherHostKey: false, timedOut: false }
  // Without it Nagle's algorithm and delayed acknowledgements cost 40 ms a message, 260 ms a login and command.
  const socket = connect({ host, port, noDelay: true })
  socket.on('error', (error) => {
    progress.error ??= error
  })
  const timeOut = () => {
    progress.timedOut = true
    socket.destroy()
  }
  let open = false
  const timer = setTimeout(timeOut, login.connectMs)
  login.deadline.addEventListener('abort', timeOut, { once: true })
  if (login.deadline.aborted) timeOut()
  try {
    await once(socket, 'connect', { signal: closing(socket) })
    progress.stage = 'handshake'
    const ssh = await handshake(new NodeSSH(), { login, socket, progress })
    if (progress.shown === undefined) throw new TypeError('a login without a host key')
    open = true
    const connection = createConnection({ ssh, socket, deadline: login.deadline })
    return { kind: 'open', connection, hostKey: progress.shown }
  } catch (error) {
    const cause = causeOf(error, { login, socket, progress })
    return loginFailure({ stage: progress.stage, cause, bytesRead: socket.bytesRead })
  } finally {
    if (!open) socket.destroy()
    clearTimeout(timer)
    login.deadline.removeEventListener('abort', timeOut)
  }
}

/** Loaded when first needed: a healthy tick has no use for it. */
async function library() {
  const [{ NodeSSH }, { default: ssh2 }] = await Promise.all([import('node-ssh'), import('ssh2')])
  return { NodeSSH, parseKey: ssh2.utils.parseKey }
}

/** Aborts when the socket closes, which it does without a word when we destroy it. */
function closing(socket: Socket): AbortSignal {
  const controller = new AbortController()
  socket.once('close', () => controller.abort())
  return controller.signal
}

async function handshake(
  ssh: NodeSSH,
  { login, socket, progress }: { login: Login; socket: Socket; progress: Progress },
): Promise<NodeSSH> {
  const connecting = ssh.connect({
    sock: socket,
    username: login.access.user,
    privateKey: login.privateKey.reveal(),
    authHandler: ['publickey'],
    algorithms: { serverHostKey: signaturesOf(login.pins) },
    hostVerifier: (key: Buffer) => {
      const known = login.pins.find(({ blob }) => blob.equals(key))
      progress.otherHostKey = known === undefined
      if (known !== undefined) progress.shown = known
      return known !== undefined
    },
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MS,
  })
  // node-ssh stops listening once it is ready: an error nobody listens to would end the process.
  ssh.connection?.on('error', (error: Error) => {
    progress.error ??= error
    socket.destroy()
  })
  ssh.connection?.once('handshake', () => {
    progress.stage = 'authentication'
  })
  return connecting
}

function signaturesOf(pins: readonly PinnedKey[]) {
  return Object.entries(SIGNATURES).flatMap(([type, signatures]) =>
    pins.some((pin) => pin.type === type) ? [...signatures] : [],
  )
}

/** What is no word of the network's or the library's is a mistake of ours, and thrown on. */
function causeOf(
  error: unknown,
  { login, socket, progress }: { login: Login; socket: Socket; progress: Progress },
): LoginFailure['cause'] {
  if (progress.timedOut) return { kind: 'timeout', afterMs: login.connectMs }
  if (progress.otherHostKey) return { kind: 'other-host-key' }
  if (socket.readableEnded) return { kind: 'closed' }
  if (progress.error) return { kind: 'error', error: progress.error }
  if (socket.closed || socket.destroyed) return { kind: 'closed' }
  throw error
}
