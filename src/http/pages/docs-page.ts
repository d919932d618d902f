/** What stands on `/docs`: the API's description for people, in English, made from the same document as /openapi.json. */
import { html } from 'hono/html'
import { assetPath } from '../assets/assets.ts'
import type { Role } from '../auth.ts'
import {
  type ApiDocument,
  type ApiOperation,
  type FoundOperation,
  operationsIn,
} from '../openapi/document.ts'
import { curlExample } from './docs-example.ts'
import { field, fieldList, resolved, typeWords } from './docs-schema.ts'
import type { Html } from './words.ts'

export function docsBody(document: ApiDocument): Html {
  const operations = operationsIn(document)
  const groups = (document.tags ?? []).map(({ name, description = '' }) => ({
    name,
    description,
    operations: operations.filter(({ operation }) => operation.tags?.includes(name)),
  }))
  return html`<link rel="stylesheet" href="${assetPath('docs.css')}">
<section class="headline" data-tone="quiet" lang="en" aria-label="API">
<h1><span>API</span></h1>
<p>Night Guard ${document.info.version}, described for people</p>
</section>
<div class="docs" lang="en">
<div class="docs-head">
${prose(document.info.description ?? '')}
<p class="docs-text">For programs: <a href="/openapi.json">OpenAPI ${document.openapi}</a>. In the examples, capitals stand for what you know.</p>
<pre><code>URL=https://…
TOKEN=$(gcloud auth print-identity-token)</code></pre>
</div>
<nav class="docs-nav" aria-label="Operations">${groups.map(
    (group) => html`
<section><h2>${group.name}</h2><ul>${group.operations.map(
      (found) => html`
<li><a href="#${found.operation.operationId}">${methodMark(found)} <code>${found.path}</code></a></li>`,
    )}</ul></section>`,
  )}
</nav>
${groups.map(
  (group) => html`<section class="docs-group" aria-labelledby="group-${group.name}">
<h2 id="group-${group.name}">${group.name}</h2>
<p class="docs-text">${group.description}</p>
${group.operations.map((found) => operationArticle(found, document))}
</section>`,
)}
${shapes(document)}
</div>`
}

function operationArticle(found: FoundOperation, document: ApiDocument): Html {
  const { path, operation } = found
  return html`<article class="docs-operation" id="${operation.operationId}" aria-labelledby="${operation.operationId}-name">
<h3 id="${operation.operationId}-name"><a href="#${operation.operationId}">${methodMark(found)} <code>${path}</code></a></h3>
<p>${inline(operation.summary ?? '')}</p>
${operation.description === undefined ? '' : prose(operation.description)}
<p class="docs-who"><b>Who may:</b> ${whoMay(operation['x-roles'])}</p>
${parameters(operation)}
${requestBody(operation, document)}
${answers(operation)}
<h4>Example</h4>
<pre><code>${curlExample(found, document)}</code></pre>
</article>`
}

function methodMark({ method }: FoundOperation): Html {
  return html`<span class="docs-method" data-method="${method}">${method.toUpperCase()}</span>`
}

/** An operator may do what a viewer may: auth.ts gives both. */
function whoMay(roles: readonly Role[] | undefined): string {
  if (roles === undefined) return 'anybody'
  const all = roles.includes('viewer') && !roles.includes('operator') ? [...roles, 'operator'] : roles
  return all.join(', ')
}

function parameters({ parameters: all = [] }: ApiOperation): Html | '' {
  const shown = all.flatMap((parameter) => ('$ref' in parameter ? [] : [parameter]))
  if (shown.length === 0) return ''
  return html`<h4>Parameters</h4>
<ul class="docs-fields">${shown.map(
    ({ name, schema = {}, required = false, in: where }) => html`
<li>${field({ name, schema, isRequired: required, where: `in the ${where}` })}</li>`,
  )}</ul>`
}

function requestBody({ requestBody: body }: ApiOperation, document: ApiDocument): Html | '' {
  if (body === undefined || '$ref' in body) return ''
  const schema = body.content['application/json']?.schema
  if (schema === undefined) return ''
  return html`<h4>Body${body.required === true ? '' : html` <span class="docs-optional">optional</span>`}</h4>
<p class="docs-type">${typeWords(schema)}</p>
${fieldList(resolved(schema, document))}`
}

function answers({ responses = {} }: ApiOperation): Html {
  return html`<h4>Answers</h4>
<ul class="docs-answers">${Object.entries(responses).map(([status, response]) => answer(status, response))}</ul>`
}

type Response = NonNullable<ApiOperation['responses']>[string]

function answer(status: string, response: Response): Html {
  const content = Object.entries(response.content ?? {}) as [
    string,
    { schema?: Parameters<typeof typeWords>[0] },
  ][]
  return html`
<li><code class="docs-status">${status === 'default' ? 'else' : status}</code> <span>${inline(response.description ?? '')}${content.map(
    ([type, { schema = {} }]) =>
      isPlainProblem(status, type)
        ? ''
        : html` <span class="docs-type">${type === 'application/json' ? '' : html`<code>${type}</code> `}${typeWords(schema)}</span>`,
  )}</span></li>`
}

/** Every problem has the same shape: it is shown once, at the end. */
function isPlainProblem(status: string, type: string): boolean {
  return status !== 'default' && type === 'application/problem+json'
}

function shapes({ components }: ApiDocument): Html {
  const named = Object.entries(components?.schemas ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return html`<section class="docs-group" aria-labelledby="group-shapes">
<h2 id="group-shapes">Shapes</h2>
<p class="docs-text">What bodies and answers are made of.</p>
${named.map(
  ([name, schema]) => html`<article class="docs-shape" id="shape-${name}">
<h3><a href="#shape-${name}">${name}</a></h3>
${fieldList(schema) === '' ? html`<p class="docs-type">${typeWords(schema)}</p>` : fieldList(schema)}
</article>`,
)}
</section>`
}

/** Paragraphs; what stands between backticks is code. */
function prose(text: string): Html {
  return html`${text.split('\n\n').map((paragraph) => html`<p class="docs-text">${inline(paragraph)}</p>`)}`
}

function inline(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
