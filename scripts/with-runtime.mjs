/**
 * Behind `npm start` and `npm test`: installs what is missing, then runs a script under the Node that the project
 * brings along. Usage: node scripts/with-runtime.mjs SCRIPT [ARGUMENT…]
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findRuntime, runForwarding } from './runtime.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const [script, ...words] = process.argv.slice(2)
if (script === undefined) fail('Usage: node scripts/with-runtime.mjs SCRIPT [ARGUMENT…]', 2)

if (!isInstalled()) await install()
const runtime = findRuntime(root)
if (runtime === undefined) {
  fail(`The Node of node_modules is missing (this one is ${process.version}, too old). Mend it by: npm ci`)
}
process.exitCode = await runForwarding(runtime, [resolve(root, script), ...words])

/** True when what npm noted as installed is what the lockfile asks for, but for parts that other platforms need. */
function isInstalled() {
  const wanted = packagesIn(join(root, 'package-lock.json'))
  const present = packagesIn(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined || present === undefined) return false
  return Object.entries(wanted).every(([path, { version, optional, integrity }]) => {
    if (path === '') return true
    const found = present[path]
    if (found === undefined) return optional === true
    return found.version === version && found.integrity === integrity
  })
}

function packagesIn(path) {
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    // Cut short by an install that was interrupted: as good as none.
    return undefined
  }
}

async function install() {
  const startedAt = Date.now()
  process.stderr.write('Installing what is missing (npm ci) …\n')
  const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const command =
    npm !== undefined && /npm-cli\.c?js$/.test(npm)
      ? [process.execPath, [npm, ...words]]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm', words]
  let code
  try {
    // npm's own output goes to stderr: stdout belongs to the script.
    code = await runForwarding(command[0], command[1], { cwd: root, stdio: ['ignore', 2, 2] })
  } catch (error) {
    fail(`npm can't be run: ${error.message}. Install Node with npm, then try again.`)
  }
  if (code !== 0) {
    const why = 'The network may be missing, or the lockfile does not fit: what npm said stands above.'
    fail(`The install failed (npm ci, exit code ${code}). ${why}`)
  }
  process.stderr.write(`Installed in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s\n`)
}

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}
