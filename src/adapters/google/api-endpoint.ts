/**
 * Where a Google API is and how to prove who we are there. Without an endpoint: Google's own, with the
 * service account's credentials. With one: a local emulator that asks for no credentials.
 */
import type { GoogleAuth } from 'google-auth-library'

export type ApiEndpoint = {
  /** A host name or address. */
  readonly apiEndpoint: string
  readonly port: number
  readonly protocol: 'http' | 'https'
}

export type ClientOptions = Partial<ApiEndpoint> & { readonly auth: GoogleAuth }

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'

/** Options for the constructors of Google's clients; clients that share them share one access token. */
export async function clientOptions(endpoint: ApiEndpoint | undefined): Promise<ClientOptions> {
  const { GoogleAuth, PassThroughClient } = await import('google-auth-library')
  if (endpoint === undefined) return { auth: new GoogleAuth({ scopes: [SCOPE] }) }
  return { ...endpoint, auth: new GoogleAuth({ authClient: new PassThroughClient() }) }
}
