/**
 * Text from outside, made fit to be shown and stored: one line, no control, bidi or invisible characters,
 * a bounded length. Escaping for HTML or a terminal's markup stays with whoever prints it.
 */

/** A terminal's orders: colours and cursor moves, titles. */
const TERMINAL = /\p{Cc}(?:\[[0-?]*[ -/]*[@-~]|\]\P{Cc}*)/gu
/** Bidi controls could reorder a line on a screen; the others hide in it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu

/** At most `lengthMax` UTF-16 units, the last one `…` when something was cut off; never half a character. */
export function plainText(text: string, lengthMax: number): string {
  const clean = cleaned(text.slice(0, lengthMax * 4 + 64))
  if (clean.length <= lengthMax && text.length <= lengthMax * 4 + 64) return clean
  return `${whole(clean.slice(0, lengthMax - 1))}…`
}

/** The end of a text, where programs say why they failed. */
export function plainTail(text: string, lengthMax: number): string {
  const clean = cleaned(text.slice(-(lengthMax * 4)))
  return clean.length <= lengthMax ? clean : `…${cleaned(clean.slice(1 - lengthMax))}`
}

function cleaned(text: string): string {
  return text.replace(TERMINAL, ' ').replace(INVISIBLE, ' ').replace(/\s+/g, ' ').trim()
}

/** Without the first half of a surrogate pair that was cut in two. */
function whole(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '')
}
