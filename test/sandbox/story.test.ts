/** The story in plain lines: what is news is told once, and nothing else. */
import { describe, expect, it } from 'vitest'
import { createStoryJournal } from '../../sandbox/story.ts'
import type { TargetReport } from '../../src/core/report.ts'
import type { JournalEvent } from '../../src/ports/journal.ts'

function storyOf(...events: readonly (readonly Partial<TargetReport>[] | JournalEvent)[]): readonly string[] {
  const lines: string[] = []
  const journal = createStoryJournal((line) => lines.push(line))
  for (const event of events) {
    if ('severity' in event) journal.write(event)
    else journal.write({ severity: 'INFO', message: 'tick', fields: { event: 'tick', targets: event } })
  }
  return lines
}

const healthy = { id: 'bot', verdict: 'healthy' } as const
const suspect = {
  id: 'bot',
  verdict: 'unhealthy',
  cause: 'vm-frozen',
  phase: 'suspect',
  reason: 'all gone',
  actions: [],
} as const

describe('the story', () => {
  it('tells a state when it begins, not each tick of it', () => {
    expect(storyOf([healthy], [healthy], [suspect], [suspect], [healthy])).toEqual([
      'guard bot: healthy · watching',
      'guard bot: vm-frozen · suspect — all gone',
      'guard bot: healthy · watching',
    ])
  })

  it('tells each action before what came of it, and a call for a person in words', () => {
    const acted = {
      ...suspect,
      phase: 'gave-up',
      actions: [
        { rung: 'reset', result: 'done', detail: 'reset of bot' },
        { rung: 'human', result: 'done' },
      ],
    } as const
    expect(storyOf([acted])).toEqual([
      'guard bot: reset: done (reset of bot)',
      'guard bot: calls a person',
      'guard bot: vm-frozen · gave-up — all gone',
    ])
  })

  it('tells every trouble, again and again', () => {
    const trouble = { ...suspect, trouble: 'another run wrote first: nothing was done' }
    expect(storyOf([trouble], [trouble])).toEqual(
      Array(2).fill('guard bot: vm-frozen · suspect — another run wrote first: nothing was done'),
    )
  })

  it('tells what is not about targets, but for what only a developer wants', () => {
    const event = (severity: JournalEvent['severity'], message: string) => ({ severity, message, fields: {} })
    expect(storyOf(event('CRITICAL', 'the store is gone'), event('DEBUG', 'a detail'))).toEqual([
      'guard: the store is gone',
    ])
  })
})
