/** The verbs that look: status, tick and sync. */
import type { Argv } from 'yargs'
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
import { type ExitCode, type Globals, run } from '../session.ts'
import { showSync, showTarget, showTargets, showTick } from '../show-targets.ts'

type Finish = (code: ExitCode) => void

const BAD_RESULTS = ['failed', 'unknown', 'unavailable']

function isHealthy({ verdict, trouble }: TargetAnswer | TargetReportAnswer): boolean {
  return verdict === 'healthy' && trouble === undefined
}

export function addWatchVerbs(cli: Argv<Globals>, finish: Finish): Argv<Globals> {
  return cli
    .command(
      'status [target]',
      'What the guard knows of all targets, or of one in full',
      (verb) =>
        verb
          .positional('target', { type: 'string', describe: "A target's id; absent: all, one line each" })
          .example('$0 status', 'One line a target; exit code 0 when all are healthy')
          .example('$0 status bot', 'Evidence, workloads, secrets and budgets of one')
          .example('$0 status --json | jq .targets[].verdict', 'For programs'),
      async ({ target, ...globals }) => finish(await status(globals, target)),
    )
    .command(
      'tick',
      'Run a watch cycle now, acting where it must; exit code 0 when all are healthy',
      (verb) =>
        runOptions(verb)
          .example('$0 tick', 'Probe all targets, recover what is broken')
          .example('$0 tick --dry-run --target bot', 'What would be done about one, without doing it'),
      async ({ dryRun, target, ...globals }) => finish(await tick(globals, bodyOf({ dryRun, target }))),
    )
    .command(
      'sync',
      "Make the VMs' Podman secrets equal to Secret Manager's",
      (verb) =>
        runOptions(verb)
          .example('$0 sync --dry-run', 'What differs')
          .example('$0 sync --target bot', 'Put what differs, and restart the workloads that use it'),
      async ({ dryRun, target, ...globals }) => finish(await sync(globals, bodyOf({ dryRun, target }))),
    )
}

function runOptions(verb: Argv<Globals>) {
  return verb
    .option('dry-run', { type: 'boolean', default: false, describe: 'Look and decide, but do nothing' })
    .option('target', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only these targets; may be repeated',
    })
}

function bodyOf({ dryRun, target }: { dryRun: boolean; target: string[] | undefined }) {
  return { ...(target === undefined ? {} : { targets: target }), ...(dryRun ? { dryRun } : {}) }
}

function status(globals: Globals, target: string | undefined): Promise<ExitCode> {
  if (target === undefined) {
    const call = { method: 'GET', path: '/api/targets', answer: targetsAnswer } as const
    return run(globals, call, ({ targets }) => ({
      text: showTargets(targets),
      good: targets.every(isHealthy),
    }))
  }
  const path = `/api/targets/${encodeURIComponent(target)}`
  return run(globals, { method: 'GET', path, answer: targetAnswer }, (found) => ({
    text: showTarget(found),
    good: isHealthy(found),
  }))
}

function tick(globals: Globals, body: object): Promise<ExitCode> {
  const call = { method: 'POST', path: '/tick', body, timeoutMs: RUN_TIMEOUT_MS, answer: tickAnswer } as const
  return run(globals, call, (report) => ({ text: showTick(report), good: report.targets.every(isHealthy) }))
}

function sync(globals: Globals, body: object): Promise<ExitCode> {
  const call = { method: 'POST', path: '/sync', body, timeoutMs: RUN_TIMEOUT_MS, answer: syncAnswer } as const
  return run(globals, call, (report) => ({
    text: showSync(report),
    good: report.targets.every(isSynced),
  }))
}

function isSynced({ trouble, secrets, actions }: SyncAnswer['targets'][number]): boolean {
  return (
    trouble === undefined && [...secrets, ...actions].every(({ result }) => !BAD_RESULTS.includes(result))
  )
}
