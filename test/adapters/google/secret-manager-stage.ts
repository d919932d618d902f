/** The real Secret Manager adapter against the emulator over HTTP. */
import {
  createSecretManagerEmulator,
  type SecretManagerEmulator,
} from '../../../sandbox/google/secret-manager-emulator.ts'
import { createSecretManagerSource } from '../../../src/adapters/google/secret-manager.ts'
import type { Stage } from '../../contract/secret-source/contract.ts'

export type SecretManagerStage = Stage & { readonly emulator: SecretManagerEmulator }

export async function openSecretManagerStage(): Promise<SecretManagerStage> {
  const emulator = createSecretManagerEmulator({
    project: 'my-project',
    secrets: { 'telegram-bot-token': ['one', 'two', 'three'] },
  })
  const { port } = await emulator.listen()
  return {
    source: createSecretManagerSource({
      project: 'my-project',
      endpoint: { apiEndpoint: '127.0.0.1', port, protocol: 'http' },
    }),
    emulator,
    addVersion: async (secret, value) => emulator.addVersion(secret, value),
    setState: async (version, state) => emulator.setState(version, state),
    accesses: () => emulator.accesses(),
    close: () => emulator.close(),
  }
}
