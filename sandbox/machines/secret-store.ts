/** The machine's Podman secrets. A container copies them when it is created; that is workload.ts's part. */
import { randomBytes } from 'node:crypto'
import type { InitialSecret } from './options.ts'

export type StoredSecret = {
  readonly id: string
  readonly name: string
  readonly value: string
  readonly labels: Readonly<Record<string, string>>
  readonly createdAt: number
}

export type SecretStore = {
  /** By name; Podman replaces a secret by deleting and creating it, so the id and the time are new. */
  put(secret: InitialSecret, at: number): StoredSecret
  get(name: string): StoredSecret | undefined
  remove(name: string): void
  all(): readonly StoredSecret[]
}

export function createSecretStore(): SecretStore {
  const secrets = new Map<string, StoredSecret>()
  return {
    put({ name, value, labels = {} }, at) {
      // Podman's ids of secrets are 25 hexadecimal digits.
      const id = randomBytes(13).toString('hex').slice(0, 25)
      const stored: StoredSecret = { id, name, value, labels, createdAt: at }
      secrets.set(name, stored)
      return stored
    },
    get: (name) => secrets.get(name),
    remove: (name) => secrets.delete(name),
    all: () => [...secrets.values()],
  }
}
