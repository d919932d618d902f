/** The caller's ID token: from NIGHTGUARD_TOKEN, or from gcloud. It is never printed and never stands in an argv. */
import { execFile } from 'node:child_process'
import { Failure } from './failure.ts'

const GCLOUD_TIMEOUT_MS = 20_000
const OUTPUT_BYTES_MAX = 64 * 1024
const TOKEN = /^[A-Za-z0-9._~+/-]{1,16000}=*$/

/** None for a service on this machine, unless NIGHTGUARD_TOKEN gives one: the sandbox asks for none. */
export async function findToken(url: URL): Promise<string | undefined> {
  const given = process.env['NIGHTGUARD_TOKEN']?.trim()
  if (given !== undefined && given !== '') return checked(given, 'NIGHTGUARD_TOKEN is no ID token')
  return isLoopback(url) ? undefined : checked((await askGcloud()).trim(), "gcloud's answer is no ID token")
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function checked(token: string, otherwise: string): string {
  if (TOKEN.test(token)) return token
  throw new Failure(
    { text: otherwise },
    { mend: { text: 'Get one by: gcloud auth login, then gcloud auth print-identity-token' } },
  )
}

function askGcloud(): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: GCLOUD_TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX }
    execFile('gcloud', ['auth', 'print-identity-token'], limits, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(gcloudFailure(error, stderr))
    })
  })
}

function gcloudFailure(error: Error & { code?: unknown; killed?: boolean }, stderr: string): Failure {
  if (error.code === 'ENOENT') {
    return new Failure(
      { text: 'No ID token: gcloud is not installed' },
      { mend: { text: 'Install the Google Cloud CLI, or set NIGHTGUARD_TOKEN to an ID token' } },
    )
  }
  if (error.killed === true) {
    return new Failure(
      {
        text: 'No ID token: gcloud gave none within {seconds} s',
        values: { seconds: GCLOUD_TIMEOUT_MS / 1_000 },
      },
      { mend: { text: 'Try gcloud auth print-identity-token by hand, or set NIGHTGUARD_TOKEN' } },
    )
  }
  const said = stderr.trim().split('\n').at(0) ?? ''
  return new Failure(
    { text: 'No ID token: gcloud auth print-identity-token failed: {said}', values: { said } },
    { mend: { text: 'Log in by: gcloud auth login, or set NIGHTGUARD_TOKEN to an ID token' } },
  )
}
