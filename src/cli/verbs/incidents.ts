/** The verb that tells what happened: incidents. */
import type { Argv } from 'yargs'
import { say } from '../../words/say.ts'
import { incidentAnswer, incidentsAnswer } from '../answers.ts'
import { wrongUsage } from '../failure.ts'
import { type ExitCode, type Globals, run, runText, type Session, type Verbs } from '../session.ts'
import { showIncident, showIncidents } from '../show-incidents.ts'

export function addIncidentsVerb(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli.command(
    'incidents [id]',
    say(language, 'What happened, newest first; or one incident with its timeline'),
    (verb) =>
      verb
        .positional('id', { type: 'string', describe: say(language, "An incident's id; absent: a list") })
        .option('target', {
          type: 'string',
          requiresArg: true,
          describe: say(language, 'Only those of this target'),
        })
        .option('limit', {
          type: 'number',
          requiresArg: true,
          default: 20,
          describe: say(language, 'At most so many'),
        })
        .option('cursor', {
          type: 'string',
          requiresArg: true,
          describe: say(language, 'Go on after an earlier page'),
        })
        .option('markdown', {
          type: 'boolean',
          default: false,
          describe: say(language, 'One incident with its black boxes, as Markdown'),
        })
        .example('$0 incidents --target bot --limit 5', say(language, 'The last five of one target'))
        .example('$0 incidents bot-20260301-1200', say(language, 'One, with its timeline'))
        .example(
          '$0 incidents bot-20260301-1200 --markdown > report.md',
          say(language, 'A report to hand on'),
        ),
    async ({ id, target, limit, cursor, markdown, url, json }) => {
      const session = { url, json, language }
      if (markdown) finish(await exported(session, id))
      else if (id === undefined) finish(await list(session, { target, limit, cursor }))
      else finish(await one(session, id))
    },
  )
}

function list(
  session: Session,
  query: { target: string | undefined; limit: number; cursor: string | undefined },
): Promise<ExitCode> {
  if (!Number.isInteger(query.limit) || query.limit < 1) {
    throw wrongUsage('--{name} must be a whole number from 1', { name: 'limit' })
  }
  const search = new URLSearchParams({ limit: String(query.limit) })
  if (query.target !== undefined) search.set('target', query.target)
  if (query.cursor !== undefined) search.set('cursor', query.cursor)
  const call = { method: 'GET', path: `/api/incidents?${search}`, answer: incidentsAnswer } as const
  return run(session, call, (page) => ({ text: showIncidents(page, session.language), good: true }))
}

function one(session: Session, id: string): Promise<ExitCode> {
  const path = `/api/incidents/${encodeURIComponent(id)}`
  return run(session, { method: 'GET', path, answer: incidentAnswer }, (incident) => ({
    text: showIncident(incident, session.language),
    good: true,
  }))
}

function exported(session: Session, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw wrongUsage("--markdown needs an incident's id")
  if (session.json) throw wrongUsage('Either --markdown or --json')
  const path = `/api/incidents/${encodeURIComponent(id)}/markdown?lang=${session.language}`
  return runText(session, { path, type: 'text/markdown' })
}
