/** Why a command could not do its work, and what a person can do about it. How it is shown is session.ts's business. */
import { say, type Values } from '../words/say.ts'
import type { Language } from './language.ts'

/** A text with slots, as `say` takes it. */
type Text = { readonly text: string; readonly values?: Values }

export class Failure extends Error {
  override readonly name = 'Failure'
  readonly #text: Text
  readonly #mend: Text

  constructor(text: Text, { mend, cause }: { mend: Text; cause?: unknown }) {
    super(said(text, 'en'), { cause })
    this.#text = text
    this.#mend = mend
  }

  inWords(language: Language): { readonly text: string; readonly mend: string } {
    return { text: said(this.#text, language), mend: said(this.#mend, language) }
  }
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly #text: Text

  constructor(text: Text) {
    super(said(text, 'en'))
    this.#text = text
  }

  inWords(language: Language): string {
    return said(this.#text, language)
  }
}

/** `values` fill the text's slots. */
export function wrongUsage(text: string, values: Values = {}): UsageError {
  return new UsageError({ text, values })
}

function said({ text, values = {} }: Text, language: Language): string {
  return say(language, text, values)
}
