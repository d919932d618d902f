/** A healthy tick must never load Google's clients: seen in a process of its own. */
import { expect, it } from 'vitest'
import { runWithAdapters } from './adapters-process.ts'

const PRINT_LOADED = `
  const { createRequire } = await import('node:module')
  const files = Object.keys(createRequire(import.meta.url).cache)
  const names = ['@google-cloud/compute', '@google-cloud/secret-manager', 'google-gax', 'google-auth-library']
  const loaded = names.filter((name) => files.some((file) => file.includes('/node_modules/' + name + '/')))
  console.log(loaded.join())
`
const NO_CREDENTIALS = { GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent/key.json' }

it('making the adapters loads none of Google’s libraries', async () => {
  expect(await runWithAdapters(PRINT_LOADED)).toBe('')
})

it('reading a secret does not load Compute', async () => {
  const script = `await secrets.version('a-secret', 'latest', limits)`
  expect(await runWithAdapters(script + PRINT_LOADED, NO_CREDENTIALS)).toBe(
    '@google-cloud/secret-manager,google-gax,google-auth-library',
  )
})

it('looking at a VM loads Compute', async () => {
  const script = `await virtualMachine.look(target, {}, limits)`
  expect(await runWithAdapters(script + PRINT_LOADED, NO_CREDENTIALS)).toBe(
    '@google-cloud/compute,google-gax,google-auth-library',
  )
})
