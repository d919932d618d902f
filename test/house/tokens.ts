/** Cuts TypeScript into tokens, exactly enough to tell code from comments, texts and regular expressions. */

export type Token = {
  readonly kind: 'word' | 'punctuation' | 'text' | 'template' | 'regex' | 'comment'
  /** Of a text: what stands between the quotes. */
  readonly value: string
  /** Begins at 1. */
  readonly line: number
}

const PATTERNS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /\/\/[^\n]*|\/\*[\s\S]*?\*\/|#![^\n]*/y],
  ['text', /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y],
  ['word', /[#\p{L}\p{N}_$][\p{L}\p{N}_$]*/uy],
]
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const LONG_PUNCTUATION = /=>|\.\.\.|\?\.|\?\?=?|&&=?|\|\|=?|[=!]==?|[+\-*/%<>]=|\*\*/y

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  /** How many braces are open inside each template's `${…}`. */
  const templates: number[] = []
  let at = 0
  let line = 1
  const take = (kind: Token['kind'] | 'space', text: string, value = text) => {
    if (kind !== 'space') tokens.push({ kind, value, line })
    line += text.split('\n').length - 1
    at += text.length
  }
  while (at < source.length) {
    const character = source[at] ?? ''
    const open = templates.at(-1)
    if (character === '`' || (character === '}' && open === 0)) {
      const end = endOfTemplate(source, at + 1)
      if (character === '}') templates.pop()
      if (source[end - 1] === '{') templates.push(0)
      take('template', source.slice(at, end))
      continue
    }
    const found = match(source, at)
    if (found !== undefined) {
      take(found.kind, found.text, found.kind === 'text' ? found.text.slice(1, -1) : found.text)
      continue
    }
    const regex = character === '/' && regexMayStand(tokens) ? matchAt(REGEX, source, at) : undefined
    if (regex !== undefined) {
      take('regex', regex)
      continue
    }
    if (open !== undefined && character === '{') templates[templates.length - 1] = open + 1
    if (open !== undefined && character === '}') templates[templates.length - 1] = open - 1
    take('punctuation', matchAt(LONG_PUNCTUATION, source, at) ?? character)
  }
  return tokens
}

function match(source: string, at: number): { kind: Token['kind'] | 'space'; text: string } | undefined {
  for (const [kind, pattern] of PATTERNS) {
    const text = matchAt(pattern, source, at)
    if (text !== undefined) return { kind, text }
  }
  return undefined
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0]
}

/** Behind the closing backtick, or behind the `${` of the next hole. */
function endOfTemplate(source: string, from: number): number {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (source[at] === '`') return at + 1
    else if (source.startsWith('${', at)) return at + 2
  }
  return source.length
}

/** A `/` behind a value divides; anywhere else it begins a regular expression. */
function regexMayStand(tokens: readonly Token[]): boolean {
  const before = tokens.findLast(({ kind }) => kind !== 'comment')
  if (before === undefined) return true
  if (before.kind === 'word') return ['return', 'case', 'typeof', 'of', 'in', 'await'].includes(before.value)
  return before.kind === 'punctuation' && ![')', ']', '}'].includes(before.value)
}
