/** The verbs by which a person orders something: recover, arm, pause and resume. */
import type { Argv } from 'yargs'
import { type OrderAnswer, orderAnswer } from '../answers.ts'
import { RUN_TIMEOUT_MS } from '../client.ts'
import { UsageError } from '../failure.ts'
import { type ExitCode, type Globals, run } from '../session.ts'
import { showOrder } from '../show-targets.ts'

type Finish = (code: ExitCode) => void

const ACTIONS = ['auto', 'restart-workload', 'reboot', 'reset', 'start'] as const

export function addOrderVerbs(cli: Argv<Globals>, finish: Finish): Argv<Globals> {
  return addPauseVerbs(addRecoverVerbs(cli, finish), finish)
}

function addRecoverVerbs(cli: Argv<Globals>, finish: Finish): Argv<Globals> {
  return cli
    .command(
      'recover <target>',
      'Mend a target now: without thresholds and cooldown, within the budgets',
      (verb) =>
        orderOptions(verb)
          .option('action', {
            choices: ACTIONS,
            demandOption: true,
            describe: 'auto takes what the evidence asks for; start resumes a suspended VM',
          })
          .option('unit', {
            type: 'string',
            requiresArg: true,
            describe: 'The workload, for restart-workload',
          })
          .option('force', {
            type: 'boolean',
            default: false,
            describe: 'Also on a healthy target, or with the breaker open',
          })
          .option('dry-run', { type: 'boolean', default: false, describe: 'Say what would be done' })
          .example('$0 recover bot --action auto --reason "does not answer"', 'The gentlest that fits')
          .example('$0 recover bot --action restart-workload --unit agent.service --reason stuck', '')
          .example('$0 recover bot --action reset --force --reason "new kernel"', 'Hard, on a healthy VM'),
      async ({ target, action, unit, reason, force, dryRun, url, json }) => {
        const body = {
          action,
          reason,
          ...(unit === undefined ? {} : { unit }),
          ...(force ? { force } : {}),
          ...(dryRun ? { dryRun } : {}),
        }
        finish(await order({ url, json }, { target, verb: 'recover', body }))
      },
    )
    .command(
      'arm <target>',
      'Let the guard act on a target that it has not yet seen healthy',
      (verb) =>
        orderOptions(verb).example('$0 arm bot --reason "new VM, I checked it"', 'After the VM was replaced'),
      async ({ target, reason, url, json }) =>
        finish(await order({ url, json }, { target, verb: 'arm', body: { reason } })),
    )
}

function addPauseVerbs(cli: Argv<Globals>, finish: Finish): Argv<Globals> {
  return cli
    .command(
      'pause <target>',
      'Watch a target, but leave it alone for a while',
      (verb) =>
        orderOptions(verb)
          .option('minutes', {
            type: 'number',
            demandOption: true,
            requiresArg: true,
            describe: 'How long; the pause ends by itself',
          })
          .example('$0 pause bot --minutes 60 --reason "upgrading Podman"', ''),
      async ({ target, reason, minutes, url, json }) => {
        if (!Number.isInteger(minutes) || minutes < 1) {
          throw new UsageError('--minutes must be a whole number from 1')
        }
        finish(await order({ url, json }, { target, verb: 'pause', body: { minutes, reason } }))
      },
    )
    .command(
      'resume <target>',
      'End a pause; close the breaker if asked',
      (verb) =>
        orderOptions(verb)
          .option('close-breaker', {
            type: 'boolean',
            default: false,
            describe: 'Let the guard act again after it gave up',
          })
          .example('$0 resume bot --reason done', '')
          .example('$0 resume bot --close-breaker --reason "replaced the disk"', ''),
      async ({ target, reason, closeBreaker, url, json }) => {
        const body = { reason, ...(closeBreaker ? { closeBreaker } : {}) }
        finish(await order({ url, json }, { target, verb: 'resume', body }))
      },
    )
}

function orderOptions(verb: Argv<Globals>) {
  return verb
    .positional('target', { type: 'string', demandOption: true, describe: "The target's id" })
    .option('reason', {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'Why; it stands in the history',
    })
}

type OrderVerb = 'recover' | 'arm' | 'pause' | 'resume'

const SAID: Readonly<Record<OrderVerb, string>> = {
  recover: 'Nothing was carried out.',
  arm: 'Armed.',
  pause: 'Paused.',
  resume: 'Resumed.',
}

function order(
  globals: Globals,
  { target, verb, body }: { target: string; verb: OrderVerb; body: object },
): Promise<ExitCode> {
  const path = `/api/targets/${encodeURIComponent(target)}/${verb}`
  const call = { method: 'POST', path, body, timeoutMs: RUN_TIMEOUT_MS, answer: orderAnswer } as const
  return run(globals, call, (answer) => ({ text: showOrder(answer, SAID[verb]), good: isDone(answer) }))
}

function isDone({ report }: OrderAnswer): boolean {
  const failed = report.actions.some(({ result }) => result === 'failed' || result === 'unknown')
  return report.trouble === undefined && !failed
}
