/**
 * A real SSH server on one of the machine's doors: public key only, one user, exec only. What the commands
 * answer is machine-shell.ts's business.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from 'ssh2'
import type { Reply } from './shell-host.ts'
import type { SshKeyPair } from './ssh-keys.ts'

const { Server, utils } = ssh2

/** More than any secret that Podman takes (512,000 bytes). */
const STDIN_MAX_BYTES = 1_048_576

export type SshServerOptions = {
  readonly user: string
  readonly authorizedKey: string
  readonly hostKey: SshKeyPair
  /** Asked at each login. */
  readonly keysAccepted: () => boolean
  readonly run: (exec: { line: string; user: string; stdin: () => Promise<string> }) => Promise<Reply>
}

export type SshServer = { accept(socket: Socket): void }

/** It listens on nothing: its door hands it the connections. */
export function createSshServer(options: SshServerOptions): SshServer {
  const authorized = utils.parseKey(options.authorizedKey)
  if (authorized instanceof Error) throw authorized
  const server = new Server(
    { hostKeys: [options.hostKey.privateKey], ident: 'OpenSSH_10.0p2 Debian-7' },
    (client) => serve(client, { ...options, authorized }),
  )
  return { accept: (socket) => server.injectSocket(socket) }
}

function serve(client: Connection, options: SshServerOptions & { authorized: ParsedKey }): void {
  let user = ''
  // A client that goes away or speaks another protocol is its own problem; the connection ends by itself.
  client.on('error', () => client.end())
  client.on('authentication', (attempt) => {
    if (!mayLogIn(attempt, options)) {
      attempt.reject(['publickey'])
      return
    }
    user = attempt.username
    attempt.accept()
  })
  client.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec()
      channel.on('error', () => channel.close())
      const stdin = readStdin(channel)
      void options.run({ line: command, user, stdin: () => stdin }).then((reply) => answer(channel, reply))
    })
  })
}

function mayLogIn(attempt: AuthContext, options: SshServerOptions & { authorized: ParsedKey }): boolean {
  if (attempt.method !== 'publickey' || !options.keysAccepted()) return false
  if (!same(attempt.username, options.user)) return false
  if (!same(attempt.key.data, options.authorized.getPublicSSH())) return false
  // Without a signature the client only asks whether the key would do.
  if (attempt.signature === undefined || attempt.blob === undefined) return true
  return options.authorized.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true
}

function same(left: string | Buffer, right: string | Buffer): boolean {
  const digest = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest()
  return timingSafeEqual(digest(left), digest(right))
}

function readStdin(channel: ServerChannel): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  return new Promise((resolve) => {
    channel.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > STDIN_MAX_BYTES) channel.close()
      else chunks.push(chunk)
    })
    channel.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}

function answer(channel: ServerChannel, reply: Reply): void {
  // The machine may have rebooted while the command ran.
  if (!channel.writable) return
  if (reply.stdout !== '') channel.write(reply.stdout)
  if (reply.stderr !== '') channel.stderr.write(reply.stderr)
  channel.exit(reply.exitCode)
  channel.end()
}
