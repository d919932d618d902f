/** What the guard watches, as the configuration says it. How often and how hard it acts is in policy.ts. */

export type JsonScalar = string | number | boolean | null

export type Target = {
  /** Lower-case letters, digits and `-`; unique in the fleet. */
  readonly id: string
  readonly project: string
  readonly zone: string
  readonly instance: string
  readonly health: HealthCheck
  readonly ssh: SshAccess
  readonly workloads: readonly Workload[]
  /** Targets that this one needs: while one of them is in trouble, its alert speaks for this one too. */
  readonly dependsOn?: readonly string[]
}

export type HealthCheck = {
  readonly url: string
  readonly expect: {
    readonly status: number
    /** Top-level members that the JSON body must have with exactly these values. */
    readonly json?: Readonly<Record<string, JsonScalar>>
  }
  /** The workload whose process answers the URL; the kit's endpoint answers for all of them when absent. */
  readonly unit?: string
}

export type SshAccess = {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly privateKey: { readonly secret: string }
  /** Where the key to pin comes from; the guard never connects to a machine whose key it can't check. */
  readonly hostKey:
    | { readonly kind: 'guest-attributes' }
    | { readonly kind: 'pinned'; readonly type: string; readonly base64: string }
    /** Learnt from this very instance earlier, and kept in the state. */
    | { readonly kind: 'known'; readonly keys: readonly { readonly type: string; readonly base64: string }[] }
}

export type Workload = {
  /** The systemd unit, with its suffix: `agent.service`. */
  readonly unit: string
  /** The Podman container's name; Quadlet calls it `systemd-agent` unless told otherwise. */
  readonly container: string
  readonly image?: string
  readonly memoryMb?: number
  readonly swapMb?: number
  readonly health?: ContainerHealth
  readonly secrets: readonly SecretUse[]
}

export type ContainerHealth = {
  readonly command: readonly string[]
  readonly intervalSeconds: number
  readonly retries: number
  readonly startSeconds: number
}

export type SecretUse = {
  /** The name in Secret Manager. */
  readonly secret: string
  /** `latest`, or a version's number. */
  readonly version: string
  /** The name of the Podman secret. */
  readonly as: string
  readonly type: 'mount' | 'env'
  readonly env?: string
}
