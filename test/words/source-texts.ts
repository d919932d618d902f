/** Finds the prose in TypeScript sources: texts and templates with words in them, each hole of a template as `{}`. */
import { type Token, tokensOf } from '../house/tokens.ts'

export type SourceText = { readonly file: string; readonly line: number; readonly text: string }

/** All texts and templates of a source, in their order; those that only a bug's error says are left out. */
export function textsIn(file: string, source: string): readonly SourceText[] {
  const tokens = tokensOf(source).filter(({ kind }) => kind !== 'comment')
  const found: SourceText[] = []
  const open: { pieces: string[]; line: number; thrown: boolean }[] = []
  for (const [index, token] of tokens.entries()) {
    const { kind, value, line } = token
    if (kind === 'text') {
      if (!isThrown(tokens, index)) found.push({ file, line, text: unescaped(value) })
    } else if (kind === 'template') {
      if (value.startsWith('`')) open.push({ pieces: [], line, thrown: isThrown(tokens, index) })
      const current = open.at(-1)
      const end = value.endsWith('${') ? 2 : 1
      current?.pieces.push(unescaped(value.slice(1, value.length - end)))
      if (end === 2 || current === undefined) continue
      open.pop()
      if (!current.thrown) found.push({ file, line: current.line, text: current.pieces.join('{}') })
    }
  }
  return found
}

/** Words for people, as against names, paths and keys. */
export function isProse({ text }: SourceText): boolean {
  const words = text.replaceAll('{}', '')
  return /\p{L}{2}/u.test(words) && / /.test(text)
}

/** The text of `throw new Error('…')`: a bug's, which no page and no alert shows. */
function isThrown(tokens: readonly Token[], index: number): boolean {
  return tokens[index - 1]?.value === '(' && (tokens[index - 2]?.value ?? '').endsWith('Error')
}

export function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => (character === 'n' ? '\n' : character))
}
