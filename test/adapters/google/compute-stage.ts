/** The real Compute adapter against the emulator over HTTP, with a machine that has no inside. */
import {
  type ComputeEmulator,
  createComputeEmulator,
  type StopType,
} from '../../../sandbox/google/compute-emulator.ts'
import { createComputeVirtualMachine } from '../../../src/adapters/google/compute.ts'
import type { Target } from '../../../src/core/target.ts'
import type { Stage } from '../../contract/virtual-machine/contract.ts'
import { createMemoryMachine } from '../../contract/virtual-machine/memory-machine.ts'

export type ComputeStage = Stage & { readonly emulator: ComputeEmulator }

export const NOW = 1_767_323_045_678

export const TARGET: Target = {
  id: 'nightguard',
  project: 'my-project',
  zone: 'us-west1-b',
  instance: 'nightguard',
  health: { url: 'http://10.138.0.2:8080/health', expect: { status: 200 } },
  ssh: {
    host: '10.138.0.2',
    port: 22,
    user: 'nightguard',
    privateKey: { secret: 'nightguard-ssh-key' },
    hostKey: { kind: 'guest-attributes' },
  },
  workloads: [],
}

export async function openComputeStage(
  options: Partial<Parameters<typeof createComputeEmulator>[0]> = {},
): Promise<ComputeStage> {
  const machine = createMemoryMachine()
  const emulator = createComputeEmulator({
    project: 'my-project',
    machines: [machine],
    externalAddresses: { nightguard: '203.0.113.7' },
    delays: { pendingMs: 1, startingMs: 1, stoppingMs: 1, endingMs: 1 },
    ...options,
  })
  const { port } = await emulator.listen()
  const virtualMachine = createComputeVirtualMachine({
    clock: { now: () => NOW },
    endpoint: { apiEndpoint: '127.0.0.1', port, protocol: 'http' },
  })
  return {
    virtualMachine,
    target: TARGET,
    machine,
    emulator,
    stops: (type, by) => emulator.platformStops('nightguard', type as StopType, by),
    close: () => emulator.close(),
  }
}
