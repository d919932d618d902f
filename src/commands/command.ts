/**
 * A command is data: an argv, and how long it may take on the VM. Quoting for the remote shell happens in
 * `commandLine` and nowhere else. Values of secrets never stand in an argv; they travel on stdin.
 */

export type Command = {
  readonly argv: readonly [string, ...string[]]
  /** Needs root: the adapter's user gets it by `sudo -n`. */
  readonly root: boolean
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/

/** One word, quoted for a POSIX shell. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('A word of a command must not contain NUL')
  if (PLAIN.test(word)) return word
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** What is sent over SSH. `user` root needs no sudo. */
export function commandLine(command: Command, user: string): string {
  const prefix = command.root && user !== 'root' ? ['sudo', '-n', '--'] : []
  return [...prefix, ...command.argv].map(quote).join(' ')
}
