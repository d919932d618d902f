/** Where secrets come from: their versions, and their payloads. Which are needed is core/secret-plan.ts. */
import type { SecretVersionEvidence } from '../core/evidence.ts'
import type { Sensitive } from '../core/sensitive.ts'

export type SecretPayload =
  | { readonly kind: 'payload'; readonly value: Sensitive }
  | { readonly kind: 'unavailable'; readonly detail: string; readonly passing: boolean }

/** Where keys come from. Metadata is free; each payload read costs one of 10,000 a month. */
export type SecretSource = {
  /** `wanted` is `latest` or a number. A `latest` that can't be used falls back to the newest ENABLED version. */
  version(secret: string, wanted: string, limits: { timeoutMs: number }): Promise<SecretVersionEvidence>
  /** The payload, checked against its CRC32C. */
  access(secret: string, version: string, limits: { timeoutMs: number }): Promise<SecretPayload>
}
