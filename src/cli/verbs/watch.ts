/** The verbs that look: status, tick and sync. */
import type { Argv } from 'yargs'
import { say } from '../../words/say.ts'
import {
  type SyncAnswer,
  syncAnswer,
  type TargetAnswer,
  type TargetReportAnswer,
  targetAnswer,
  targetsAnswer,
  tickAnswer,
} from '../answers.ts'
import { RUN_TIMEOUT_MS } from '../client.ts'
import type { Language } from '../language.ts'
import { type ExitCode, type Globals, run, type Session, type Verbs } from '../session.ts'
import { showSync, showTick } from '../show-reports.ts'
import { showTarget, showTargets } from '../show-targets.ts'

const BAD_RESULTS = ['failed', 'unknown', 'unavailable']

function isHealthy({ verdict, trouble }: TargetAnswer | TargetReportAnswer): boolean {
  return verdict === 'healthy' && trouble === undefined
}

export function addWatchVerbs(cli: Argv<Globals>, verbs: Verbs): Argv<Globals> {
  return addRuns(addStatus(cli, verbs), verbs)
}

function addStatus(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli.command(
    'status [target]',
    say(language, 'What the guard knows of all targets, or of one in full'),
    (verb) =>
      verb
        .positional('target', {
          type: 'string',
          describe: say(language, "A target's id; absent: all, one line each"),
        })
        .example('$0 status', say(language, 'One line a target; exit code 0 when all are healthy'))
        .example('$0 status bot', say(language, 'Evidence, workloads, secrets and budgets of one'))
        .example('$0 status --json | jq .targets[].verdict', say(language, 'For programs')),
    async ({ target, url, json }) => finish(await status({ url, json, language }, target)),
  )
}

function addRuns(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli
    .command(
      'tick',
      say(language, 'Run a watch cycle now, acting where it must; exit code 0 when all are healthy'),
      (verb) =>
        runOptions(verb, language)
          .example('$0 tick', say(language, 'Probe all targets, recover what is broken'))
          .example(
            '$0 tick --dry-run --target bot',
            say(language, 'What would be done about one, without doing it'),
          ),
      async ({ dryRun, target, url, json }) =>
        finish(await tick({ url, json, language }, bodyOf({ dryRun, target }))),
    )
    .command(
      'sync',
      say(language, "Make the VMs' Podman secrets equal to Secret Manager's"),
      (verb) =>
        runOptions(verb, language)
          .example('$0 sync --dry-run', say(language, 'What differs'))
          .example(
            '$0 sync --target bot',
            say(language, 'Put what differs, and restart the workloads that use it'),
          ),
      async ({ dryRun, target, url, json }) =>
        finish(await sync({ url, json, language }, bodyOf({ dryRun, target }))),
    )
}

function runOptions(verb: Argv<Globals>, language: Language) {
  return verb
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: say(language, 'Look and decide, but do nothing'),
    })
    .option('target', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: say(language, 'Only these targets; may be repeated'),
    })
}

function bodyOf({ dryRun, target }: { dryRun: boolean; target: string[] | undefined }) {
  return { ...(target === undefined ? {} : { targets: target }), ...(dryRun ? { dryRun } : {}) }
}

function status(session: Session, target: string | undefined): Promise<ExitCode> {
  const { language } = session
  if (target === undefined) {
    const call = { method: 'GET', path: '/api/targets', answer: targetsAnswer } as const
    return run(session, call, ({ targets }) => ({
      text: showTargets(targets, language),
      good: targets.every(isHealthy),
    }))
  }
  const path = `/api/targets/${encodeURIComponent(target)}`
  return run(session, { method: 'GET', path, answer: targetAnswer }, (found) => ({
    text: showTarget(found, language),
    good: isHealthy(found),
  }))
}

function tick(session: Session, body: object): Promise<ExitCode> {
  const call = { method: 'POST', path: '/tick', body, timeoutMs: RUN_TIMEOUT_MS, answer: tickAnswer } as const
  return run(session, call, (report) => ({
    text: showTick(report, session.language),
    good: report.targets.every(isHealthy),
  }))
}

function sync(session: Session, body: object): Promise<ExitCode> {
  const call = { method: 'POST', path: '/sync', body, timeoutMs: RUN_TIMEOUT_MS, answer: syncAnswer } as const
  return run(session, call, (report) => ({
    text: showSync(report, session.language),
    good: report.targets.every(isSynced),
  }))
}

function isSynced({ trouble, secrets, actions }: SyncAnswer['targets'][number]): boolean {
  return (
    trouble === undefined && [...secrets, ...actions].every(({ result }) => !BAD_RESULTS.includes(result))
  )
}
