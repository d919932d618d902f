/** In which language the command speaks; what it says is words/'s. Programs are spoken to in JSON, which is English. */

import { say } from '../words/say.ts'
import { sentence } from '../words/sentences.ts'

export const LANGUAGES = ['en', 'ko'] as const
export type Language = (typeof LANGUAGES)[number]

/** `--lang`, else NIGHTGUARD_LANG, else the locale of messages as POSIX ranks its variables, else English. */
export function languageOf(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Language {
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value = '') => value !== '')
  return languageIn(optionIn(words)) ?? languageIn(env['NIGHTGUARD_LANG']) ?? languageIn(locale) ?? 'en'
}

/** `ko`, `ko_KR.UTF-8`, `ko-KR`. */
function languageIn(text = ''): Language | undefined {
  const [name] = text.toLowerCase().split(/[_.@-]/)
  return LANGUAGES.find((language) => language === name)
}

/** Read before yargs reads: its own texts depend on it. */
function optionIn(words: readonly string[]): string | undefined {
  const end = words.indexOf('--')
  const options = end === -1 ? words : words.slice(0, end)
  const at = options.findLastIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const word = options[at] ?? ''
  return word === '--lang' ? options[at + 1] : word.slice('--lang='.length)
}

const SLOT = /\{\w+\}/

/** What the service says in English: sentences of the guard's, and titles and advice of its problems. */
export function translated(text: string, language: Language): string {
  const known = sentence(text, language)
  // A catalogue's slots are ours to fill, never a text's from outside.
  return known !== text || SLOT.test(text) ? known : say(language, text)
}
