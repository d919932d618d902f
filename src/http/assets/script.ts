/**
 * The pages' script, as text: browsers run it, Node only serves it. It keeps the live parts fresh without losing focus,
 * tells times, and sends orders. Each language has one of its own, for the few words that it says itself.
 */
import type { Language } from '../../core/channel.ts'
import { say } from '../../words/say.ts'
import { CHARTS } from './script-charts.ts'
import { SCRIPT_LIVE } from './script-live.ts'
import { SCRIPT_ORDERS } from './script-orders.ts'
import { SCRIPT_START } from './script-start.ts'
import { SCRIPT_TIMES } from './script-times.ts'

const SCRIPT = [SCRIPT_TIMES, SCRIPT_LIVE, SCRIPT_ORDERS, SCRIPT_START].join('')

export function scriptIn(language: Language): string {
  return spoken(SCRIPT, language)
}

export function chartsScriptIn(language: Language): string {
  return spoken(CHARTS, language)
}

/** The English texts that a script says. */
export function textsOf(script: string): readonly string[] {
  return [...new Set([...script.matchAll(/\bsay\('([^'\\]*)'/g)].map(([, text = '']) => text))]
}

function spoken(script: string, language: Language): string {
  const words = language === 'en' ? [] : textsOf(script).map((text) => [text, say(language, text)] as const)
  return `const WORDS = ${JSON.stringify(Object.fromEntries(words))}\n${squeezed(script)}`
}

/** Without indentation, comments and blank lines. No text of a script spans lines. */
function squeezed(script: string): string {
  return script.replace(/^ *\/\*.*\*\/$/gm, '').replace(/^\s+/gm, '')
}
