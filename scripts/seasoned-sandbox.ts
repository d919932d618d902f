/** The sandbox as it would look after ninety days of watching: its own machines and pages, on a past that is made up. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxConfig } from '../sandbox/config.ts'
import { AUDIENCE, type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts'
import { createWorld } from '../sandbox/world.ts'
import { writePast } from './believable-past.ts'

export async function startSeasonedSandbox(
  options: Omit<SandboxOptions, 'world' | 'storePath'>,
): Promise<Sandbox> {
  await using opened = new AsyncDisposableStack()
  const directory = mkdtempSync(join(tmpdir(), 'night-guard-seasoned-'))
  opened.defer(() => rmSync(directory, { recursive: true, force: true }))
  const world = await createWorld({
    onEvent: options.tell,
    ...(options.timing === undefined ? {} : { timing: options.timing }),
  })
  opened.defer(() => world.close())
  const storePath = join(directory, 'seasoned.db')
  const { targets } = sandboxConfig({
    machines: world.machines,
    canaryUrl: world.identity.certsUrl,
    storePath,
    audience: AUDIENCE,
  })
  await writePast(storePath, targets, Date.now())
  const sandbox = await startSandbox({ ...options, world, storePath })
  opened.defer(() => sandbox.close())
  const kept = opened.move()
  return { url: sandbox.url, world, close: () => kept.disposeAsync() }
}
