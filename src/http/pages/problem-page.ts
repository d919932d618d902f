/** A problem, shown as a page to a person whose browser loads one. Scripts and programs get the JSON. */
import type { Context, MiddlewareHandler } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type Problem, problemSchema } from '../../schemas/api-problem.ts'
import { inert } from '../inert.ts'
import { PROBLEM_TYPE } from '../problem.ts'
import { page } from './layout.ts'
import type { Html } from './words.ts'

export const problemsAsPages: MiddlewareHandler = async (context, next) => {
  await next()
  if (context.res.headers.get('content-type') !== PROBLEM_TYPE || !wantsPage(context)) return
  const { headers, status } = context.res
  const problem = problemSchema.parse(await context.res.json())
  const kept = [...headers].filter(([name]) => name !== 'content-type' && name !== 'content-length')
  context.res = undefined
  context.res = await context.html(
    problemPage(problem),
    status as ContentfulStatusCode,
    Object.fromEntries(kept),
  )
}

function wantsPage(context: Context): boolean {
  const { method, path } = context.req
  if (!['GET', 'HEAD'].includes(method) || path.startsWith('/api/') || path.startsWith('/fragments/'))
    return false
  return context.req.header('accept')?.includes('text/html') ?? false
}

function problemPage(problem: Problem): Html {
  return page({
    title: `${problem.title} – Night Guard`,
    body: html`<section class="headline" data-tone="bad">
<h1><span>${problem.title}</span></h1>
<p>${inert(problem.detail)}</p>
<p>${problem.mend}</p>
<p class="none">${problem.status}</p>
</section>
<p><a href="/">All targets</a></p>`,
  })
}
