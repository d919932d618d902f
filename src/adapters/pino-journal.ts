/** The journal on pino, one JSON line an event in Cloud Logging's fields. What is worth telling is decided elsewhere. */
import { type DestinationStream, pino } from 'pino'
import type { Journal, JournalEvent } from '../ports/journal.ts'

const LEVELS = {
  DEBUG: 'debug',
  INFO: 'info',
  NOTICE: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
} as const satisfies Record<JournalEvent['severity'], string>

/** Cloud Logging reads `severity`, `message` and `time`; the other fields become its jsonPayload. */
export function createPinoJournal(destination?: DestinationStream): Journal {
  const options = {
    base: null,
    level: 'debug',
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: () => ({}) },
  }
  const logger = destination === undefined ? pino(options) : pino(options, destination)
  return {
    write({ severity, message, fields }) {
      logger[LEVELS[severity]]({ severity, ...fields }, message)
    },
  }
}
