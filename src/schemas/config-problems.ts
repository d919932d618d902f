/** Says in plain words what is wrong with a configuration, and how to mend it. Lines and columns are src/config.ts's. */
import { z } from 'zod'
import { configSchema } from './config.ts'

export type Path = readonly (string | number)[]

/** `path` is where it is; its last member may be a field that isn't there, or one that should not be. */
export type FieldProblem = { readonly path: Path; readonly message: string }

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a section of fields',
  record: 'a section of fields',
  array: 'a list',
  null: 'empty',
}

export function problemsOf(error: z.ZodError, value: unknown): readonly FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(path, key))
    return [{ path, message: messageOf(issue, valueAt(value, path)) }]
  })
}

function unknownField(parent: Path, key: string): FieldProblem {
  const path = [...parent, key]
  const known = fieldsAt(parent)
  const near = nearest(key, known)
  const hint = near === undefined ? `known here: ${known.join(', ')}` : `did you mean ${near}?`
  return { path, message: `is no field that Night Guard knows; ${hint}` }
}

function messageOf(issue: z.core.$ZodIssue, found: unknown): string {
  if (found === undefined && issue.code !== 'custom') {
    return issue.message.startsWith('is missing') ? issue.message : 'is missing'
  }
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}, not ${kindOf(found)}`
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}${didYouMean(found, issue.values)}`
    case 'too_big':
      return plain(issue.message, `must be at most ${issue.maximum}${unitOf(issue.origin)}`)
    case 'too_small':
      return plain(issue.message, `must be at least ${issue.minimum}${unitOf(issue.origin)}`)
    default:
      return issue.message
  }
}

/** Our own messages begin with `must`; Zod's are replaced. */
function plain(message: string, otherwise: string): string {
  return message.startsWith('must') ? message : otherwise
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' entries' : ''
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return TYPE_NAMES[typeof value] ?? typeof value
}

function didYouMean(found: unknown, values: readonly unknown[]): string {
  const near = nearest(String(found), values.map(String))
  return near === undefined ? '' : `; did you mean ${near}?`
}

function valueAt(value: unknown, path: Path): unknown {
  let here: unknown = value
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = Reflect.get(here, part)
  }
  return here
}

const jsonNode = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
})

/** Made once, and only for a file that has an unknown field. */
let knownFields: unknown

/** The names of the fields that a section knows. */
function fieldsAt(path: Path): readonly string[] {
  knownFields ??= configJsonSchema()
  let node = jsonNode.safeParse(knownFields).data
  for (const part of path) {
    node = jsonNode.safeParse(typeof part === 'number' ? node?.items : node?.properties?.[part]).data
  }
  return Object.keys(node?.properties ?? {})
}

/** What an editor is given: the file as a person writes it, before defaults and conversions. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' })
}

function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      distance: editDistance(simple(word).slice(0, 64), simple(candidate)),
    }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.candidate
}

function simple(word: string): string {
  return word.toLowerCase().replaceAll(/[_-]/g, '')
}

/** Levenshtein's distance: how many letters to insert, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const change = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1)
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
