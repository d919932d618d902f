/** What the API answers in English (titles, details, mends, results), in the language of a page. The API itself speaks one. */
import type { Reader } from '../../core/channel.ts'
import { say } from '../../words/say.ts'
import { sentenceFor } from '../../words/sentences.ts'
import { inert } from '../inert.ts'

/** Details of problem.ts and outcome.ts that quote what was asked; the core's sentences are words/'s. */
const QUOTING: readonly (readonly [RegExp, string])[] = [
  [/^Nothing is at (?<what>.+)$/, 'Nothing is at {what}'],
  [
    /^(?<id>\S+) is not watched; the targets are (?<known>.+)$/,
    '{id} is not watched; the targets are {known}',
  ],
  [/^There is no incident (?<id>.+)$/, 'There is no incident {id}'],
  [/^There is no black box (?<id>.+)$/, 'There is no black box {id}'],
  [/^(?<method>\S+) is not possible on (?<path>.+)$/, '{method} is not possible on {path}'],
  [/^Use (?<methods>[A-Z]+(?: or [A-Z]+)*)\.$/, 'Use {methods}.'],
  [/^Ask by one of its names: (?<names>.+)\.$/, 'Ask by one of its names: {names}.'],
  [
    /^Have the e-mail listed for (?<roles>.+) in the configuration's auth section;/,
    "Have the e-mail listed for {roles} in the configuration's auth section.",
  ],
  [/^Not right: (?<fields>.+)$/, 'Not right: {fields}'],
  [
    /^(?<who>\S+) does not have the role that this needs: (?<roles>.+)$/,
    '{who} does not have the role that this needs: {roles}',
  ],
]

/** Inert; what has no translation stays as it is. */
export function answerInWords(text: string, reader: Reader): string {
  const { language } = reader
  if (language === 'en') return inert(sentenceFor(text, reader))
  const said = say(language, text)
  if (said !== text) return said
  for (const [pattern, template] of QUOTING) {
    const found = pattern.exec(text)?.groups
    if (found !== undefined) return inert(say(language, template, found))
  }
  return inert(sentenceFor(text, reader))
}
