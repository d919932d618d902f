/** The verb that tells what happened: incidents. */
import type { Argv } from 'yargs'
import { incidentAnswer, incidentsAnswer } from '../answers.ts'
import { UsageError } from '../failure.ts'
import { type ExitCode, type Globals, run } from '../session.ts'
import { showIncident, showIncidents } from '../show-incidents.ts'

export function addIncidentsVerb(cli: Argv<Globals>, finish: (code: ExitCode) => void): Argv<Globals> {
  return cli.command(
    'incidents [id]',
    'What happened, newest first; or one incident with its timeline',
    (verb) =>
      verb
        .positional('id', { type: 'string', describe: "An incident's id; absent: a list" })
        .option('target', { type: 'string', requiresArg: true, describe: 'Only those of this target' })
        .option('limit', { type: 'number', requiresArg: true, default: 20, describe: 'At most so many' })
        .option('cursor', { type: 'string', requiresArg: true, describe: 'Go on after an earlier page' })
        .example('$0 incidents --target bot --limit 5', 'The last five of one target')
        .example('$0 incidents bot-20260301-1200', 'One, with its timeline'),
    async ({ id, target, limit, cursor, url, json }) => {
      const globals = { url, json }
      finish(id === undefined ? await list(globals, { target, limit, cursor }) : await one(globals, id))
    },
  )
}

function list(
  globals: Globals,
  query: { target: string | undefined; limit: number; cursor: string | undefined },
): Promise<ExitCode> {
  if (!Number.isInteger(query.limit) || query.limit < 1) {
    throw new UsageError('--limit must be a whole number from 1')
  }
  const search = new URLSearchParams({ limit: String(query.limit) })
  if (query.target !== undefined) search.set('target', query.target)
  if (query.cursor !== undefined) search.set('cursor', query.cursor)
  const call = { method: 'GET', path: `/api/incidents?${search}`, answer: incidentsAnswer } as const
  return run(globals, call, (page) => ({ text: showIncidents(page), good: true }))
}

function one(globals: Globals, id: string): Promise<ExitCode> {
  const path = `/api/incidents/${encodeURIComponent(id)}`
  return run(globals, { method: 'GET', path, answer: incidentAnswer }, (incident) => ({
    text: showIncident(incident),
    good: true,
  }))
}
