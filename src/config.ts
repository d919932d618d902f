/**
 * The configuration: read once, checked whole, frozen. Every problem names its line, column and field. What the
 * fields may be is schemas/config.ts; whether this build can do what they ask for is compose.ts's to say.
 */
import { readFileSync, statSync } from 'node:fs'
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLError,
} from 'yaml'
import type { ChannelConfig, Reader, StatusPage } from './core/channel.ts'
import type { Policy } from './core/policy.ts'
import type { Target } from './core/target.ts'
import { type ConfigFile, configSchema } from './schemas/config.ts'
import { channelOf, statusPageOf, targetOf } from './schemas/config-core.ts'
import { type FieldProblem, type Path, problemsOf } from './schemas/config-problems.ts'

export type AuthConfig = {
  readonly mode: 'iam' | 'token'
  /** What ID tokens may be made out to, besides the service's own URL; not empty where there is no URL. */
  readonly audience: readonly string[]
  readonly scheduler: readonly string[]
  readonly pusher: readonly string[]
  readonly operators: readonly string[]
  readonly viewers: readonly string[]
}

export type StoreConfig = { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'firestore' }

export type Config = {
  readonly project: string
  readonly targets: readonly Target[]
  readonly auth: AuthConfig
  readonly store: StoreConfig
  readonly canary: { readonly urls: readonly string[] }
  readonly notify: readonly ChannelConfig[]
  readonly deadMan?: { readonly url: string }
  /** Of the pages; each channel may have its own. */
  readonly reader: Reader
  readonly statusPage?: StatusPage
  readonly policy: Policy
  /** The service's own URL. */
  readonly url?: string
}

/** `line` and `column` begin at 1; `field` is like `targets[0].health.url`, empty for the whole file. */
export type ConfigProblem = {
  readonly line: number
  readonly column: number
  readonly field: string
  readonly message: string
}

export type InvalidConfig = {
  readonly kind: 'invalid'
  readonly source: string
  readonly problems: readonly ConfigProblem[]
}

export type ParsedConfig =
  | {
      readonly kind: 'config'
      readonly config: Config
      /** The same file, refused for what is only found once it is used; `path` is in the file's own terms. */
      readonly refused: (problems: readonly FieldProblem[]) => InvalidConfig
    }
  | InvalidConfig

/** A thousand targets fit. */
const BYTES_MAX = 1024 * 1024
const ALIASES_MAX = 100
const PROBLEMS_MAX = 50

/** NIGHTGUARD_CONFIG is the file's path, or the YAML itself (it has a line break or `targets:` in it). */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ParsedConfig {
  const given = env['NIGHTGUARD_CONFIG'] ?? ''
  if (given.trim() === '') {
    return invalid(
      'NIGHTGUARD_CONFIG',
      'is not set: give it the path of a nightguard.yaml, or the YAML itself',
    )
  }
  if (given.includes('\n') || given.includes('targets:')) {
    return parseConfig(given, { source: 'NIGHTGUARD_CONFIG' })
  }
  try {
    // Asked first: a path to a device or a log must not fill the memory.
    const file = statSync(given)
    if (!file.isFile()) return invalid(given, 'is no file')
    if (file.size > BYTES_MAX) return invalid(given, TOO_LARGE)
    return parseConfig(readFileSync(given, 'utf8'), { source: given })
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    return invalid(given, `can't be read: ${error.message}`)
  }
}

const TOO_LARGE = `is larger than ${BYTES_MAX / 1024} KiB`

/** `source` names the text in messages. Never throws for what the text says. */
export function parseConfig(text: string, { source }: { source: string }): ParsedConfig {
  if (Buffer.byteLength(text) > BYTES_MAX) return invalid(source, TOO_LARGE)
  const lines = new LineCounter()
  const document = readYaml(text, lines)
  if (document.kind === 'unreadable') return invalid(source, document.detail)
  const { yaml } = document
  const mistakes = [...yaml.errors, ...yaml.warnings].slice(0, PROBLEMS_MAX)
  if (mistakes.length > 0) {
    const problems = mistakes.map((mistake) => ({
      ...positionOf(lines, mistake.pos[0]),
      field: '',
      message: yamlMessageOf(mistake, text),
    }))
    return { kind: 'invalid', source, problems }
  }
  const refused = (found: readonly FieldProblem[]): InvalidConfig => {
    const problems = found
      .slice(0, PROBLEMS_MAX)
      .map((problem) => located(problem, yaml, lines))
      .sort((a, b) => a.line - b.line || a.column - b.column)
    return { kind: 'invalid', source, problems }
  }
  const parsed = configSchema.safeParse(document.value)
  if (!parsed.success) return refused(problemsOf(parsed.error, document.value))
  const zones = unknownZones(parsed.data)
  if (zones.length > 0) return refused(zones)
  return { kind: 'config', config: freeze(configOf(parsed.data)), refused }
}

const PORT_DEFAULT = 8080

/** The port that PORT names: 8080 when it is absent or empty, undefined when it is no port's number. */
export function portOf(text = ''): number | undefined {
  if (text === '') return PORT_DEFAULT
  const port = Number(text)
  return /^[0-9]+$/.test(text) && port <= 65_535 ? port : undefined
}

/** One line a problem, as a compiler writes them: editors and terminals turn them into links. */
export function describeProblems(invalidConfig: InvalidConfig): string {
  return invalidConfig.problems
    .map(({ line, column, field, message }) => {
      const subject = field === '' ? 'the configuration' : field
      return `${invalidConfig.source}:${line}:${column}: ${subject} ${message}`
    })
    .join('\n')
}

function invalid(source: string, message: string): InvalidConfig {
  return { kind: 'invalid', source, problems: [{ line: 1, column: 1, field: '', message }] }
}

type Yaml = Document.Parsed
type ReadYaml =
  | { readonly kind: 'read'; readonly yaml: Yaml; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly detail: string }

const TOO_DEEP = { kind: 'unreadable', detail: 'is nested too deeply' } as const

/** Nesting that exhausts the parser's stack is reported or thrown; aliases that multiply beyond the bound throw. */
function readYaml(text: string, lineCounter: LineCounter): ReadYaml {
  try {
    const yaml = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' })
    if (yaml.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return TOO_DEEP
    const value: unknown = yaml.errors.length > 0 ? undefined : yaml.toJS({ maxAliasCount: ALIASES_MAX })
    return { kind: 'read', yaml, value }
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP
    if (error instanceof ReferenceError) return { kind: 'unreadable', detail: 'has too many aliases' }
    throw error
  }
}

function yamlMessageOf({ code, message, pos }: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY') {
    const field = /^["']?([\w-]{1,100})/.exec(text.slice(pos[0], pos[0] + 100))?.[1]
    return `has the field ${field ?? 'here'} twice in one section`
  }
  return `is no valid YAML: ${(message.split('\n')[0] ?? '').slice(0, 300)}`
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** At the value; at the name of a field that should not be; at the section that lacks one. */
function located({ path, message }: FieldProblem, yaml: Yaml, lines: LineCounter): ConfigProblem {
  let node: unknown = yaml.contents
  let offset = rangeStart(node) ?? 0
  for (const part of path) {
    const step = stepInto(isAlias(node) ? node.resolve(yaml) : node, part)
    if (step === undefined) break
    offset = rangeStart(step.value) ?? rangeStart(step.key) ?? offset
    // A section is best shown by its name, and so is a field that is unknown or empty.
    if (step.key !== undefined && !isScalar(step.value)) offset = rangeStart(step.key) ?? offset
    if (message.startsWith('is no') && part === path.at(-1)) offset = rangeStart(step.key) ?? offset
    node = step.value
  }
  return { ...positionOf(lines, offset), field: fieldName(path), message }
}

function stepInto(node: unknown, part: string | number): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof part === 'number') {
    return node.items[part] === undefined ? undefined : { value: node.items[part] }
  }
  if (!isMap(node)) return undefined
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
}

function rangeStart(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function fieldName(path: Path): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`
    return name === '' ? part : `${name}.${part}`
  }, '')
}

function configOf(file: ConfigFile): Config {
  const { project, url, auth, store, language, timeZone, deadMan, statusPage } = file
  const reader: Reader = { language, timeZone }
  return {
    project,
    targets: file.targets.map((entry) => targetOf(entry, project)),
    auth: authOf(auth),
    store: store.sqlite === undefined ? { kind: 'firestore' } : { kind: 'sqlite', path: store.sqlite },
    canary: { urls: file.canary.urls },
    notify: file.notify.map((entry) => channelOf(entry, reader)),
    reader,
    policy: file.policy,
    ...(deadMan === undefined ? {} : { deadMan }),
    ...(statusPage === undefined ? {} : { statusPage: statusPageOf(statusPage) }),
    ...(url === undefined ? {} : { url }),
  }
}

function authOf({ audience = [], ...auth }: ConfigFile['auth']): AuthConfig {
  return { ...auth, audience: typeof audience === 'string' ? [audience] : audience }
}

function unknownZones(file: ConfigFile): readonly FieldProblem[] {
  const named: readonly (readonly [Path, string | undefined])[] = [
    [['timeZone'], file.timeZone],
    ...file.notify.flatMap((entry, index) =>
      Object.entries(entry).map(
        ([kind, section]) => [['notify', index, kind, 'timeZone'], section?.timeZone] as const,
      ),
    ),
  ]
  return named.flatMap(([path, zone]) => {
    if (zone === undefined || isTimeZone(zone)) return []
    return [{ path, message: `must be an IANA time zone, like Asia/Seoul: ${zone} is none` }]
  })
}

/** Asked by using it: the lists that Intl gives lack UTC and all second names. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}
