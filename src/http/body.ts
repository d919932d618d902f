/** Request bodies: bounded, and none at all when empty, whatever type an empty one claims to have. */
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { BODY_BYTES_MAX, bodyTooLarge } from './problem.ts'

export const boundedBody: MiddlewareHandler = bodyLimit({ maxSize: BODY_BYTES_MAX, onError: bodyTooLarge })

/** Cloud Scheduler and curl may send a content type with an empty body; that is no body, not bad JSON. */
export const emptyBodyIsNone: MiddlewareHandler = async (context, next) => {
  const { method, raw } = context.req
  if (method === 'POST' && raw.headers.has('content-type') && (await context.req.text()) === '') {
    const headers = new Headers(raw.headers)
    headers.delete('content-type')
    context.req.raw = new Request(raw.url, { method, headers })
    context.req.bodyCache = {}
  }
  return next()
}
