/**
 * Makes text from outside harmless to look at: control, bidi and invisible characters become visible marks, and
 * the length is bounded. Escaping for HTML, Markdown or a channel's markup is not done here.
 */

export const INERT_CHARS_MAX = 2_000

/** Control, format (bidi, zero-width, tags), surrogates without a partner, line and paragraph separators. */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

export function inert(text: string, charsMax: number = INERT_CHARS_MAX): string {
  const bounded = text.length > charsMax ? `${text.slice(0, charsMax)}…` : text
  return bounded.replace(ACTIVE, visible)
}

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
