/**
 * A notice as Slack's rich text: its elements are shown as they are, no `*`, no `<!channel>` in them means anything
 * (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). The fallback text, which phones show, is
 * parsed by Slack, so it is escaped.
 */
import type { AlertText } from '../../words/alert-text.ts'
import { boundedText, briefOf, fitting, headOf } from './message-text.ts'

export type SlackElement = {
  type: 'text'
  text: string
  style?: { bold?: boolean; code?: boolean }
}
export type SlackBlock = {
  type: 'rich_text'
  elements: { type: 'rich_text_section'; elements: SlackElement[] }[]
}
export type SlackWords = { readonly text: string; readonly blocks: SlackBlock[] }

/** Well under what Slack takes, and still read by somebody. */
const CHARACTERS_MAX = 3_000
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** Invisible; behind a `*`, `_`, `~`, a backtick or an `@` it keeps the fallback from setting type or naming anybody. */
const WORD_JOINER = '\u2060'

export function slackMessage(text: AlertText): SlackWords {
  const fit = fitting(text, (part) => wordsOf(part).join('').length, CHARACTERS_MAX)
  const story = fit.story.flatMap(({ time, text: what }, index): SlackElement[] => [
    { type: 'text', text: index === 0 ? '\n\n' : '\n' },
    { type: 'text', text: time === '' ? '–' : time, style: { code: true } },
    { type: 'text', text: ` ${what}` },
  ])
  const lines: SlackElement[] = fit.lines.map((line) => ({ type: 'text', text: `\n${line}` }))
  const head: SlackElement = { type: 'text', text: headOf(fit), style: { bold: true } }
  return { text: escaped(briefOf(fit)), blocks: [block([head, ...lines, ...story])] }
}

export function slackAnswer(text: AlertText): SlackWords {
  const brief = briefOf(boundedText(text))
  return { text: escaped(brief), blocks: [block([{ type: 'text', text: brief }])] }
}

function block(elements: SlackElement[]): SlackBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }
}

function wordsOf(text: AlertText): readonly string[] {
  const story = text.story.flatMap(({ time, text: what }) => ['\n', time, ' ', what])
  return [headOf(text), ...text.lines.flatMap((line) => ['\n', line]), '\n', ...story]
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escaped(text: string): string {
  return text
    .replace(/[&<>]/g, (character) => ESCAPES[character] ?? character)
    .replace(/(?<![\p{L}\p{N}])[*_~`@#](?=\S)/gu, (sign) => `${sign}${WORD_JOINER}`)
}
