/** A notice as Discord's Markdown: every character that could mean something is escaped, so no text sets type. */
import type { AlertText } from '../../words/alert-text.ts'
import { boundedText, briefOf, fitting, headOf } from './message-text.ts'

/** Of `content`, the escapes included (https://discord.com/developers/docs/resources/webhook#execute-webhook). */
const CHARACTERS_MAX = 2000
/** Also `:`, which makes links and emoji, and `.` behind a number, which makes lists. */
const SPECIAL = /[\\*_~`|<>#:@[\](){}+!-]|(?<=^\d+)\./g

export function discordMessage(text: AlertText): string {
  return markdownOf(fitting(text, (fit) => markdownOf(fit).length, CHARACTERS_MAX))
}

export function discordAnswer(text: AlertText): string {
  return escaped(briefOf(boundedText(text)))
}

function markdownOf(text: AlertText): string {
  const story = text.story.map(({ time, text: what }) => `${escaped(time)} ${escaped(what)}`)
  const head = `**${escaped(headOf(text))}**`
  return [head, ...text.lines.map(escaped), ...(story.length === 0 ? [] : ['', ...story])].join('\n')
}

function escaped(text: string): string {
  return text.replace(SPECIAL, (character) => `\\${character}`)
}
