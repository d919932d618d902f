/** A real SSH server on loopback that answers commands by a table, and remembers what it was asked. */
import ssh2, { type Connection, type ServerChannel } from 'ssh2'
import type { SshAccess, Target } from '../../../src/core/target.ts'

const { Server, utils } = ssh2

export const USER_KEYS = keyPair()
export const OTHER_USER_KEYS = keyPair()
export const HOST_KEYS = keyPair()
export const OTHER_HOST_KEYS = keyPair()

/** ssh2 gives a malformed pair when the public key begins with a zero byte, once in 256. */
function keyPair(): { private: string; public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519')
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair
  }
}

export type Asked = { readonly command: string; stdin: string }
export type Channel = ServerChannel
export type Answer =
  | { readonly stdout?: string; readonly stderr?: string; readonly code?: number; readonly signal?: string }
  | ((channel: ServerChannel, connection: Connection, asked: Asked) => void)

export type SshMachine = {
  readonly port: number
  readonly asked: readonly Asked[]
  connections(): number
  close(): Promise<void>
}

export type SshMachineOptions = {
  readonly hostKey?: string
  readonly allowedKey?: string
  /** By a part of the command line; the first that fits answers. */
  readonly answers?: Readonly<Record<string, Answer>>
  readonly refusesExec?: boolean
  readonly onConnection?: (connection: Connection) => void
}

const open = new Set<SshMachine>()

export async function sshMachine(options: SshMachineOptions = {}): Promise<SshMachine> {
  const { hostKey = HOST_KEYS.private, allowedKey = USER_KEYS.public, answers = {} } = options
  const asked: Asked[] = []
  const connections = new Set<Connection>()
  const allowed = utils.parseKey(allowedKey)
  if (allowed instanceof Error) throw allowed
  const server = new Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection)
    // ssh2's server has it, its types do not; without it every answer waits 40 ms for Nagle's algorithm.
    if ('setNoDelay' in connection && typeof connection.setNoDelay === 'function') connection.setNoDelay(true)
    connection.on('close', () => connections.delete(connection))
    connection.on('error', () => connections.delete(connection))
    options.onConnection?.(connection)
    connection.on('authentication', (context) => {
      const right = context.method === 'publickey' && allowed.getPublicSSH().equals(context.key.data)
      if (right) context.accept()
      else context.reject(['publickey'])
    })
    connection.on('session', (accept) => {
      accept().on('exec', (acceptExec, rejectExec, { command }) => {
        if (options.refusesExec) return rejectExec()
        const entry: Asked = { command, stdin: '' }
        asked.push(entry)
        const channel = acceptExec()
        channel.on('data', (chunk: Buffer) => {
          entry.stdin += chunk.toString('utf8')
        })
        const part = Object.keys(answers).find((each) => command.includes(each))
        const answer = part === undefined ? undefined : answers[part]
        if (typeof answer === 'function') answer(channel, connection, entry)
        else channel.on('end', () => give(channel, answer ?? { code: 127, stderr: 'not found' }))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const machine: SshMachine = {
    port: portOf(server.address()),
    asked,
    connections: () => connections.size,
    close: () => {
      for (const connection of connections) connection.end()
      open.delete(machine)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  open.add(machine)
  return machine
}

function portOf(address: ReturnType<InstanceType<typeof Server>['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}

function give(
  channel: ServerChannel,
  { stdout = '', stderr = '', code = 0, signal }: Exclude<Answer, (...words: never[]) => void>,
): void {
  channel.write(stdout)
  channel.stderr.write(stderr)
  if (signal === undefined) channel.exit(code)
  else channel.exit(signal, false, '')
  channel.end()
}

export async function closeSshMachines(): Promise<void> {
  await Promise.all([...open].map((machine) => machine.close()))
}

/** A key as a known_hosts line has it. */
export function pinnedKey(publicKey: string): { type: string; base64: string } {
  const [type = '', base64 = ''] = publicKey.split(' ')
  return { type, base64 }
}

export function targetAt(port: number, ssh: Partial<SshAccess> = {}): Target {
  return {
    id: 'nightguard',
    project: 'my-project',
    zone: 'us-west1-b',
    instance: 'nightguard',
    health: { url: 'http://10.0.0.2:8080/health', expect: { status: 200, json: { status: 'healthy' } } },
    ssh: {
      host: '127.0.0.1',
      port,
      user: 'nightguard',
      privateKey: { secret: 'nightguard-ssh-key' },
      hostKey: { kind: 'guest-attributes' },
      ...ssh,
    },
    workloads: [
      { unit: 'agent.service', container: 'systemd-agent', secrets: [] },
      { unit: 'bot.service', container: 'systemd-bot', secrets: [] },
    ],
  }
}
