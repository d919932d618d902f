/** What is said when the guard can't prove who it is. Each in a process of its own, as it is in production. */
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { runWithAdapters } from './adapters-process.ts'

it('without credentials every call answers so, and the process lives on', async () => {
  const output = await runWithAdapters(
    `const look = await virtualMachine.look(target, {}, limits)
    const power = await virtualMachine.power(target, { verb: 'reset', requestId: crypto.randomUUID() }, limits)
    const version = await secrets.version('a-secret', 'latest', limits)
    console.log(look.kind, power.kind, version.kind, version.passing)`,
    { GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent/key.json' },
  )
  expect(output).toBe('unavailable failed unavailable true')
})

it('a metadata server that has no token is not taken for a VM or a secret that is not found', async () => {
  const metadata = createServer((request, response) => {
    const known = request.url === '/computeMetadata/v1/instance'
    response.writeHead(known ? 200 : 404, { 'metadata-flavor': 'Google' }).end('nothing')
  })
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve))
  const address = metadata.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const output = await runWithAdapters(
    `const [look, version] = await Promise.all([
      virtualMachine.look(target, {}, limits),
      secrets.version('a-secret', '1', limits),
    ])
    console.log(look.kind, version.passing, look.detail)`,
    { GCE_METADATA_HOST: `127.0.0.1:${port}`, METADATA_SERVER_DETECTION: 'assume-present' },
  )
  metadata.close()
  expect(output).toMatch(/^unavailable true asking Compute about a \(us-west1-b\): no access token: /)
})
