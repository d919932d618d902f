/**
 * Text from outside over several lines, made inert: terminal orders are taken out, every other control, bidi or
 * invisible character is shown by its name. One line for a report is plain-text.ts's; escaping is the printer's.
 */

const ESCAPE = String.fromCharCode(0x1b)
const BELL = String.fromCharCode(0x07)
/** CSI (colours, cursor), OSC and its like (titles, links) up to the end of the line, two-letter orders, a lone ESC. */
const TERMINAL = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^${BELL}${ESCAPE}\\n]*(?:${BELL}|${ESCAPE}\\\\)?|[ -/]*[0-~])?`,
  'g',
)
const LINE_END = /(?<!\r)\r+\n/g
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Lines end with `\n`; tabs stay. A control shows as `␀` or `<U+0085>`. */
export function visibleText(text: string): string {
  return text
    .replace(TERMINAL, '')
    .replace(LINE_END, '\n')
    .replace(INVISIBLE, (character) => {
      if (character === '\n' || character === '\t') return character
      const code = character.codePointAt(0) ?? 0
      if (code < 0x20) return String.fromCodePoint(0x2400 + code)
      return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
    })
}
