/** A bug that one target's run has met: told, and thrown again when all the others have been served. */
import { plainText } from '../core/plain-text.ts'
import type { TargetReport } from '../core/report.ts'
import type { Phase } from '../core/state.ts'
import type { JournalEvent } from '../ports/journal.ts'

export type Bug = { readonly id: string; readonly error: unknown }

const MESSAGE_LENGTH_MAX = 300
const STACK_LINES_MAX = 30

function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error), MESSAGE_LENGTH_MAX)
}

export function bugReport({ id, error }: Bug, { phase }: { readonly phase: Phase }): TargetReport {
  const trouble = `a bug: ${messageOf(error)}`
  const reason = 'a bug of Night Guard ended its run'
  return { id, verdict: 'inconclusive', reason, phase, evidence: {}, actions: [], trouble }
}

/** The stack as a list of lines: no line of it can forge another. */
export function bugEvent(kind: string, { id, error }: Bug): JournalEvent {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n', STACK_LINES_MAX) : []
  return {
    severity: 'CRITICAL',
    message: `${kind}: a bug ended the run of ${id}: ${messageOf(error)}`,
    fields: { event: 'bug', target: id, stack: lines.map((line) => plainText(line, MESSAGE_LENGTH_MAX)) },
  }
}

export function bugsError(kind: string, bugs: readonly Bug[]): AggregateError {
  const [first] = bugs
  const more = bugs.length > 1 ? `, and of ${bugs.length - 1} more` : ''
  const message = `${kind}: a bug ended the run of ${first?.id ?? 'nobody'}${more}; all others were served`
  return new AggregateError(
    bugs.map(({ error }) => error),
    message,
  )
}
