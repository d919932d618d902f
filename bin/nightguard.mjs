#!/usr/bin/env node
/** The `nightguard` command: runs src/cli/main.ts under a Node that strips types, this one if it is new enough. */
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRuntime, runForwarding } from '../scripts/runtime.mjs'

const MAJOR_MIN = 24
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const main = join(root, 'src', 'cli', 'main.ts')

if (Number(process.versions.node.split('.')[0]) >= MAJOR_MIN) {
  // Most of a short run is compiling: the cache halves it.
  module.enableCompileCache()
  await import(main)
} else {
  const runtime = findRuntime(root)
  if (runtime === undefined) {
    process.stderr.write(`nightguard needs Node ${MAJOR_MIN} or newer; bring one along by: npm ci\n`)
    process.exitCode = 1
  } else {
    process.exitCode = await runForwarding(runtime, [main, ...process.argv.slice(2)])
  }
}
