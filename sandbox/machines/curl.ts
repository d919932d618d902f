/** `curl` of the health URL on the machine itself: the body, a newline and the status code, or curl's error. */
import { assertNever } from '../../src/core/assert-never.ts'
import type { HealthAnswer, Reply, ShellHost } from './shell-host.ts'

const EXIT_CONNECT = 7
const EXIT_TIMED_OUT = 28

/** The guard's flags: --max-time SECONDS … -- URL. */
export async function curl(host: ShellHost, words: readonly string[]): Promise<Reply> {
  const maxSeconds = Number(words[words.indexOf('--max-time') + 1])
  const url = URL.parse(words.at(-1) ?? '')
  if (url === null) return reply(3, '000', 'curl: (3) URL rejected: Malformed input to a URL function')
  const port = Number(url.port === '' ? 80 : url.port)
  const answer: HealthAnswer = port === host.healthPort ? host.healthAnswer() : { kind: 'refuses' }
  switch (answer.kind) {
    case 'answers':
      if (url.pathname !== '/health') return reply(0, '404 page not found\n404', '')
      return reply(0, `${answer.body}\n${answer.status}`, '')
    case 'refuses':
      return reply(
        EXIT_CONNECT,
        '\n000',
        `curl: (7) Failed to connect to ${url.hostname} port ${port} after 0 ms: Could not connect to server`,
      )
    case 'hangs':
      await host.timers.sleep(maxSeconds * 1_000)
      return reply(
        EXIT_TIMED_OUT,
        '\n000',
        `curl: (28) Operation timed out after ${maxSeconds * 1_000} milliseconds with 0 bytes received`,
      )
    default:
      return assertNever(answer)
  }
}

function reply(exitCode: number, stdout: string, stderr: string): Reply {
  return { stdout, stderr: stderr === '' ? '' : `${stderr}\n`, exitCode }
}
