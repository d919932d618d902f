/** The verb that tries it all out: runs the sandbox in a process of its own. The sandbox is no part of src/. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Argv } from 'yargs'
import { say } from '../../words/say.ts'
import { Failure } from '../failure.ts'
import type { Language } from '../language.ts'
import type { Globals } from '../session.ts'

/** The sandbox's exit code is handed on, whichever it is. */
export function addSandboxVerb(
  cli: Argv<Globals>,
  { language, finish }: { readonly language: Language; readonly finish: (code: number) => void },
): Argv<Globals> {
  return cli.command(
    'sandbox',
    say(language, 'Try it out: the whole service on this machine, with simulated VMs'),
    (verb) =>
      verb
        .option('port', {
          type: 'number',
          requiresArg: true,
          describe: say(language, 'Where to listen (default 8080)'),
        })
        .example(
          '$0 sandbox --port 9000',
          say(language, 'Ctrl-C ends it; $0 --url http://127.0.0.1:9000 status looks at it'),
        ),
    async ({ port }) => finish(await runSandbox(port)),
  )
}

function runSandbox(port: number | undefined): Promise<number> {
  const main = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url))
  if (!existsSync(main)) {
    throw new Failure(
      { text: 'The sandbox is not part of this installation' },
      { mend: { text: 'Run it from a clone of the repository: npm start' } },
    )
  }
  const env = port === undefined ? process.env : { ...process.env, PORT: String(port) }
  const child = spawn(process.execPath, [main], { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C reaches the child by itself: it is in the terminal's foreground group.
      if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']))
  })
}
