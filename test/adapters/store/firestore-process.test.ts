/** What only a process of its own shows: what is loaded when, and what happens without credentials. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)
const SCRIPT = `
  const { createFirestoreStore } = await import('./src/adapters/store/firestore.ts')
  const { createRequire } = await import('node:module')
  const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /google/.test(file))
  const store = createFirestoreStore({ project: 'my-project', clock: Date, timeoutMs: 8000 })
  const before = loaded()
  const state = (await store.load(['bot'])).get('bot')
  const commit = await store.commit({ target: 'bot', expectedVersion: null, state: { schema: 2, target: 'bot' } })
  const after = loaded()
  const usage = store.usage()
  await store.close()
  console.log(JSON.stringify({ before, after, state, commit, usage }))
`

it('making the store loads nothing of Google’s; without credentials it is unavailable, and ends cleanly', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', SCRIPT],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], GOOGLE_APPLICATION_CREDENTIALS: '/nonexistent/key.json' },
      timeout: 15_000,
    },
  )
  const detail = expect.stringMatching(/^Firestore, [a-z ]+: Unable to read the credential file [^\n]*$/)
  expect({ ...JSON.parse(stdout), stderr }).toEqual({
    before: false,
    after: true,
    state: { kind: 'unavailable', detail },
    commit: { kind: 'unavailable', detail },
    usage: { reads: 0, writes: 0, deletes: 0 },
    stderr: '',
  })
})
