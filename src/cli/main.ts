/** The `nightguard` command: reads the command line and runs a verb. A client of the service; it decides nothing. */
import { readFileSync } from 'node:fs'
import yargs, { type Argv } from 'yargs'
import { z } from 'zod'
import { say } from '../words/say.ts'
import { Failure, UsageError, wrongUsage } from './failure.ts'
import { LANGUAGES, type Language, languageOf } from './language.ts'
import { complain, type Globals, type Verbs } from './session.ts'
import { addAlertsVerb } from './verbs/alerts.ts'
import { addHistoryVerbs } from './verbs/history.ts'
import { addIncidentsVerb } from './verbs/incidents.ts'
import { addOpenVerb } from './verbs/open.ts'
import { addOrderVerbs } from './verbs/orders.ts'
import { addSandboxVerb } from './verbs/sandbox.ts'
import { addWatchVerbs } from './verbs/watch.ts'

const DEFAULT_URL = 'http://127.0.0.1:8080'
const WIDTH_MAX = 110

function epilogueIn(language: Language): string {
  return [
    say(language, 'Exit codes: 0 all healthy or done, 1 unhealthy, refused or failed, 2 wrong usage.'),
    say(
      language,
      'The service: --url or NIGHTGUARD_URL. Who you are: NIGHTGUARD_TOKEN, or gcloud auth print-identity-token.',
    ),
    say(
      language,
      "A token of your own gcloud account needs 32555940559.apps.googleusercontent.com in the service's auth.audience.",
    ),
    say(
      language,
      'Language: --lang, NIGHTGUARD_LANG, or the locale. Times are in your time zone; TZ names another.',
    ),
    say(language, 'Colours appear on a terminal only; NO_COLOR turns them off.'),
  ].join('\n')
}

function versionOf(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

function commandLine(
  words: readonly string[],
  { language, finish }: { readonly language: Language; readonly finish: (code: number) => void },
): Argv<Globals> {
  const verbs: Verbs = { language, finish }
  const cli = globalOptions(yargs([...words]).scriptName('nightguard'), language)
  const watching = addHistoryVerbs(addOrderVerbs(addWatchVerbs(cli, verbs), verbs), verbs)
  const looking = addOpenVerb(addAlertsVerb(addIncidentsVerb(watching, verbs), verbs), verbs)
  return addSandboxVerb(looking, { language, finish })
    .completion('completion', say(language, 'Print a completion script for bash or zsh'))
    .example('$0 status', say(language, 'Is everything well?'))
    .example('$0 recover bot --action auto --reason "does not answer"', say(language, 'Mend one now'))
    .example('eval "$($0 completion)"', say(language, 'Complete verbs and options by Tab in this shell'))
    .demandCommand(1, say(language, 'Say what to do: a verb is missing'))
    .strictCommands()
    .strict()
    .recommendCommands()
    .check(noRepeats)
    .help()
    .alias('help', 'h')
    .version(versionOf())
    .epilogue(epilogueIn(language))
    .wrap(Math.min(WIDTH_MAX, process.stdout.columns || 80))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Complaint(message)
    })
}

function globalOptions(cli: Argv, language: Language): Argv<Globals> {
  const usage = say(language, 'Keeps small VMs alive from the outside: look, act, and read what happened.')
  const unknown = say(language, 'Unknown command: {word}', { word: '%s' })
  return cli
    .usage(`$0 <verb>\n\n${usage}`)
    .locale(language)
    .updateStrings({
      'Did you mean %s?': say(language, 'There is no such verb. Did you mean {word}?', { word: '%s' }),
      // yargs' Korean lacks it. Its texts that depend on a count are objects, which its types don't know.
      ...(language === 'ko' ? ({ 'Unknown command: %s': { one: unknown, other: unknown } } as object) : {}),
    })
    .option('url', {
      type: 'string',
      requiresArg: true,
      default: process.env['NIGHTGUARD_URL'] || DEFAULT_URL,
      defaultDescription: say(language, 'NIGHTGUARD_URL, else {url}', { url: DEFAULT_URL }),
      describe: say(language, 'Where the service is'),
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: say(language, "Print the service's own JSON"),
    })
    .option('lang', {
      choices: LANGUAGES,
      requiresArg: true,
      defaultDescription: say(language, "NIGHTGUARD_LANG, else the locale's"),
      describe: say(language, 'Speak English or Korean'),
    })
}

/** What yargs found wrong, in its own words of the language. */
class Complaint extends Error {
  override readonly name = 'Complaint'
}

/** yargs makes a list of an option that is given twice; only --target may be a list. */
function noRepeats(given: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(given)) {
    if (Array.isArray(value) && name !== '_' && name !== 'target')
      throw wrongUsage('--{name} is given twice', { name })
    if (typeof value === 'string' && value.trim() === '')
      throw wrongUsage('{name} must not be empty', { name })
  }
  if (Array.isArray(given['target']) && Object.hasOwn(given, 'reason')) {
    throw wrongUsage('One target at a time')
  }
  return true
}

async function main(words: readonly string[]): Promise<number> {
  const language = languageOf(words, process.env)
  let exitCode = 0
  const finish = (code: number) => {
    exitCode = code
  }
  try {
    await commandLine(words, { language, finish }).parseAsync()
    return exitCode
  } catch (error) {
    const usage = usageErrorOf(error, language)
    if (usage !== undefined) {
      const help = `nightguard ${verbIn(words)}--help`
      complain(usage.replaceAll(/\s+/g, ' '), say(language, '{command} explains it', { command: help }))
      return 2
    }
    if (!(error instanceof Failure)) throw error
    const { text, mend } = error.inWords(language)
    complain(text, mend)
    return 1
  }
}

/** yargs throws some of its own past `fail`: an option without its value. */
function usageErrorOf(error: unknown, language: Language): string | undefined {
  if (error instanceof UsageError) return error.inWords(language)
  if (error instanceof Complaint) return error.message
  return error instanceof Error && error.name === 'YError' ? error.message : undefined
}

const VERBS = [
  'status',
  'tick',
  'sync',
  'recover',
  'arm',
  'pause',
  'resume',
  'history',
  'shadow',
  'incidents',
  'alerts',
  'open',
  'sandbox',
]

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
