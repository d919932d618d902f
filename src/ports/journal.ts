/** One structured event: `severity` is Cloud Logging's. */
export type JournalEvent = {
  readonly severity: 'DEBUG' | 'INFO' | 'NOTICE' | 'WARNING' | 'ERROR' | 'CRITICAL'
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** Where the service tells what it did: one event a tick, no scattered logging. */
export type Journal = {
  write(event: JournalEvent): void
}
