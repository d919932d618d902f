/** The verbs by which a person orders something: recover, arm, pause and resume. */
import type { Argv } from 'yargs'
import { say } from '../../words/say.ts'
import { type OrderAnswer, orderAnswer } from '../answers.ts'
import { RUN_TIMEOUT_MS } from '../client.ts'
import { wrongUsage } from '../failure.ts'
import type { Language } from '../language.ts'
import { type ExitCode, type Globals, run, type Session, type Verbs } from '../session.ts'
import { showOrder } from '../show-reports.ts'

const ACTIONS = ['auto', 'restart-workload', 'reboot', 'reset', 'start'] as const

export function addOrderVerbs(cli: Argv<Globals>, verbs: Verbs): Argv<Globals> {
  return addPauseVerbs(addRecoverVerbs(cli, verbs), verbs)
}

function addRecoverVerbs(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli
    .command(
      'recover <target>',
      say(language, 'Mend a target now: without thresholds and cooldown, within the budgets'),
      (verb) =>
        orderOptions(verb, language)
          .option('action', {
            choices: ACTIONS,
            demandOption: true,
            describe: say(language, 'auto takes what the evidence asks for; start resumes a suspended VM'),
          })
          .option('unit', {
            type: 'string',
            requiresArg: true,
            describe: say(language, 'The workload, for restart-workload'),
          })
          .option('force', {
            type: 'boolean',
            default: false,
            describe: say(language, 'Also on a healthy target, or with the breaker open'),
          })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            describe: say(language, 'Say what would be done'),
          })
          .example(
            '$0 recover bot --action auto --reason "does not answer"',
            say(language, 'The gentlest that fits'),
          )
          .example('$0 recover bot --action restart-workload --unit agent.service --reason stuck', '')
          .example(
            '$0 recover bot --action reset --force --reason "new kernel"',
            say(language, 'Hard, on a healthy VM'),
          ),
      async ({ target, action, unit, reason, force, dryRun, url, json }) => {
        const body = {
          action,
          reason,
          ...(unit === undefined ? {} : { unit }),
          ...(force ? { force } : {}),
          ...(dryRun ? { dryRun } : {}),
        }
        finish(await order({ url, json, language }, { target, verb: 'recover', body }))
      },
    )
    .command(
      'arm <target>',
      say(language, 'Let the guard act on a target that it has not yet seen healthy'),
      (verb) =>
        orderOptions(verb, language).example(
          '$0 arm bot --reason "new VM, I checked it"',
          say(language, 'After the VM was replaced'),
        ),
      async ({ target, reason, url, json }) =>
        finish(await order({ url, json, language }, { target, verb: 'arm', body: { reason } })),
    )
}

function addPauseVerbs(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli
    .command(
      'pause <target>',
      say(language, 'Watch a target, but leave it alone for a while'),
      (verb) =>
        orderOptions(verb, language)
          .option('minutes', {
            type: 'number',
            demandOption: true,
            requiresArg: true,
            describe: say(language, 'How long; the pause ends by itself'),
          })
          .example('$0 pause bot --minutes 60 --reason "upgrading Podman"', ''),
      async ({ target, reason, minutes, url, json }) => {
        if (!Number.isInteger(minutes) || minutes < 1) {
          throw wrongUsage('--{name} must be a whole number from 1', { name: 'minutes' })
        }
        finish(await order({ url, json, language }, { target, verb: 'pause', body: { minutes, reason } }))
      },
    )
    .command(
      'resume <target>',
      say(language, 'End a pause; close the breaker if asked'),
      (verb) =>
        orderOptions(verb, language)
          .option('close-breaker', {
            type: 'boolean',
            default: false,
            describe: say(language, 'Let the guard act again after it gave up'),
          })
          .example('$0 resume bot --reason done', '')
          .example('$0 resume bot --close-breaker --reason "replaced the disk"', ''),
      async ({ target, reason, closeBreaker, url, json }) => {
        const body = { reason, ...(closeBreaker ? { closeBreaker } : {}) }
        finish(await order({ url, json, language }, { target, verb: 'resume', body }))
      },
    )
}

function orderOptions(verb: Argv<Globals>, language: Language) {
  return verb
    .positional('target', { type: 'string', demandOption: true, describe: say(language, "The target's id") })
    .option('reason', {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: say(language, 'Why; it stands in the history'),
    })
}

type OrderVerb = 'recover' | 'arm' | 'pause' | 'resume'

function saidOf(verb: OrderVerb, language: Language): string {
  switch (verb) {
    case 'recover':
      return say(language, 'Nothing was carried out.')
    case 'arm':
      return say(language, 'Armed.')
    case 'pause':
      return say(language, 'Paused.')
    case 'resume':
      return say(language, 'Resumed.')
  }
}

function order(
  session: Session,
  { target, verb, body }: { target: string; verb: OrderVerb; body: object },
): Promise<ExitCode> {
  const { language } = session
  const path = `/api/targets/${encodeURIComponent(target)}/${verb}`
  const call = { method: 'POST', path, body, timeoutMs: RUN_TIMEOUT_MS, answer: orderAnswer } as const
  const otherwise = saidOf(verb, language)
  return run(session, call, (answer) => ({
    text: showOrder(answer, { otherwise, language }),
    good: isDone(answer),
  }))
}

function isDone({ report }: OrderAnswer): boolean {
  const failed = report.actions.some(({ result }) => result === 'failed' || result === 'unknown')
  return report.trouble === undefined && !failed
}
