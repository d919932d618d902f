/** Rungs, actions and their life: `intended` → `issued` → `proved` | `not-happened` | `unknown`. */

/** From the least violent to the most; `start` and `resume` are for a VM that is down. */
export const RUNGS = ['restart-workload', 'reboot', 'reset', 'start', 'resume', 'human'] as const
export type Rung = (typeof RUNGS)[number]
/** A rung that is carried out on the target; `human` calls a person instead. */
export type ActingRung = Exclude<Rung, 'human'>

/** What a port answers; `unknown` is first-class, for a time-out is not a failure. */
export type ActionResult =
  | { readonly kind: 'done'; readonly detail?: string }
  | {
      readonly kind: 'failed'
      readonly detail: string
      /** Compute has no room for the VM: costs no budget, and backs off. */
      readonly stockOut?: true
    }
  | { readonly kind: 'skipped'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string }

export type ActionBy =
  | { readonly kind: 'guard' }
  | { readonly kind: 'person'; readonly who: string; readonly reason: string }

/** What the machine was before the action, so that its effect can be proved. */
export type Baseline = {
  readonly bootId?: string
  readonly invocationId?: string
  readonly containerId?: string
  readonly serialNext?: number
}

export type Action = {
  /** Deterministic: incident, rung, unit and attempt. */
  readonly id: string
  readonly incidentId: string
  readonly rung: ActingRung
  readonly unit?: string
  readonly attempt: number
  readonly cause: string
  readonly purpose: 'recovery' | 'rollout'
  readonly by: ActionBy
  readonly force: boolean
  readonly status: 'intended' | 'issued' | 'proved' | 'not-happened' | 'unknown'
  readonly intendedAt: number
  readonly issuedAt?: number
  readonly endedAt?: number
  readonly result?: ActionResult
  readonly baseline: Baseline
  readonly fence: number
}

export type SecretPut = {
  readonly secret: string
  /** The version's number, never `latest`. */
  readonly version: string
  /** The Podman secret's name. */
  readonly name: string
}

/** What the shell is asked to carry out: at most one at a time for a target. */
export type Effect =
  | { readonly kind: 'act'; readonly action: Action }
  | { readonly kind: 'put-secrets'; readonly puts: readonly SecretPut[]; readonly fence: number }
