/** The verb that asks whether people are reached: alerts test. */
import type { Argv } from 'yargs'
import { say } from '../../words/say.ts'
import { alertTestsAnswer } from '../answers.ts'
import { RUN_TIMEOUT_MS } from '../client.ts'
import { type ExitCode, type Globals, run, type Session, type Verbs } from '../session.ts'
import { showAlertTests } from '../show-reports.ts'

export function addAlertsVerb(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli.command(
    'alerts',
    say(language, 'Whether alerts get through'),
    (verb) =>
      verb
        .command(
          'test',
          say(language, 'Send a test notice through every channel; exit code 0 when all took it'),
          (test) => test.example('$0 alerts test', say(language, 'One line a channel')),
          async ({ url, json }) => finish(await testAlerts({ url, json, language })),
        )
        .demandCommand(1, say(language, 'Say what to do: a verb is missing')),
    () => {},
  )
}

/** With no channel at all nobody would be told: that is no success. */
function testAlerts(session: Session): Promise<ExitCode> {
  const call = {
    method: 'POST',
    path: '/api/alerts/test',
    body: {},
    timeoutMs: RUN_TIMEOUT_MS,
    answer: alertTestsAnswer,
  } as const
  return run(session, call, (answer) => ({
    text: showAlertTests(answer, session.language),
    good: answer.results.length > 0 && answer.results.every(({ result }) => result === 'sent'),
  }))
}
