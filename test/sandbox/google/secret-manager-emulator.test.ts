/** The emulator on the wire, where the adapter doesn't reach: creating, adding, and the states of versions. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { crc32cOf } from '../../../sandbox/google/crc32c.ts'
import {
  createSecretManagerEmulator,
  type SecretManagerEmulator,
} from '../../../sandbox/google/secret-manager-emulator.ts'

let emulator: SecretManagerEmulator
let base: string
beforeEach(async () => {
  emulator = createSecretManagerEmulator({ project: 'my-project', secrets: { key: ['one', 'two', 'three'] } })
  const { port } = await emulator.listen()
  base = `http://127.0.0.1:${port}/v1/projects/my-project/secrets`
})
afterEach(() => emulator.close())

async function call(verb: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${base}${path}`, {
    method: verb,
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return response.json()
}

it('creates a secret, takes a version, and gives it back with its checksum', async () => {
  await call('POST', '?secretId=new', { replication: { automatic: {} } })
  const data = Buffer.from('123456789').toString('base64')
  expect(await call('POST', '/new:addVersion', { payload: { data } })).toMatchObject({
    name: 'projects/123456789012/secrets/new/versions/1',
    state: 'ENABLED',
  })
  expect(await call('GET', '/new/versions/latest:access')).toEqual({
    name: 'projects/123456789012/secrets/new/versions/1',
    payload: { data, dataCrc32c: String(0xe3069283) },
  })
  expect(await call('POST', '?secretId=new', {})).toMatchObject({
    error: { code: 409, status: 'ALREADY_EXISTS' },
  })
})

it('takes a payload with its checksum, and refuses one that does not match', async () => {
  const data = Buffer.from('123456789').toString('base64')
  expect(
    await call('POST', '/key:addVersion', { payload: { data, dataCrc32c: String(0xe3069283) } }),
  ).toMatchObject({ clientSpecifiedPayloadChecksum: true })
  expect(await call('POST', '/key:addVersion', { payload: { data, dataCrc32c: '1' } })).toMatchObject({
    error: { code: 400, status: 'INVALID_ARGUMENT' },
  })
})

it('disables, enables and destroys, and a destroyed version stays so', async () => {
  expect(await call('POST', '/key/versions/2:disable', {})).toMatchObject({ state: 'DISABLED' })
  expect(await call('GET', '/key/versions/2:access')).toEqual({
    error: {
      code: 400,
      message: 'Secret Version [projects/123456789012/secrets/key/versions/2] is in DISABLED state.',
      status: 'FAILED_PRECONDITION',
    },
  })
  expect(await call('POST', '/key/versions/2:enable', {})).toMatchObject({ state: 'ENABLED' })
  expect(await call('POST', '/key/versions/2:destroy', {})).toMatchObject({ state: 'DESTROYED' })
  expect(await call('POST', '/key/versions/2:enable', {})).toMatchObject({ error: { code: 400 } })
})

it('lists versions newest first, filtered, in pages, with states as numbers for clients that ask so', async () => {
  await call('POST', '/key/versions/3:disable', {})
  expect(await call('GET', '/key/versions?pageSize=2&$alt=json%3Benum-encoding=int')).toMatchObject({
    versions: [
      { name: 'projects/123456789012/secrets/key/versions/3', state: 2 },
      { name: 'projects/123456789012/secrets/key/versions/2', state: 1 },
    ],
    nextPageToken: '2',
    totalSize: 3,
  })
  expect(await call('GET', '/key/versions?pageSize=2&pageToken=2')).toMatchObject({
    versions: [{ name: 'projects/123456789012/secrets/key/versions/1', state: 'ENABLED' }],
  })
  expect(await call('GET', '/key/versions?filter=state:ENABLED')).toMatchObject({ totalSize: 2 })
  // gcloud sends 0 for the server's own page size.
  expect(await call('GET', '/key/versions?pageSize=0')).not.toHaveProperty('nextPageToken')
})

it('computes CRC-32C as RFC 3720 has it', () => {
  expect(crc32cOf(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32cOf(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
})
