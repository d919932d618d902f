/** The house rules of src/ and sandbox/, as functions of sources: which file breaks which, and where. */
import { type Token, tokensOf } from './tokens.ts'

/** By path from the repository's root, with `/`. */
export type Sources = ReadonlyMap<string, string>

export type Offence = {
  readonly file: string
  readonly rule: string
  readonly line: number
  readonly detail: string
}

type Room = {
  /** Rooms that it may import from, besides itself. */
  readonly rooms: readonly string[]
  /** npm packages; a `*` at the end stands for anything, `node:*` for Node's own. */
  readonly packages: readonly string[]
}

/** ARCHITECTURE's import rules. A file of src/ itself (config.ts, …) is a room of its own. */
export const ROOMS: Readonly<Record<string, Room>> = {
  core: { rooms: [], packages: [] },
  schemas: { rooms: ['core'], packages: ['zod'] },
  ports: { rooms: ['core'], packages: [] },
  commands: { rooms: ['core', 'ports'], packages: [] },
  words: { rooms: ['core'], packages: [] },
  adapters: { rooms: ['ports', 'commands', 'schemas', 'words', 'core'], packages: ['*'] },
  app: { rooms: ['core', 'ports'], packages: [] },
  http: {
    rooms: ['app', 'ports', 'schemas', 'words', 'core'],
    packages: ['hono', '@hono/*', 'zod', 'prom-client'],
  },
  cli: { rooms: ['schemas', 'ports', 'words'], packages: ['yargs', 'zod', 'node:*'] },
  'config.ts': { rooms: ['schemas', 'core'], packages: ['yaml', 'zod', 'node:*'] },
  'compose.ts': {
    rooms: ['core', 'schemas', 'ports', 'commands', 'adapters', 'app', 'config.ts'],
    packages: ['*'],
  },
  'server.ts': { rooms: ['compose.ts', 'http', 'config.ts'], packages: ['@hono/node-server', 'node:*'] },
}

/** The edges, where the outside world's failures become data. */
const CATCHING_ROOMS = ['adapters', 'http', 'cli', 'config.ts', 'compose.ts', 'server.ts']

const FILE_LINES_MAX = 350
const FUNCTION_LINES_MAX = 60

export function offencesIn(sources: Sources): readonly Offence[] {
  const files = [...sources].map(([file, source]) => ({ file, source, tokens: tokensOf(source) }))
  return [
    ...files.flatMap(importOffences),
    ...files.flatMap(purityOffences),
    ...files.flatMap(styleOffences),
    ...files.flatMap(lengthOffences),
    ...cycleOffences(files),
  ]
}

type File = { readonly file: string; readonly source: string; readonly tokens: readonly Token[] }
type Import = { readonly from: string | undefined; readonly line: number }

/** All that a file imports or re-exports, types included; `undefined` for what is no plain text. */
export function importsOf(tokens: readonly Token[]): readonly Import[] {
  const code = tokens.filter(({ kind }) => kind !== 'comment')
  return code.flatMap(({ kind, value, line }, index) => {
    const before = code[index - 1]?.value
    const after = code[index + 1]
    if (kind !== 'word' || before === '.' || before === '?.') return []
    if (value === 'from' && after?.kind === 'text') return [{ from: after.value, line }]
    if (value !== 'import') return []
    if (after?.kind === 'text') return [{ from: after.value, line }]
    if (after?.value !== '(') return []
    const what = code[index + 2]
    return [{ from: what?.kind === 'text' ? what.value : undefined, line }]
  })
}

/** `core`, `http`, …; `config.ts` and its like for a file of src/ itself; `sandbox`. */
function roomOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  return top === 'src' ? second : top
}

/** The path that a relative import names. */
function resolve(file: string, from: string): string {
  const parts = file.split('/').slice(0, -1)
  for (const part of from.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function importOffences({ file, tokens }: File): readonly Offence[] {
  const rule = 'imports'
  return importsOf(tokens).flatMap(({ from, line }) => {
    const detail = from === undefined ? 'imports what is no plain text' : wrongImport(file, from)
    return detail === undefined ? [] : [{ file, rule, line, detail }]
  })
}

function wrongImport(file: string, from: string): string | undefined {
  const here = roomOf(file)
  if (!from.startsWith('.')) {
    if (here === 'sandbox') return undefined
    const allowed = ROOMS[here]?.packages ?? []
    return allowed.some((pattern) => fits(from, pattern)) ? undefined : `${here} must not import ${from}`
  }
  const target = resolve(file, from)
  const there = roomOf(target)
  if (!from.endsWith('.ts')) return `${from} lacks its ending .ts`
  if (here === 'sandbox') {
    return /^(src|sandbox)\//.test(target) ? undefined : `sandbox must not import ${target}`
  }
  if (!target.startsWith('src/')) return `src must not import ${target}`
  if (there === here || ROOMS[here]?.rooms.includes(there)) return undefined
  return `${here} must not import ${there}`
}

function fits(name: string, pattern: string): boolean {
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1))
  return name === pattern || name.startsWith(`${pattern}/`)
}

const IMPURE_WORDS = [
  'await',
  'async',
  'process',
  'globalThis',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'queueMicrotask',
  'console',
  'Temporal',
]
const IMPURE_PHRASES = ['Date . now', 'new Date ( )', 'Math . random', 'new Date ;']

/** core/ is told everything: it has no clock, no chance and no world. And secrets are revealed in adapters only. */
function purityOffences({ file, tokens }: File): readonly Offence[] {
  const code = tokens.filter(({ kind }) => kind !== 'comment')
  const phraseAt = (index: number, length: number) =>
    code
      .slice(index, index + length)
      .map(({ value }) => value)
      .join(' ')
  const offences: Offence[] = []
  for (const [index, { kind, value, line }] of code.entries()) {
    const isMember = ['.', '?.'].includes(code[index - 1]?.value ?? '')
    if (roomOf(file) === 'core' && kind === 'word') {
      const isName = isMember || code[index + 1]?.value === ':' || code[index + 1]?.value === '?'
      if (IMPURE_WORDS.includes(value) && !isName) offences.push(impure(file, line, value))
      const phrase = IMPURE_PHRASES.find((words) => phraseAt(index, words.split(' ').length) === words)
      if (phrase !== undefined) offences.push(impure(file, line, phrase.replaceAll(' ', '')))
    }
    if (value === 'reveal' && isMember && file.startsWith('src/') && roomOf(file) !== 'adapters') {
      offences.push({ file, rule: 'secrets', line, detail: 'reveals a secret outside of the adapters' })
    }
  }
  return offences
}

function impure(file: string, line: number, what: string): Offence {
  return { file, rule: 'purity', line, detail: `core must not use ${what}` }
}

const ANY_BEFORE = [':', 'as', '<', '|', '&', '=', ',', '=>']

function styleOffences({ file, tokens }: File): readonly Offence[] {
  const offences: Offence[] = []
  const add = (line: number, detail: string) => offences.push({ file, rule: 'style', line, detail })
  if (tokens.find(({ value }) => !value.startsWith('#!'))?.kind !== 'comment') {
    add(1, 'does not begin with a comment that says what it is for')
  }
  for (const { value, line } of tokens.filter(({ kind }) => kind === 'comment')) {
    const mark = /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck|expect-error)/.exec(value)?.[0]
    if (mark !== undefined) add(line, `has a ${mark}`)
  }
  const code = tokens.filter(({ kind }) => kind !== 'comment')
  for (const [index, { kind, value, line }] of code.entries()) {
    if (kind !== 'word') continue
    const before = code[index - 1]?.value ?? ''
    const after = code[index + 1]?.value ?? ''
    if (value === 'export' && after === 'default') add(line, 'has a default export')
    if (value === 'any' && ANY_BEFORE.includes(before) && after !== ':') add(line, 'uses any')
    if (value === 'catch' && before === '}') {
      const body = after === '(' ? code.findIndex((token, at) => at > index && token.value === ')') : index
      if (code[body + 1]?.value === '{' && code[body + 2]?.value === '}') add(line, 'has an empty catch')
      const room = roomOf(file)
      if (file.startsWith('src/') && !CATCHING_ROOMS.includes(room)) add(line, `${room} must not catch`)
    }
  }
  return offences
}

function lengthOffences({ file, source, tokens }: File): readonly Offence[] {
  const lines = source.trimEnd().split('\n').length
  const tooLong =
    lines > FILE_LINES_MAX ? [{ file, rule: 'length', line: 1, detail: `has ${lines} lines` }] : []
  const functions = functionsOf(tokens)
    .filter((found) => found.lines > FUNCTION_LINES_MAX)
    .map((found) => ({
      file,
      rule: 'length',
      line: found.line,
      detail: `has a function of ${found.lines} lines`,
    }))
  return [...tooLong, ...functions]
}

const BLOCK_WORDS = ['if', 'for', 'while', 'switch', 'catch', 'with']

/**
 * The bodies of functions: braces behind `=>`, or behind a parameter list with or without a result type. What a
 * function holds of other functions counts for them: a factory is as long as what it does itself.
 */
export function functionsOf(tokens: readonly Token[]): readonly { line: number; lines: number }[] {
  const code = tokens.filter(({ kind }) => kind !== 'comment')
  const open: { line: number; isFunction: boolean; inner: number }[] = []
  const found: { line: number; lines: number }[] = []
  for (const [index, { kind, value, line }] of code.entries()) {
    if (kind !== 'punctuation') continue
    if (value === '{') open.push({ line, isFunction: startsFunction(code, index), inner: 0 })
    if (value !== '}') continue
    const start = open.pop()
    const outer = open.at(-1)
    if (start === undefined) continue
    const span = line - start.line
    if (start.isFunction) found.push({ line: start.line, lines: span + 1 - start.inner })
    if (outer !== undefined) outer.inner += start.isFunction ? span : start.inner
  }
  return found
}

function startsFunction(code: readonly Token[], brace: number): boolean {
  const before = code[brace - 1]?.value
  if (before === '=>') return true
  const list = before === ')' ? brace - 1 : endOfParameters(code, brace)
  if (list === undefined) return false
  let depth = 0
  for (let at = list; at >= 0; at -= 1) {
    if (code[at]?.value === ')') depth += 1
    if (code[at]?.value === '(') depth -= 1
    if (depth === 0) return code[at - 1]?.kind === 'word' && !BLOCK_WORDS.includes(code[at - 1]?.value ?? '')
  }
  return false
}

/** Walks back over a result type, on the same line mostly, to the `)` before its colon. */
function endOfParameters(code: readonly Token[], brace: number): number | undefined {
  const furthest = Math.max(1, brace - 40)
  for (let at = brace - 1; at >= furthest; at -= 1) {
    const { value, kind } = code[at] ?? { value: '', kind: 'punctuation' }
    if (value === ':' && code[at - 1]?.value === ')') return at - 1
    const isType = kind === 'word' || kind === 'text' || /^[<>[\]|&,.:;?{}()]$/.test(value) || value === '=>'
    if (!isType || value === 'return' || value === 'const') return undefined
  }
  return undefined
}

function cycleOffences(files: readonly File[]): readonly Offence[] {
  const edges = new Map(
    files.map(({ file, tokens }) => [
      file,
      importsOf(tokens).flatMap(({ from }) => (from?.startsWith('.') ? [resolve(file, from)] : [])),
    ]),
  )
  const done = new Set<string>()
  const offences: Offence[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      const cycle = [...path.slice(path.indexOf(file)), file].join(' → ')
      offences.push({ file, rule: 'cycles', line: 1, detail: `imports itself: ${cycle}` })
      return
    }
    if (done.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return offences
}
