/** The pages for people, and the fragments with which an open page keeps itself fresh. */
import type { Context, MiddlewareHandler } from 'hono'
import { compress } from 'hono/compress'
import type { Guard } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import type { Reader } from '../../core/channel.ts'
import type { Mode } from '../../core/policy.ts'
import type { IncidentView, TargetView } from '../../core/report.ts'
import { historyQuerySchema, shadowQuerySchema } from '../../schemas/api-requests.ts'
import type { Access, App, AppEnv } from '../access.ts'
import { noIncidents, unavailable, unknownIncident, unknownTarget } from '../outcome.ts'
import { blackBoxes } from '../pages/black-boxes.ts'
import { dashboardPage, incidentsFragment, targetsFragment } from '../pages/dashboard.ts'
import type { Fault } from '../pages/faults.ts'
import { incidentFragment, incidentPage } from '../pages/incident-page.ts'
import { INCIDENTS_A_PAGE, incidentsPage } from '../pages/incidents-page.ts'
import { answerInWords } from '../pages/problem-words.ts'
import { shadowPage } from '../pages/shadow-page.ts'
import { targetFragment, targetIncidents, targetPage } from '../pages/target-page.ts'
import { keepChoices, type Visit, visitOf } from '../pages/visit.ts'
import { blackBoxesOf } from './incidents.ts'

const INCIDENTS_SHOWN = 5

export type PageDependencies = {
  readonly guard: Guard
  readonly access: Access
  readonly now: () => number
  readonly refreshMs: number
  /** Whom the pages are for, unless a browser says otherwise; without a zone they tell times in the browser's own. */
  readonly reader?: Partial<Reader>
  /** Of the policy; without it, as the guard last saw it. */
  readonly mode?: Mode
  readonly pageNote?: string
  readonly faults?: readonly Fault[]
}

export function addPageRoutes(app: App, dependencies: PageDependencies): void {
  const doors = [
    dependencies.access.allow('viewer'),
    compress({ contentTypeFilter: PAGES }),
    choices,
  ] as const
  addDashboard(app, dependencies, doors)
  addTarget(app, dependencies, doors)
  addIncidents(app, dependencies, doors)
  addIncident(app, dependencies, doors)
  addShadow(app, dependencies, doors)
  addWords(app, dependencies, doors)
}

/** Problems stay as they are: pages are made of them further out. */
const PAGES = /^(?:text\/html|application\/json)\b/

type Doors = readonly [MiddlewareHandler<AppEnv>, MiddlewareHandler, MiddlewareHandler]

const choices: MiddlewareHandler = async (context, next) => {
  keepChoices(context)
  await next()
}

function addDashboard(app: App, dependencies: PageDependencies, doors: Doors): void {
  const { guard } = dependencies
  app.get('/', ...doors, async (context) => {
    const [targets, incidents] = await Promise.all([
      guard.targets(),
      guard.incidents({ limit: INCIDENTS_SHOWN }),
    ])
    if (targets.kind === 'unavailable') return unavailable(context, targets)
    if (incidents.kind !== 'page') return noIncidents(context, incidents)
    const fleet = { targets: targets.targets, pageNumber: pageNumberOf(context) }
    return context.html(
      dashboardPage(fleet, incidents.incidents, visit(context, dependencies, fleet.targets)),
    )
  })

  app.get('/fragments/targets', ...doors, async (context) => {
    const outcome = await guard.targets()
    if (outcome.kind === 'unavailable') return unavailable(context, outcome)
    const { targets } = outcome
    const fleet = { targets, pageNumber: pageNumberOf(context) }
    return context.html(targetsFragment(fleet, visit(context, dependencies, targets)))
  })

  app.get('/fragments/incidents', ...doors, async (context) => {
    const target = context.req.query('target')
    const outcome = await guard.incidents({
      limit: INCIDENTS_SHOWN,
      ...(target === undefined ? {} : { target }),
    })
    if (outcome.kind !== 'page') return noIncidents(context, outcome)
    const shown = visit(context, dependencies)
    return context.html(
      target === undefined
        ? incidentsFragment(outcome.incidents, shown)
        : targetIncidents(target, outcome.incidents, shown),
    )
  })
}

function addTarget(app: App, dependencies: PageDependencies, doors: Doors): void {
  const { guard } = dependencies
  app.get('/targets/:id', ...doors, async (context) => {
    const id = context.req.param('id')
    const days = daysOf(context, historyQuerySchema)
    const [target, incidents, history] = await Promise.all([
      guard.target(id),
      guard.incidents({ target: id, limit: INCIDENTS_SHOWN }),
      guard.history(id, { days }),
    ])
    if (target.kind === 'unavailable') return unavailable(context, target)
    if (target.kind === 'unknown-target') return unknownTarget(context, target)
    if (incidents.kind !== 'page') return noIncidents(context, incidents)
    const all = {
      target: target.target,
      incidents: incidents.incidents,
      days,
      ...(history.kind === 'history' ? { history: history.history } : {}),
    }
    return context.html(targetPage(all, visit(context, dependencies, [target.target])))
  })

  app.get('/fragments/targets/:id', ...doors, async (context) => {
    const outcome = await guard.target(context.req.param('id'))
    switch (outcome.kind) {
      case 'target':
        return context.html(targetFragment(outcome.target, visit(context, dependencies, [outcome.target])))
      case 'unknown-target':
        return unknownTarget(context, outcome)
      case 'unavailable':
        return unavailable(context, outcome)
      default:
        return assertNever(outcome)
    }
  })
}

function addIncidents(app: App, dependencies: PageDependencies, doors: Doors): void {
  app.get('/incidents', ...doors, async (context) => {
    const { target, cursor } = context.req.query()
    const only = target === undefined ? {} : { target }
    const from = cursor === undefined ? {} : { cursor }
    const outcome = await dependencies.guard.incidents({ limit: INCIDENTS_A_PAGE, ...only, ...from })
    if (outcome.kind !== 'page') return noIncidents(context, outcome)
    const { incidents, next } = outcome
    const shown = {
      incidents,
      isLater: cursor !== undefined,
      ...only,
      ...(next === undefined ? {} : { cursor: next }),
    }
    return context.html(incidentsPage(shown, visit(context, dependencies)))
  })
}

function addIncident(app: App, { guard, ...rest }: PageDependencies, doors: Doors): void {
  const dependencies = { guard, ...rest }
  app.get('/incidents/:id', ...doors, async (context) =>
    showIncident(context, guard, async (incident) => {
      const boxes = await blackBoxesOf(guard, incident)
      if (boxes.kind === 'unavailable') return unavailable(context, boxes)
      return context.html(incidentPage(incident, boxes.found, visit(context, dependencies)))
    }),
  )
  app.get('/fragments/incidents/:id', ...doors, async (context) =>
    showIncident(context, guard, (incident) =>
      context.html(incidentFragment(incident, visit(context, dependencies))),
    ),
  )
  app.get('/fragments/incidents/:id/black-boxes', ...doors, async (context) =>
    showIncident(context, guard, async (incident) => {
      const boxes = await blackBoxesOf(guard, incident)
      if (boxes.kind === 'unavailable') return unavailable(context, boxes)
      return context.html(blackBoxes(incident, boxes.found, visit(context, dependencies)))
    }),
  )
}

async function showIncident(
  context: Context<AppEnv, '/incidents/:id'>,
  guard: Guard,
  show: (incident: IncidentView) => Response | Promise<Response>,
) {
  const id = context.req.param('id')
  const outcome = await guard.incident(id)
  switch (outcome.kind) {
    case 'found':
      return show(outcome.incident)
    case 'absent':
      return unknownIncident(context, id)
    case 'unavailable':
      return unavailable(context, outcome)
    default:
      return assertNever(outcome)
  }
}

function addShadow(app: App, dependencies: PageDependencies, doors: Doors): void {
  app.get('/shadow', ...doors, async (context) => {
    const days = daysOf(context, shadowQuerySchema)
    const outcome = await dependencies.guard.shadow({ days })
    if (outcome.kind === 'unavailable') return unavailable(context, outcome)
    const shown = { ...visit(context, dependencies), mode: outcome.report.mode }
    return context.html(shadowPage(outcome.report, days, shown))
  })
}

const WORDS_MAX = 20
const WORD_CHARS_MAX = 2_000

/** The API's English sentences in the page's language: what an order's answer says is told by the script. */
function addWords(app: App, dependencies: PageDependencies, doors: Doors): void {
  app.get('/fragments/words', ...doors, (context) => {
    const shown = visit(context, dependencies)
    const texts = (context.req.queries('text') ?? []).slice(0, WORDS_MAX)
    return context.json({
      texts: texts.map((text) => answerInWords(text.slice(0, WORD_CHARS_MAX), shown)),
    })
  })
}

/** In a page's address what makes no sense counts as not said. */
function daysOf(context: Context, schema: typeof historyQuerySchema): number {
  const asked = schema.safeParse({ days: context.req.query('days') })
  return asked.success ? asked.data.days : schema.parse({}).days
}

function pageNumberOf(context: Context): number {
  const asked = Number(context.req.query('page'))
  return Number.isInteger(asked) && asked >= 1 && asked <= 1_000 ? asked : 1
}

function visit(
  context: Context<AppEnv>,
  dependencies: PageDependencies,
  views: readonly TargetView[] = [],
): Visit {
  const { guard, now, refreshMs, reader, pageNote, faults } = dependencies
  const seen = views.length > 0 ? views : guard.metrics().targets.map(({ view }) => view)
  return visitOf(context, {
    now: now(),
    refreshMs,
    mode: dependencies.mode ?? seen[0]?.mode ?? 'act',
    mayOrder: context.get('identity').grants.includes('operator'),
    ...(reader === undefined ? {} : { reader }),
    ...(pageNote === undefined ? {} : { note: pageNote }),
    ...(faults === undefined ? {} : { faults }),
  })
}
