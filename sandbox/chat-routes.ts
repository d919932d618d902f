/** `/sandbox/chats`: the page, the same as JSON, presses of Telegram's buttons, and switches that take a chat down. */
import type { Context } from 'hono'
import { z } from 'zod'
import type { Reader } from '../src/core/channel.ts'
import type { Access, App, AppEnv } from '../src/http/access.ts'
import { keepChoices, type Visit, visitOf } from '../src/http/pages/visit.ts'
import { badRequest, fieldErrors, problem } from '../src/http/problem.ts'
import type { Outage } from './chat/chat-server.ts'
import { type Chats, SANDBOX_CHAT } from './chat/chats.ts'
import { CHAT_SCRIPT, chatPage, chatsFragment } from './chat-page.ts'
import { CHAT_NAMES, type ChatName, chatViews } from './chat-view.ts'

export type ChatRouteOptions = {
  readonly chats: Chats
  readonly tell: (line: string) => void
  /** As on the other pages. */
  readonly reader?: Partial<Reader>
}

const REFRESH_MS = 2_000

const pressSchema = z.strictObject({
  message: z.int().positive(),
  button: z.int().min(0).max(1_000),
  /** Telegram's number of who presses; the one who may, when absent. */
  user: z.int().positive().optional(),
})
const outageSchema = z.strictObject({ kind: z.enum(['refuse', '500', 'hang', 'none']) })

export function mountChats(app: App, access: Access, options: ChatRouteOptions): void {
  const outages = new Map<ChatName, Outage>()
  const views = () => chatViews(options.chats, outages)

  app.get('/sandbox/chats', access.allow('viewer'), (context) => {
    keepChoices(context)
    return context.html(chatPage(views().chats, visit(context, options)))
  })
  app.get('/sandbox/chats/live', access.allow('viewer'), (context) =>
    context.html(chatsFragment(views().chats, visit(context, options))),
  )
  app.get('/sandbox/chats.json', access.allow('viewer'), (context) => context.json(views()))
  app.get('/sandbox/chats.js', access.allow('viewer'), (context) =>
    context.body(CHAT_SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
  addPress(app, access, options)
  addOutage(app, access, { ...options, outages })
}

function visit(context: Context<AppEnv>, { reader }: ChatRouteOptions): Visit {
  return visitOf(context, {
    now: Date.now(),
    refreshMs: REFRESH_MS,
    mayOrder: context.get('identity').grants.includes('operator'),
    ...(reader === undefined ? {} : { reader }),
  })
}

function addPress(app: App, access: Access, { chats, tell }: ChatRouteOptions): void {
  app.post('/sandbox/chats/telegram/press', access.allow('operator'), async (context) => {
    const parsed = pressSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success) return badRequest(context, fieldErrors(parsed.error, 'body'))
    const { message: id, button, user = SANDBOX_CHAT.telegramUser } = parsed.data
    const message = chats.telegram.messages().find((known) => known.id === id)
    const label = message?.buttons.flat()[button]
    if (label === undefined) return unknown(context, `message ${id} has no button ${button}`)
    const press = chats.telegram.press(id, button, user)
    tell(`you press ${JSON.stringify(label)} under message ${id} in Telegram`)
    return context.json({ press, message: id, button, label })
  })
}

function addOutage(
  app: App,
  access: Access,
  { chats, tell, outages }: ChatRouteOptions & { readonly outages: Map<ChatName, Outage> },
): void {
  app.post('/sandbox/chats/:name/outage', access.allow('operator'), async (context) => {
    const name = CHAT_NAMES.find((known) => known === context.req.param('name'))
    if (name === undefined) return unknown(context, `no such chat; known: ${CHAT_NAMES.join(', ')}`)
    const parsed = outageSchema.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success) return badRequest(context, fieldErrors(parsed.error, 'body'))
    const { kind } = parsed.data
    await chats[name].outage(kind)
    outages.set(name, kind)
    tell(kind === 'none' ? `you let ${name} work again` : `you take ${name} down: ${kind}`)
    return context.json({ chat: name, outage: kind })
  })
}

function unknown(context: Context, detail: string) {
  const mend = 'GET /sandbox/chats.json shows the chats, their messages and buttons.'
  return problem(context, { name: 'not-found', title: 'Not there', status: 404, detail, mend })
}
