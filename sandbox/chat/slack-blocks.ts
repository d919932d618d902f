/** Slack's blocks and its markup as far as readers of them go: what is refused, and what is shown. */
import { z } from 'zod'

const element = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    text: z.string().min(1),
    style: z.strictObject({ bold: z.boolean().optional(), code: z.boolean().optional() }).optional(),
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string() }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']) }),
])

const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z
    .array(z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(element).min(1) }))
    .min(1),
})

export const slackBlocksSchema = z.array(richText).max(50)
export type SlackBlocks = z.output<typeof slackBlocksSchema>

/** Of all blocks of one message. */
export const BLOCKS_CHARACTERS_MAX = 13_200

export type SlackShown = {
  readonly text: string
  /** Whom it rings: users, `here`, `channel`, `everyone`. */
  readonly mentions: readonly string[]
}

export function shownBlocks(blocks: SlackBlocks): SlackShown {
  const elements = blocks.flatMap((block) => block.elements).flatMap((section) => section.elements)
  return {
    text: elements.map((part) => (part.type === 'text' ? part.text : '@')).join(''),
    mentions: elements.flatMap((part) => {
      if (part.type === 'user') return [part.user_id]
      return part.type === 'broadcast' ? [part.range] : []
    }),
  }
}

/** https://docs.slack.dev/messaging/formatting-message-text */
export function shownMarkup(markup: string): SlackShown {
  const mentions: string[] = []
  const text = markup
    .replace(/<([^<>]*)>/g, (_whole, inside: string) => {
      const [target = '', label] = inside.split('|')
      if (/^[!@]/.test(target)) mentions.push(target.slice(1))
      return label ?? target
    })
    .replace(/[*_~`]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
  return { text, mentions }
}
