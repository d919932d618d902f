/** Runs Debian's promtool (package `prometheus`) where it is installed. Its tests say in their names when they are skipped. */
import { spawnSync } from 'node:child_process'

export const PROMTOOL_IS_HERE = spawnSync('promtool', ['--version']).status === 0

/** Stands in the names of the tests that need it. */
export const PROMTOOL_NOTE = PROMTOOL_IS_HERE
  ? ''
  : ' – SKIPPED, promtool is missing (apt-get install prometheus)'

/** Its exit code and all that it said. */
export function promtool(
  args: readonly string[],
  input?: string,
): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, {
    encoding: 'utf8',
    timeout: 30_000,
    ...(input === undefined ? {} : { input }),
  })
  return { code: status, said: `${stdout}${stderr}` }
}
