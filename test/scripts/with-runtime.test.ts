import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runProgram } from '../cli/run-cli.ts'

const LOCK = {
  packages: {
    '': { name: 'x' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
}
const INSTALLED = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } } }

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nightguard-runtime-'))
  mkdirSync(join(root, 'scripts'))
  mkdirSync(join(root, 'bin'))
  for (const name of ['with-runtime.mjs', 'runtime.mjs']) {
    copyFileSync(new URL(`../../scripts/${name}`, import.meta.url), join(root, 'scripts', name))
  }
  write('package-lock.json', LOCK)
  writeFileSync(
    join(root, 'hello.ts'),
    'const words: string[] = process.argv.slice(2)\nconsole.log(words.join())\nprocess.exitCode = 3\n',
  )
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (path: string, value: unknown) => writeFileSync(join(root, path), JSON.stringify(value))

/** The state that an install leaves behind; its Node is this one. */
function installed(packages: unknown = INSTALLED): void {
  mkdirSync(join(root, 'node_modules', 'node', 'bin'), { recursive: true })
  symlinkSync(process.execPath, join(root, 'node_modules', 'node', 'bin', 'node'))
  write('node_modules/.package-lock.json', packages)
}

/** An npm that notes what it was asked. */
function npm(script: string): Record<string, string> {
  writeFileSync(join(root, 'bin', 'npm'), `#!/bin/sh\necho "$@" >> ${root}/asked\n${script}\n`)
  chmodSync(join(root, 'bin', 'npm'), 0o755)
  return { PATH: `${join(root, 'bin')}:${process.env['PATH']}` }
}

const launch = (env: Record<string, string>) =>
  runProgram(process.execPath, [join(root, 'scripts', 'with-runtime.mjs'), 'hello.ts', 'a', 'b'], env)

describe('scripts/with-runtime.mjs', () => {
  it('runs the script with its words and hands its exit code on, without npm when all is installed', async () => {
    installed()
    expect(await launch(npm('exit 1'))).toEqual({ code: 3, out: 'a,b\n', err: '' })
    expect(existsSync(join(root, 'asked'))).toBe(false)
  })

  it.each([
    ['nothing is', undefined],
    ['another version is', { packages: { 'node_modules/a': { version: '0.9.0', integrity: 'sha512-a' } } }],
    ['a package is missing', { packages: {} }],
  ])('installs when %s installed', async (_, packages) => {
    if (packages !== undefined) installed(packages)
    const install = `mkdir -p ${root}/node_modules/node/bin && ln -sf ${process.execPath} ${root}/node_modules/node/bin/node && echo noise`
    const { code, out, err } = await launch(npm(install))
    expect({ code, out }).toEqual({ code: 3, out: 'a,b\n' })
    expect(err).toMatch(/^Installing what is missing \(npm ci\) …\nnoise\nInstalled in \d+\.\d s\n$/)
  })

  it('says so when the install fails', async () => {
    expect(await launch(npm('echo "npm error network" >&2; exit 7'))).toEqual({
      code: 1,
      out: '',
      err: 'Installing what is missing (npm ci) …\nnpm error network\nThe install failed (npm ci, exit code 7). The network may be missing, or the lockfile does not fit: what npm said stands above.\n',
    })
  })

  it('hands SIGTERM on, and ends with what the script makes of it', async () => {
    installed()
    writeFileSync(
      join(root, 'hello.ts'),
      "process.on('SIGTERM', () => process.exit(9))\nsetInterval(() => {}, 1_000)\nconsole.log('ready')\n",
    )
    const child = spawn(process.execPath, [join(root, 'scripts', 'with-runtime.mjs'), 'hello.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.once('data', () => child.kill('SIGTERM'))
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(code).toBe(9)
  })
})
