import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { createSshShell, type SshShellOptions } from '../../../src/adapters/ssh/ssh-shell.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import type { Target } from '../../../src/core/target.ts'
import type { Shell, ShellLook } from '../../../src/ports/shell.ts'
import { closeRawServers, deadPort, rawServer } from '../probe/raw-server.ts'
import {
  type Answer,
  closeSshMachines,
  HOST_KEYS,
  OTHER_HOST_KEYS,
  OTHER_USER_KEYS,
  pinnedKey,
  type SshMachine,
  sshMachine,
  targetAt,
  USER_KEYS,
} from './ssh-machine.ts'

const LIMITS = { connectMs: 900, commandMs: 900, deadlineMs: 6000 }
const NOTHING = { inside: false, workloads: false, secrets: [] }
const BOOT_ID = '0d2b4b3e-3f43-4f0e-9d0c-7f2f1f0b9a11'
const FACTS: Answer = { stdout: `boot_id=${BOOT_ID}\nuptime=12.34\nheld=no\nfence=7\nlast=action-6\n` }
const FACTS_READ = { bootId: BOOT_ID, uptimeMs: 12_340, held: false, fence: 7, lastActionId: 'action-6' }

afterEach(async () => {
  await closeRawServers()
  await closeSshMachines()
})

function shellWith(options: Partial<SshShellOptions> = {}): Shell {
  return createSshShell({
    clock: systemClock,
    privateKey: async () => ({ kind: 'key', value: new Sensitive(USER_KEYS.private) }),
    hostKeys: async () => ({ kind: 'keys', keys: [pinnedKey(HOST_KEYS.public)] }),
    ...options,
  })
}

/** The look without what no two runs share, and without the host key that it tells (host-keys.test.ts). */
async function looked(
  target: Target,
  questions: Parameters<Shell['look']>[1] = NOTHING,
  shell: Shell = shellWith(),
): Promise<object> {
  const before = Date.now()
  const { ssh, ...rest }: ShellLook = await shell.look(target, questions, LIMITS)
  const { at, durationMs, hostKey: _hostKey, ...seen } = ssh
  expect(at).toBeGreaterThanOrEqual(before)
  expect(durationMs).toBeLessThan(LIMITS.deadlineMs + 500)
  expect(Date.now() - before).toBeLessThan(LIMITS.deadlineMs + 500)
  return { ssh: seen, ...rest }
}

async function nobodyIsConnected(machine: { connections(): number }): Promise<void> {
  await vi.waitFor(() => expect(machine.connections()).toBe(0))
}

const UNITS = `Id=agent.service
LoadState=loaded
ActiveState=active
SubState=running
Result=success
InvocationID=0123456789abcdef0123456789abcdef
TimeoutStartUSec=1min 30s

Id=bot.service
LoadState=loaded
ActiveState=failed
SubState=failed
Result=exit-code
InvocationID=
TimeoutStartUSec=infinity
`
const AGENT_ID = 'a'.repeat(64)
const CONTAINERS = JSON.stringify([
  {
    Id: AGENT_ID,
    Name: 'systemd-agent',
    State: { Running: true, ExitCode: 0, Health: { Status: 'healthy', FailingStreak: 0, Log: [] } },
    Config: { Env: ['KEY=secret'] },
  },
])
const UNITS_READ = [
  {
    unit: 'agent.service',
    load: 'loaded',
    active: 'active',
    sub: 'running',
    result: 'success',
    invocationId: '0123456789abcdef0123456789abcdef',
    startTimeoutMs: 90_000,
  },
  { unit: 'bot.service', load: 'loaded', active: 'failed', sub: 'failed', result: 'exit-code' },
]
const AGENT_CONTAINER = { id: AGENT_ID, running: true, health: 'healthy', failingStreak: 0 }

describe('a look at a machine that is well', () => {
  it('asks everything on one connection, as commands that need root only where they do', async () => {
    const machine = await sshMachine({
      answers: {
        'nightguard-facts': FACTS,
        'systemctl show': { stdout: UNITS },
        'podman container inspect': { stdout: CONTAINERS, stderr: 'no such container', code: 125 },
        curl: { stdout: '{"status":"healthy"}\n200' },
        'podman secret inspect': {
          stdout: JSON.stringify([
            {
              Spec: {
                Name: 'token',
                Labels: { 'nightguard.source': 'bot-token', 'nightguard.version': '3' },
              },
            },
            { Spec: { Name: 'by-hand', Labels: null } },
          ]),
        },
      },
    })
    const questions = { inside: true, workloads: true, secrets: ['token', 'by-hand', 'missing'] }
    expect(await looked(targetAt(machine.port), questions)).toEqual({
      ssh: { kind: 'ok' },
      facts: FACTS_READ,
      workloads: { kind: 'ok', units: [{ ...UNITS_READ[0], container: AGENT_CONTAINER }, UNITS_READ[1]] },
      inside: { kind: 'ok' },
      presentSecrets: {
        kind: 'ok',
        secrets: [{ name: 'token', source: 'bot-token', version: '3' }, { name: 'by-hand' }],
      },
    })
    expect(machine.asked.map(({ command }) => command.split(' ').slice(0, 4).join(' ')).sort()).toEqual([
      'curl --silent --show-error --noproxy',
      expect.stringMatching(/^sh -c /),
      'sudo -n -- timeout',
      'sudo -n -- timeout',
      expect.stringMatching(/^systemctl show /),
    ])
    await nobodyIsConnected(machine)
  })

  it('asks only what it is told to', async () => {
    const machine = await sshMachine({ answers: { 'nightguard-facts': FACTS } })
    expect(await looked(targetAt(machine.port))).toEqual({ ssh: { kind: 'ok' }, facts: FACTS_READ })
    expect(machine.asked).toHaveLength(1)
  })

  it('takes a host key pinned in the configuration without asking for published ones', async () => {
    const machine = await sshMachine({ answers: { 'nightguard-facts': FACTS } })
    const hostKeys = vi.fn()
    const target = targetAt(machine.port, { hostKey: { kind: 'pinned', ...pinnedKey(HOST_KEYS.public) } })
    expect(await looked(target, NOTHING, shellWith({ hostKeys }))).toEqual({
      ssh: { kind: 'ok' },
      facts: FACTS_READ,
    })
    expect(hostKeys).not.toHaveBeenCalled()
  })

  it('works with an RSA host key, signed by SHA-2', async () => {
    const rsa = (await import('ssh2')).default.utils.generateKeyPairSync('rsa', { bits: 2048 })
    const machine = await sshMachine({ hostKey: rsa.private, answers: { 'nightguard-facts': FACTS } })
    const target = targetAt(machine.port, { hostKey: { kind: 'pinned', ...pinnedKey(rsa.public) } })
    expect(await looked(target)).toEqual({ ssh: { kind: 'ok' }, facts: FACTS_READ })
  })
})

describe('no login', () => {
  it('a port that nothing listens on is refused', async () => {
    expect(await looked(targetAt(await deadPort()))).toEqual({
      ssh: { kind: 'refused', detail: 'nothing listens on the port' },
    })
  })

  it.each([
    [
      'accepts and says nothing',
      () => undefined,
      { kind: 'banner-timeout', detail: 'the connection was accepted, but no banner came within 900 ms' },
    ],
    [
      'drips its banner',
      (socket: Socket) => {
        const drip = setInterval(() => socket.write('S'), 50)
        socket.on('close', () => clearInterval(drip))
      },
      { kind: 'banner-timeout', detail: 'the connection was accepted, but no login came within 900 ms' },
    ],
    [
      'shows a banner and nothing more',
      (socket: Socket) => socket.write('SSH-2.0-Mute\r\n'),
      { kind: 'banner-timeout', detail: 'the connection was accepted, but no login came within 900 ms' },
    ],
    [
      'resets before a banner',
      (socket: Socket) => socket.resetAndDestroy(),
      { kind: 'silent', detail: 'the connection was closed before a banner came' },
    ],
    [
      'closes before a banner',
      (socket: Socket) => socket.end(),
      { kind: 'silent', detail: 'the connection was closed before a banner came' },
    ],
    [
      'has too many logins under way, and says so',
      (socket: Socket) => socket.end('Exceeded MaxStartups\r\n'),
      { kind: 'banner-timeout', detail: 'the connection was closed during the handshake' },
    ],
    [
      'closes after its banner',
      (socket: Socket) => socket.end('SSH-2.0-OpenSSH_10.0\r\n'),
      { kind: 'banner-timeout', detail: 'the connection was closed during the handshake' },
    ],
    [
      'answers rubbish',
      (socket: Socket) => socket.write(`SSH-2.0-OpenSSH_10.0\r\n${'\u0007rubbish'.repeat(500)}`),
      { kind: 'host-key-changed', detail: expect.stringMatching(/^it can't show the pinned host key: /) },
    ],
    [
      'speaks an old SSH',
      (socket: Socket) => socket.write('SSH-1.5-Old\r\n'),
      { kind: 'host-key-changed', detail: expect.stringMatching(/^it can't show the pinned host key: /) },
    ],
  ])('a machine that %s', async (_name, answer, ssh) => {
    const server = await rawServer(answer)
    expect(await looked(targetAt(server.port))).toEqual({ ssh })
    await nobodyIsConnected(server)
  })

  it('a machine that floods before the login does not hold us', async () => {
    const server = await rawServer((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write('x'.repeat(65_536)));
      }
      socket.on('drain', pour)
      pour()
    })
    const { ssh } = (await looked(targetAt(server.port))) as { ssh: { kind: string } }
    expect(['host-key-changed', 'banner-timeout']).toContain(ssh.kind)
    await nobodyIsConnected(server)
  })

  it('another host key than the pinned one is told, and nothing is said to that machine', async () => {
    const onLogin = vi.fn()
    const machine = await sshMachine({
      hostKey: OTHER_HOST_KEYS.private,
      onConnection: (connection) => connection.on('authentication', onLogin),
    })
    expect(await looked(targetAt(machine.port))).toEqual({
      ssh: { kind: 'host-key-changed', detail: 'it shows another host key than the pinned one' },
    })
    expect(onLogin).not.toHaveBeenCalled()
    await nobodyIsConnected(machine)
  })

  it('a machine without a key of the pinned type can’t show it', async () => {
    const ecdsa = (await import('ssh2')).default.utils.generateKeyPairSync('ecdsa', { bits: 256 })
    const machine = await sshMachine({ hostKey: ecdsa.private })
    expect(await looked(targetAt(machine.port))).toEqual({
      ssh: {
        kind: 'host-key-changed',
        detail: "it can't show the pinned host key: Handshake failed: no matching host key format",
      },
    })
  })

  it('a rejected private key is told', async () => {
    const machine = await sshMachine({ allowedKey: OTHER_USER_KEYS.public })
    expect(await looked(targetAt(machine.port))).toEqual({
      ssh: { kind: 'auth-failed', detail: 'the private key was not taken' },
    })
    await nobodyIsConnected(machine)
  })

  it('a machine that never answers the login request gives no login in time', async () => {
    const machine = await sshMachine({
      onConnection: (connection) => {
        connection.on('handshake', () => connection.removeAllListeners('authentication'))
        connection.on('handshake', () => connection.on('authentication', () => undefined))
      },
    })
    expect(await looked(targetAt(machine.port))).toEqual({
      ssh: { kind: 'banner-timeout', detail: 'the connection was accepted, but no login came within 900 ms' },
    })
    await nobodyIsConnected(machine)
  })

  it.each([
    [
      'no host key is published',
      { hostKeys: async () => ({ kind: 'absent' }) as const },
      'no login without a known host key of nightguard, and none is published: set enable-guest-attributes=TRUE on the instance and let it publish its host keys at boot, or pin one in ssh.hostKey',
    ],
    [
      'the guest attributes can’t be read',
      { hostKeys: async () => ({ kind: 'unavailable', detail: 'status 403' }) as const },
      'no login without a known host key of nightguard, and its guest attributes could not be read: status 403',
    ],
    [
      'the published keys are of types that can’t be checked',
      { hostKeys: async () => ({ kind: 'keys', keys: [{ type: 'ssh-dss', base64: 'AAAA' }] }) as const },
      'no login without a known host key of nightguard, and none of those published is of a type that can be checked: set enable-guest-attributes=TRUE on the instance and let it publish its host keys at boot, or pin one in ssh.hostKey',
    ],
    [
      'the private key can’t be read',
      { privateKey: async () => ({ kind: 'unavailable', detail: 'status 403' }) as const },
      'the private key (secret nightguard-ssh-key) could not be read: status 403; the guard needs secretAccessor on it',
    ],
    [
      'the secret holds no private key',
      { privateKey: async () => ({ kind: 'key', value: new Sensitive('hunter2') }) as const },
      'secret nightguard-ssh-key holds no private key that can be used: OpenSSH or PEM, without a passphrase',
    ],
  ])('where %s, the machine is not asked', async (_name, options, detail) => {
    const onConnection = vi.fn()
    const machine = await sshMachine({ onConnection })
    expect(await looked(targetAt(machine.port), NOTHING, shellWith(options))).toEqual({
      ssh: { kind: 'not-asked', detail },
    })
    expect(onConnection).not.toHaveBeenCalled()
  })

  it('a host name that is nobody’s is not asked', async () => {
    expect(await looked(targetAt(22, { host: 'nobody.invalid' }))).toEqual({
      ssh: { kind: 'not-asked', detail: expect.stringMatching(/^the host's name could not be looked up \(/) },
    })
  })
})

const never: Answer = () => undefined
const EVERYTHING = { inside: true, workloads: true, secrets: ['token'] }

describe('a login that is worth little', () => {
  it.each([
    [
      'answers no command',
      never,
      { kind: 'banner-timeout', detail: 'the login worked, but no command did: no answer in time' },
    ],
    [
      'closes the connection mid-command',
      ((_channel, connection) => connection.end()) satisfies Answer,
      { kind: 'banner-timeout', detail: 'the login worked, but no command did: the connection was lost' },
    ],
    [
      'has a gate that refuses',
      { code: 77, stderr: 'nightguard gate: refused' },
      { kind: 'gate-refused', detail: 'the gate refused the command' },
    ],
  ])('a machine that %s', async (_name, answer, ssh) => {
    const machine = await sshMachine({ answers: { '': answer } })
    expect(await looked(targetAt(machine.port), EVERYTHING)).toEqual({ ssh })
    await nobodyIsConnected(machine)
  })

  it('a connection that turns to rubbish after the login is lost, and harms nobody', async () => {
    const machine = await sshMachine({ answers: { '': never } })
    const tampering = await rawServer((socket, first) => {
      const onward = connect(machine.port, '127.0.0.1', () => onward.write(first, 'latin1'))
      socket.pipe(onward).pipe(socket)
      onward.on('error', () => socket.destroy())
      socket.on('close', () => onward.destroy())
      const tamper = setInterval(() => {
        if (machine.asked.length > 0) socket.write('rubbish'.repeat(100))
      }, 20)
      socket.on('close', () => clearInterval(tamper))
    })
    expect(await looked(targetAt(tampering.port))).toEqual({
      ssh: {
        kind: 'banner-timeout',
        detail: 'the login worked, but no command did: the connection was lost',
      },
    })
    await nobodyIsConnected(tampering)
  })

  it('a machine that runs no commands refuses like a gate', async () => {
    const machine = await sshMachine({ refusesExec: true })
    expect(await looked(targetAt(machine.port), EVERYTHING)).toEqual({
      ssh: { kind: 'gate-refused', detail: 'the machine runs no command: Unable to exec' },
    })
  })

  it('a machine that floods a command is cut off, and is evidence of nothing else', async () => {
    const machine = await sshMachine({
      answers: {
        '': (channel) => {
          const pour = () => {
            while (channel.writable && channel.write('x'.repeat(32_768)));
          }
          channel.on('drain', pour)
          pour()
        },
      },
    })
    expect(await looked(targetAt(machine.port), EVERYTHING)).toEqual({
      ssh: { kind: 'ok', detail: 'no facts: it said more than 256 KiB' },
      workloads: { kind: 'unreadable', detail: 'systemctl: it said more than 256 KiB' },
      inside: { kind: 'unknown', detail: 'curl: it said more than 256 KiB' },
      presentSecrets: { kind: 'unreadable', detail: 'podman: it said more than 256 KiB' },
    })
    await nobodyIsConnected(machine)
  })

  it('rubbish from every command is unreadable', async () => {
    const machine = await sshMachine({ answers: { '': { stdout: '\u202e{"oops"' } } })
    expect(await looked(targetAt(machine.port), EVERYTHING)).toEqual({
      ssh: { kind: 'ok', detail: "the machine's boot_id is missing or malformed" },
      workloads: {
        kind: 'unreadable',
        detail: "systemctl's answer can't be read: 1 units were shown, 2 asked for",
      },
      inside: { kind: 'unknown', detail: 'curl gave no status code' },
      presentSecrets: { kind: 'unreadable', detail: "podman's answer is not a JSON array" },
    })
  })
})

async function workloadsWhere(answers: Record<string, Answer>): Promise<unknown> {
  const machine = await sshMachine({
    answers: { 'nightguard-facts': FACTS, 'systemctl show': { stdout: UNITS }, ...answers },
  })
  const look = await looked(targetAt(machine.port), { inside: false, workloads: true, secrets: [] })
  await nobodyIsConnected(machine)
  return 'workloads' in look ? look.workloads : look
}

describe('workloads', () => {
  it.each([
    ['hangs beyond our time-out', never, 'podman hangs: no answer in time'],
    ['is ended by its own bound', { code: 124 }, 'podman hangs: exit code 124'],
    ['has to be killed', { code: 137 }, 'podman hangs: exit code 137'],
  ])('podman that %s is wedged, and systemd is still heard', async (_name, answer, detail) => {
    expect(await workloadsWhere({ 'podman container': answer })).toEqual({
      kind: 'wedged',
      detail,
      units: UNITS_READ,
    })
  })

  it.each([
    [
      'podman is missing',
      { 'podman container': { code: 127, stderr: 'timeout: podman: not found' } },
      'podman: exit code 127: timeout: podman: not found',
    ],
    [
      'podman may not be run',
      { 'podman container': { code: 1, stderr: 'sudo: a password is required\n' } },
      'podman: exit code 1: sudo: a password is required',
    ],
    [
      'podman complains in place of an answer',
      { 'podman container': { code: 125, stdout: '', stderr: 'Error: database is locked' } },
      "podman's answer is not a JSON array: Error: database is locked",
    ],
    ['podman is killed by a signal', { 'podman container': { signal: 'KILL' } }, 'podman: ended by SIGKILL'],
    [
      'systemd does not answer',
      { 'podman container': { stdout: '[]' }, 'systemctl show': { code: 1, stderr: 'no bus' } },
      'systemctl: exit code 1: no bus',
    ],
  ] satisfies [string, Record<string, Answer>, string][])(
    'are unreadable when %s',
    async (_name, answers, detail) => {
      expect(await workloadsWhere(answers)).toEqual({ kind: 'unreadable', detail })
    },
  )

  it('a machine without containers shows units without them', async () => {
    expect(await workloadsWhere({ 'podman container': { stdout: '[]', code: 125 } })).toEqual({
      kind: 'ok',
      units: UNITS_READ,
    })
  })
})

describe('inside', () => {
  it.each([
    ['the expected answer', { stdout: '{\n"status":"healthy"}\n200' }, { kind: 'ok' }],
    [
      'a bad status',
      { stdout: '{"status":"healthy"}\n503' },
      { kind: 'fails', detail: 'status 503, expected 200' },
    ],
    [
      'a bad member',
      { stdout: '{"status":"failed"}\n200' },
      { kind: 'fails', detail: '"status" is "failed", expected "healthy"' },
    ],
    [
      'a refused connection',
      { code: 7, stdout: '\n000', stderr: 'curl: (7) Failed to connect' },
      { kind: 'fails', detail: 'curl: exit code 7: curl: (7) Failed to connect' },
    ],
    [
      'a missing curl',
      { code: 127, stderr: 'sh: curl: not found' },
      { kind: 'unknown', detail: 'curl: exit code 127: sh: curl: not found' },
    ],
    ['no answer', never, { kind: 'unknown', detail: 'curl: no answer in time' }],
  ] satisfies [string, Answer, object][])('%s', async (_name, answer, inside) => {
    const machine = await sshMachine({ answers: { 'nightguard-facts': FACTS, curl: answer } })
    expect(await looked(targetAt(machine.port), { inside: true, workloads: false, secrets: [] })).toEqual({
      ssh: { kind: 'ok' },
      facts: FACTS_READ,
      inside,
    })
  })
})

const ORDER = { unit: 'agent.service', actionId: 'incident-1:restart:1', fence: 8 }
const FENCED_DONE: Answer = { code: 0 }

async function machineThat(answer: Answer): Promise<SshMachine> {
  return sshMachine({ answers: { 'nightguard-fenced': answer } })
}

describe('an order', () => {
  it.each([
    ['exit 0 is done', FENCED_DONE, { kind: 'done' }],
    ['exit 75 is fenced', { code: 75 }, { kind: 'skipped', detail: 'the machine has seen a newer order' }],
    [
      'exit 74 is busy',
      { code: 74 },
      { kind: 'skipped', detail: 'another order is being carried out on the machine' },
    ],
    [
      'exit 73 was not recorded',
      { code: 73, stderr: 'sh: cannot create fence: No space left on device' },
      {
        kind: 'failed',
        detail:
          'the machine could not record it: exit code 73: sh: cannot create fence: No space left on device',
      },
    ],
    ['a gate that refuses fails', { code: 77 }, { kind: 'failed', detail: 'the gate refused the command' }],
    [
      'another exit fails with the end of what it said, made plain',
      { code: 1, stderr: `${'x'.repeat(1000)}\u001b[31mJob failed.\u202e\n` },
      { kind: 'failed', detail: `exit code 1: …${'x'.repeat(287)} Job failed.` },
    ],
    ['a signal is unknown', { signal: 'TERM' }, { kind: 'unknown', detail: 'ended by SIGTERM' }],
    ['a time-out is unknown', never, { kind: 'unknown', detail: 'no answer in time' }],
    [
      'a lost connection is unknown',
      ((_channel, connection) => connection.end()) satisfies Answer,
      { kind: 'unknown', detail: 'the connection was lost' },
    ],
  ] satisfies [string, Answer, object][])('to restart a workload: %s', async (_name, answer, result) => {
    const machine = await machineThat(answer)
    expect(await shellWith().restartWorkload(targetAt(machine.port), ORDER, LIMITS)).toEqual(result)
    expect(machine.asked).toHaveLength(1)
    expect(machine.asked[0]?.command).toMatch(/^sudo -n -- sh -c /)
    expect(machine.asked[0]?.command).toMatch(
      / nightguard-fenced 8 incident-1:restart:1 sh -c .* nightguard-restart agent\.service$/s,
    )
    await nobodyIsConnected(machine)
  })

  it.each([
    ['exit 0 is done', FENCED_DONE, { kind: 'done' }],
    [
      'the connection going down is done',
      ((_channel, connection) => connection.end()) satisfies Answer,
      { kind: 'done', detail: 'the connection went down with the machine' },
    ],
    ['a time-out is unknown', never, { kind: 'unknown', detail: 'no answer in time' }],
    ['exit 1 fails', { code: 1, stderr: 'no' }, { kind: 'failed', detail: 'exit code 1: no' }],
  ] satisfies [string, Answer, object][])('to reboot: %s', async (_name, answer, result) => {
    const machine = await machineThat(answer)
    expect(await shellWith().reboot(targetAt(machine.port), ORDER, LIMITS)).toEqual(result)
    expect(machine.asked[0]?.command).toMatch(
      / nightguard-fenced 8 incident-1:restart:1 systemctl --no-block reboot$/,
    )
    await nobodyIsConnected(machine)
  })

  it('without a login is not carried out', async () => {
    const target = targetAt(await deadPort())
    const result = {
      kind: 'failed',
      detail: 'not carried out, no login (refused): nothing listens on the port',
    }
    const puts = [{ put: { secret: 's', version: '1', name: 'n' }, value: new Sensitive('v') }]
    expect(await shellWith().restartWorkload(target, ORDER, LIMITS)).toEqual(result)
    expect(await shellWith().reboot(target, ORDER, LIMITS)).toEqual(result)
    expect(await shellWith().putSecrets(target, { fence: 8, puts }, LIMITS)).toEqual([{ name: 'n', result }])
  })

  it('to a machine that runs no commands fails', async () => {
    const machine = await sshMachine({ refusesExec: true })
    expect(await shellWith().reboot(targetAt(machine.port), ORDER, LIMITS)).toEqual({
      kind: 'failed',
      detail: 'the machine runs no command: Unable to exec',
    })
  })
})

const VALUE = 'hunter2-très-secret'
const PUTS = ['first', 'second', 'third'].map((name) => ({
  put: { secret: `${name}-source`, version: '4', name },
  value: new Sensitive(VALUE),
}))

describe('putting secrets', () => {
  it('sends each value on stdin, labels beside it, one command after the other', async () => {
    const machine = await machineThat((channel) => {
      channel.on('end', () => {
        channel.exit(0)
        channel.end()
      })
    })
    const results = await shellWith().putSecrets(targetAt(machine.port), { fence: 9, puts: PUTS }, LIMITS)
    expect(results).toEqual(PUTS.map(({ put }) => ({ name: put.name, result: { kind: 'done' } })))
    expect(machine.asked.map(({ stdin }) => stdin)).toEqual([VALUE, VALUE, VALUE])
    for (const { command } of machine.asked) expect(command).not.toContain('hunter2')
    expect(machine.asked[1]?.command).toContain(
      " nightguard-fenced 9 '' timeout --kill-after=1 1 podman secret create --replace --label=nightguard.source=second-source --label=nightguard.version=4 second -",
    )
    await nobodyIsConnected(machine)
  })

  it('never repeats a value that the machine echoes', async () => {
    const machine = await machineThat((channel, _connection, asked) => {
      channel.on('end', () => {
        channel.stderr.write(`what is ${asked.stdin}?`)
        channel.exit(125)
        channel.end()
      })
    })
    const [put] = PUTS
    if (put === undefined) throw new Error('There is no put')
    expect(await shellWith().putSecrets(targetAt(machine.port), { fence: 9, puts: [put] }, LIMITS)).toEqual([
      { name: 'first', result: { kind: 'failed', detail: 'exit code 125: what is [redacted]?' } },
    ])
  })

  it('goes on after a failure, and stops after one whose end is unknown', async () => {
    const machine = await sshMachine({
      answers: {
        'first-source': { code: 125, stderr: 'no' },
        'second-source': never,
        'third-source': FENCED_DONE,
      },
    })
    const results = await shellWith().putSecrets(targetAt(machine.port), { fence: 9, puts: PUTS }, LIMITS)
    expect(results).toEqual([
      { name: 'first', result: { kind: 'failed', detail: 'exit code 125: no' } },
      { name: 'second', result: { kind: 'unknown', detail: 'no answer in time' } },
      { name: 'third', result: { kind: 'failed', detail: 'not sent, after one whose end is unknown' } },
    ])
    expect(machine.asked).toHaveLength(2)
    await nobodyIsConnected(machine)
  })
})

describe('the deadline of a call', () => {
  it('ends it whatever the other limits say', async () => {
    const machine = await machineThat(never)
    const limits = { connectMs: 60_000, commandMs: 60_000, deadlineMs: 300 }
    const before = Date.now()
    expect(await shellWith().reboot(targetAt(machine.port), ORDER, limits)).toEqual({
      kind: 'unknown',
      detail: 'no answer in time',
    })
    expect(Date.now() - before).toBeLessThan(800)
    await nobodyIsConnected(machine)
  })

  it('ends the wait for keys as well', async () => {
    const machine = await sshMachine()
    const shell = shellWith({ privateKey: () => new Promise<never>(() => undefined) })
    const { ssh } = await shell.look(targetAt(machine.port), NOTHING, { ...LIMITS, deadlineMs: 200 })
    expect(ssh).toEqual({
      kind: 'not-asked',
      at: ssh.at,
      durationMs: ssh.durationMs,
      detail: 'the keys for the login did not come within 200 ms',
    })
  })

  it('ends a login as well', async () => {
    const server = await rawServer(() => undefined)
    const limits = { connectMs: 60_000, commandMs: 60_000, deadlineMs: 300 }
    const { ssh } = await shellWith().look(targetAt(server.port), NOTHING, limits)
    expect(ssh.kind).toBe('banner-timeout')
    await nobodyIsConnected(server)
  })
})
