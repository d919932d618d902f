/** The `nightguard` command: reads the command line and runs a verb. A client of the service; it decides nothing. */
import { readFileSync } from 'node:fs'
import yargs, { type Argv } from 'yargs'
import { z } from 'zod'
import { Failure, UsageError } from './failure.ts'
import { complain, type Globals } from './session.ts'
import { addIncidentsVerb } from './verbs/incidents.ts'
import { addOrderVerbs } from './verbs/orders.ts'
import { addSandboxVerb } from './verbs/sandbox.ts'
import { addWatchVerbs } from './verbs/watch.ts'

const DEFAULT_URL = 'http://127.0.0.1:8080'
const WIDTH_MAX = 110

const EPILOGUE = `Exit codes: 0 all healthy or done, 1 unhealthy, refused or failed, 2 wrong usage.
The service: --url or NIGHTGUARD_URL. Who you are: NIGHTGUARD_TOKEN, or gcloud auth print-identity-token.
A token of your own gcloud account needs 32555940559.apps.googleusercontent.com in the service's auth.audience.
Colours appear on a terminal only; NO_COLOR turns them off.`

function versionOf(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

function commandLine(words: readonly string[], finish: (code: number) => void): Argv<Globals> {
  const cli = yargs([...words])
    .scriptName('nightguard')
    .usage('$0 <verb>\n\nKeeps small VMs alive from the outside: look, act, and read what happened.')
    .locale('en')
    .option('url', {
      type: 'string',
      requiresArg: true,
      default: process.env['NIGHTGUARD_URL'] || DEFAULT_URL,
      defaultDescription: `NIGHTGUARD_URL, else ${DEFAULT_URL}`,
      describe: 'Where the service is',
    })
    .option('json', { type: 'boolean', default: false, describe: "Print the service's own JSON" })
  const verbs = addSandboxVerb(
    addIncidentsVerb(addOrderVerbs(addWatchVerbs(cli, finish), finish), finish),
    finish,
  )
  return verbs
    .completion('completion', 'Print a completion script for bash or zsh')
    .example('$0 status', 'Is everything well?')
    .example('$0 recover bot --action auto --reason "does not answer"', 'Mend one now')
    .example('eval "$($0 completion)"', 'Complete verbs and options by Tab in this shell')
    .demandCommand(1, 'Say what to do: a verb is missing')
    .strictCommands()
    .strict()
    .recommendCommands()
    .check(noRepeats)
    .help()
    .alias('help', 'h')
    .version(versionOf())
    .epilogue(EPILOGUE)
    .wrap(Math.min(WIDTH_MAX, process.stdout.columns || 80))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message)
    })
}

/** yargs makes a list of an option that is given twice; only --target may be a list. */
function noRepeats(given: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(given)) {
    if (Array.isArray(value) && name !== '_' && name !== 'target')
      throw new UsageError(`--${name} is given twice`)
    if (typeof value === 'string' && value.trim() === '') throw new UsageError(`${name} must not be empty`)
  }
  if (Array.isArray(given['target']) && Object.hasOwn(given, 'reason')) {
    throw new UsageError('One target at a time')
  }
  return true
}

async function main(words: readonly string[]): Promise<number> {
  let exitCode = 0
  try {
    await commandLine(words, (code) => {
      exitCode = code
    }).parseAsync()
    return exitCode
  } catch (error) {
    if (isUsageError(error)) {
      const message = error.message.replaceAll(/\s+/g, ' ')
      complain(
        message.startsWith('Did you mean') ? `There is no such verb. ${message}` : message,
        `nightguard ${verbIn(words)}--help explains it`,
      )
      return 2
    }
    if (!(error instanceof Failure)) throw error
    complain(error.message, error.mend)
    return 1
  }
}

/** yargs throws some of its own past `fail`: an option without its value. */
function isUsageError(error: unknown): error is Error {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}

const VERBS = ['status', 'tick', 'sync', 'recover', 'arm', 'pause', 'resume', 'incidents', 'sandbox']

function verbIn(words: readonly string[]): string {
  const verb = VERBS.find((known) => words.includes(known))
  return verb === undefined ? '' : `${verb} `
}

// `nightguard incidents | head`: the reader has had enough, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await main(process.argv.slice(2))
