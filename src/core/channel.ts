/** Where and how people are told, as the configuration says it. Getting a notice there is adapters/notify/. */
import type { NoticeKind } from './notice.ts'

export const LANGUAGES = ['en', 'ko'] as const
export type Language = (typeof LANGUAGES)[number]

/** How a reader wants to be spoken to. */
export type Reader = {
  readonly language: Language
  /** An IANA name: `Asia/Seoul`. */
  readonly timeZone: string
}

/** Within these hours of the reader's day only the named kinds of notices get through; the others wait for the end. */
export type QuietHours = {
  /** `23:00`; may be later than `to`: over midnight. */
  readonly from: string
  readonly to: string
  readonly except: readonly NoticeKind[]
}

type Named = { readonly secret: string }

export type ChannelConfig = Reader & { readonly quiet?: QuietHours } & (
    | {
        readonly kind: 'telegram'
        readonly token: Named
        readonly chat: string
        /** Telegram's numbers of those who may press buttons; empty: messages have none. */
        readonly users: readonly number[]
      }
    | { readonly kind: 'slack'; readonly token: Named; readonly channel: string }
    /** The secret is the webhook's whole URL. */
    | { readonly kind: 'discord'; readonly webhook: Named }
    /** The secret is the key of the signature. */
    | { readonly kind: 'webhook'; readonly url: string; readonly key: Named }
  )

/** What anybody may see, when it is switched on. */
export type StatusPage = {
  readonly title: string
  readonly targets: readonly { readonly id: string; readonly name: string }[]
}
