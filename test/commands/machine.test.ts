import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  askInside,
  EXIT_FENCED,
  EXIT_GATE_REFUSED,
  EXIT_NOT_RECORDED,
  FACTS_SCRIPT,
  fenced,
  RUN_DIRECTORY,
} from '../../src/commands/machine.ts'
import { parseFacts } from '../../src/schemas/facts.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nightguard-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** The very command, in a run directory of the test's own. */
function runFenced(fence: number, actionId: string, order: [string, ...string[]]) {
  const [program, ...words] = fenced({ argv: order, root: true }, { fence, actionId }).argv
  return spawnSync(
    program,
    words.map((word) => word.replaceAll(RUN_DIRECTORY, directory)),
    { encoding: 'utf8', input: 'a value' },
  )
}

function kept(name: string): string {
  return readFileSync(join(directory, name), 'utf8')
}

describe.skipIf(spawnSync('flock', ['--version']).status !== 0)('a fenced order', () => {
  it('runs with its stdin, and leaves its fence and its id', () => {
    const run = runFenced(8, 'incident-1:restart:1', ['cat'])
    expect([run.status, run.stdout]).toEqual([0, 'a value'])
    expect([kept('fence'), kept('last')]).toEqual(['8\n', 'incident-1:restart:1\n'])
    expect(readdirSync(directory).sort()).toEqual(['fence', 'last', 'lock'])
  })

  it('keeps the exit code and the words of the order as they are', () => {
    const run = runFenced(8, 'id', ['sh', '-c', 'echo "$1" >&2; exit 5', 'name', "it's $HOME; rm -rf /"])
    expect([run.status, run.stderr]).toEqual([5, "it's $HOME; rm -rf /\n"])
  })

  it.each([
    ['higher', '7', 0],
    ['same', '8', 0],
    ['lower', '9', EXIT_FENCED],
    ['first', undefined, 0],
    ['readable again', '', 0],
    ['readable again', 'rubbish', 0],
  ])('with a fence that is the %s one (seen: %s) ends with %d', (_word, seen, status) => {
    if (seen !== undefined) writeFileSync(join(directory, 'fence'), seen)
    const run = runFenced(8, 'id', ['echo', 'ran'])
    expect([run.status, run.stdout]).toEqual([status, status === 0 ? 'ran\n' : ''])
  })

  it('without an id leaves the last one', () => {
    writeFileSync(join(directory, 'last'), 'earlier\n')
    expect(runFenced(8, '', ['true']).status).toBe(0)
    expect([kept('fence'), kept('last')]).toEqual(['8\n', 'earlier\n'])
  })

  it('that can’t be recorded is not carried out', () => {
    rmSync(directory, { recursive: true })
    writeFileSync(directory, 'a file in the way')
    const run = runFenced(8, 'id', ['echo', 'ran'])
    expect([run.status, run.stdout]).toEqual([EXIT_NOT_RECORDED, ''])
  })
})

describe('facts', () => {
  it('are read from what the script prints on a real machine', () => {
    writeFileSync(join(directory, 'fence'), '12\n')
    writeFileSync(join(directory, 'last'), 'incident-1:reboot:1\n')
    writeFileSync(join(directory, 'hold'), '')
    const text = execFileSync('sh', ['-c', FACTS_SCRIPT.replaceAll(RUN_DIRECTORY, directory)], {
      encoding: 'utf8',
    })
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    expect(parseFacts(text)).toEqual({
      kind: 'ok',
      facts: {
        bootId,
        uptimeMs: expect.any(Number),
        held: true,
        fence: 12,
        lastActionId: 'incident-1:reboot:1',
      },
    })
  })
})

it('the health URL is asked inside without a proxy, bounded in time and bytes', () => {
  expect(askInside('http://10.0.0.2:8080/health', { timeoutSeconds: 5 })).toEqual({
    argv: [
      'curl',
      '--silent',
      '--show-error',
      '--noproxy',
      '*',
      '--max-time',
      '5',
      '--max-filesize',
      '65536',
      '--write-out',
      '\n%{http_code}',
      '--',
      'http://10.0.0.2:8080/health',
    ],
    root: false,
  })
})

it('the exit codes of the guard’s own are apart from each other', () => {
  expect([EXIT_NOT_RECORDED, EXIT_FENCED, EXIT_GATE_REFUSED]).toEqual([73, 75, 77])
})
