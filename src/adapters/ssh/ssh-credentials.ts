/**
 * What it takes to log in to a target: the guard's private key, and the host keys that the target must show.
 * Where they come from is injected; here they are kept, so that a login costs no call.
 */
import { assertNever } from '../../core/assert-never.ts'
import type { Sensitive } from '../../core/sensitive.ts'
import type { Target } from '../../core/target.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HostKeys } from '../../ports/virtual-machine.ts'

export type PrivateKey =
  | { readonly kind: 'key'; readonly value: Sensitive }
  | { readonly kind: 'unavailable'; readonly detail: string }

/** `type` as in a known_hosts line: `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, … */
export type PinnedKey = { readonly type: string; readonly blob: Buffer }

export type Access =
  | { readonly kind: 'access'; readonly privateKey: Sensitive; readonly pins: readonly PinnedKey[] }
  /** `detail` says what to do about it. */
  | { readonly kind: 'unavailable'; readonly detail: string }

export type CredentialSources = {
  readonly privateKey: (target: Target) => Promise<PrivateKey>
  readonly hostKeys: (target: Target) => Promise<HostKeys>
  readonly clock: Clock
}

export type Credentials = {
  of(target: Target): Promise<Access>
  /** The machine did not take the private key: it may have been rotated, so it is read again, not too often. */
  rejected(target: Target): void
}

const REFRESH_MIN_MS = 10 * 60_000
/** Published host keys are asked for once a minute at most, until the machine has proved one of them. */
const PUBLISHED_KEPT_MS = 60_000
const KEYS_MAX = 8
/** How ssh2 names the signatures of each type of host key; types that it can't check are not pinned. */
export const SIGNATURES = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
} as const

type Kept<Value> = { readonly at: number; readonly value: Promise<Value> }

/**
 * Keeps a private key by its secret's name, and published host keys by the target's id for a minute. A target that
 * comes with its own keys (pinned by a person, or known from the state since it proved one) is held to exactly those:
 * nothing is asked, and a key that changes is evidence (`host-key-changed`), never silently pinned anew. Both maps are
 * as long as the configuration. What could not be had is asked for again the next time.
 */
export function createCredentials({ privateKey, hostKeys, clock }: CredentialSources): Credentials {
  const privateKeys = new Map<string, Kept<PrivateKey>>()
  const published = new Map<string, Kept<HostKeys>>()

  function kept<Value extends { kind: string }>(
    map: Map<string, Kept<Value>>,
    { name, goodKind, keepMs }: { name: string; goodKind: Value['kind']; keepMs: number },
    ask: () => Promise<Value>,
  ): Promise<Value> {
    const known = map.get(name)
    if (known !== undefined && clock.now() - known.at < keepMs) return known.value
    const entry = { at: clock.now(), value: ask() }
    map.set(name, entry)
    const forget = () => {
      if (map.get(name) === entry) map.delete(name)
    }
    entry.value.then((value) => value.kind !== goodKind && forget(), forget)
    return entry.value
  }

  return {
    async of(target) {
      const name = secretOf(target)
      const [key, known] = await Promise.all([
        kept(privateKeys, { name, goodKind: 'key', keepMs: Number.POSITIVE_INFINITY }, () =>
          privateKey(target),
        ),
        ownKeys(target) ??
          kept(published, { name: target.id, goodKind: 'keys', keepMs: PUBLISHED_KEPT_MS }, () =>
            hostKeys(target),
          ),
      ])
      if (key.kind === 'unavailable') return { kind: 'unavailable', detail: noPrivateKey(target, key.detail) }
      const usable = usablePins(known)
      if (usable.length === 0) return { kind: 'unavailable', detail: noHostKey(target, known) }
      return { kind: 'access', privateKey: key.value, pins: usable }
    },
    rejected(target) {
      const known = privateKeys.get(secretOf(target))
      if (known && clock.now() - known.at >= REFRESH_MIN_MS) privateKeys.delete(secretOf(target))
    },
  }
}

function secretOf(target: Target): string {
  return `${target.project}/${target.ssh.privateKey.secret}`
}

function ownKeys({ ssh: { hostKey } }: Target): HostKeys | undefined {
  switch (hostKey.kind) {
    case 'pinned':
      return { kind: 'keys', keys: [hostKey] }
    case 'known':
      return { kind: 'keys', keys: hostKey.keys }
    case 'guest-attributes':
      return undefined
    default:
      return assertNever(hostKey)
  }
}

/** In the order of SIGNATURES: the first one that the machine has as well is used. */
function usablePins(published: HostKeys): readonly PinnedKey[] {
  if (published.kind !== 'keys') return []
  return Object.keys(SIGNATURES).flatMap((type) =>
    published.keys
      .slice(0, KEYS_MAX)
      .filter((key) => key.type === type && key.base64.length <= 8192)
      .map((key) => ({ type, blob: Buffer.from(key.base64, 'base64') })),
  )
}

function noPrivateKey(target: Target, detail: string): string {
  const { secret } = target.ssh.privateKey
  return `the private key (secret ${secret}) could not be read: ${detail}; the guard needs secretAccessor on it`
}

function noHostKey(target: Target, published: HostKeys): string {
  const mend =
    'set enable-guest-attributes=TRUE on the instance and let it publish its host keys at boot, or pin one in ssh.hostKey'
  const start = `no login without a known host key of ${target.instance}`
  switch (published.kind) {
    case 'absent':
      return `${start}, and none is published: ${mend}`
    case 'unavailable':
      return `${start}, and its guest attributes could not be read: ${published.detail}`
    case 'keys':
      return `${start}, and none of those published is of a type that can be checked: ${mend}`
    default:
      return assertNever(published)
  }
}
