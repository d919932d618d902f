/**
 * Errors as RFC 9457 problems: what happened, and what to do. Showing one as a page is pages/problem-page.ts's.
 * Which outcome of the guard is which problem is outcome.ts's.
 */
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ZodError } from 'zod'
import type { Journal } from '../ports/journal.ts'
import type { Problem } from '../schemas/api-problem.ts'
import { inert } from './inert.ts'

export const BODY_BYTES_MAX = 64 * 1024
export const RETRY_AFTER_SECONDS = 30
export const PROBLEM_TYPE = 'application/problem+json'
const FIELD_ERRORS_MAX = 20

export type ProblemOptions<Status extends ContentfulStatusCode = ContentfulStatusCode> = {
  /** Kebab-case; becomes `/problems/<name>`. */
  readonly name: string
  readonly title: string
  readonly status: Status
  readonly detail: string
  readonly mend: string
  readonly headers?: Readonly<Record<string, string>>
} & Pick<Problem, 'errors' | 'known' | 'report'>

export function problem<Status extends ContentfulStatusCode>(
  context: Context,
  options: ProblemOptions<Status>,
) {
  const { name, headers = {}, ...members } = options
  const body: Problem = { type: `/problems/${name}`, ...members }
  return context.json(body, options.status, { ...headers, 'content-type': PROBLEM_TYPE })
}

export function badRequest(context: Context, errors: NonNullable<Problem['errors']>) {
  const fields = errors.map((error) => error.field).join(', ')
  return problem(context, {
    name: 'bad-request',
    title: 'The request is not right',
    status: 400,
    detail: `Not right: ${fields}`,
    mend: 'Mend the named fields, and ask again.',
    errors,
  })
}

/** Zod's findings by field; `location` names a request without a field. */
export function fieldErrors(error: ZodError, location: string): NonNullable<Problem['errors']> {
  return error.issues
    .flatMap((issue) => {
      const path = issue.path.map(String)
      if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
      return issue.keys.map((key) => ({ path: [...path, key], message: 'There is no such field' }))
    })
    .slice(0, FIELD_ERRORS_MAX)
    .map(({ path, message }) => ({
      field: path.length === 0 ? location : inert(path.join('.'), 100),
      message: inert(message, 300),
    }))
}

export function notFound(context: Context) {
  return problem(context, {
    name: 'not-found',
    title: 'There is nothing here',
    status: 404,
    detail: `Nothing is at ${inert(context.req.path, 200)}`,
    mend: 'Check the path. GET / is the dashboard, GET /api/targets lists the targets.',
  })
}

export function methodNotAllowed(context: Context, methods: readonly string[]) {
  const allow = methods.join(', ')
  return problem(context, {
    name: 'method-not-allowed',
    title: 'The method is not allowed here',
    status: 405,
    detail: `${inert(context.req.method, 20)} is not possible on ${inert(context.req.path, 200)}`,
    mend: `Use ${methods.join(' or ')}.`,
    headers: { allow },
  })
}

export function bodyTooLarge(context: Context) {
  return problem(context, {
    name: 'body-too-large',
    title: 'The body is too large',
    status: 413,
    detail: `A body may have ${BODY_BYTES_MAX} bytes`,
    mend: 'Send less.',
  })
}

/** What was thrown: by the framework while it read the request, or a bug of ours. */
export function onError(journal: Journal): (error: Error, context: Context) => Response {
  return (error, context) => {
    if (error instanceof HTTPException && error.status === 415) return unsupportedMediaType(context)
    if (error instanceof HTTPException && error.status === 400) {
      return badRequest(context, [{ field: 'body', message: 'The body is not valid JSON' }])
    }
    journal.write({
      severity: 'ERROR',
      message: `${context.req.method} ${context.req.routePath} failed: ${error.message}`,
      fields: { error: error.stack ?? String(error) },
    })
    return problem(context, {
      name: 'internal',
      title: 'Night Guard failed',
      status: 500,
      detail: 'A bug of Night Guard kept it from answering; the log has the details',
      mend: 'Try again. If it stays, read the log at severity ERROR and report it.',
    })
  }
}

function unsupportedMediaType(context: Context) {
  return problem(context, {
    name: 'unsupported-media-type',
    title: 'The body is not JSON',
    status: 415,
    detail: 'Only application/json is understood',
    mend: 'Send JSON, with the header "content-type: application/json".',
  })
}
