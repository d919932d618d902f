/** The journal on pino, one JSON line an event in Cloud Logging's fields. What is worth telling is decided elsewhere. */
import { type DestinationStream, pino } from 'pino'
import type { Journal, JournalEvent } from '../ports/journal.ts'

/** Cloud Logging's severities as pino's levels, with Cloud Logging's own numbers. */
const LEVELS = { debug: 100, info: 200, notice: 300, warning: 400, error: 500, critical: 600 } as const

const LEVEL_OF = {
  DEBUG: 'debug',
  INFO: 'info',
  NOTICE: 'notice',
  WARNING: 'warning',
  ERROR: 'error',
  CRITICAL: 'critical',
} as const satisfies Record<JournalEvent['severity'], keyof typeof LEVELS>

/** Cloud Logging reads `severity`, `message` and `time`; the other fields become its jsonPayload. */
export function createPinoJournal(destination?: DestinationStream): Journal {
  const options = {
    base: null,
    level: 'debug',
    customLevels: LEVELS,
    useOnlyCustomLevels: true as const,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    // Never an empty object here: pino would begin the line with a comma.
    formatters: { level: (label: string) => ({ severity: label.toUpperCase() }) },
  }
  const logger = destination === undefined ? pino(options) : pino(options, destination)
  return {
    write({ severity, message, fields }) {
      logger[LEVEL_OF[severity]](fields, message)
    },
  }
}
