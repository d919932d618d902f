/**
 * The token, address or key of a channel: read from Secret Manager when first needed, kept, and looked up anew after
 * it was refused. Which version is the newest is free to ask; a payload is read only when the version is another,
 * for a version's payload never changes.
 */
import type { Sensitive } from '../../core/sensitive.ts'
import type { SecretSource } from '../../ports/secret-source.ts'
import type { Trouble } from './outcome.ts'

export type KeyRead =
  | { readonly kind: 'key'; readonly value: Sensitive; readonly version: string }
  | { readonly kind: 'unavailable'; readonly trouble: Trouble }

export type ChannelKey = {
  readonly secret: string
  read(limits: { readonly timeoutMs: number }): Promise<KeyRead>
  /** After the key of `version` was refused: a newer one, or undefined when there is none. */
  renewed(version: string, limits: { readonly timeoutMs: number }): Promise<KeyRead | undefined>
}

export function createChannelKey(source: SecretSource, secret: string): ChannelKey {
  let kept: KeyRead | undefined
  let reading: Promise<KeyRead> | undefined

  async function load(refused: string | undefined, timeoutMs: number): Promise<KeyRead> {
    const startedAt = performance.now()
    const newest = await source.version(secret, 'latest', { timeoutMs })
    if (newest.kind === 'unavailable') return unavailable(newest)
    if (newest.version === refused && kept !== undefined) return kept
    const leftMs = Math.max(1, Math.floor(timeoutMs - (performance.now() - startedAt)))
    const payload = await source.access(secret, newest.version, { timeoutMs: leftMs })
    if (payload.kind === 'unavailable') return unavailable(payload)
    kept = { kind: 'key', value: payload.value, version: newest.version }
    return kept
  }

  /** Side by side, sends ask once. */
  function loadOnce(refused: string | undefined, timeoutMs: number): Promise<KeyRead> {
    reading ??= load(refused, timeoutMs).finally(() => {
      reading = undefined
    })
    return reading
  }

  return {
    secret,
    read: async ({ timeoutMs }) => kept ?? loadOnce(undefined, timeoutMs),
    renewed: async (version, { timeoutMs }) => {
      if (kept?.kind === 'key' && kept.version !== version) return kept
      const read = await loadOnce(version, timeoutMs)
      return read.kind === 'key' && read.version === version ? undefined : read
    },
  }
}

function unavailable({ detail, passing }: { detail: string; passing: boolean }): KeyRead {
  return { kind: 'unavailable', trouble: { kind: passing ? 'failed' : 'rejected', detail } }
}
