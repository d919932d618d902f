import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandLine, quote } from '../../src/commands/command.ts'
import { createSecret, inspectContainers, inspectSecrets } from '../../src/commands/podman.ts'
import { reboot, restartUnit, showUnits } from '../../src/commands/systemd.ts'

describe('a command line', () => {
  it.each([
    [
      showUnits(['a.service']),
      'nightguard',
      'systemctl show --property=Id,LoadState,ActiveState,SubState,Result,InvocationID,TimeoutStartUSec -- a.service',
    ],
    [
      inspectContainers(['systemd-a', 'systemd-b'], { timeoutSeconds: 13 }),
      'nightguard',
      'sudo -n -- timeout --kill-after=1 13 podman container inspect systemd-a systemd-b',
    ],
    [
      inspectSecrets(['token'], { timeoutSeconds: 13 }),
      'root',
      'timeout --kill-after=1 13 podman secret inspect token',
    ],
    [
      createSecret({ name: 'token', source: 'bot-token', version: '3' }, { timeoutSeconds: 13 }),
      'nightguard',
      'sudo -n -- timeout --kill-after=1 13 podman secret create --replace --label=nightguard.source=bot-token --label=nightguard.version=3 token -',
    ],
    [reboot(), 'nightguard', 'sudo -n -- systemctl --no-block reboot'],
    [
      restartUnit('a.service'),
      'root',
      `sh -c 'systemctl reset-failed -- "$1" 2>/dev/null\nexec timeout --kill-after=1 20 systemctl restart -- "$1"' nightguard-restart a.service`,
    ],
  ])('%#: has sudo where root is needed and the user is not root', (command, user, line) => {
    expect(commandLine(command, user)).toBe(line)
  })

  it('gives a shell back the very words, whatever they hold', () => {
    const word = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'))
    const printable = word.filter((text) => text.isWellFormed())
    fc.assert(
      fc.property(fc.array(printable, { minLength: 1, maxLength: 20 }), (words) => {
        const line = `printf '%s\\0' ${words.map(quote).join(' ')}`
        expect(spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1)).toEqual(
          words,
        )
      }),
      { numRuns: 25 },
    )
  })

  it('can’t hold NUL', () => {
    expect(() => quote('a\0b')).toThrow(TypeError)
  })
})
