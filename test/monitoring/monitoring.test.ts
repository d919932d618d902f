import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { createMetrics } from '../../src/http/metrics/metrics.ts'
import { guardThat, noFigures } from '../http/small-app.ts'
import { PROMTOOL_IS_HERE, PROMTOOL_NOTE, promtool } from '../promtool.ts'

const at = (name: string) => new URL(`../../monitoring/${name}`, import.meta.url).pathname
const read = (name: string) => readFileSync(at(name), 'utf8')
const directory = mkdtempSync(join(tmpdir(), 'night-guard-monitoring-'))
afterAll(() => rmSync(directory, { recursive: true }))

const scraped = await createMetrics({
  guard: guardThat({ metrics: () => noFigures() }),
  version: '1.2.3',
}).text()
const exported = new Set([...scraped.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))

const placeSchema = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() })
const panelSchema = z.object({
  id: z.number(),
  type: z.string(),
  title: z.string().min(1),
  description: z.string().optional(),
  gridPos: placeSchema,
  datasource: z.object({ type: z.string(), uid: z.string() }).optional(),
  targets: z
    .array(
      z.object({
        expr: z.string(),
        legendFormat: z.string().min(1),
        datasource: z.object({ uid: z.string() }),
      }),
    )
    .default([]),
})
const dashboard = z
  .object({
    schemaVersion: z.number(),
    uid: z.string(),
    title: z.string(),
    templating: z.object({
      list: z.array(z.object({ name: z.string(), type: z.string(), query: z.unknown() })),
    }),
    annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
    panels: z.array(panelSchema),
  })
  .parse(JSON.parse(read('grafana-dashboard.json')))
const panels = dashboard.panels.filter(({ type }) => type !== 'row')
const expressions = [
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...dashboard.annotations.list.map(({ expr }) => ['Annotation', expr] as const),
]

const ruleSchema = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(['critical', 'warning', 'info']) }),
  annotations: z.strictObject({ summary: z.string().min(10), runbook: z.string().min(40) }),
})
const rules = z
  .object({ groups: z.array(z.object({ name: z.string(), rules: z.array(ruleSchema) })) })
  .parse(parse(read('prometheus-alerts.yml')))
  .groups.flatMap((group) => group.rules)

const RULE_TESTS = ['prometheus-alerts.test.yml', 'prometheus-alerts-slow.test.yml']
const testsSchema = z.object({
  tests: z.array(
    z.object({
      promql_expr_test: z
        .array(z.object({ expr: z.string(), exp_samples: z.array(z.object({ labels: z.string() })) }))
        .default([]),
      alert_rule_test: z
        .array(z.object({ alertname: z.string(), exp_alerts: z.array(z.unknown()) }))
        .default([]),
    }),
  ),
})

/** All metrics that an expression names. */
function metricsIn(expression: string): readonly string[] {
  return expression.match(/\b(?:nightguard|process|nodejs)_[a-z0-9_]+/g) ?? []
}

/** With what Grafana would put in for its variables. */
function filledIn(expression: string): string {
  return expression.replaceAll('$__rate_interval', '4m').replaceAll(/\$(job|target)\b/g, '.*')
}

describe('the dashboard', () => {
  it.each(expressions)('%s asks for metrics that are exported: %s', (_, expression) => {
    const names = metricsIn(expression)
    expect(names).not.toEqual([])
    expect(names.filter((name) => !exported.has(name))).toEqual([])
  })

  it('shows every metric of ours, but those that only say how the others are to be read', () => {
    const shown = new Set(expressions.flatMap(([, expression]) => metricsIn(expression)))
    const ours = [...exported].filter((name) => name?.startsWith('nightguard_'))
    expect(ours.filter((name) => name !== undefined && !shown.has(name)).toSorted()).toEqual([
      'nightguard_started_timestamp_seconds',
      'nightguard_target_last_look_timestamp_seconds',
      'nightguard_target_observe_only',
    ])
  })

  it('asks the data source that its reader has chosen, and no other', () => {
    const uids = panels.flatMap(({ datasource, targets }) => [
      datasource?.uid,
      ...targets.map((each) => each.datasource.uid),
    ])
    expect(uids.filter((uid) => !/^\$\{datasource\}$/.test(uid ?? ''))).toEqual([])
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['job', 'query'],
      ['target', 'query'],
    ])
  })

  it('explains each panel, gives each an id of its own, and lays none over another', () => {
    expect(panels.filter(({ description }) => !description?.endsWith('.')).map(({ title }) => title)).toEqual(
      [],
    )
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(dashboard.panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true)
  })

  it.skipIf(!PROMTOOL_IS_HERE)(`only has expressions that Prometheus can read${PROMTOOL_NOTE}`, () => {
    const file = join(directory, 'dashboard-rules.yml')
    const asked = expressions.map(([, expression], index) => ({
      record: `panel_${index}`,
      expr: filledIn(expression),
    }))
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules: asked }] }))
    const { code, said } = promtool(['check', 'rules', file])
    expect([code, said]).toEqual([0, expect.stringContaining(`SUCCESS: ${expressions.length} rules found`)])
  })
})

describe('the alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for metrics that are exported',
    (_, { expr }) => {
      const names = metricsIn(expr)
      expect(names).not.toEqual([])
      expect(names.filter((name) => !exported.has(name))).toEqual([])
    },
  )

  it('have names of one form', () => {
    expect(
      rules.map(({ alert }) => alert).filter((alert) => !/^NightGuard[A-Z][A-Za-z]+$/.test(alert)),
    ).toEqual([])
  })

  it('are as many as the README says', () => {
    expect(read('README.md')).toContain(`${rules.length} alert rules`)
  })

  it.skipIf(!PROMTOOL_IS_HERE)(`are rules that Prometheus can read${PROMTOOL_NOTE}`, () => {
    expect(promtool(['check', 'rules', at('prometheus-alerts.yml')])).toEqual({
      code: 0,
      said: expect.stringContaining(`SUCCESS: ${rules.length} rules found`),
    })
  })

  it.skipIf(!PROMTOOL_IS_HERE).each(RULE_TESTS)(
    `fire when they should, and not before: %s${PROMTOOL_NOTE}`,
    (file) => {
      expect(promtool(['test', 'rules', at(file)])).toEqual({
        code: 0,
        said: expect.stringContaining('SUCCESS'),
      })
    },
  )

  it('are each expected to fire by one of the tests', () => {
    const expected = RULE_TESTS.flatMap((file) => testsSchema.parse(parse(read(file))).tests).flatMap(
      (test) => [
        ...test.promql_expr_test.flatMap(({ expr, exp_samples }) =>
          exp_samples.length === 0 ? [] : [expr, ...exp_samples.map(({ labels }) => labels)],
        ),
        ...test.alert_rule_test.flatMap(({ alertname, exp_alerts }) =>
          exp_alerts.length === 0 ? [] : [alertname],
        ),
      ],
    )
    const fired = new Set(expected.flatMap((text) => text.match(/NightGuard[A-Za-z]+/g) ?? []))
    expect(rules.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([])
  })
})

describe('the README and the example', () => {
  it('the README lists every metric of ours, and none that is not there', () => {
    const table = read('README.md').split('## Metrics')[1] ?? ''
    const listed = table
      .split('\n')
      .filter((line) => line.startsWith('| `nightguard_'))
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
      .map((name) => name.replace(/^…_/, 'nightguard_target_'))
    const ours = [...exported].filter((name) => name?.startsWith('nightguard_'))
    expect(listed.toSorted()).toEqual(ours.toSorted())
  })

  it.skipIf(!PROMTOOL_IS_HERE)(
    `the example is a configuration that Prometheus can read${PROMTOOL_NOTE}`,
    () => {
      const { code } = promtool(['check', 'config', '--syntax-only', at('prometheus-scrape.example.yml')])
      expect(code).toBe(0)
    },
  )
})
