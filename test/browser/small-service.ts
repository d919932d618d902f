/** An app on a guard that answers what a test tells it to, behind a real port: for states that take long to reach. */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { onTestFinished } from 'vitest'
import { type World, worldHarness } from '../http/pages-world.ts'

export type SmallService = {
  readonly url: string
  /** With these a visitor is an operator. */
  readonly headers: Readonly<Record<string, string>>
}

/** Ends with its test. */
export async function serveWorld(world: World): Promise<SmallService> {
  const { app } = worldHarness(world)
  const url = await new Promise<string>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }: AddressInfo) =>
      resolve(`http://127.0.0.1:${port}`),
    )
    onTestFinished(
      () =>
        new Promise<void>((done) => {
          if ('closeAllConnections' in server) server.closeAllConnections()
          server.close(() => done())
        }),
    )
  })
  return { url, headers: { 'x-test-role': world.role ?? 'operator' } }
}
