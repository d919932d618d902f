/**
 * A notice as Telegram's HTML. All text is escaped, and what Telegram's clients would make into a mention, a command
 * or a hashtag is broken up: a machine's output must ring no stranger's phone.
 */
import type { AlertText } from '../../words/alert-text.ts'
import { boundedText, briefOf, fitting, headOf } from './message-text.ts'

/** Of the text without its markup (https://core.telegram.org/bots/api#sendmessage). */
const CHARACTERS_MAX = 4096
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Invisible, and neither letter nor space: what follows it is no name any more. */
const WORD_JOINER = '\u2060'

export function telegramMessage(text: AlertText): string {
  return htmlOf(fitting(text, (fit) => visibleOf(fit).length, CHARACTERS_MAX))
}

export function telegramAnswer(text: AlertText): string {
  return escaped(briefOf(boundedText(text)))
}

function htmlOf(text: AlertText): string {
  const story = text.story.map(({ time, text: what }) => `<code>${escaped(time)}</code> ${escaped(what)}`)
  return layout(`<b>${escaped(headOf(text))}</b>`, text.lines.map(escaped), story)
}

function visibleOf(text: AlertText): string {
  const story = text.story.map(({ time, text: what }) => `${time} ${broken(what)}`)
  return layout(broken(headOf(text)), text.lines.map(broken), story)
}

function layout(head: string, lines: readonly string[], story: readonly string[]): string {
  return [head, ...lines, ...(story.length === 0 ? [] : ['', ...story])].join('\n')
}

function escaped(text: string): string {
  return broken(text).replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
}

function broken(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}_])[@/#](?=[\p{L}\p{N}_])/gu, (sign) => `${sign}${WORD_JOINER}`)
}
