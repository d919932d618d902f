/** The verb that opens the dashboard of a service that wants tokens in a browser. The way there is proxy.ts. */
import type { Argv } from 'yargs'
import { say } from '../../words/say.ts'
import { openInBrowser } from '../browser.ts'
import { baseUrl } from '../client.ts'
import { wrongUsage } from '../failure.ts'
import { createTokens, type Tokens } from '../fresh-tokens.ts'
import type { Language } from '../language.ts'
import { createLifetime, type End } from '../lifetime.ts'
import { type LoopbackProxy, startProxy } from '../proxy.ts'
import { KEY_LIFE_MS } from '../proxy-session.ts'
import { complain, type ExitCode, type Globals, print, type Session, type Verbs } from '../session.ts'
import { findToken } from '../token.ts'

const MINUTES = 60
const MINUTES_MAX = 24 * 60
const PORT_MAX = 65_535

export function addOpenVerb(cli: Argv<Globals>, { language, finish }: Verbs): Argv<Globals> {
  return cli.command(
    'open',
    say(language, 'Open the dashboard in a browser, as you; ends by Ctrl-C'),
    (verb) =>
      verb
        .option('port', {
          type: 'number',
          requiresArg: true,
          describe: say(language, 'Where to listen on this machine; absent: a free port'),
        })
        .option('browser', {
          type: 'boolean',
          default: true,
          describe: say(language, 'Open the link; --no-browser only prints it'),
        })
        .option('minutes', {
          type: 'number',
          default: MINUTES,
          requiresArg: true,
          describe: say(language, 'End after so many minutes without a request'),
        })
        .example('$0 open', say(language, 'A link that works once, within a minute'))
        .example('$0 open --no-browser --port 8900', say(language, 'Over SSH: ssh -L 8900:127.0.0.1:8900')),
    async ({ url, json, port, browser, minutes }) => {
      if (port !== undefined) wholeNumber('port', port, PORT_MAX)
      wholeNumber('minutes', minutes, MINUTES_MAX)
      const link = browser && !json && process.stdout.isTTY ? 'opened' : 'printed'
      finish(await open({ url, json, language }, { port: port ?? 0, minutes, link }))
    },
  )
}

function wholeNumber(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return
  throw wrongUsage('--{name} must be a whole number from 1 to {max}', { name, max })
}

type Wish = { readonly port: number; readonly minutes: number; readonly link: 'opened' | 'printed' }

async function open(session: Session, { port, minutes, link }: Wish): Promise<ExitCode> {
  const { language } = session
  const service = baseUrl(session.url)
  const tokens = createTokens({ find: () => findToken(service) })
  // Who can't have a token hears of it here, rather than in the browser.
  await tokens.current()
  const proxy = await startProxy({ service, tokens, port, language, on: (event) => lifetime.hear(event) })
  const lifetime = createLifetime({ idleMs: minutes * 60_000, unopenedMs: KEY_LIFE_MS })
  if (session.json) print(JSON.stringify({ url: proxy.url }))
  else await show(proxy, { service, tokens, minutes, link, language })
  const end = await lifetime.ended
  await proxy.close()
  return farewell(end, { minutes, language })
}

type Shown = {
  readonly service: URL
  readonly tokens: Tokens
  readonly minutes: number
  readonly link: Wish['link']
  readonly language: Language
}

async function show(
  proxy: LoopbackProxy,
  { service, tokens, minutes, link, language }: Shown,
): Promise<void> {
  const desktop = { platform: process.platform, env: process.env }
  const opened = link === 'opened' ? await openInBrowser(proxy.url, desktop) : 'not-opened'
  const values = { account: tokens.account() ?? '', host: service.host, minutes }
  print(
    opened === 'opened'
      ? say(
          language,
          'Your browser is opening the dashboard of {host}. If it does not, open this link:',
          values,
        )
      : say(language, 'Open this link in a browser on this machine to see the dashboard of {host}:', values),
  )
  print(`\n  ${proxy.url}\n`)
  print(
    values.account === ''
      ? say(
          language,
          'It works once, within a minute. Whoever opens it in that time acts as you: keep it to yourself.',
        )
      : say(
          language,
          'It works once, within a minute. Whoever opens it in that time acts as you, {account}: keep it to yourself.',
          values,
        ),
  )
  print(say(language, 'Ctrl-C ends it, and so do {minutes} minutes without a request.', values))
}

function farewell(
  end: End,
  { minutes, language }: { readonly minutes: number; readonly language: Language },
): ExitCode {
  switch (end) {
    case 'signal':
    case 'parent-gone':
      return 0
    case 'idle':
      complain(say(language, 'Ended: {minutes} minutes without a request', { minutes }))
      return 0
    case 'unopened':
      complain(
        say(language, 'Ended: nobody opened the link within a minute'),
        say(language, 'Run nightguard open again'),
      )
      return 1
    case 'key-again':
      complain(
        say(language, 'Ended: the link was opened twice, so somebody else may have it'),
        say(language, 'Run nightguard open again, and look into the incidents for orders that are not yours'),
      )
      return 1
  }
}
