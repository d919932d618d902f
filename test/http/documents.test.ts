import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { INCIDENT_SCHEMA } from '../../src/core/incident.ts'
import type { IncidentView } from '../../src/core/report.ts'
import { type ApiDocument, type ApiSchema, operationsIn, rolesFor } from '../../src/http/openapi/document.ts'
import { operationId } from '../../src/http/openapi/names.ts'
import { curlExample } from '../../src/http/pages/docs-example.ts'
import { at, incident } from './fake-guard.ts'
import { createHarness } from './harness.ts'
import { type Element, find, findAll, parseMarkup, textOf, withClass, withId, withTag } from './markup.ts'
import { fullView } from './small-app.ts'

/** Seen by people, not by programs: these answer with HTML, SVG, styles and scripts. */
const NO_API = [
  /^\/$/,
  /^\/assets\//,
  /^\/fragments\//,
  /^\/incidents/,
  /^\/targets/,
  /^\/shadow$/,
  /^\/docs$/,
  /^\/status$/,
  /^\/status\/badges\//,
]

const TARGET = fullView({
  budgets: [{ rung: 'restart-workload', unit: 'agent.service', used: 1, max: 3, windowMs: 3_600_000 }],
  workloads: [{ unit: 'agent.service', container: 'systemd-agent', state: 'active (running)' }],
  secrets: [{ name: 'bot_token', secret: 'bot-token', wanted: 'latest', applied: '7', appliedAt: at(7_200) }],
  uptime: { hours24: 0.9993 },
  days: [{ day: '2026-03-04', healthy: 190, degraded: 1, unhealthy: 3, inconclusive: 0 }],
})
const INCIDENT: IncidentView = {
  ...incident(),
  schema: INCIDENT_SCHEMA,
  beganAt: at(180),
  relapses: 0,
  notices: 0,
  blackBoxes: [],
  would: [],
}

const { app } = createHarness({
  answers: {
    targets: async () => ({ kind: 'targets', targets: [TARGET] }),
    target: async () => ({ kind: 'target', target: TARGET }),
    incidents: async () => ({ kind: 'page', incidents: [INCIDENT], next: 'more' }),
    incident: async () => ({ kind: 'found', incident: INCIDENT }),
  },
  statusPage: { title: 'Ours', targets: [{ id: 'nightguard', name: 'Bot' }] },
})
const asViewer = (path: string) => app.request(path, { headers: { 'x-test-role': 'viewer' } })
const document = (await (await asViewer('/openapi.json')).json()) as ApiDocument
const operations = operationsIn(document)
const named = operations.map((found) => [`${found.method.toUpperCase()} ${found.path}`, found] as const)

/** Every object and list within, with the way to it. */
function parts(value: unknown, way = '#'): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, member]) =>
    parts(member, `${way}/${key.replaceAll('/', '~1')}`),
  )
  return Array.isArray(value) ? inner : [[way, value as Readonly<Record<string, unknown>>], ...inner]
}

function resolve(ref: string): unknown {
  const keys = ref.replace(/^#\//, '').split('/')
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    document,
  )
}

/** A schema with what its references mean, so that it stands alone. */
const standalone = (schema: ApiSchema) =>
  z.fromJSONSchema(
    JSON.parse(
      JSON.stringify({ ...schema, $defs: document.components?.schemas }).replaceAll(
        '#/components/schemas/',
        '#/$defs/',
      ),
    ),
  )

describe('who may read the description', () => {
  it.each(
    ['/openapi.json', '/docs'].flatMap((path) =>
      [
        ['nobody', 401],
        ['scheduler', 403],
        ['pusher', 403],
        ['viewer', 200],
        ['operator', 200],
      ].map(([role, status]) => [path, role, status] as const),
    ),
  )('%s as %s: %i', async (path, role, status) => {
    expect((await app.request(path, { headers: { 'x-test-role': `${role}` } })).status).toBe(status)
  })
})

describe('/openapi.json', () => {
  it('says which version of OpenAPI and of the service it is, and under which licence', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toEqual({
      title: 'Night Guard',
      version: '1.2.3',
      description: expect.stringContaining('RFC 9457'),
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    })
  })

  it('has every route that is mounted, but for pages and their parts', () => {
    const mounted = app.routes
      .filter(({ method, path }) => method !== 'ALL' && !NO_API.some((pattern) => pattern.test(path)))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(named.map(([name]) => name).toSorted()).toEqual([...new Set(mounted)].toSorted())
  })

  it('gives each operation an id of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]+$/.test(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('resolves every reference, and has no part that nothing refers to', () => {
    const refs = parts(document).flatMap(([, { $ref }]) => (typeof $ref === 'string' ? [$ref] : []))
    expect(refs.filter((ref) => resolve(ref) === undefined)).toEqual([])
    const used = new Set(refs.map((ref) => ref.split('/').at(-1)))
    expect(Object.keys(document.components?.schemas ?? {}).filter((name) => !used.has(name))).toEqual([])
  })

  it('knows its groups, and no more', () => {
    const tags = operations.flatMap(({ operation }) => operation.tags ?? [])
    expect(document.tags?.map(({ name }) => name).toSorted()).toEqual([...new Set(tags)].toSorted())
    expect(tags).not.toContain('Other')
  })

  it('has nothing in it that OpenAPI 3.1 no longer knows', () => {
    expect(
      parts(document)
        .filter(([, part]) => 'nullable' in part)
        .map(([way]) => way),
    ).toEqual([])
    const bounds = parts(document).flatMap(([way, part]) => (part['exclusiveMinimum'] === true ? [way] : []))
    expect(bounds).toEqual([])
  })

  it.each(Object.entries(document.components?.schemas ?? {}))(
    'the schema %s can be compiled',
    (_, schema) => {
      expect(() => standalone(schema)).not.toThrow()
    },
  )

  it('is left alone by what it describes: a second reading is the same', async () => {
    expect(await (await asViewer('/openapi.json')).json()).toEqual(document)
  })
})

describe('each operation', () => {
  it.each(named)('%s has a summary, one group and answers with descriptions', (_, { operation }) => {
    expect(operation.summary).toMatch(/^\S.{3,100}[^.]$/)
    expect(operation.tags).toHaveLength(1)
    const answers = Object.entries(operation.responses ?? {})
    expect(answers.filter(([status]) => !/^([1-5]\d\d|default)$/.test(status))).toEqual([])
    expect(answers.filter(([, { description }]) => !description)).toEqual([])
    expect(answers.some(([status]) => status.startsWith('2'))).toBe(true)
  })

  it.each(named)('%s declares the parameters of its path, and no others', (_, { path, operation }) => {
    const inPath = [...path.matchAll(/\{(.+?)\}/g)].map(([, name]) => name)
    const declared = (operation.parameters ?? []).flatMap((parameter) =>
      'name' in parameter && parameter.in === 'path' ? [[parameter.name, parameter.required]] : [],
    )
    expect(declared).toEqual(inPath.map((name) => [name, true]))
  })

  it.each(named)('%s answers every problem as application/problem+json', (_, { operation }) => {
    const problems = Object.entries(operation.responses ?? {}).filter(([status]) => !status.startsWith('2'))
    expect(problems.map(([status]) => status)).toContain('default')
    expect(problems.map(([, { content }]) => content)).toEqual(
      problems.map(() => ({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })),
    )
  })

  it.each(named)('%s says who may, as its door does', async (_, { path, method, operation }) => {
    const roles = rolesFor(app, { path, method })
    expect(operation['x-roles']).toEqual(roles)
    expect(operation.security).toEqual(roles === undefined ? [] : [{ googleIdToken: [] }])
    const answers = Object.keys(operation.responses ?? {})
    expect(['401', '403'].filter((status) => answers.includes(status))).toEqual(
      roles === undefined ? [] : ['401', '403'],
    )
    const nobody = await app.request(path.replaceAll(/\{.+?\}/g, 'x'), { method: method.toUpperCase() })
    expect(nobody.status === 401).toBe(roles !== undefined)
  })

  it('is open to anybody where that is meant, and nowhere else', () => {
    const open = named.filter(([, { operation }]) => operation['x-roles'] === undefined).map(([name]) => name)
    expect(open.toSorted()).toEqual(['GET /health', 'GET /status.json'])
  })

  it.each(named.filter(([, { operation }]) => operation.requestBody !== undefined))(
    "%s: the example's body is one that the schema lets through",
    (_, found) => {
      const body = found.operation.requestBody
      const schema =
        body !== undefined && 'content' in body ? body.content['application/json']?.schema : undefined
      const sent = /-d '(.*)' \\\n/.exec(curlExample(found, document))?.[1]
      if (schema === undefined) throw new Error('The body has no schema')
      if (sent !== undefined)
        expect(standalone(schema).safeParse(JSON.parse(sent))).toMatchObject({ success: true })
    },
  )
})

describe('answers are as described', () => {
  it.each(['/health', '/api/targets', '/api/targets/nightguard', '/api/incidents', '/api/incidents/i-1'])(
    'GET %s',
    async (path) => {
      const found = operations.find(
        (each) =>
          each.method === 'get' && new RegExp(`^${each.path.replaceAll(/\{.+?\}/g, '[^/]+')}$`).test(path),
      )
      const schema = found?.operation.responses?.['200']?.content?.['application/json']?.schema
      if (schema === undefined) throw new Error('Not described')
      const answer = await (await asViewer(path)).json()
      expect(standalone(schema).safeParse(answer).error?.issues).toBeUndefined()
    },
  )
})

describe('names made from paths', () => {
  it.each([
    ['get', '/api/targets', 'getTargets'],
    ['get', '/api/targets/{id}', 'getTargetsById'],
    ['post', '/api/targets/{id}/recover', 'postTargetsByIdRecover'],
    ['get', '/openapi.json', 'getOpenapiJson'],
    ['post', '/events/secret-manager', 'postEventsSecretManager'],
  ])('%s %s is %s', (method, path, id) => {
    expect(operationId(method, path)).toBe(id)
  })
})

describe('/docs', async () => {
  const text = await (await asViewer('/docs')).text()
  const page = parseMarkup(text)
  const articles = findAll(page, withClass('docs-operation'))
  const articleOf = (id: string): Element => find(page, withId(id))

  it('has every operation, with its method, path, who may, and an example', () => {
    expect(articles.map(({ attributes }) => attributes['id']).toSorted()).toEqual(
      operations.map(({ operation }) => operation.operationId).toSorted(),
    )
    for (const article of articles) {
      expect(textOf(find(article, withTag('h3')))).toMatch(/^(GET|POST) \//)
      expect(textOf(find(article, withClass('docs-who')))).toMatch(/^Who may: \S/)
      expect(textOf(find(article, withTag('pre')))).toContain('curl')
    }
  })

  it('shows an order as a person needs it', () => {
    const article = articleOf('postTargetsByIdRecover')
    expect(textOf(find(article, withClass('docs-who')))).toBe('Who may: operator')
    expect(
      find(article, withTag('pre')).children.map((child) =>
        typeof child === 'string' ? child : textOf(child),
      ),
    ).toEqual([
      `curl -X POST \\ -H "Authorization: Bearer $TOKEN" \\ -H "Content-Type: application/json" \\ -d '{"action":"auto","reason":"REASON"}' \\ "$URL/api/targets/TARGET/recover"`,
    ])
  })

  it('shows nested shapes in place, and links the named ones', () => {
    const targets = textOf(find(page, withId('shape-Target')))
    expect(targets).toMatch(/breaker one of these kind "closed" kind "open"/)
    expect(
      findAll(find(page, withId('shape-TargetList')), withTag('a')).map(
        ({ attributes }) => attributes['href'],
      ),
    ).toEqual(['#shape-TargetList', '#shape-Target'])
  })

  it('every link within the page leads somewhere, and every id is there once', () => {
    const ids = findAll(page, ({ attributes }) => 'id' in attributes).map(
      ({ attributes }) => attributes['id'],
    )
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    const links = findAll(page, withTag('a')).flatMap(({ attributes }) =>
      attributes['href']?.startsWith('#') ? [attributes['href'].slice(1)] : [],
    )
    expect(links.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('asks nobody else for anything, and has no style or script of its own', () => {
    const own = (name: string) => findAll(page, ({ attributes }) => name in attributes)
    expect([...own('style'), ...own('onclick')]).toEqual([])
    const addresses = findAll(page, (element) => ['link', 'script', 'img'].includes(element.tag)).map(
      ({ attributes }) => attributes['href'] ?? attributes['src'],
    )
    expect(addresses.filter((address) => !address?.startsWith('/assets/'))).toEqual([])
    expect(addresses.some((address) => address?.endsWith('-docs.css'))).toBe(true)
  })
})
