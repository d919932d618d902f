/**
 * `POST /events/secret-manager`: Pub/Sub tells of a changed secret, and what uses it is synced. What is true is read from
 * Secret Manager, never from the event: so events may come late, twice and in any order.
 */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Guard } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import { changedSecretOf, pushSchema } from '../../schemas/pubsub.ts'
import type { Access, App } from '../access.ts'
import { unavailable } from '../outcome.ts'
import { problem, RETRY_AFTER_SECONDS } from '../problem.ts'
import { problems } from './responses.ts'

type Changed = Awaited<ReturnType<Guard['secretChanged']>>

export function addEventRoutes(
  app: App,
  dependencies: {
    readonly guard: Pick<Guard, 'secretChanged'>
    readonly access: Access
    /** The id of the project whose secrets are used. */
    readonly project: string
    /** Epoch milliseconds. */
    readonly now: () => number
  },
): void {
  const { guard, access, project, now } = dependencies
  const once = createOnce(now)
  const route = createRoute({
    method: 'post',
    path: '/events/secret-manager',
    summary: 'A secret has changed (Pub/Sub push): sync what uses it',
    middleware: [access.allow('pusher')],
    request: { body: { required: true, content: { 'application/json': { schema: pushSchema } } } },
    responses: {
      204: { description: 'Done, or nothing to be done' },
      ...problems(400, 401, 403, 413, 415, 503),
    },
  })
  app.openapi(route, async (context) => {
    const push = context.req.valid('json')
    const secret = changedSecretOf(push, project)
    if (secret === undefined) return context.body(null, 204)
    const outcome = await once(push.message.messageId, () => guard.secretChanged(secret))
    switch (outcome.kind) {
      case 'synced':
        return context.body(null, 204)
      case 'busy':
        return busy(context, outcome.detail)
      case 'unavailable':
        return unavailable(context, outcome)
      default:
        return assertNever(outcome)
    }
  })
}

/** Pub/Sub delivers again whatever was not answered with success. */
function busy(context: Context, detail: string) {
  return problem(context, {
    name: 'busy',
    title: 'Another run is at work',
    status: 503,
    detail,
    mend: 'Send the event again.',
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  })
}

const MESSAGES_MAX = 1_000
const REMEMBERED_MS = 60 * 60 * 1_000

/** A message that comes again while it is worked on waits for that; one that has succeeded is not worked on again. */
function createOnce(now: () => number) {
  const messages = new Map<string, { readonly since: number; readonly changed: Promise<Changed> }>()
  const forgetSome = () => {
    for (const [id, { since }] of messages) {
      if (messages.size < MESSAGES_MAX && now() - since < REMEMBERED_MS) return
      messages.delete(id)
    }
  }
  return async (id: string, work: () => Promise<Changed>): Promise<Changed> => {
    forgetSome()
    const known = messages.get(id)
    if (known !== undefined) return known.changed
    const changed = work()
    messages.set(id, { since: now(), changed })
    let succeeded = false
    try {
      const outcome = await changed
      succeeded = outcome.kind === 'synced'
      return outcome
    } finally {
      if (!succeeded && messages.get(id)?.changed === changed) messages.delete(id)
    }
  }
}
