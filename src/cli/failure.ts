/** Why a command could not do its work, and what a person can do about it. How it is shown is session.ts's business. */

export class Failure extends Error {
  override readonly name = 'Failure'
  readonly mend: string

  constructor(message: string, { mend, cause }: { mend: string; cause?: unknown }) {
    super(message, { cause })
    this.mend = mend
  }
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
