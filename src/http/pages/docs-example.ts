/** A request to try: a curl command with the least that an operation needs. Capitals stand for what the reader knows. */
import type { ApiDocument, ApiSchema, FoundOperation } from '../openapi/document.ts'
import { refName, shapeOf } from './docs-schema.ts'

const DEPTH_MAX = 8

export function curlExample({ path, method, operation }: FoundOperation, document: ApiDocument): string {
  const body = operation.requestBody
  const schema =
    body !== undefined && 'content' in body && body.required === true
      ? body.content['application/json']?.schema
      : undefined
  const needsToken = (operation.security ?? []).length > 0
  const json =
    schema === undefined ? undefined : JSON.stringify(exampleOf(schema, { name: 'body', document }))
  const words = [
    method === 'get' ? 'curl' : `curl -X ${method.toUpperCase()}`,
    ...(needsToken ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(json === undefined ? [] : ['-H "Content-Type: application/json"', `-d ${quoted(json)}`]),
    `"$URL${filledPath(path)}"`,
  ]
  return words.join(' \\\n  ')
}

/** `/api/targets/{id}/arm` is `/api/targets/TARGET/arm`. */
function filledPath(path: string): string {
  const parts = path.split('/')
  return parts
    .map((part, index) =>
      part.startsWith('{') ? placeholder(parts[index - 1] ?? '', part.slice(1, -1)) : part,
    )
    .join('/')
}

function placeholder(before: string, name: string): string {
  const word = name === 'id' ? before.replace(/(?<=x)es$|s$/, '') : name
  return word.toUpperCase().replaceAll('-', '_')
}

/** The least value that a schema lets through, with names in capitals for texts. */
export function exampleOf(
  schema: ApiSchema,
  options: { readonly name: string; readonly document: ApiDocument },
  depth = 0,
): unknown {
  const { name, document } = options
  const shape = shapeOf(schema)
  if (shape.$ref !== undefined) {
    const found = document.components?.schemas?.[refName(shape.$ref)]
    return found === undefined || depth > DEPTH_MAX ? {} : exampleOf(found, options, depth + 1)
  }
  const [stated] = [...(shape.examples ?? []), ...(shape.enum ?? [])]
  if (stated !== undefined) return stated
  if (shape.const !== undefined) return shape.const
  const [form] = shape.oneOf ?? shape.anyOf ?? []
  if (form !== undefined) return exampleOf(form, options, depth + 1)
  if (shape.items !== undefined) return [exampleOf(shape.items, options, depth + 1)]
  if (shape.properties !== undefined) {
    const required = Object.entries(shape.properties).filter(([key]) => shape.required?.includes(key))
    return Object.fromEntries(
      required.map(([key, property]) => [key, exampleOf(property, { name: key, document }, depth + 1)]),
    )
  }
  if (shape.type === 'string') return shape.format === 'date-time' ? '2026-11-23T03:12:00Z' : capitals(name)
  if (shape.type === 'integer' || shape.type === 'number') return shape.minimum ?? 1
  return shape.type === 'boolean' ? true : {}
}

/** `messageId` is `MESSAGE_ID`. */
function capitals(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
