/** What a person reads who pressed a button: one line. */
import type { Reader } from '../core/channel.ts'
import type { PressAnswer } from '../core/press.ts'
import { inert } from './inert.ts'
import { nameOf } from './names.ts'
import { say } from './say.ts'
import { sentenceFor } from './sentences.ts'

const DETAIL_MAX = 120

export function pressAnswer(answer: PressAnswer, reader: Reader): string {
  const { language } = reader
  switch (answer.kind) {
    case 'not-allowed':
      return say(language, 'You are not on the list of those who may press this. Nothing was done.')
    case 'expired':
      return say(language, 'This button has expired or was used before. Nothing was done.')
    case 'unavailable':
      return say(language, "The guard's memory can't be reached. Nothing was done.")
    case 'busy':
      return say(language, 'The guard is acting on it already: wait for its next message.')
    case 'refused':
      return say(language, 'Nothing was done: {why}', {
        why: inert(sentenceFor(answer.detail, reader), DETAIL_MAX),
      })
    case 'paused':
      return say(language, '{target} is paused: watched, not acted on.', { target: answer.target })
    case 'left':
      return say(language, '{target} is left as it is: no more reminders.', { target: answer.target })
    case 'done': {
      const done = answer.actions.map(
        ({ rung, result }) => `${nameOf('rung', rung, language)}: ${nameOf('result', result, language)}`,
      )
      if (done.length === 0)
        return say(language, '{target}: nothing had to be done.', { target: answer.target })
      return say(language, '{target}: {actions}.', { target: answer.target, actions: done.join(', ') })
    }
  }
}
