/**
 * One incident, one thread: its first message is kept up to date by edits, and what a phone should ring for is
 * answered beneath it. The same for every chat; the calls are each chat's own.
 */
import type { Notice } from '../../core/notice.ts'
import type { Sending } from '../../ports/notifier.ts'
import type { Outcome } from './outcome.ts'

export type ThreadCalls = {
  /** A new message; gives its name. `quiet`: no phone rings. */
  post(how: 'loud' | 'quiet'): Promise<Outcome<string>>
  /** `gone` when the message isn't there any more. No change to make is as good as an edit. */
  edit(root: string): Promise<Outcome<unknown>>
  answer(root: string): Promise<Outcome<unknown>>
}

/**
 * Gives the name of the thread's first message: another one when the old one was deleted. The edit comes before the
 * answer, so that trying again after a failure in between rings no phone twice.
 */
export async function tellThread({ notice, root }: Sending, calls: ThreadCalls): Promise<Outcome<string>> {
  if (root === undefined || notice.kind === 'test') return calls.post(loudnessOf(notice))
  const edited = await calls.edit(root)
  if (edited.kind === 'gone') return calls.post(loudnessOf(notice))
  if (edited.kind !== 'ok') return edited
  if (isForTheFirstMessageOnly(notice)) return { kind: 'ok', value: root }
  const answered = await calls.answer(root)
  return answered.kind === 'ok' ? { kind: 'ok', value: root } : answered
}

function loudnessOf({ kind, severity }: Notice): 'loud' | 'quiet' {
  return severity === 'info' || kind === 'progress' ? 'quiet' : 'loud'
}

/** A `triggered` that finds its message there already is a repeat: the answer to the first try was lost. */
function isForTheFirstMessageOnly({ kind }: Notice): boolean {
  return kind === 'progress' || kind === 'triggered'
}
