/** The guard's own commands, over a real SSH connection, answered with the output of systemd and Podman. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { askInside, EXIT_BUSY, EXIT_FENCED, facts, fenced } from '../../../src/commands/machine.ts'
import { createSecret, inspectContainers, inspectSecrets } from '../../../src/commands/podman.ts'
import { reboot, restartUnit, showUnits } from '../../../src/commands/systemd.ts'
import { closeAll, machineOf, run, runLineOver } from './fixture.ts'

afterEach(closeAll)

const LIMIT = { timeoutSeconds: 5 }
const NEW_TOKEN = createSecret({ name: 'bot_token', source: 'bot-token', version: '2' }, LIMIT)

describe('facts', () => {
  it('are the boot id, the uptime and whether a person holds the machine', async () => {
    const machine = await machineOf()
    const ran = await run(machine, facts())
    expect(ran).toEqual({
      stdout: expect.stringMatching(/^boot_id=[0-9a-f-]{36}\nuptime=\d+\.\d\d\nheld=no\n$/),
      stderr: '',
      exitCode: 0,
    })
    machine.hold('held')
    expect((await run(machine, facts())).stdout).toContain('held=yes\n')
  })

  it('name the highest fence and the last attempt once there was one', async () => {
    const machine = await machineOf()
    await run(machine, fenced(restartUnit('agent.service'), { fence: 7, actionId: 'incident/1' }))
    expect((await run(machine, facts())).stdout).toMatch(/\nfence=7\nlast=incident\/1\n$/)
  })
})

describe('systemctl show', () => {
  it('prints one block a unit in the order of the bus, parted by an empty line', async () => {
    const machine = await machineOf()
    const { stdout } = await run(machine, showUnits(['agent.service', 'ghost.service']))
    expect(stdout.replace(/InvocationID=[0-9a-f]{32}\n/, 'InvocationID=<id>\n')).toBe(
      [
        'TimeoutStartUSec=1min 30s',
        'Result=success',
        'Id=agent.service',
        'LoadState=loaded',
        'ActiveState=active',
        'SubState=running',
        'InvocationID=<id>',
        '',
        'TimeoutStartUSec=1min 30s',
        'Result=success',
        'Id=ghost.service',
        'LoadState=not-found',
        'ActiveState=inactive',
        'SubState=dead',
        'InvocationID=',
        '',
      ].join('\n'),
    )
  })
})

describe('podman container inspect', () => {
  it('prints the running containers with their health', async () => {
    const machine = await machineOf()
    await vi.waitFor(() => expect(machine.snapshot().workloads[0]?.health).toBe('healthy'))
    const { stdout, stderr, exitCode } = await run(
      machine,
      inspectContainers(['systemd-agent', 'systemd-helper'], LIMIT),
    )
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(JSON.parse(stdout)).toMatchObject([
      {
        Id: expect.stringMatching(/^[0-9a-f]{64}$/),
        Name: 'systemd-agent',
        State: {
          Status: 'running',
          Running: true,
          ExitCode: 0,
          StartedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
          Health: { Status: 'healthy', FailingStreak: 0 },
        },
        Config: { Secrets: [{ Name: 'bot_token', UID: 0, GID: 0, Mode: 292 }] },
      },
      { Name: 'systemd-helper', State: { Status: 'running' } },
    ])
    // A container without a health check has no such member.
    expect(JSON.parse(stdout)[1].State).not.toHaveProperty('Health')
  })

  it('exits 125 and prints the others when one is gone: Quadlet removes a stopped container', async () => {
    const machine = await machineOf()
    machine.workload('agent.service').stop()
    const ran = await run(machine, inspectContainers(['systemd-agent', 'systemd-helper'], LIMIT))
    expect({ ...ran, stdout: JSON.parse(ran.stdout).length }).toEqual({
      stdout: 1,
      stderr: 'Error: no such container systemd-agent\n',
      exitCode: 125,
    })
  })

  it('never shows the value of a secret that is a variable', async () => {
    const machine = await machineOf({
      workloads: [{ unit: 'agent.service', secrets: [{ name: 'bot_token', type: 'env', env: 'TOKEN' }] }],
      secrets: [{ name: 'bot_token', value: 'hush-hush' }],
    })
    const { stdout } = await run(machine, inspectContainers(['systemd-agent'], LIMIT))
    expect(stdout).toContain('TOKEN=*******')
    expect(stdout).not.toContain('hush-hush')
  })
})

describe('podman secret', () => {
  it('inspect prints the labels, never the value', async () => {
    const machine = await machineOf()
    const { stdout, exitCode } = await run(machine, inspectSecrets(['bot_token'], LIMIT))
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      {
        ID: expect.stringMatching(/^[0-9a-f]{25}$/),
        CreatedAt: expect.any(String),
        UpdatedAt: expect.any(String),
        Spec: {
          Name: 'bot_token',
          Driver: { Name: 'file', Options: { path: '/var/lib/containers/storage/secrets/filedriver' } },
          Labels: { 'nightguard.source': 'bot-token', 'nightguard.version': '1' },
        },
      },
    ])
  })

  it('inspect exits 125 with a valid list when one is missing', async () => {
    const machine = await machineOf()
    expect(await run(machine, inspectSecrets(['nobody'], LIMIT))).toEqual({
      stdout: '[]\n',
      stderr: 'Error: inspecting secret: no secret with name or id "nobody": no such secret\n',
      exitCode: 125,
    })
  })

  it('create takes the value from stdin and prints the new id', async () => {
    const machine = await machineOf()
    const before = machine.podmanSecrets.get('bot_token')
    const ran = await run(machine, NEW_TOKEN, 'new\n')
    const after = machine.podmanSecrets.get('bot_token')
    expect(ran).toEqual({ stdout: `${after?.id}\n`, stderr: '', exitCode: 0 })
    expect(after).toMatchObject({
      value: 'new\n',
      labels: { 'nightguard.source': 'bot-token', 'nightguard.version': '2' },
    })
    expect(after?.id).not.toBe(before?.id)
  })

  it('create refuses an empty value', async () => {
    const machine = await machineOf()
    expect((await run(machine, NEW_TOKEN)).exitCode).toBe(125)
    expect(machine.podmanSecrets.get('bot_token')?.value).toBe('old')
  })

  it('a new value reaches the container when the unit is restarted, not before', async () => {
    const machine = await machineOf()
    const before = machine.snapshot().workloads[0]
    await run(machine, NEW_TOKEN, 'new')
    expect(machine.containerSecrets('agent.service')).toEqual(new Map([['bot_token', 'old']]))
    const ran = await run(machine, fenced(restartUnit('agent.service'), { fence: 1, actionId: 'a' }))
    expect(ran).toEqual({ stdout: '', stderr: '', exitCode: 0 })
    expect(machine.containerSecrets('agent.service')).toEqual(new Map([['bot_token', 'new']]))
    const after = machine.snapshot().workloads[0]
    expect(after?.containerId).not.toBe(before?.containerId)
    expect(after?.invocationId).not.toBe(before?.invocationId)
  })

  it('a container whose secret is missing does not start', async () => {
    const machine = await machineOf()
    machine.podmanSecrets.remove('bot_token')
    const ran = await run(machine, fenced(restartUnit('agent.service'), { fence: 1, actionId: 'a' }))
    expect(ran.exitCode).toBe(1)
    expect(ran.stderr).toMatch(/^Job for agent\.service failed/)
  })
})

describe('a fenced order', () => {
  const order = restartUnit('helper.service')

  it('is refused when a higher fence was seen, and not carried out', async () => {
    const machine = await machineOf()
    await run(machine, fenced(order, { fence: 5, actionId: 'first' }))
    const before = machine.snapshot().workloads[1]?.invocationId
    const ran = await run(machine, fenced(order, { fence: 4, actionId: 'second' }))
    expect(ran).toEqual({ stdout: '', stderr: '', exitCode: EXIT_FENCED })
    expect(machine.snapshot().workloads[1]?.invocationId).toBe(before)
    expect((await run(machine, facts())).stdout).toContain('fence=5\nlast=first\n')
  })

  it('with the same fence again is carried out', async () => {
    const machine = await machineOf()
    for (const actionId of ['first', 'second']) {
      expect((await run(machine, fenced(order, { fence: 5, actionId }))).exitCode).toBe(0)
    }
  })

  it('waits for the one that holds the lock, and gives up as busy', async () => {
    const machine = await machineOf({ timing: { restartMs: 800, lockWaitMs: 60 } })
    const first = run(machine, fenced(order, { fence: 1, actionId: 'first' }))
    await vi.waitFor(() => expect(machine.snapshot().workloads[1]?.active).toBe('deactivating'))
    expect((await run(machine, fenced(order, { fence: 2, actionId: 'second' }))).exitCode).toBe(EXIT_BUSY)
    expect((await first).exitCode).toBe(0)
  })

  it('to reboot is answered before the connection goes, and gives a new boot id', async () => {
    const machine = await machineOf()
    const before = machine.snapshot().bootId
    const ran = await run(machine, fenced(reboot(), { fence: 3, actionId: 'reboot' }))
    expect(ran.exitCode).toBe(0)
    await vi.waitFor(() => {
      expect(machine.snapshot()).toMatchObject({ phase: 'up', bootId: expect.not.stringContaining(before) })
    })
    await machine.settled()
    // /run is a tmpfs: the fence went with the old boot.
    expect((await run(machine, facts())).stdout).not.toContain('fence=')
  })
})

describe('the health URL asked from inside', () => {
  const url = (port: number): string => `http://127.0.0.1:${port}/health`

  it('prints the body, a newline and the status', async () => {
    const machine = await machineOf({ healthBy: 'agent.service' })
    expect(await run(machine, askInside(url(machine.healthPort), { timeoutSeconds: 1 }))).toEqual({
      stdout: '{"status":"healthy"}\n200',
      stderr: '',
      exitCode: 0,
    })
  })

  it('fails as curl does when nobody listens', async () => {
    const machine = await machineOf({ healthBy: 'agent.service' })
    machine.workload().stop()
    expect(await run(machine, askInside(url(machine.healthPort), { timeoutSeconds: 1 }))).toEqual({
      stdout: '\n000',
      stderr: expect.stringMatching(/^curl: \(7\) Failed to connect/),
      exitCode: 7,
    })
  })

  it('fails as curl does when the process hangs', async () => {
    const machine = await machineOf({ healthBy: 'agent.service' })
    machine.workload().hang()
    expect(await run(machine, askInside(url(machine.healthPort), { timeoutSeconds: 0.1 }))).toEqual({
      stdout: '\n000',
      stderr: expect.stringMatching(/^curl: \(28\) Operation timed out/),
      exitCode: 28,
    })
  })
})

describe('commands', () => {
  it('of Podman hang while it is wedged, until timeout ends them with 124; systemd still answers', async () => {
    const machine = await machineOf()
    machine.impose({ podman: 'wedged' })
    const ran = await run(machine, inspectContainers(['systemd-agent'], { timeoutSeconds: 0.1 }))
    expect(ran).toEqual({ stdout: '', stderr: '', exitCode: 124 })
    expect((await run(machine, showUnits(['agent.service']))).exitCode).toBe(0)
  })

  it.each([
    ['rm -rf /', 'rm: command not found'],
    ['systemctl show x | sh', 'systemctl show x | sh: command not found'],
    ['echo $HOME', 'echo $HOME: command not found'],
  ])('that the guard does not have are not found: %s', async (line, said) => {
    const machine = await machineOf()
    const { stdout, stderr, exitCode } = await runLineOver(machine, line)
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '',
      stderr: `bash: line 1: ${said}\n`,
      exitCode: 127,
    })
  })

  it('that need root fail without sudo', async () => {
    const machine = await machineOf()
    const { exitCode, stderr } = await runLineOver(machine, 'systemctl restart -- agent.service')
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'Interactive authentication required.\n' })
  })
})
