/**
 * Saying something in the reader's language. A text is written once, in English, where it is used; the catalogues
 * beside this file have its Korean. `{name}` stands for a value.
 */
import type { Language } from '../core/channel.ts'
import { KOREAN_ALERTS } from './korean-alerts.ts'
import { KOREAN_CLI } from './korean-cli.ts'
import { KOREAN_PAGES } from './korean-pages.ts'
import { KOREAN_STATUS } from './korean-status.ts'

export type Values = Readonly<Record<string, string | number>>

const KOREAN: ReadonlyMap<string, string> = new Map([
  ...Object.entries(KOREAN_STATUS),
  ...Object.entries(KOREAN_PAGES),
  ...Object.entries(KOREAN_ALERTS),
  ...Object.entries(KOREAN_CLI),
])

/** The English text stands in where a language lacks it; a test looks for such. */
export function say(language: Language, text: string, values: Values = {}): string {
  const template = language === 'ko' ? (KOREAN.get(text) ?? text) : text
  return template.replace(/\{(\w+)\}/g, (slot, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : slot,
  )
}
