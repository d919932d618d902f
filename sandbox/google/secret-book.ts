/** What the Secret Manager emulator keeps: secrets and their versions, numbered from 1 as they are added. */
export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED'

export type StoredVersion = {
  readonly secret: string
  readonly version: string
  readonly createTime: string
  readonly data: Buffer
  state: VersionState
}

export type SecretBook = {
  /** False when it is there already. */
  create(secret: string): boolean
  add(secret: string, data: Buffer): StoredVersion
  /** `wanted` is a number, or `latest`: the one added last, whatever its state. */
  find(secret: string, wanted: string): StoredVersion | undefined
  /** Oldest first; undefined when there is no such secret. */
  versions(secret: string): readonly StoredVersion[] | undefined
}

export function createSecretBook(): SecretBook {
  const secrets = new Map<string, StoredVersion[]>()
  return {
    create: (secret) => {
      if (secrets.has(secret)) return false
      secrets.set(secret, [])
      return true
    },
    add: (secret, data) => {
      const versions = secrets.get(secret) ?? []
      const version = String(versions.length + 1)
      const added: StoredVersion = {
        secret,
        version,
        createTime: new Date().toISOString(),
        data,
        state: 'ENABLED',
      }
      secrets.set(secret, [...versions, added])
      return added
    },
    find: (secret, wanted) => {
      const versions = secrets.get(secret) ?? []
      return wanted === 'latest' ? versions.at(-1) : versions.find(({ version }) => version === wanted)
    },
    versions: (secret) => secrets.get(secret),
  }
}
