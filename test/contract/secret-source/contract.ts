/** What every SecretSource must do, whatever keeps the secrets. How the technology fails is in the adapter's tests. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SecretSource } from '../../../src/ports/secret-source.ts'

export type Stage = {
  readonly source: SecretSource
  /** Gives the new version's number. */
  addVersion(secret: string, value: string | Uint8Array): Promise<string>
  setState(
    version: { secret: string; version: string },
    state: 'ENABLED' | 'DISABLED' | 'DESTROYED',
  ): Promise<void>
  /** How many payloads were read. */
  accesses(): number
  close(): Promise<void>
}

const LIMITS = { timeoutMs: 10_000 }
const SECRET = 'telegram-bot-token'

/** The stage opens with one secret, `telegram-bot-token`, of three versions: `one`, `two`, `three`. */
export function secretSourceContract(name: string, open: () => Promise<Stage>): void {
  describe(`${name} as a SecretSource`, () => {
    let stage: Stage
    beforeEach(async () => {
      stage = await open()
    })
    afterEach(() => stage.close())

    describe('version', () => versions(() => stage))
    describe('access', () => accesses(() => stage))
  })
}

function versions(stage: () => Stage): void {
  it.each(['latest', '3'])('resolves %s to its number without reading a payload', async (wanted) => {
    const { source, accesses } = stage()
    expect(await source.version(SECRET, wanted, LIMITS)).toEqual({
      kind: 'version',
      secret: SECRET,
      wanted,
      version: '3',
    })
    expect(accesses()).toBe(0)
  })

  it('sees a version that was just added', async () => {
    const { source, addVersion } = stage()
    expect(await addVersion(SECRET, 'four')).toBe('4')
    expect(await source.version(SECRET, 'latest', LIMITS)).toMatchObject({ kind: 'version', version: '4' })
  })

  it.each(['DISABLED', 'DESTROYED'] as const)(
    'takes the newest enabled version instead of a latest that is %s, and says so',
    async (state) => {
      const { source, setState, accesses } = stage()
      await setState({ secret: SECRET, version: '3' }, state)
      expect(await source.version(SECRET, 'latest', LIMITS)).toEqual({
        kind: 'version',
        secret: SECRET,
        wanted: 'latest',
        version: '2',
        insteadOf: { version: '3', state },
      })
      expect(accesses()).toBe(0)
    },
  )

  it('orders versions by number, not by name', async () => {
    const { source, addVersion, setState } = stage()
    for (let version = 4; version <= 11; version += 1) await addVersion(SECRET, `value ${version}`)
    await setState({ secret: SECRET, version: '11' }, 'DISABLED')
    expect(await source.version(SECRET, 'latest', LIMITS)).toMatchObject({
      version: '10',
      insteadOf: { version: '11', state: 'DISABLED' },
    })
  })

  it.each(['DISABLED', 'DESTROYED'] as const)(
    'has no substitute for a pinned version that is %s',
    async (state) => {
      const { source, setState } = stage()
      await setState({ secret: SECRET, version: '2' }, state)
      expect(await source.version(SECRET, '2', LIMITS)).toEqual({
        kind: 'unavailable',
        secret: SECRET,
        wanted: '2',
        detail: `version 2 of secret ${SECRET} is ${state}: enable it, or name another version`,
        passing: false,
      })
    },
  )

  it('has nothing when no version is enabled', async () => {
    const { source, setState } = stage()
    for (const version of ['1', '2', '3']) await setState({ secret: SECRET, version }, 'DISABLED')
    expect(await source.version(SECRET, 'latest', LIMITS)).toEqual({
      kind: 'unavailable',
      secret: SECRET,
      wanted: 'latest',
      detail: `secret ${SECRET} has no enabled version: add one, or enable an older one`,
      passing: false,
    })
  })

  it.each([
    ['no-such-secret', 'latest'],
    [SECRET, '99'],
  ])('says of %s, version %s, that trying again will not help', async (secret, wanted) => {
    const { source } = stage()
    expect(await source.version(secret, wanted, LIMITS)).toMatchObject({
      kind: 'unavailable',
      secret,
      wanted,
      passing: false,
    })
  })
}

function accesses(stage: () => Stage): void {
  it('gives the payload of the version that was named, and prints nothing of it', async () => {
    const { source, accesses } = stage()
    const payload = await source.access(SECRET, '2', LIMITS)
    expect(payload).toMatchObject({ kind: 'payload' })
    expect(payload.kind === 'payload' && payload.value.reveal()).toBe('two')
    expect(JSON.stringify(payload)).toBe('{"kind":"payload","value":"[redacted]"}')
    expect(accesses()).toBe(1)
  })

  it.each([
    ['several lines', '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n'],
    ['letters of other scripts', '밤을 지키는 키 🗝'],
    ['a byte order mark', '\uFEFFkey'],
    ['64 KiB', 'x'.repeat(64 * 1024)],
  ])('gives a payload of %s unchanged', async (_what, value) => {
    const { source, addVersion } = stage()
    const version = await addVersion(SECRET, value)
    const payload = await source.access(SECRET, version, LIMITS)
    expect(payload.kind === 'payload' && payload.value.reveal()).toBe(value)
  })

  it.each([
    [
      'is not UTF-8 text',
      new Uint8Array([0x66, 0xff, 0xfe]),
      'is not UTF-8 text: encode it, for example as base64',
    ],
    ['is empty', '', 'is empty'],
    ['is too long', 'x'.repeat(64 * 1024 + 1), 'is longer than 65536 bytes'],
  ])('refuses a payload that %s', async (_what, value, words) => {
    const { source, addVersion } = stage()
    const version = await addVersion(SECRET, value)
    expect(await source.access(SECRET, version, LIMITS)).toEqual({
      kind: 'unavailable',
      detail: `version 4 of secret ${SECRET} ${words}`,
      passing: false,
    })
  })

  it.each(['DISABLED', 'DESTROYED'] as const)('gives no payload of a version that is %s', async (state) => {
    const { source, setState } = stage()
    await setState({ secret: SECRET, version: '1' }, state)
    expect(await source.access(SECRET, '1', LIMITS)).toEqual({
      kind: 'unavailable',
      detail: expect.stringContaining(`is in ${state} state`),
      passing: false,
    })
  })
}
