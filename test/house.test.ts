import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { functionsOf, importsOf, type Offence, offencesIn, ROOMS } from './house/rules.ts'
import { tokensOf } from './house/tokens.ts'

/** What is allowed all the same, and why. An exception that nothing needs any more is an error, too. */
type Exception = { readonly file: string; readonly detail: string; readonly reason: string }
const EXCEPTIONS: readonly Exception[] = [
  {
    file: 'src/schemas/json-text.ts',
    detail: 'schemas must not catch',
    reason: 'JSON.parse is the one parser that throws: it is made an outcome in this one place',
  },
  {
    file: 'src/http/assets/assets.ts',
    detail: 'http must not import node:crypto',
    reason: "the pages' files are named by their content's hash, worked out once at the start",
  },
  {
    file: 'src/http/assets/uplot.ts',
    detail: 'http must not import node:fs',
    reason: 'uPlot is served as it comes: read from its package when a page with charts is first asked for',
  },
  {
    file: 'src/words/times.ts',
    detail: 'words must not catch',
    reason: 'Intl lists no aliases of time zones: the only way to ask whether it knows one is to try',
  },
]

const root = new URL('../', import.meta.url)
const files = globSync(['src/**/*.ts', 'sandbox/**/*.ts'], { cwd: root }).map((path) =>
  path.replaceAll('\\', '/'),
)
const sources = new Map(files.sort().map((file) => [file, readFileSync(new URL(file, root), 'utf8')]))

const isExcepted = ({ file, detail }: Offence) =>
  EXCEPTIONS.some((exception) => exception.file === file && exception.detail === detail)
const written = ({ file, line, rule, detail }: Offence) => `${file}:${line} ${rule}: ${detail}`

describe('The house', () => {
  const offences = offencesIn(sources)

  it('keeps its rules', () => {
    expect(offences.filter((offence) => !isExcepted(offence)).map(written)).toEqual([])
  })

  it('has no exception that nothing needs', () => {
    const needed = (exception: Exception) =>
      offences.some(({ file, detail }) => file === exception.file && detail === exception.detail)
    expect(EXCEPTIONS.filter((exception) => !needed(exception))).toEqual([])
  })

  it('has rooms and entries with a rule each, and nothing else', () => {
    const rooms = new Set(files.filter((file) => file.startsWith('src/')).map((file) => file.split('/')[1]))
    expect([...rooms].filter((room) => ROOMS[room ?? ''] === undefined)).toEqual([])
  })
})

const HEAD = '/** What it is for. */\n'
/** The offences of small files, with a good head, as texts without the file's name. */
function offencesOf(small: Readonly<Record<string, string>>): readonly string[] {
  const withHead = Object.entries(small).map(([file, source]) => [file, HEAD + source] as const)
  return offencesIn(new Map(withHead)).map(({ rule, detail }) => `${rule}: ${detail}`)
}

describe('The checker bites', () => {
  it.each<[string, string, string]>([
    ['src/core/a.ts', "import { x } from '../ports/b.ts'", 'imports: core must not import ports'],
    ['src/core/a.ts', "import type { X } from '../ports/b.ts'", 'imports: core must not import ports'],
    ['src/core/a.ts', "export { x } from '../schemas/b.ts'", 'imports: core must not import schemas'],
    ['src/core/a.ts', "import fs from 'node:fs'", 'imports: core must not import node:fs'],
    ['src/core/a.ts', "import { z } from 'zod'", 'imports: core must not import zod'],
    ['src/core/a.ts', "const f = import('zod')", 'imports: core must not import zod'],
    ['src/adapters/a.ts', 'const f = import(name)', 'imports: imports what is no plain text'],
    ['src/schemas/a.ts', "import 'yaml'", 'imports: schemas must not import yaml'],
    ['src/schemas/a.ts', "import '../ports/b.ts'", 'imports: schemas must not import ports'],
    ['src/ports/a.ts', "import '../commands/b.ts'", 'imports: ports must not import commands'],
    ['src/ports/a.ts', "import 'zod'", 'imports: ports must not import zod'],
    ['src/commands/a.ts', "import '../schemas/b.ts'", 'imports: commands must not import schemas'],
    ['src/commands/a.ts', "import 'node:path'", 'imports: commands must not import node:path'],
    ['src/adapters/a.ts', "import '../app/b.ts'", 'imports: adapters must not import app'],
    ['src/adapters/a.ts', "import '../config.ts'", 'imports: adapters must not import config.ts'],
    ['src/app/a.ts', "import '../adapters/b.ts'", 'imports: app must not import adapters'],
    ['src/app/a.ts', "import '../commands/b.ts'", 'imports: app must not import commands'],
    ['src/app/a.ts', "import 'pino'", 'imports: app must not import pino'],
    ['src/app/a.ts', "import 'node:crypto'", 'imports: app must not import node:crypto'],
    ['src/http/a.ts', "import '../adapters/b.ts'", 'imports: http must not import adapters'],
    ['src/http/a.ts', "import 'undici'", 'imports: http must not import undici'],
    ['src/cli/a.ts', "import '../app/b.ts'", 'imports: cli must not import app'],
    ['src/cli/a.ts', "import 'hono'", 'imports: cli must not import hono'],
    ['src/config.ts', "import './compose.ts'", 'imports: config.ts must not import compose.ts'],
    ['src/compose.ts', "import './http/a.ts'", 'imports: compose.ts must not import http'],
    ['src/compose.ts', "import './cli/a.ts'", 'imports: compose.ts must not import cli'],
    ['src/server.ts', "import './adapters/a.ts'", 'imports: server.ts must not import adapters'],
    ['src/app/a.ts', "import '../../sandbox/b.ts'", 'imports: src must not import sandbox/b.ts'],
    ['src/app/a.ts', "import '../../test/b.ts'", 'imports: src must not import test/b.ts'],
    ['sandbox/a.ts', "import '../test/b.ts'", 'imports: sandbox must not import test/b.ts'],
    ['src/core/a.ts', "import './b'", 'imports: ./b lacks its ending .ts'],
    ['src/http/a.ts', 'secret.reveal()', 'secrets: reveals a secret outside of the adapters'],
    ['src/app/a.ts', 'secret?.reveal()', 'secrets: reveals a secret outside of the adapters'],
    ['src/core/a.ts', 'await x', 'purity: core must not use await'],
    ['src/core/a.ts', 'const now = Date.now()', 'purity: core must not use Date.now'],
    ['src/core/a.ts', 'const now = new Date()', 'purity: core must not use newDate()'],
    ['src/core/a.ts', 'const x = Math.random()', 'purity: core must not use Math.random'],
    ['src/core/a.ts', "const x = process.env['A']", 'purity: core must not use process'],
    ['src/core/a.ts', `const x = \`a \${process.pid} b\``, 'purity: core must not use process'],
    ['src/http/a.ts', 'export default 1', 'style: has a default export'],
    ['src/http/a.ts', 'const x: any = 1', 'style: uses any'],
    ['src/http/a.ts', 'const x = y as any', 'style: uses any'],
    ['src/http/a.ts', 'const x: Array<any> = []', 'style: uses any'],
    ['src/http/a.ts', '// TODO: later', 'style: has a TODO'],
    ['sandbox/a.ts', '/* FIXME */', 'style: has a FIXME'],
    ['src/http/a.ts', '// @ts-ignore', 'style: has a @ts-ignore'],
    ['src/http/a.ts', 'try { x() } catch {}', 'style: has an empty catch'],
    ['src/http/a.ts', 'try { x() } catch (error) { }', 'style: has an empty catch'],
    ['src/app/a.ts', 'try { x() } catch { y() }', 'style: app must not catch'],
    ['src/core/a.ts', `${'\n'.repeat(350)}const a = 1`, 'length: has 352 lines'],
    ['src/core/a.ts', `function f(a: X): Y {${'\n'.repeat(60)}}`, 'length: has a function of 61 lines'],
    ['src/core/a.ts', `const f = () => {${'\n'.repeat(60)}}`, 'length: has a function of 61 lines'],
    ['src/core/a.ts', `const f = { g(a) {${'\n'.repeat(60)}} }`, 'length: has a function of 61 lines'],
  ])('%s: %s', (file, source, offence) => {
    expect(offencesOf({ [file]: source })).toEqual([offence])
  })

  it('counts the functions inside of another for themselves', () => {
    const inner = `function g() {${'\n'.repeat(50)}}`
    expect(offencesOf({ 'src/core/a.ts': `function f() {\n${inner}\n${inner}\n}` })).toEqual([])
    expect(offencesOf({ 'src/core/a.ts': `function f() {${'\n'.repeat(59)}${inner}\n}` })).toEqual([
      'length: has a function of 61 lines',
    ])
  })

  it('finds a cycle, also one of types', () => {
    expect(
      offencesOf({
        'src/core/a.ts': "import type { B } from './b.ts'",
        'src/core/b.ts': "import './c.ts'",
        'src/core/c.ts': "import './a.ts'",
      }),
    ).toEqual(['cycles: imports itself: src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts'])
  })

  it('misses a head comment', () => {
    expect(offencesIn(new Map([['src/core/a.ts', 'export const a = 1\n']]))).toEqual([
      {
        file: 'src/core/a.ts',
        rule: 'style',
        line: 1,
        detail: 'does not begin with a comment that says what it is for',
      },
    ])
  })
})

describe('The checker lets pass', () => {
  it.each<[string, string]>([
    ['src/core/a.ts', "import { assertNever } from './b.ts'"],
    ['src/core/a.ts', 'const text = \'await Date.now() process.env import fs from "node:fs"\''],
    ['src/core/a.ts', '// it never calls Date.now() and does not await'],
    ['src/core/a.ts', 'const at = new Date(now).toISOString(); const ms = Date.parse(text)'],
    ['src/core/a.ts', 'const pattern = /await "\'`/; const half = a / b / c'],
    ['src/core/a.ts', `const deep = \`a \${b({ c: \`d \${e}\` })} await\``],
    [
      'src/adapters/a.ts',
      "import { Agent } from 'undici'; import { x } from '../ports/b.ts'; secret.reveal()",
    ],
    ['src/adapters/a.ts', "const load = () => import('@google-cloud/compute')"],
    ['src/schemas/a.ts', 'const x = z.any(); const y = schema.catch(1)'],
    ['src/http/a.ts', "import { Hono } from 'hono'; import { serve } from '@hono/node-server'"],
    ['src/server.ts', "import { compose } from './compose.ts'; import { createApp } from './http/app.ts'"],
    ['sandbox/a.ts', "import { x } from '../src/adapters/b.ts'; import ssh from 'ssh2'"],
    ['src/core/a.ts', `if (a) {${'\n'.repeat(80)}}`],
  ])('%s: %s', (file, source) => {
    expect(offencesOf({ [file]: source })).toEqual([])
  })

  it('reads every import of a real file', () => {
    const source = readFileSync(new URL('src/config.ts', root), 'utf8')
    const lines = source.split('\n').filter((line) => / from '[^']+'$/.test(line))
    expect(importsOf(tokensOf(source))).toHaveLength(lines.length)
    expect(functionsOf(tokensOf(source)).length).toBeGreaterThan(10)
  })
})
