/** The pages for people, and the fragments with which an open page keeps itself fresh. */
import type { Context } from 'hono'
import type { Guard } from '../../app/guard.ts'
import { assertNever } from '../../core/assert-never.ts'
import type { IncidentView } from '../../core/report.ts'
import type { Access, App, AppEnv } from '../access.ts'
import { noIncidents, unavailable, unknownIncident } from '../outcome.ts'
import { dashboardPage, incidentsFragment, targetsFragment } from '../pages/dashboard.ts'
import type { Fault } from '../pages/faults.ts'
import { incidentFragment, incidentPage } from '../pages/incident-page.ts'
import type { Html } from '../pages/words.ts'

const INCIDENTS_SHOWN = 10

export type PageDependencies = {
  readonly guard: Guard
  readonly access: Access
  readonly now: () => number
  readonly refreshMs: number
  readonly pageNote?: string
  readonly faults?: readonly Fault[]
}

export function addPageRoutes(app: App, dependencies: PageDependencies): void {
  const { guard, access, now, refreshMs, pageNote } = dependencies
  const shared = { refreshMs, ...(pageNote === undefined ? {} : { note: pageNote }) }

  app.get('/', access.allow('viewer'), async (context) => {
    const [targets, incidents] = await Promise.all([
      guard.targets(),
      guard.incidents({ limit: INCIDENTS_SHOWN }),
    ])
    if (targets.kind === 'unavailable') return unavailable(context, targets)
    if (incidents.kind !== 'page') return noIncidents(context, incidents)
    const fleet = { targets: targets.targets, incidents: incidents.incidents }
    return context.html(dashboardPage(fleet, { ...cardOptions(context, dependencies), ...shared }))
  })

  app.get('/fragments/targets', access.allow('viewer'), async (context) => {
    const outcome = await guard.targets()
    if (outcome.kind === 'unavailable') return unavailable(context, outcome)
    return context.html(targetsFragment(outcome.targets, cardOptions(context, dependencies)))
  })

  app.get('/fragments/incidents', access.allow('viewer'), async (context) => {
    const outcome = await guard.incidents({ limit: INCIDENTS_SHOWN })
    if (outcome.kind !== 'page') return noIncidents(context, outcome)
    return context.html(incidentsFragment(outcome.incidents, now()))
  })

  app.get('/incidents/:id', access.allow('viewer'), async (context) =>
    showIncident(context, guard, (incident) => incidentPage(incident, { now: now(), ...shared })),
  )
  app.get('/fragments/incidents/:id', access.allow('viewer'), async (context) =>
    showIncident(context, guard, (incident) => incidentFragment(incident, now())),
  )
}

async function showIncident(
  context: Context<AppEnv, '/incidents/:id'>,
  guard: Guard,
  show: (incident: IncidentView) => Html,
) {
  const id = context.req.param('id')
  const outcome = await guard.incident(id)
  switch (outcome.kind) {
    case 'found':
      return context.html(show(outcome.incident))
    case 'absent':
      return unknownIncident(context, id)
    case 'unavailable':
      return unavailable(context, outcome)
    default:
      return assertNever(outcome)
  }
}

function cardOptions(context: Context<AppEnv>, { now, faults = [] }: PageDependencies) {
  const mayOrder = context.get('identity').grants.includes('operator')
  return { now: now(), mayOrder, faults }
}
