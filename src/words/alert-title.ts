/** The title of an alert, and whether it calls for a person. The rest of its words are alert-text.ts's. */
import { assertNever } from '../core/assert-never.ts'
import type { Language } from '../core/channel.ts'
import type { Notice } from '../core/notice.ts'
import { nameOf } from './names.ts'
import { say } from './say.ts'
import { duration } from './times.ts'

export function titleOf(notice: Notice, language: Language): string {
  const { kind, at, since, endedAt = at, incidentId } = notice
  const target = notice.cause === 'fleet' ? say(language, 'Fleet') : notice.target
  const what =
    notice.cause === undefined
      ? nameOf('verdict', notice.verdict, language)
      : nameOf('cause', notice.cause, language)
  switch (kind) {
    case 'triggered':
    case 'progress':
    case 'person':
      if (notice.standing === 'probation')
        return say(language, '{target}: {what}, well again', { target, what })
      if (!needsPerson(notice)) return say(language, '{target}: {what}', { target, what })
      return notice.cause === undefined
        ? say(language, '{target}: a person is needed', { target })
        : say(language, '{target}: {what}, a person is needed', { target, what })
    case 'again':
      return say(language, '{target}: {what}, again', { target, what })
    case 'reminder':
      return say(language, '{target}: {what}, for {time} now', {
        target,
        what,
        time: duration(at - since, language),
      })
    case 'resolved': {
      const time = duration(endedAt - since, language)
      return incidentId === undefined
        ? say(language, '{target}: {what}, over after {time}', { target, what, time })
        : say(language, '{target}: back after {time}', { target, time })
    }
    case 'test':
      return say(language, 'Night Guard: test alert')
    default:
      return assertNever(kind)
  }
}

/** A person was called, and none has given an order since; or it is critical without being an incident to work on. */
export function needsPerson({ kind, severity, cause, incidentId, story, standing }: Notice): boolean {
  if (standing !== undefined) return standing === 'person'
  if (kind === 'person') return true
  if (incidentId === undefined) return severity === 'critical' && cause !== 'fleet'
  const last = (wanted: string): number => story.findLastIndex((line) => line.kind === wanted)
  return last('call') > last('person')
}
