/** Machines for tests: quick, with a key pair; and a real SSH client that runs one command as the guard does. */
import { connect } from 'node:net'
import ssh2 from 'ssh2'
import type { SimulatedMachineOptions } from '../../../sandbox/machines/options.ts'
import { createSimulatedMachine, type SimulatedMachine } from '../../../sandbox/machines/simulated-machine.ts'
import { createSshKeyPair } from '../../../sandbox/machines/ssh-keys.ts'
import { type Command, commandLine } from '../../../src/commands/command.ts'

const { Client } = ssh2

export const USER = 'nightguard'
export const KEYS = createSshKeyPair('guard')

export const QUICK = {
  bootMs: 120,
  haltMs: 60,
  restartMs: 40,
  heartbeatMs: 20,
  restartDelayMs: 20,
  startLimitBurst: 2,
  podmanMs: 1,
  lockWaitMs: 150,
}

export function optionsOf(more: Partial<SimulatedMachineOptions> = {}): SimulatedMachineOptions {
  return {
    name: 'bot',
    zone: 'us-west1-b',
    instanceId: '4711',
    internalAddress: '10.138.0.2',
    user: USER,
    authorizedKey: KEYS.publicKey,
    timing: QUICK,
    secrets: [
      {
        name: 'bot_token',
        value: 'old',
        labels: { 'nightguard.source': 'bot-token', 'nightguard.version': '1' },
      },
    ],
    workloads: [
      {
        unit: 'agent.service',
        image: 'us-west1-docker.pkg.dev/my-project/apps/agent:stable',
        memoryMb: 700,
        health: { intervalMs: 30, retries: 2 },
        secrets: [{ name: 'bot_token', type: 'mount' }],
      },
      { unit: 'helper.service' },
    ],
    ...more,
  }
}

/** Machines made here are closed by `closeAll`. */
const machines: SimulatedMachine[] = []

export async function machineOf(more: Partial<SimulatedMachineOptions> = {}): Promise<SimulatedMachine> {
  const machine = await createSimulatedMachine(optionsOf(more))
  machines.push(machine)
  return machine
}

export async function closeAll(): Promise<void> {
  await Promise.all(machines.splice(0).map((machine) => machine.close()))
}

export type Ran = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | undefined }

export type LoginOptions = {
  readonly stdin?: string
  readonly privateKey?: string
  readonly user?: string
  readonly readyMs?: number
}

/** Runs one line; rejects as ssh2 does when there is no way in. */
export function runLineOver(
  machine: SimulatedMachine,
  line: string,
  login: LoginOptions = {},
): Promise<Ran & { hostKey: string }> {
  return new Promise((resolve, reject) => {
    const client = new Client()
    let hostKey = ''
    client.on('error', reject)
    client.on('close', () => reject(new Error('the connection ended')))
    client.on('ready', () => {
      client.exec(line, (error, channel) => {
        if (error !== undefined) {
          reject(error)
          return
        }
        let stdout = ''
        let stderr = ''
        let exitCode: number | undefined
        channel.on('data', (chunk: Buffer) => {
          stdout += chunk.toString()
        })
        channel.stderr.on('data', (chunk: Buffer) => {
          stderr += chunk.toString()
        })
        channel.on('exit', (code: number) => {
          exitCode = code
        })
        channel.on('close', () => {
          resolve({ stdout, stderr, exitCode, hostKey })
          client.end()
        })
        channel.end(login.stdin ?? '')
      })
    })
    client.connect({
      // A socket of our own: without `noDelay` each login waits 200 ms for delayed acknowledgements.
      sock: connect({ host: '127.0.0.1', port: machine.sshPort, noDelay: true }),
      username: login.user ?? USER,
      privateKey: login.privateKey ?? KEYS.privateKey,
      readyTimeout: login.readyMs ?? 5_000,
      hostVerifier: (key: Buffer) => {
        hostKey = key.toString('base64')
        return true
      },
    })
  })
}

export async function run(machine: SimulatedMachine, command: Command, stdin = ''): Promise<Ran> {
  const { stdout, stderr, exitCode } = await runLineOver(machine, commandLine(command, USER), { stdin })
  return { stdout, stderr, exitCode }
}

export type Seen = { readonly status: number; readonly body: unknown } | 'refused' | 'silent'

/** Asks the health URL with a connection of its own. */
export async function askHealth(machine: SimulatedMachine, timeoutMs = 300): Promise<Seen> {
  try {
    const response = await fetch(`http://127.0.0.1:${machine.healthPort}/health`, {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { connection: 'close' },
    })
    return { status: response.status, body: await response.json() }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') return 'silent'
    const cause = error instanceof Error ? error.cause : undefined
    if (cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED') return 'refused'
    throw error
  }
}
