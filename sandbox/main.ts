/** What `npm start` runs: the sandbox on PORT (8080), its story on the terminal, until Ctrl-C. */
import { portOf } from '../src/config.ts'
import { LANGUAGES, type Language } from '../src/core/channel.ts'
import { startSandbox } from './sandbox.ts'

if (process.env['K_SERVICE'] !== undefined) {
  process.stderr.write('The sandbox is not for Cloud Run: deploy the service itself.\n')
  process.exit(2)
}

const port = portOf(process.env['PORT'])
if (port === undefined) {
  process.stderr.write(`PORT must be a port's number, not ${JSON.stringify(process.env['PORT'])}\n`)
  process.exit(2)
}

// `npm start | head` closes the pipe: the story has no reader any more, and that is the end of it.
process.stdout.on('error', () => process.exit(0))

/** `NIGHTGUARD_LANG=ko npm start` speaks Korean. */
function languageFromEnvironment(): Language {
  const wanted = process.env['NIGHTGUARD_LANG'] ?? ''
  return LANGUAGES.find((language) => language === wanted) ?? 'en'
}

const IMPATIENT_AFTER_MS = 1_000
const startedAt = Date.now()

function tell(line: string): void {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1).padStart(7)
  process.stdout.write(`${seconds}  ${line}\n`)
}

function welcome(url: string): string {
  return [
    `Night Guard's sandbox is up: ${url}`,
    '',
    'Three simulated VMs (bot, crawler, mailer) are watched every 2 seconds. Open the page, or try:',
    `  curl -s ${url}/sandbox/faults -H 'content-type: application/json' -d '{"target":"bot","fault":"container-exits"}'`,
    `  curl -s ${url}/sandbox/faults -H 'content-type: application/json' -d '{"target":"mailer","fault":"vm-freezes"}'`,
    `  curl -s ${url}/api/targets        what is known of each`,
    `  curl -s ${url}/api/incidents      what happened`,
    `  curl -s ${url}/sandbox/faults     all that can be broken`,
    `  ${url}/sandbox/chats              what people were told, in four chats`,
    `  ${url}/status                     what outsiders see; ${url}/docs describes the API`,
    'Ctrl-C ends it.',
    '',
  ].join('\n')
}

try {
  const sandbox = await startSandbox({
    port,
    scheduler: 'on',
    alerts: 'on',
    language: languageFromEnvironment(),
    tell,
  })
  process.stdout.write(`${welcome(sandbox.url)}\n`)
  let endingSince: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // One Ctrl-C may come twice, by the terminal and handed on by what started us; a later one is impatience.
      if (endingSince !== undefined) {
        if (Date.now() - endingSince > IMPATIENT_AFTER_MS) process.exit(130)
        return
      }
      endingSince = Date.now()
      tell('ending')
      void sandbox.close().then(() => process.exit(0))
    })
  }
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
  process.stderr.write(`Port ${port} is taken: PORT=8081 npm start uses another one.\n`)
  process.exit(1)
}
