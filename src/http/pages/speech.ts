/** Where the pages ask words/ for the core's English sentences and for actions' names, and make them inert. */
import type { Language, Reader } from '../../core/channel.ts'
import { actionName } from '../../words/names.ts'
import { sentenceFor } from '../../words/sentences.ts'
import { inert } from '../inert.ts'
import { capital } from './words.ts'

/** A reason, detail or timeline text of the core, in the reader's language and zone, with a capital; inert. */
export function sentenceOf(text: string, reader: Reader, charsMax?: number): string {
  return capital(inert(sentenceFor(text, reader), charsMax))
}

/** `Restart of agent.service`, `Hard reset`. */
export function actionTitle(
  action: { readonly rung: string; readonly unit?: string | undefined },
  language: Language,
): string {
  return capital(inert(actionName(action, language), 300))
}
