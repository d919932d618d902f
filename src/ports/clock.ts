/** Time, as the guard is told it: tests and the sandbox bring their own. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
  sleep(ms: number): Promise<void>
}
