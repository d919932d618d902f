/** Queries: which witnesses the core wants asked next. Asking them is app/ask.ts's work. */
import type { SecretUse } from './target.ts'

export type Query =
  | {
      readonly kind: 'http'
      readonly timeoutMs: number
      /** So many probes one after the other, each after a wait; the first that is answered well ends them. */
      readonly times: number
      readonly afterMs: number
    }
  | { readonly kind: 'shell'; readonly questions: ShellQuestions; readonly connectMs: number }
  | { readonly kind: 'vm' /** the serial console from this byte */; readonly serialFrom?: number }
  | { readonly kind: 'heartbeat' }
  /** All that can still be had of the machine before it is rebooted or reset, within `deadlineMs`. */
  | { readonly kind: 'black-box'; readonly overSsh: boolean; readonly deadlineMs: number }
  | { readonly kind: 'canary' }
  | { readonly kind: 'secret-versions'; readonly uses: readonly SecretUse[] }
  /** Did an action whose end is unknown happen? */
  | { readonly kind: 'trace'; readonly actionId: string }

export type ShellQuestions = {
  /** The health URL to ask on the VM itself. */
  readonly inside: boolean
  readonly workloads: boolean
  /** Names of Podman secrets to look at. */
  readonly secrets: readonly string[]
}
