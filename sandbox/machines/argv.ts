/** Reads a command line back into its words, as a POSIX shell would: the reverse of src/commands/command.ts. */

/** `undefined`: the text uses the shell in ways that the guard never does (pipes, variables, globs, …). */
export function parseCommandLine(line: string): readonly string[] | undefined {
  const words: string[] = []
  let rest = line.trim()
  while (rest !== '') {
    const read = readWord(rest)
    if (read === undefined) return undefined
    words.push(read.word)
    rest = read.rest.trimStart()
  }
  return words
}

const PIECE = /^(?:'([^']*)'|\\([\s\S])|"([^"$`\\]*)"|([A-Za-z0-9_@%+=:,./-]+))/

function readWord(text: string): { readonly word: string; readonly rest: string } | undefined {
  let word = ''
  let rest = text
  while (rest !== '' && !/^\s/.test(rest)) {
    const piece = PIECE.exec(rest)
    if (piece === null) return undefined
    word += piece[1] ?? piece[2] ?? piece[3] ?? piece[4] ?? ''
    rest = rest.slice(piece[0].length)
  }
  return { word, rest }
}
