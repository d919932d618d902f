/** Finds the texts that are said: the second arguments of `say(…)` and of functions that hand their text on to it. */
import { type Token, tokensOf } from '../house/tokens.ts'
import { unescaped } from './source-texts.ts'

export type Said = { readonly file: string; readonly line: number; readonly text: string }

export type SayCalls = {
  readonly said: readonly Said[]
  /** Calls without a text of their own: it comes from a table or an argument. */
  readonly handedOn: readonly { readonly file: string; readonly line: number }[]
}

/** `names` are functions like `say`, with the place of their text among the arguments, from 0. */
export function sayCallsIn(file: string, source: string, names: Readonly<Record<string, number>>): SayCalls {
  const tokens = tokensOf(source).filter(({ kind }) => kind !== 'comment')
  const said: Said[] = []
  const handedOn: { file: string; line: number }[] = []
  for (const [index, { kind, value, line }] of tokens.entries()) {
    const place = kind === 'word' && Object.hasOwn(names, value) ? names[value] : undefined
    const before = tokens[index - 1]?.value
    if (place === undefined || tokens[index + 1]?.value !== '(' || before === 'function' || before === '.')
      continue
    const argument = argumentAt(tokens, index + 1, place)
    const texts = argument.filter(isText)
    if (texts.length === 0) handedOn.push({ file, line })
    for (const token of texts) said.push({ file, line: token.line, text: textOf(token) })
  }
  return { said, handedOn }
}

function isText({ kind, value }: Token): boolean {
  return kind === 'text' || (kind === 'template' && value.startsWith('`') && value.endsWith('`'))
}

function textOf({ kind, value }: Token): string {
  return unescaped(kind === 'text' ? value : value.slice(1, -1))
}

/** The tokens of one argument; `open` is the place of the call's bracket. */
function argumentAt(tokens: readonly Token[], open: number, wanted: number): readonly Token[] {
  const found: Token[] = []
  let depth = 0
  let place = 0
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined) break
    const { value, kind } = token
    const isMark = kind === 'punctuation'
    if (isMark && ['(', '[', '{'].includes(value)) depth += 1
    if (isMark && [')', ']', '}'].includes(value)) depth -= 1
    if (depth === 0) break
    if (isMark && value === ',' && depth === 1) place += 1
    else if (place === wanted && at > open) found.push(token)
  }
  return found
}

/** Texts that stand right behind one of these members' colons: `mend: 'Try again.'`. */
export function memberTextsIn(file: string, source: string, members: readonly string[]): readonly Said[] {
  const tokens = tokensOf(source).filter(({ kind }) => kind !== 'comment')
  return tokens.flatMap((token, index) => {
    const [name, colon] = [tokens[index - 2], tokens[index - 1]]
    const isMember = colon?.value === ':' && name?.kind === 'word' && members.includes(name.value)
    return isMember && isText(token) && textOf(token) !== ''
      ? [{ file, line: token.line, text: textOf(token) }]
      : []
  })
}
