import { describe, expect, it } from 'vitest'
import { createPinoJournal } from '../../src/adapters/pino-journal.ts'
import type { JournalEvent } from '../../src/ports/journal.ts'

function linesOf(...events: readonly JournalEvent[]): readonly unknown[] {
  const lines: string[] = []
  const journal = createPinoJournal({ write: (line) => void lines.push(line) })
  for (const event of events) journal.write(event)
  return lines.map((line) => JSON.parse(line) as unknown)
}

const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)

describe("an event is one line of JSON in Cloud Logging's fields", () => {
  it.each(['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL'] as const)('%s', (severity) => {
    expect(linesOf({ severity, message: 'well', fields: {} })).toEqual([{ severity, time, message: 'well' }])
  })

  it('with its fields beside them, line breaks and quotes inside', () => {
    const fields = {
      event: 'tick',
      targets: [{ id: 'bot', reason: 'it says "no"\nand more' }],
      none: undefined,
    }
    expect(linesOf({ severity: 'INFO', message: 'one\ntwo', fields })).toEqual([
      {
        severity: 'INFO',
        time,
        message: 'one\ntwo',
        event: 'tick',
        targets: [{ id: 'bot', reason: 'it says "no"\nand more' }],
      },
    ])
  })
})
