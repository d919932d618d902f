/** Cloud Scheduler in small: croner calls /tick over HTTP with the scheduler's signed identity, never twice at once. */
import { Cron } from 'croner'

export type Scheduler = { stop(): void }

export function createScheduler(options: {
  readonly url: string
  readonly everySeconds: number
  readonly token: () => string
  readonly onTrouble: (text: string) => void
}): Scheduler {
  const controller = new AbortController()
  const job = new Cron(`*/${options.everySeconds} * * * * *`, { protect: true }, async () => {
    try {
      const answer = await fetch(`${options.url}/tick`, {
        method: 'POST',
        headers: { authorization: `Bearer ${options.token()}` },
        signal: controller.signal,
      })
      await answer.body?.cancel()
      if (!answer.ok) options.onTrouble(`tick was answered with ${answer.status}`)
    } catch (error) {
      if (!controller.signal.aborted) options.onTrouble(`tick failed: ${String(error)}`)
    }
  })
  return {
    stop() {
      job.stop()
      controller.abort()
    },
  }
}
