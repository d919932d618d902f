/**
 * Whether a health answer is the one that the configuration expects: the same measure for the question from
 * outside (the probe) and from inside (over SSH). Fetching and parsing the answer is the adapters' work.
 */
import { plainText } from './plain-text.ts'
import type { HealthCheck } from './target.ts'

export type HealthAnswer = {
  readonly status: number
  /** The body as parsed JSON; `undefined` when it is none. */
  readonly json: unknown
}

export type Expectation = { readonly kind: 'met' } | { readonly kind: 'unmet'; readonly detail: string }

/** The status first, then each member in the configuration's order; the first that differs is told. */
export function meetsExpectation(expect: HealthCheck['expect'], answer: HealthAnswer): Expectation {
  if (answer.status !== expect.status)
    return { kind: 'unmet', detail: `status ${answer.status}, expected ${expect.status}` }
  if (expect.json === undefined) return { kind: 'met' }
  const { json } = answer
  if (json === undefined) return { kind: 'unmet', detail: 'the body is not JSON' }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { kind: 'unmet', detail: 'the body is not a JSON object' }
  for (const [name, wanted] of Object.entries(expect.json)) {
    const found = Object.hasOwn(json, name) ? (json as Readonly<Record<string, unknown>>)[name] : undefined
    if (found !== wanted) return { kind: 'unmet', detail: differs(name, { found, wanted }) }
  }
  return { kind: 'met' }
}

function differs(name: string, { found, wanted }: { found: unknown; wanted: unknown }): string {
  if (found === undefined) return `"${name}" is missing, expected ${JSON.stringify(wanted)}`
  return `"${name}" is ${plainText(JSON.stringify(found), 60)}, expected ${JSON.stringify(wanted)}`
}
