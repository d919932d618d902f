/** A JSON schema for people: a type in a few words, and fields as nested lists. Named shapes are linked, not repeated. */
import { html } from 'hono/html'
import type { ApiDocument, ApiSchema } from '../openapi/document.ts'
import type { Html } from './words.ts'

/** Of the description's schemas, what is shown. */
export type Shape = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, ApiSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: ApiSchema | boolean
  readonly items?: ApiSchema
  readonly oneOf?: readonly ApiSchema[]
  readonly anyOf?: readonly ApiSchema[]
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

const DEPTH_MAX = 8

export function shapeOf(schema: ApiSchema): Shape {
  return schema as Shape
}

/** `Target` of `#/components/schemas/Target`. */
export function refName(ref: string): string {
  return ref.split('/').at(-1) ?? ref
}

/** What a reference stands for. */
export function resolved(schema: ApiSchema, { components }: ApiDocument): ApiSchema {
  const { $ref } = shapeOf(schema)
  return $ref === undefined ? schema : (components?.schemas?.[refName($ref)] ?? {})
}

/** `list of Target`, `string, 1 to 500 characters`, `"auto" or "reboot"`. */
export function typeWords(schema: ApiSchema): Html {
  const shape = shapeOf(schema)
  if (shape.$ref !== undefined) {
    const name = refName(shape.$ref)
    return html`<a href="#shape-${name}">${name}</a>`
  }
  if (shape.const !== undefined) return html`<code>${JSON.stringify(shape.const)}</code>`
  if (shape.enum !== undefined) {
    return html`${shape.enum.map((value, index) => html`${index === 0 ? '' : ' or '}<code>${JSON.stringify(value)}</code>`)}`
  }
  if (shape.oneOf !== undefined || shape.anyOf !== undefined) return html`one of these`
  if (shape.items !== undefined) return html`list of ${typeWords(shape.items)}${limits(shape)}`
  const values = shape.additionalProperties
  if (values !== undefined && typeof values !== 'boolean') return html`by name: ${typeWords(values)}`
  return html`${plainType(shape)}${limits(shape)}`
}

function plainType({ type, format }: Shape): string {
  const name = typeof type === 'string' ? type : (type?.join(' or ') ?? 'anything')
  return format === undefined ? name : `${name} (${format})`
}

function limits({ minLength, maxLength, minimum, maximum, minItems, maxItems }: Shape): string {
  return [
    range(minLength, maxLength, 'characters'),
    range(minimum, maximum, ''),
    range(minItems, maxItems, 'entries'),
  ].join('')
}

function range(from: number | undefined, to: number | undefined, unit: string): string {
  const end = unit === '' ? '' : ` ${unit}`
  if (from === undefined && to === undefined) return ''
  if (to === undefined) return `, ${from}${end} or more`
  return from === undefined ? `, at most ${to}${end}` : `, ${from} to ${to}${end}`
}

/** What stands under a type: the fields of an object, of a list's objects, of each of several forms. */
export function fieldList(schema: ApiSchema, depth = 0): Html | '' {
  const shape = shapeOf(schema)
  if (depth > DEPTH_MAX || shape.$ref !== undefined) return ''
  const forms = shape.oneOf ?? shape.anyOf
  if (forms !== undefined) {
    return html`<ul class="docs-forms">${forms.map(
      (form) => html`
<li>${isInline(form) ? '' : typeWords(form)}${fieldList(form, depth + 1)}</li>`,
    )}</ul>`
  }
  if (shape.items !== undefined) return fieldList(shape.items, depth + 1)
  if (shape.properties !== undefined) {
    const required = shape.required ?? []
    return html`<ul class="docs-fields">${Object.entries(shape.properties).map(
      ([name, property]) => html`
<li>${field({ name, schema: property, isRequired: required.includes(name) })}${fieldList(property, depth + 1)}</li>`,
    )}</ul>`
  }
  const values = shape.additionalProperties
  return values === undefined || typeof values === 'boolean' ? '' : fieldList(values, depth + 1)
}

function isInline(schema: ApiSchema): boolean {
  return shapeOf(schema).properties !== undefined
}

/** A field's line: name, type, whether it may be left out, and what it means. */
export function field(options: {
  readonly name: string
  readonly schema: ApiSchema
  readonly isRequired: boolean
  readonly where?: string
}): Html {
  const { name, schema, isRequired, where } = options
  const { description, default: otherwise } = shapeOf(schema)
  return html`<code class="docs-name">${name}</code> <span class="docs-type">${typeWords(schema)}${where === undefined ? '' : `, ${where}`}</span>${
    isRequired
      ? ''
      : html` <span class="docs-optional">${otherwise === undefined ? 'optional' : html`else <code>${JSON.stringify(otherwise)}</code>`}</span>`
  }${description === undefined ? '' : html` <span class="docs-text">${description}</span>`}`
}
