/** A problem, shown as a page to a person whose browser loads one. Scripts and programs get the JSON. */
import type { Context, MiddlewareHandler } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Reader } from '../../core/channel.ts'
import { type Problem, problemSchema } from '../../schemas/api-problem.ts'
import { say } from '../../words/say.ts'
import { PROBLEM_TYPE } from '../problem.ts'
import { page } from './layout.ts'
import { answerInWords } from './problem-words.ts'
import { type Visit, visitOf } from './visit.ts'
import type { Html } from './words.ts'

export type ProblemPageOptions = {
  readonly now: () => number
  readonly reader?: Partial<Reader>
} & Partial<Pick<Visit, 'mode' | 'note'>>

export function problemsShownAsPages({ now, ...options }: ProblemPageOptions): MiddlewareHandler {
  return async (context, next) => {
    await next()
    if (context.res.headers.get('content-type') !== PROBLEM_TYPE || !wantsPage(context)) return
    const { headers, status } = context.res
    const problem = problemSchema.parse(await context.res.json())
    const kept = [...headers].filter(([name]) => name !== 'content-type' && name !== 'content-length')
    const visit = visitOf(context, { now: now(), ...knownTo(context, options) })
    context.res = undefined
    context.res = await context.html(
      problemPage(problem, visit),
      status as ContentfulStatusCode,
      Object.fromEntries(kept),
    )
    context.header('vary', 'Accept, Cookie, Accept-Language', { append: true })
  }
}

/** Who was let in by no door learns nothing of the guard but its language. */
function knownTo(
  context: Context,
  options: Omit<ProblemPageOptions, 'now'>,
): Omit<ProblemPageOptions, 'now'> {
  if (context.get('identity') !== undefined) return options
  const language = options.reader?.language
  return language === undefined ? {} : { reader: { language } }
}

function wantsPage(context: Context): boolean {
  const { method, path } = context.req
  if (!['GET', 'HEAD'].includes(method) || path.startsWith('/api/') || path.startsWith('/fragments/'))
    return false
  return context.req.header('accept')?.includes('text/html') ?? false
}

function problemPage(problem: Problem, visit: Visit): Html {
  const { language } = visit
  const title = say(language, problem.title)
  return page(
    {
      title,
      style: 'pages.css',
      body: html`<section class="headline" data-tone="bad" aria-label="${say(language, 'What is wrong')}">
<h1><span>${title}</span></h1>
<p>${answerInWords(problem.detail, visit)}</p>
</section>
<section class="mend" aria-label="${say(language, 'What to do')}">
<p>${answerInWords(problem.mend, visit)}</p>
<a class="button" href="/">${say(language, 'All targets')}</a>
<p class="none">${problem.status}</p>
</section>`,
    },
    visit,
  )
}
