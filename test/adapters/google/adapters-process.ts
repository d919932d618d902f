/** Runs a script in a Node process of its own, with the Google adapters made in it but not yet used. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const ROOT = new URL('../../../', import.meta.url)

const MAKE_ADAPTERS = `
  const { createComputeVirtualMachine } = await import('./src/adapters/google/compute.ts')
  const { createSecretManagerSource } = await import('./src/adapters/google/secret-manager.ts')
  const virtualMachine = createComputeVirtualMachine({ clock: Date })
  const secrets = createSecretManagerSource({ project: 'my-project' })
  const target = { id: 'a', project: 'my-project', zone: 'us-west1-b', instance: 'a' }
  const limits = { timeoutMs: 8000 }
`

/** Gives what the script printed. Only `env` and the PATH are in its environment: no credentials of this machine. */
export async function runWithAdapters(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', MAKE_ADAPTERS + script],
    { cwd: ROOT, env: { PATH: process.env['PATH'], ...env }, timeout: 15_000 },
  )
  return stdout.trim()
}
