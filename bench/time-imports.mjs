/**
 * A program, and JavaScript, so that the first TypeScript file is an import like the others: loads what the service
 * loads, in its order, and prints what each adds. The later ones are those that a healthy tick does without.
 */
import { stripTypeScriptTypes } from 'node:module'

const STEPS = [
  ['@hono/node-server', () => import('@hono/node-server')],
  ['hono', () => import('hono')],
  ['zod', () => import('zod')],
  ['@hono/zod-openapi', () => import('@hono/zod-openapi')],
  ['yaml', () => import('yaml')],
  ['pino', () => import('pino')],
  ['undici', () => import('undici')],
  ['uuid, crc-32', () => Promise.all([import('uuid'), import('crc-32/crc32c.js')])],
  ['node:sqlite', () => import('node:sqlite')],
  // Loads the stripper.
  ['the type stripper', async () => stripTypeScriptTypes('const a: number = 1')],
  ['src/config.ts', () => import('../src/config.ts')],
  ['src/compose.ts', () => import('../src/compose.ts')],
  ['src/http/app.ts', () => import('../src/http/app.ts')],
  ['later: google-auth-library', () => import('google-auth-library')],
  ['later: node-ssh, ssh2', () => import('node-ssh')],
  ['later: @google-cloud/secret-manager', () => import('@google-cloud/secret-manager')],
  ['later: Compute, two clients', () => computeClients()],
]

function computeClients() {
  return Promise.all([
    import('@google-cloud/compute/build/src/v1/instances_client.js'),
    import('@google-cloud/compute/build/src/v1/zone_operations_client.js'),
  ])
}

process.removeAllListeners('warning')
const steps = []
for (const [name, load] of STEPS) {
  const rssBefore = process.memoryUsage.rss()
  const startedAt = performance.now()
  await load()
  const wallMs = performance.now() - startedAt
  steps.push({ name, wallMs, rssBytes: process.memoryUsage.rss() - rssBefore })
}
process.stdout.write(`${JSON.stringify(steps)}\n`)
