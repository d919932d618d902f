/**
 * The guard's own sentences in another language. The core writes reasons, timelines and details in English, with
 * values in them; here such a text is taken apart by the templates of the catalogues and put together again. What is
 * no sentence of ours (a VM's words, a person's reason) stays as it is. Making texts inert is not done here.
 */
import type { Language, Reader } from '../core/channel.ts'
import { KOREAN_DETAILS } from './korean-details.ts'
import { KOREAN_SENTENCES } from './korean-sentences.ts'
import { isSlotOf, type SentencePair, type SlotKind, shownSlot, slotKind } from './sentence-slots.ts'

/** Nothing that the guard writes is longer; a longer text stays as it is. */
const CHARS_MAX = 4_096
const DEPTH_MAX = 8
const PARTS_MAX = 32
/** A template with a `; ` in it spans this many parts at most. */
const PARTS_OF_ONE_MAX = 3

/** The English text in the reader's language; one that is not known is returned as it is. */
export function sentence(text: string, language: Language): string {
  return language === 'en' ? text : (koreanOf(text) ?? text)
}

/** As `sentence`; times in it are told in the reader's zone, and causes and actions have their names in English, too. */
export function sentenceFor(text: string, reader: Reader): string {
  return translated(text, { language: reader.language, reader, depth: 0 }) ?? text
}

/** Undefined where no template knows the text, whole or in parts. */
export function koreanOf(text: string): string | undefined {
  return translated(text, { language: 'ko', depth: 0 })
}

type Context = { readonly language: Language; readonly reader?: Reader; readonly depth: number }

function translated(text: string, context: Context): string | undefined {
  if (text.length > CHARS_MAX || context.depth > DEPTH_MAX || text === '') return undefined
  return byTemplate(text, context) ?? byParts(text, context)
}

type Template = {
  /** What stands before, between and behind the slots: one more than these. */
  readonly literals: readonly string[]
  readonly slots: readonly { readonly name: string; readonly kind: SlotKind }[]
  readonly shown: Readonly<Record<Language, readonly Piece[]>>
}
type Piece = { readonly kind: 'literal' | 'slot'; readonly text: string }

const SLOT = /\{(\w+)\}/g

function piecesOf(text: string): readonly Piece[] {
  return text
    .split(SLOT)
    .map((piece, index) => ({ kind: index % 2 === 0 ? 'literal' : 'slot', text: piece }) as const)
}

function templateOf([english, korean]: SentencePair): Template {
  const en = piecesOf(english)
  const texts = (kind: Piece['kind']) => en.filter((piece) => piece.kind === kind).map(({ text }) => text)
  return {
    literals: texts('literal'),
    slots: texts('slot').map((name) => ({ name, kind: slotKind(name) })),
    shown: { en, ko: piecesOf(korean) },
  }
}

/** By the first character; those that begin with a slot stand under the empty text. */
const TEMPLATES: ReadonlyMap<string, readonly Template[]> = Map.groupBy(
  [...KOREAN_SENTENCES, ...KOREAN_DETAILS].map(templateOf),
  ({ literals }) => (literals[0] ?? '').slice(0, 1),
)

function byTemplate(text: string, context: Context): string | undefined {
  for (const key of [text.slice(0, 1), '']) {
    for (const template of TEMPLATES.get(key) ?? []) {
      const values = matched(template, text)
      if (values !== undefined) return put(template, values, context)
    }
  }
  return undefined
}

/**
 * The slots' values, or undefined. Each literal is looked for once, so that the time is linear in the text: a
 * sentence in a slot reaches to the last place where it may end, any other value to the first.
 */
function matched({ literals, slots }: Template, text: string): ReadonlyMap<string, string> | undefined {
  const first = literals[0] ?? ''
  const last = literals.at(-1) ?? ''
  if (slots.length === 0) return text === first ? new Map() : undefined
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return undefined
  const end = text.length - last.length
  const values = new Map<string, string>()
  let from = first.length
  for (const [index, { name, kind }] of slots.entries()) {
    const literal = literals[index + 1] ?? ''
    const until = index === slots.length - 1 ? end : placeOf(literal, text, { from, end, kind })
    if (until === undefined) return undefined
    const value = text.slice(from, until)
    if (!isSlotOf(kind, value) || swallows(text, { kind, value, until })) return undefined
    values.set(name, value)
    from = until + literal.length
  }
  return values
}

/** A value at the end of a text would take in what the guard said behind it. */
function swallows(
  text: string,
  { kind, value, until }: { readonly kind: SlotKind; readonly value: string; readonly until: number },
): boolean {
  return kind === 'value' && until === text.length && value.includes('; ')
}

function placeOf(
  literal: string,
  text: string,
  { from, end, kind }: { readonly from: number; readonly end: number; readonly kind: SlotKind },
): number | undefined {
  const at =
    kind === 'sentence' ? text.lastIndexOf(literal, end - literal.length) : text.indexOf(literal, from)
  return at < from || at + literal.length > end ? undefined : at
}

function put({ shown, slots }: Template, values: ReadonlyMap<string, string>, context: Context): string {
  const inner = { ...context, depth: context.depth + 1 }
  const pieces = shown[context.language].map((piece) => {
    if (piece.kind === 'literal') return piece.text
    const value = values.get(piece.text) ?? ''
    const kind = slots.find(({ name }) => name === piece.text)?.kind ?? 'value'
    if (kind === 'sentence') return translated(value, inner) ?? value
    return shownSlot(kind, value, context)
  })
  return pieces.join('')
}

/** Sentences strung together: `…; …`, `what: why`, and lists of which every item is known. */
function byParts(text: string, context: Context): string | undefined {
  const inner = { ...context, depth: context.depth + 1 }
  return bySemicolons(text, inner) ?? byColon(text, inner) ?? byCommas(text, inner)
}

function bySemicolons(text: string, context: Context): string | undefined {
  const parts = text.split('; ', PARTS_MAX + 1)
  if (parts.length === 1 || parts.length > PARTS_MAX) return undefined
  const shown: string[] = []
  let known = 0
  for (let at = 0; at < parts.length; ) {
    const run = longestRun(parts, at, context)
    known += run.text === undefined ? 0 : 1
    shown.push(run.text ?? parts[at] ?? '')
    at += run.length
  }
  if (known === 0) return undefined
  return shown.reduce((all, part) => `${all}${/[다요]$/.test(all) ? '. ' : '; '}${part}`)
}

/** As many of the parts from here on as are one known text, for a `; ` may stand in a sentence. */
function longestRun(
  parts: readonly string[],
  at: number,
  context: Context,
): { readonly length: number; readonly text?: string } {
  for (let length = Math.min(PARTS_OF_ONE_MAX, parts.length - at); length > 0; length -= 1) {
    const run = parts.slice(at, at + length).join('; ')
    const text = length === 1 ? (byTemplate(run, context) ?? byColon(run, context)) : byTemplate(run, context)
    if (text !== undefined) return { length, text }
  }
  return { length: 1 }
}

function byColon(text: string, context: Context): string | undefined {
  const at = text.indexOf(': ')
  if (at < 0 || context.depth > DEPTH_MAX) return undefined
  const inner = { ...context, depth: context.depth + 1 }
  const [before, behind] = [text.slice(0, at), text.slice(at + 2)]
  const [head, tail] = [byTemplate(before, inner), translated(behind, inner)]
  return head === undefined && tail === undefined ? undefined : `${head ?? before}: ${tail ?? behind}`
}

function byCommas(text: string, context: Context): string | undefined {
  const parts = text.split(', ', PARTS_MAX + 1)
  if (parts.length === 1 || parts.length > PARTS_MAX) return undefined
  const shown = parts.map((part) => byTemplate(part, context))
  return shown.includes(undefined) ? undefined : shown.join(', ')
}
