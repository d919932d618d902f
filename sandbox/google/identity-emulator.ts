/** Google's identity at the wire: certificates at a URL, and ID tokens signed with the key behind them. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const KEY_ID = 'sandbox-key'
const LIFETIME_SECONDS = 3_600

export type IdentityEmulator = {
  readonly certsUrl: string
  /** A token as Google would sign it, for an hour. */
  token(claims: { readonly email: string; readonly audience: string }): string
  close(): Promise<void>
}

export async function createIdentityEmulator(): Promise<IdentityEmulator> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificates = JSON.stringify({ [KEY_ID]: publicKey.export({ type: 'spki', format: 'pem' }) })
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=3600' })
    response.end(certificates)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    certsUrl: `http://127.0.0.1:${port}/certs`,
    token({ email, audience }) {
      const issued = Math.floor(Date.now() / 1000)
      const header = { alg: 'RS256', typ: 'JWT', kid: KEY_ID }
      const claims = {
        iss: 'https://accounts.google.com',
        aud: audience,
        email,
        email_verified: true,
        sub: email,
        iat: issued,
        exp: issued + LIFETIME_SECONDS,
      }
      const text = `${encode(header)}.${encode(claims)}`
      return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
