/** The verbs that look back: history, and shadow for what would have been done. */
import type { Argv } from 'yargs'
import { DAYS_MAX } from '../../schemas/api-requests.ts'
import { say } from '../../words/say.ts'
import { historyAnswer, shadowAnswer, targetAnswer } from '../answers.ts'
import { wrongUsage } from '../failure.ts'
import type { Language } from '../language.ts'
import { type ExitCode, type Globals, run, runBoth, type Session, type Verbs } from '../session.ts'
import { showHistory, showShadow } from '../show-history.ts'

export function addHistoryVerbs(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli
    .command(
      'history <target>',
      say(language, 'Uptime, latency and memory of a target, by the hour or the day'),
      (verb) =>
        daysOption(verb, { days: 1, language })
          .positional('target', {
            type: 'string',
            demandOption: true,
            describe: say(language, "The target's id"),
          })
          .example('$0 history bot', say(language, 'The last day, by the hour'))
          .example('$0 history bot --days 30', say(language, 'The last month, by the day')),
      async ({ target, days, url, json }) => finish(await history({ url, json, language }, { target, days })),
    )
    .command(
      'shadow',
      say(language, 'What the guard would have done, while it only observes'),
      (verb) =>
        daysOption(verb, { days: 7, language }).example(
          '$0 shadow --days 30',
          say(language, 'Before policy.mode is set to act'),
        ),
      async ({ days, url, json }) => finish(await shadow({ url, json, language }, days)),
    )
}

function daysOption(
  verb: Argv<Globals>,
  { days, language }: { readonly days: number; readonly language: Language },
) {
  return verb.option('days', {
    type: 'number',
    requiresArg: true,
    default: days,
    describe: say(language, 'How far back, at most {max} days', { max: DAYS_MAX }),
  })
}

function checkedDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= DAYS_MAX) return days
  throw wrongUsage('--days must be a whole number from 1 to {max}', { max: DAYS_MAX })
}

function history(session: Session, options: { target: string; days: number }): Promise<ExitCode> {
  const days = checkedDays(options.days)
  const path = `/api/targets/${encodeURIComponent(options.target)}`
  const calls = [
    { method: 'GET', path: `${path}/history?days=${days}`, answer: historyAnswer },
    { method: 'GET', path, answer: targetAnswer },
  ] as const
  const { language } = session
  return runBoth(session, calls, (measured, target) => showHistory(measured, target, { days, language }))
}

function shadow(session: Session, days: number): Promise<ExitCode> {
  const path = `/api/shadow?days=${checkedDays(days)}`
  return run(session, { method: 'GET', path, answer: shadowAnswer }, (report) => ({
    text: showShadow(report, session.language),
    good: true,
  }))
}
