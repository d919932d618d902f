/**
 * The public side: `/status`, `/status.json` and badges, for anybody, about chosen targets only. Without the option
 * there are no such routes. All of them share one view, made anew twice a minute at most.
 */
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import type { Guard } from '../../app/guard.ts'
import { LANGUAGES, type Language, type Reader, type StatusPage } from '../../core/channel.ts'
import type { TargetView } from '../../core/report.ts'
import { type PublicStatus, publicStatusSchema } from '../../schemas/api-status.ts'
import type { App, AppEnv } from '../access.ts'
import { inert } from '../inert.ts'
import { BADGE_TYPE, badgeSvg, overallBadge, targetBadge } from '../pages/badge.ts'
import { statusPage } from '../pages/status-page.ts'
import { type PublicTarget, type StatusView, statusView } from '../pages/status-view.ts'
import { acceptedLanguage } from '../pages/visit.ts'
import { notFound } from '../problem.ts'

export type StatusDependencies = {
  readonly guard: Guard
  readonly now: () => number
  /** Speaks to those whose browser names no language that we know. */
  readonly reader: Reader
  /** Absent: there is no public page. */
  readonly status?: StatusPage
  /** How far looks are apart: a look that found a target down stands for so much downtime. */
  readonly tickEveryMs?: number
}

export const VIEW_KEPT_MS = 30_000
/** Works without a script; the page has a link that ends it. */
const RELOAD_SECONDS = 60
const TICK_EVERY_MS = 60_000
/** What this process itself saw at most this long ago is taken, instead of asking the store. */
const SEEN_MS = 2 * 60_000

const BADGE = /^(.{1,100})\.svg$/
const ALL = 'all'

export function addStatusRoutes(app: App, dependencies: StatusDependencies): void {
  const { status, reader } = dependencies
  if (status === undefined) return
  const view = keptView({ ...dependencies, status })

  app.get('/status', compress(), async (context) => {
    const language = languageFor(context, reader)
    const reloads = context.req.query('reload') !== 'no'
    return context.html(statusPage(await view(), { ...reader, language, reloads }), 200, {
      ...headers({ byLanguage: true }),
      ...(reloads ? { refresh: String(RELOAD_SECONDS) } : {}),
      'content-language': language,
    })
  })

  addJsonRoute(app, view)

  app.get('/status/badges/:file', async (context) => {
    const id = BADGE.exec(context.req.param('file'))?.[1]
    if (id === undefined) return notFound(context)
    const language = languageFor(context, reader)
    const newest = await view()
    const badge = id === ALL ? overallBadge(newest, language) : targetBadge(newest, id, language)
    if (badge === undefined) return notFound(context)
    return context.body(badgeSvg(badge), 200, {
      ...headers({ byLanguage: true }),
      'content-type': BADGE_TYPE,
      // Badges are made for other people's pages.
      'cross-origin-resource-policy': 'cross-origin',
    })
  })
}

function addJsonRoute(app: App, view: () => Promise<StatusView>): void {
  const route = createRoute({
    method: 'get',
    path: '/status.json',
    summary: 'What anybody may know',
    description:
      'The public status of the chosen targets; there only when `statusPage` is configured. Made anew twice a minute at most. Any site may read it.',
    responses: {
      200: { description: 'The status', content: { 'application/json': { schema: publicStatusSchema } } },
    },
  })
  app.openapi(route, async (context) =>
    context.json(toJson(await view()), 200, {
      ...headers({ byLanguage: false }),
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
    }),
  )
}

function headers({ byLanguage }: { readonly byLanguage: boolean }): Record<string, string> {
  const kept = { 'cache-control': `public, max-age=${VIEW_KEPT_MS / 1_000}` }
  return byLanguage ? { ...kept, vary: 'Accept-Language' } : kept
}

function languageFor(context: Context<AppEnv>, { language }: Reader): Language {
  const asked = context.req.query('lang')
  const chosen = LANGUAGES.find((each) => each === asked)
  if (chosen !== undefined) return chosen
  return acceptedLanguage(context.req.header('accept-language') ?? '') ?? language
}

/** However many ask at once, the guard is asked once; and not again for a while, whatever it answered. */
function keptView(dependencies: StatusDependencies & { readonly status: StatusPage }) {
  const { guard, now, status, tickEveryMs = TICK_EVERY_MS } = dependencies
  let kept: StatusView | undefined
  let asking: Promise<StatusView> | undefined
  const ask = async () => {
    const views = await viewsOf(guard, { ids: status.targets.map(({ id }) => id), now: now() })
    kept = statusView(status, { views, now: now(), tickEveryMs })
    return kept
  }
  return async (): Promise<StatusView> => {
    if (kept !== undefined && now() - kept.at < VIEW_KEPT_MS) return kept
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
}

/** Undefined: nothing can be known now. Strangers who reload cost the store nothing while this process watches. */
async function viewsOf(
  guard: Guard,
  { ids, now }: { readonly ids: readonly string[]; readonly now: number },
): Promise<readonly TargetView[] | undefined> {
  const seen = guard.metrics().targets.filter(({ lookedAt }) => now - lookedAt <= SEEN_MS)
  if (ids.every((id) => seen.some(({ view }) => view.id === id))) return seen.map(({ view }) => view)
  const outcome = await guard.targets()
  return outcome.kind === 'targets' ? outcome.targets : undefined
}

function toJson({ title, at, word, targets }: StatusView): PublicStatus {
  return {
    title: inert(title),
    at: new Date(at).toISOString(),
    status: word,
    targets: targets.map(targetJson),
  }
}

function targetJson({ name, word, uptime, days }: PublicTarget): PublicStatus['targets'][number] {
  return {
    name: inert(name),
    status: word,
    ...(uptime === undefined ? {} : { uptime90Days: uptime }),
    days: days.map(({ day, downMs, uptime: share }) => ({
      day,
      ...(share === undefined ? {} : { uptime: share }),
      downMinutes: Math.round(downMs / 60_000),
    })),
  }
}
