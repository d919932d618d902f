/** The port DeadMan: one GET, and whether it was heard. When to ping is app/'s business. */
import type { DeadMan } from '../../ports/notifier.ts'
import { httpRequest } from '../http-request.ts'

/** The URL may name the check by a secret: nothing of it is ever told. */
export function createDeadMan(options: { readonly url: string; readonly allowLoopback?: boolean }): DeadMan {
  const rule = options.allowLoopback === true ? 'loopback-too' : 'no-loopback'
  return {
    ping: async ({ timeoutMs }) => {
      const outcome = await httpRequest({ url: options.url, timeoutMs, rule })
      return outcome.kind === 'answer' && outcome.status >= 200 && outcome.status < 300
    },
  }
}
