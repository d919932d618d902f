/**
 * A sandbox on which a page has everything to show: ninety days of past, a VM that was reset, a target that nobody can
 * get into, one that is paused. Everything after the past is real; it is ticked by hand.
 */

import { SCHEDULER_EMAIL } from '../../sandbox/config.ts'
import { AUDIENCE, type Sandbox } from '../../sandbox/sandbox.ts'
import { startSeasonedSandbox } from '../../scripts/seasoned-sandbox.ts'
import type { Language } from '../../src/core/channel.ts'
import type { Incident } from '../../src/core/incident.ts'
import type { TargetView, TickReport } from '../../src/core/report.ts'
import type { Told } from '../../src/core/told.ts'
import { POLICY, TIMING, until } from '../service/harness.ts'

export type Eventful = {
  readonly sandbox: Sandbox
  readonly url: string
  /** Of the reset VM, with a black box; of the target that nobody can get into. */
  readonly incidents: { readonly reset: string; readonly open: string }
  /** Of somebody who may tick and see nothing. */
  readonly strangerHeaders: Readonly<Record<string, string>>
}

export async function startEventful(language: Language = 'en'): Promise<Eventful> {
  const sandbox = await startWell(language)
  const { url, world } = sandbox
  await world.breakIt('vm-freezes', { machine: 'mailer' })
  const reset = await tickUntil(
    url,
    'the frozen VM was reset',
    (_, incidents) => incidentOf('mailer', incidents)?.state === 'probation',
  )
  await world.breakIt('ssh-key-rejected', { machine: 'bot' })
  const locked = await tickUntil(url, 'a person was called', (_, incidents) =>
    Boolean(incidentOf('bot', incidents)?.timeline.some(({ kind }) => kind === 'call')),
  )
  await order(url, 'crawler', { minutes: 60, reason: '2026-11-23' })
  const token = world.identity.token({ email: SCHEDULER_EMAIL, audience: AUDIENCE })
  return {
    sandbox,
    url,
    incidents: {
      reset: incidentOf('mailer', reset)?.id ?? '',
      open: incidentOf('bot', locked)?.id ?? '',
    },
    strangerHeaders: { authorization: `Bearer ${token}` },
  }
}

/** The same past, and nothing wrong now. */
export async function startWell(language: Language = 'en'): Promise<Sandbox> {
  const sandbox = await startSeasonedSandbox({
    port: 0,
    scheduler: 'off',
    alerts: 'on',
    language,
    tell: () => undefined,
    policy: POLICY,
    timing: TIMING,
  })
  await tickUntil(sandbox.url, 'all are well', (targets) =>
    targets.every(({ verdict }) => verdict === 'healthy'),
  )
  return sandbox
}

type Incidents = readonly Told<Incident>[]

function incidentOf(target: string, incidents: Incidents): Told<Incident> | undefined {
  return incidents.find((incident) => incident.target === target && incident.state !== 'closed')
}

async function tickUntil(
  url: string,
  what: string,
  wanted: (targets: TickReport['targets'], incidents: Incidents) => boolean,
): Promise<Incidents> {
  let incidents: Incidents = []
  await until(what, async () => {
    const { targets } = (await (await fetch(`${url}/tick`, { method: 'POST' })).json()) as TickReport
    incidents = ((await (await fetch(`${url}/api/incidents`)).json()) as { incidents: Incidents }).incidents
    return wanted(targets, incidents)
  })
  return incidents
}

async function order(url: string, target: string, body: object): Promise<TargetView> {
  const answer = await fetch(`${url}/api/targets/${target}/pause`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The pause was answered with ${answer.status}`)
  return ((await answer.json()) as { target: TargetView }).target
}
