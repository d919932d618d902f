/**
 * How many columns a text takes on a terminal: two for East Asian wide characters and emoji, none for marks that sit on
 * another. After Unicode's East Asian Width (UAX #11), in ranges: ambiguous characters count one, as terminals do.
 */

const NONE = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11FF\uD7B0-\uD7FF]/u
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B16F}\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u

export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += columnsOf(character)
  return width
}

function columnsOf(character: string): number {
  if (NONE.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** At most so many columns, the last of them an ellipsis where something is missing. */
export function cut(text: string, columnsMax: number): string {
  if (widthOf(text) <= columnsMax) return text
  let taken = 0
  let kept = ''
  for (const character of text) {
    taken += columnsOf(character)
    if (taken > columnsMax - 1) break
    kept += character
  }
  return `${kept}…`
}
