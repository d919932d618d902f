/**
 * Keeps other people's web pages from writing here with a visitor's rights, and other names from pointing here
 * (DNS rebinding). Programs send no `Origin` and are not concerned.
 */
import type { MiddlewareHandler } from 'hono'
import { problem } from './problem.ts'

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** A write from a browser must come from a page of this very host. */
export const sameOrigin: MiddlewareHandler = async (context, next) => {
  if (READS.includes(context.req.method)) return next()
  const origin = context.req.header('origin')
  const foreign =
    context.req.header('sec-fetch-site') === 'cross-site' ||
    (origin !== undefined && hostOf(origin) !== requestHost(context.req.raw))
  if (!foreign) return next()
  return problem(context, {
    name: 'foreign-origin',
    title: 'Another site may not write here',
    status: 403,
    detail: 'The request comes from a page of another site',
    mend: "Use this service's own dashboard, or a program.",
  })
}

/** Only these names lead here; each is a host with or without a port. */
export function knownHost(allowedHosts: readonly string[]): MiddlewareHandler {
  const allowed = allowedHosts.map((host) => host.toLowerCase())
  return async (context, next) => {
    const host = requestHost(context.req.raw)
    if (allowed.includes(host) || allowed.includes(host.replace(/:\d+$/, ''))) return next()
    return problem(context, {
      name: 'unknown-host',
      title: 'This service does not go by that name',
      status: 403,
      detail: 'The Host header names another service',
      mend: `Ask by one of its names: ${allowed.join(', ')}.`,
    })
  }
}

function requestHost(request: Request): string {
  return (request.headers.get('host') ?? new URL(request.url).host).toLowerCase()
}

/** The host and port of an origin; undefined for `null` and rubbish. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
