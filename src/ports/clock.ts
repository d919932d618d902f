export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  sleep(ms: number): Promise<void>
}
