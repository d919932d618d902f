/** The sandbox's world: machines, and Google's APIs at the wire that drive them. The guard sees it by real sockets. */

import { type Chats, createChats } from './chat/chats.ts'
import type { SandboxVm } from './fleet.ts'
import {
  machineWorkload,
  SANDBOX_FLEET,
  SANDBOX_PROJECT,
  SANDBOX_SECRETS,
  SANDBOX_ZONE,
  SSH_KEY_SECRET,
  SSH_USER,
} from './fleet.ts'
import { type ComputeEmulator, createComputeEmulator, type StopType } from './google/compute-emulator.ts'
import { createIdentityEmulator, type IdentityEmulator } from './google/identity-emulator.ts'
import { createSecretManagerEmulator, type SecretManagerEmulator } from './google/secret-manager-emulator.ts'
import { applyFault, type FaultName } from './machines/faults.ts'
import { createNetworkFaults, type NetworkFaults } from './machines/network.ts'
import type { MachineTiming } from './machines/options.ts'
import { createSimulatedMachine, type SimulatedMachine } from './machines/simulated-machine.ts'
import { createSshKeyPair } from './machines/ssh-keys.ts'

export type Endpoint = { readonly apiEndpoint: string; readonly port: number; readonly protocol: 'http' }

export type World = {
  readonly machines: readonly SimulatedMachine[]
  readonly compute: ComputeEmulator
  readonly secretManager: SecretManagerEmulator
  readonly identity: IdentityEmulator
  readonly network: NetworkFaults
  /** Where people would read the alerts. */
  readonly chats: Chats
  readonly endpoints: { readonly compute: Endpoint; readonly secretManager: Endpoint }
  /** Throws for a machine that isn't there. */
  breakIt(fault: FaultName, place: { readonly machine: string; readonly unit?: string }): Promise<void>
  close(): Promise<void>
}

export type WorldOptions = {
  readonly onEvent?: (text: string) => void
  readonly timing?: Partial<MachineTiming>
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const key = createSshKeyPair('guard')
  const machines = await Promise.all(
    SANDBOX_FLEET.map((vm) => createMachine(vm, { ...options, authorizedKey: key.publicKey })),
  )
  const compute = createComputeEmulator({ project: SANDBOX_PROJECT, machines })
  const secrets = Object.fromEntries(Object.entries(SANDBOX_SECRETS).map(([name, value]) => [name, [value]]))
  const chats = await createChats()
  const keys = Object.fromEntries(Object.entries(chats.secrets).map(([name, value]) => [name, [value]]))
  const secretManager = createSecretManagerEmulator({
    project: SANDBOX_PROJECT,
    secrets: { ...secrets, ...keys, [SSH_KEY_SECRET]: [key.privateKey] },
  })
  const identity = await createIdentityEmulator()
  const network = createNetworkFaults()
  const [computeAt, secretsAt] = await Promise.all([compute.listen(), secretManager.listen()])
  return {
    machines,
    compute,
    secretManager,
    identity,
    network,
    chats,
    endpoints: { compute: endpoint(computeAt.port), secretManager: endpoint(secretsAt.port) },
    async breakIt(fault, { machine: name, unit }) {
      const machine = machines.find((candidate) => candidate.name === name)
      if (machine === undefined) throw new Error(`The sandbox has no machine ${name}`)
      const platform = platformOf(compute, computeAt.port, name)
      const rotate = async ({ name: owner }: SimulatedMachine) => rotateSecretOf(owner, secretManager)
      await applyFault(fault, {
        machine,
        network,
        platform,
        secrets: { rotate },
        ...(unit === undefined ? {} : { unit }),
      })
    },
    async close() {
      await Promise.all([
        ...machines.map((machine) => machine.close()),
        compute.close(),
        secretManager.close(),
        identity.close(),
        chats.close(),
      ])
    },
  }
}

function createMachine(
  vm: SandboxVm,
  { authorizedKey, onEvent, timing }: WorldOptions & { readonly authorizedKey: string },
): Promise<SimulatedMachine> {
  return createSimulatedMachine({
    name: vm.name,
    zone: SANDBOX_ZONE,
    instanceId: vm.instanceId,
    internalAddress: vm.internalAddress,
    user: SSH_USER,
    authorizedKey,
    workloads: vm.workloads.map(machineWorkload),
    healthBy: vm.healthUnit ?? 'kit',
    secrets: vm.workloads.flatMap(({ secrets }) =>
      secrets.map(({ secret, as }) => ({
        name: as,
        value: SANDBOX_SECRETS[secret] ?? '',
        labels: { 'nightguard.source': secret, 'nightguard.version': '1' },
      })),
    ),
    ...(timing === undefined ? {} : { timing }),
    ...(onEvent === undefined ? {} : { onEvent: ({ text }: { text: string }) => onEvent(text) }),
  })
}

function endpoint(port: number): Endpoint {
  return { apiEndpoint: '127.0.0.1', port, protocol: 'http' }
}

/** What the platform or a person does to the VM goes through the same API, so that its operations say whose it was. */
function platformOf(compute: ComputeEmulator, port: number, instance: string) {
  return {
    stop: (type: string, user: string) => compute.platformStops(instance, type as StopType, user),
    async start() {
      const path = `/compute/v1/projects/${SANDBOX_PROJECT}/zones/${SANDBOX_ZONE}/instances/${instance}/start`
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' })
      if (!answer.ok) throw new Error(`The emulator did not start ${instance}: ${answer.status}`)
    },
  }
}

/** A new version of the machine's first secret. */
function rotateSecretOf(name: string, secretManager: SecretManagerEmulator): void {
  const secret = SANDBOX_FLEET.find((vm) => vm.name === name)?.workloads[0]?.secrets[0]?.secret
  if (secret === undefined) throw new Error(`${name} uses no secret`)
  secretManager.addVersion(secret, `${SANDBOX_SECRETS[secret]}-rotated-${Date.now().toString(36)}`)
}
