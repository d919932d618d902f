/**
 * A program: what the guard watches and asks, in a process of its own. Simulated machines with their health
 * endpoints and SSH servers, and Google's APIs at the wire; nothing in it ever fails.
 */
import { z } from 'zod'
import { createComputeEmulator } from '../sandbox/google/compute-emulator.ts'
import { createIdentityEmulator } from '../sandbox/google/identity-emulator.ts'
import { createSecretManagerEmulator } from '../sandbox/google/secret-manager-emulator.ts'
import { createSimulatedMachine, type SimulatedMachine } from '../sandbox/machines/simulated-machine.ts'
import { createSshKeyPair } from '../sandbox/machines/ssh-keys.ts'
import { answerParent } from './child.ts'
import { PROJECT, SECRETS, SSH_KEY_SECRET, SSH_USER, UNIT, ZONE } from './fleet.ts'

const openSchema = z.object({ machines: z.int().positive() })
const tokenSchema = z.object({ email: z.string(), audience: z.string() })

type World = Awaited<ReturnType<typeof open>>
let world: World | undefined

async function open(count: number) {
  const key = createSshKeyPair('guard')
  const machines = await Promise.all(
    Array.from({ length: count }, (_, index) => createMachine(index + 1, key.publicKey)),
  )
  const compute = createComputeEmulator({ project: PROJECT, machines })
  const secrets = SECRETS.map(({ secret, value }) => [secret, [value]] as const)
  const secretManager = createSecretManagerEmulator({
    project: PROJECT,
    secrets: { ...Object.fromEntries(secrets), [SSH_KEY_SECRET]: [key.privateKey] },
  })
  const identity = await createIdentityEmulator()
  const [computeAt, secretManagerAt] = await Promise.all([compute.listen(), secretManager.listen()])
  const ports = { computePort: computeAt.port, secretManagerPort: secretManagerAt.port }
  return { key, machines, compute, secretManager, identity, ports }
}

/** Podman answers at once here: what a real one takes is the machine's time, not the guard's. */
function createMachine(number: number, authorizedKey: string): Promise<SimulatedMachine> {
  return createSimulatedMachine({
    name: `vm-${number}`,
    zone: ZONE,
    instanceId: String(4_100_000_000_000_000_000n + BigInt(number)),
    internalAddress: `10.138.0.${number + 1}`,
    user: SSH_USER,
    authorizedKey,
    workloads: [
      {
        unit: UNIT,
        secrets: SECRETS.map(({ as }) => ({ name: as, type: 'mount' })),
      },
    ],
    healthBy: 'kit',
    secrets: SECRETS.map(({ secret, as, value }) => ({
      name: as,
      value,
      labels: { 'nightguard.source': secret, 'nightguard.version': '1' },
    })),
    timing: { heartbeatMs: 30_000, podmanMs: 0 },
  })
}

function opened(): World {
  if (world === undefined) throw new Error('The world is not open yet')
  return world
}

answerParent({
  async open(input) {
    world = await open(openSchema.parse(input).machines)
    return {
      machines: world.machines.map(({ name, healthPort, sshPort, hostKey }) => ({
        name,
        healthPort,
        sshPort,
        hostKey: { type: hostKey.type, base64: hostKey.base64 },
      })),
      ...world.ports,
      certsUrl: world.identity.certsUrl,
      privateKey: world.key.privateKey,
    }
  },
  token: (input) => opened().identity.token(tokenSchema.parse(input)),
  asked() {
    const { compute, secretManager } = opened()
    const sum = (requests: ReadonlyMap<string, number>) => [...requests.values()].reduce((a, b) => a + b, 0)
    return {
      compute: sum(compute.requests),
      secretManager: sum(secretManager.requests),
      payloads: secretManager.accesses(),
    }
  },
})
