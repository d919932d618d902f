/** The exact words of the commands for the black box (the kit's gate lets these through, and no others). */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  CONTAINER_TEMPLATE,
  describeContainers,
  KERNEL_LOG_SCRIPT,
  kernelLog,
  MEMORY_SCRIPT,
  memoryFigures,
  pressureFigures,
  STATUS_SCRIPT,
  statusOfUnits,
} from '../../src/commands/black-box.ts'
import { commandLine } from '../../src/commands/command.ts'

const BOUND = { timeoutSeconds: 4 }

describe('a command for the black box', () => {
  it.each([
    [
      statusOfUnits(['agent.service', 'bot@1.service'], BOUND),
      `timeout --kill-after=1 4 sh -c 'systemctl status --no-pager --full --lines=0 -- "$@" | head -c 65536' nightguard-status agent.service bot@1.service`,
    ],
    [
      describeContainers(['systemd-agent', 'bot'], BOUND),
      `sudo -n -- timeout --kill-after=1 4 podman container inspect '--format={"name":{{json .Name}},"id":{{json .ID}},"image":{{json .ImageName}},"status":{{json .State.Status}},"running":{{json .State.Running}},"oomKilled":{{json .State.OOMKilled}},"exitCode":{{json .State.ExitCode}},"error":{{json .State.Error}},"startedAt":{{json .State.StartedAt}},"finishedAt":{{json .State.FinishedAt}},"health":{{with .State.Health}}{{json .Status}}{{else}}null{{end}},"failingStreak":{{with .State.Health}}{{json .FailingStreak}}{{else}}null{{end}},"restarts":{{json .RestartCount}},"memoryBytes":{{json .HostConfig.Memory}},"memorySwapBytes":{{json .HostConfig.MemorySwap}},"memoryReservationBytes":{{json .HostConfig.MemoryReservation}}}' -- systemd-agent bot`,
    ],
    [
      kernelLog(BOUND),
      `sudo -n -- timeout --kill-after=1 4 sh -c '{ dmesg --kernel --color=never ||\njournalctl --dmesg --boot=0 --no-pager --quiet --output=short-monotonic --lines=2000\n} 2>/dev/null | tail -c 131072' nightguard-kernel-log`,
    ],
    [
      memoryFigures(BOUND),
      `timeout --kill-after=1 4 sh -c 'cat /proc/meminfo\necho\nfree -m' nightguard-memory`,
    ],
    [
      pressureFigures(BOUND),
      'timeout --kill-after=1 4 grep --with-filename . /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io',
    ],
  ])('%#', (command, line) => {
    expect(commandLine(command, 'nightguard')).toBe(line)
  })

  it.each([
    '--host=evil',
    '-',
    '*.service',
    '1234',
    "a'; reboot; '.service",
    '$(reboot).service',
    'a b.service',
    '',
  ])('asks systemd about no unit that is called %j', (unit) => {
    expect(() => statusOfUnits(['agent.service', unit], BOUND)).toThrow(TypeError)
  })

  it.each(['--all', '-l', '*', 'a b', "'; reboot; '", ''])(
    'asks Podman about no container that is called %j',
    (container) => {
      expect(() => describeContainers([container], BOUND)).toThrow(TypeError)
    },
  )

  it('is none about nothing: that would be about everything', () => {
    expect(() => statusOfUnits([], BOUND)).toThrow(TypeError)
    expect(() => describeContainers([], BOUND)).toThrow(TypeError)
  })

  it('names no field that may hold a secret', () => {
    expect(CONTAINER_TEMPLATE).not.toMatch(/Env|Cmd|Args|\.Config|Mounts|Labels|Annotations|Log|Binds|Path/)
  })
})

describe('a script', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'nightguard-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  function stub(name: string, script: string): void {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(directory, name), 0o755)
  }
  const run = (script: string, words: readonly string[] = []) =>
    spawnSync('sh', ['-c', script, 'name', ...words], {
      encoding: 'utf8',
      env: { PATH: `${directory}:${process.env['PATH'] ?? ''}` },
    })

  it('for the status gives the units behind the options, and no more than 64 KiB', () => {
    stub('systemctl', `printf '%s\\n' "$@"; head -c 200000 /dev/zero | tr '\\0' x`)
    const { stdout } = run(STATUS_SCRIPT, ['agent.service', 'it’s $HOME.service'])
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      'status',
      '--no-pager',
      '--full',
      '--lines=0',
      '--',
      'agent.service',
      'it’s $HOME.service',
    ])
    expect(stdout).toHaveLength(65536 - Buffer.byteLength('’') + 1)
  })

  it.each([
    ['the ring of the kernel', 'echo ring', 'ring\n'],
    ['the journal where there is no way to the ring', 'exit 1', 'journal\n'],
  ])('for the kernel log takes %s', (_what, dmesg, printed) => {
    stub('dmesg', dmesg)
    stub('journalctl', 'echo journal')
    expect(run(KERNEL_LOG_SCRIPT).stdout).toBe(printed)
  })

  it('for memory prints what a real kernel and free say', () => {
    const { stdout } = run(MEMORY_SCRIPT)
    expect(stdout).toMatch(/^MemTotal: +\d+ kB$/m)
    expect(stdout).toMatch(/^ +total +used +free/m)
  })
})
