/** How Secret Manager fails, and what the adapter makes of it. What it does when all is well is in the contract. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Failure } from '../../../sandbox/google/api-server.ts'
import { openSecretManagerStage, type SecretManagerStage } from './secret-manager-stage.ts'

const LIMITS = { timeoutMs: 5000 }
const SECRET = 'telegram-bot-token'
const FORBIDDEN: Failure = { kind: 'status', status: 403, message: 'Permission denied' }
const MEND = "(grant the guard's service account secretAccessor and viewer on this secret)"

let stage: SecretManagerStage
beforeEach(async () => {
  stage = await openSecretManagerStage()
})
afterEach(() => stage.close())

describe('a version', () => {
  it('is refused for good, with how to mend it, when access is forbidden', async () => {
    const { emulator, source } = stage
    emulator.failNext(FORBIDDEN)
    expect(await source.version(SECRET, 'latest', LIMITS)).toEqual({
      kind: 'unavailable',
      secret: SECRET,
      wanted: 'latest',
      detail: `reading version latest of secret ${SECRET}: HTTP 403: Permission denied ${MEND}`,
      passing: false,
    })
    expect(Object.fromEntries(emulator.requests)).toEqual({ 'secretVersions.get': 1 })
  })

  it('is looked for in the list when the API refuses to resolve latest', async () => {
    const { emulator, source } = stage
    emulator.setState({ secret: SECRET, version: '3' }, 'DISABLED')
    emulator.failNext({ kind: 'status', status: 400, message: 'Secret Version is in DISABLED state.' })
    expect(await source.version(SECRET, 'latest', LIMITS)).toEqual({
      kind: 'version',
      secret: SECRET,
      wanted: 'latest',
      version: '2',
      insteadOf: { version: '3', state: 'DISABLED' },
    })
  })

  it.each<[string, Failure]>([
    ['an error 500', { kind: 'status', status: 500 }],
    ['an error 503 of a proxy', { kind: 'html', status: 503 }],
    ['a broken JSON', { kind: 'broken-json' }],
    ['a dropped connection', { kind: 'drop' }],
  ])('is asked for again after %s', async (_what, failure) => {
    const { emulator, source } = stage
    emulator.failNext(failure)
    expect(await source.version(SECRET, 'latest', LIMITS)).toMatchObject({ kind: 'version', version: '3' })
  })

  it('is unavailable for now when the API goes on failing', async () => {
    const { emulator, source } = stage
    emulator.failNext({ kind: 'status', status: 500, message: 'Internal error' }, { times: 10 })
    expect(await source.version(SECRET, 'latest', LIMITS)).toMatchObject({
      detail: `reading version latest of secret ${SECRET}: HTTP 500: Internal error`,
      passing: true,
    })
    expect(Object.fromEntries(emulator.requests)).toEqual({ 'secretVersions.get': 3 })
  })

  it('is unavailable for now when nobody listens', async () => {
    const { emulator, source } = stage
    await emulator.close()
    expect(await source.version(SECRET, 'latest', LIMITS)).toEqual({
      kind: 'unavailable',
      secret: SECRET,
      wanted: 'latest',
      detail: `reading version latest of secret ${SECRET}: no connection (ECONNREFUSED)`,
      passing: true,
    })
  })

  it('is given up at the time-out', async () => {
    const { emulator, source } = stage
    await source.version(SECRET, 'latest', LIMITS)
    emulator.failNext({ kind: 'hang' })
    const startedAt = performance.now()
    expect(await source.version(SECRET, 'latest', { timeoutMs: 150 })).toMatchObject({
      detail: `reading version latest of secret ${SECRET}: no answer within 150 ms`,
      passing: true,
    })
    expect(performance.now() - startedAt).toBeLessThan(650)
  })
})

describe('a payload', () => {
  it.each([
    ['wrong-checksum', 'was damaged on the way: its checksum is wrong'],
    ['no-checksum', 'came without its checksum'],
  ] as const)('with %s is not used, and may be right the next time', async (how, words) => {
    const { emulator, source } = stage
    emulator.corruptNext(how)
    expect(await source.access(SECRET, '3', LIMITS)).toEqual({
      kind: 'unavailable',
      detail: `version 3 of secret ${SECRET} ${words}`,
      passing: true,
    })
    expect(await source.access(SECRET, '3', LIMITS)).toMatchObject({ kind: 'payload' })
  })

  it('is refused for good, with how to mend it, when access is forbidden', async () => {
    const { emulator, source } = stage
    emulator.failNext(FORBIDDEN)
    expect(await source.access(SECRET, '3', LIMITS)).toEqual({
      kind: 'unavailable',
      detail: `reading version 3 of secret ${SECRET}: HTTP 403: Permission denied ${MEND}`,
      passing: false,
    })
  })

  it('of a secret that is not there says how to mend it', async () => {
    const { source } = stage
    expect(await source.access('no-such-secret', '1', LIMITS)).toMatchObject({
      detail: expect.stringContaining(
        '(create the secret, or correct its name or version in the configuration)',
      ),
      passing: false,
    })
  })
})
