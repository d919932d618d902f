import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MachineEvent } from '../../../sandbox/machines/options.ts'
import { createSimulatedMachine } from '../../../sandbox/machines/simulated-machine.ts'
import { createSshKeyPair } from '../../../sandbox/machines/ssh-keys.ts'
import { facts } from '../../../src/commands/machine.ts'
import { askHealth, closeAll, machineOf, optionsOf, QUICK, run, runLineOver } from './fixture.ts'

afterEach(closeAll)

const UP = { power: 'running', phase: 'up', still: 'no' }

describe('the health URL of the kit', () => {
  it('answers with the wire format of night-guard/1', async () => {
    const machine = await machineOf()
    await vi.waitFor(() => expect(machine.snapshot().workloads[0]?.health).toBe('healthy'))
    expect(await askHealth(machine)).toEqual({
      status: 200,
      body: {
        kit: 'night-guard/1',
        status: 'healthy',
        reasons: [],
        bootId: machine.snapshot().bootId,
        uptimeSeconds: expect.any(Number),
        workloads: [
          {
            unit: 'agent.service',
            state: 'active',
            health: 'healthy',
            restarts: 0,
            startedAt: expect.any(String),
          },
          { unit: 'helper.service', state: 'active', restarts: 0, startedAt: expect.any(String) },
        ],
        memory: { totalMb: 976, usedMb: expect.any(Number) },
        swap: { totalMb: 2047, usedMb: expect.any(Number) },
        pressure: { memory: { some: expect.any(Number), full: expect.any(Number) } },
        disk: { totalMb: 29932, usedMb: expect.any(Number) },
        load: [expect.any(Number), expect.any(Number), expect.any(Number)],
        secrets: [{ name: 'bot_token', version: '1' }],
      },
    })
  })

  it('answers 503 and names the unit that failed', async () => {
    const machine = await machineOf()
    machine.workload('helper.service').die('for-good')
    await vi.waitFor(() => expect(machine.snapshot().workloads[1]?.active).toBe('failed'))
    expect(await askHealth(machine)).toMatchObject({
      status: 503,
      body: { status: 'failed', reasons: ['helper.service is failed (failed, start-limit-hit)'] },
    })
  })
})

describe('the health URL of a workload itself', () => {
  it('answers, refuses and hangs as its process does, on one port', async () => {
    const machine = await machineOf({ healthBy: 'agent.service' })
    const port = machine.healthPort
    expect(await askHealth(machine)).toEqual({ status: 200, body: { status: 'healthy' } })
    machine.workload().hang()
    expect(await askHealth(machine)).toBe('silent')
    machine.workload().stop()
    await machine.settled()
    expect(await askHealth(machine)).toBe('refused')
    const restarted = machine.workload().restart()
    await restarted
    await machine.settled()
    expect(await askHealth(machine)).toEqual({ status: 200, body: { status: 'healthy' } })
    expect(machine.healthPort).toBe(port)
  })
})

describe('a login', () => {
  it('shows the host key that the guest attribute publishes', async () => {
    const machine = await machineOf()
    const { hostKey } = await runLineOver(machine, 'true')
    expect(hostKey).toBe(machine.guestAttributes().get('hostkeys/ssh-ed25519'))
    expect(hostKey).toBe(machine.hostKey.base64)
  })

  it.each([
    ['another key', { privateKey: createSshKeyPair('stranger').privateKey }],
    ['another user', { user: 'root' }],
  ])('with %s is refused', async (_what, login) => {
    const machine = await machineOf()
    await expect(runLineOver(machine, 'true', login)).rejects.toThrow(/authentication methods failed/)
  })

  it('is refused while the machine rejects keys, and shows another key once the host key changed', async () => {
    const machine = await machineOf()
    machine.impose({ keys: 'rejected' })
    await expect(runLineOver(machine, 'true')).rejects.toThrow(/authentication methods failed/)
    machine.heal()
    machine.changeHostKey()
    expect((await runLineOver(machine, 'true')).hostKey).not.toBe(machine.hostKey.base64)
    machine.heal()
    expect((await runLineOver(machine, 'true')).hostKey).toBe(machine.hostKey.base64)
  })
})

describe('the heartbeat', () => {
  const beat = (machine: Awaited<ReturnType<typeof machineOf>>): { bootId: string; at: string } =>
    JSON.parse(machine.guestAttributes().get('nightguard/heartbeat') ?? '{}')

  it('is written again and again while the machine lives', async () => {
    const machine = await machineOf()
    const first = beat(machine)
    expect(first.bootId).toBe(machine.snapshot().bootId)
    await vi.waitFor(() => expect(beat(machine).at > first.at).toBe(true))
  })

  it('stops when the machine freezes, and goes on when only its network is gone', async () => {
    const machine = await machineOf()
    machine.impose({ network: 'dropped' })
    await machine.settled()
    const dropped = beat(machine)
    await vi.waitFor(() => expect(beat(machine).at > dropped.at).toBe(true))
    machine.freeze('frozen')
    const frozen = beat(machine)
    await machine.settled()
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(beat(machine)).toEqual(frozen)
  })

  it('stops when the metadata path is broken', async () => {
    const machine = await machineOf()
    machine.impose({ metadata: 'broken' })
    const last = beat(machine)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(beat(machine)).toEqual(last)
  })
})

describe('power', () => {
  it('a reset gives a new boot id: silent at first, then refused, then up', async () => {
    const machine = await machineOf({ timing: { ...QUICK, bootMs: 600 } })
    const before = machine.snapshot()
    await machine.reset()
    await machine.settled()
    expect(machine.power()).toBe('running')
    expect(await askHealth(machine, 100)).toBe('silent')
    await vi.waitFor(() => expect(machine.phase()).toBe('userland'), { interval: 10 })
    await machine.settled()
    expect(await askHealth(machine)).toBe('refused')
    await vi.waitFor(() => expect(machine.phase()).toBe('up'))
    await machine.settled()
    expect(machine.snapshot().bootId).not.toBe(before.bootId)
    expect((await run(machine, facts())).stdout).toContain(`boot_id=${machine.snapshot().bootId}`)
    expect(machine.serial().match(/Linux version 6\.12/g)).toHaveLength(2)
  })

  it('a machine that is stopped answers nothing, and start boots it', async () => {
    const machine = await machineOf()
    await machine.stop()
    await machine.settled()
    expect(machine.snapshot()).toMatchObject({ power: 'stopped', phase: 'off' })
    expect(await askHealth(machine, 100)).toBe('silent')
    await expect(runLineOver(machine, 'true', { readyMs: 100 })).rejects.toThrow(/Timed out/)
    await machine.reset()
    expect(machine.power()).toBe('stopped')
    await machine.start()
    await vi.waitFor(() => expect(machine.snapshot()).toMatchObject(UP))
  })

  it('a suspended machine goes on where it was, with the same boot id', async () => {
    const machine = await machineOf()
    const { bootId } = machine.snapshot()
    await machine.suspend()
    await machine.settled()
    expect(await askHealth(machine, 100)).toBe('silent')
    await machine.resume()
    await machine.settled()
    expect(machine.snapshot()).toMatchObject({ ...UP, bootId })
    expect(await askHealth(machine)).toMatchObject({ status: 200 })
  })

  it('a command in flight gets no answer when the machine freezes', async () => {
    const machine = await machineOf({ timing: { ...QUICK, restartMs: 200 } })
    const line = 'sudo -n -- systemctl restart -- helper.service'
    const ran = runLineOver(machine, line)
    const lost = expect(ran).rejects.toThrow()
    await vi.waitFor(() => expect(machine.snapshot().workloads[1]?.active).toBe('deactivating'))
    machine.freeze('panicked')
    await machine.settled()
    expect(machine.serial()).toContain('Kernel panic - not syncing')
    await machine.reset()
    await lost
  })
})

describe('the story', () => {
  it('is told in plain lines', async () => {
    const events: MachineEvent[] = []
    const machine = await machineOf({ onEvent: (event) => events.push(event) })
    machine.workload().die('once')
    await machine.reset()
    await vi.waitFor(() => expect(machine.phase()).toBe('up'))
    const texts = events.map(({ text }) => text)
    expect(texts).toContain('vm bot: container systemd-agent died (exit 137)')
    expect(texts).toContain('vm bot: is reset')
    expect(texts).toContainEqual(expect.stringMatching(/^vm bot: kernel boots, boot_id [0-9a-f]{8}$/))
  })

  it('and the snapshot never contain the value of a secret', async () => {
    const events: MachineEvent[] = []
    const machine = await machineOf({
      secrets: [{ name: 'bot_token', value: 'hush-hush' }],
      onEvent: (event) => events.push(event),
    })
    machine.workload().die('once')
    expect(JSON.stringify([events, machine.snapshot()])).not.toContain('hush-hush')
  })
})

describe('closing', () => {
  it.each([
    ['up', () => undefined],
    ['frozen', (machine) => machine.freeze('frozen')],
    ['stopped', (machine) => void machine.stop()],
    ['booting', (machine) => void machine.reset()],
    ['refusing SSH', (machine) => machine.impose({ sshd: 'down' })],
  ] satisfies readonly [string, (machine: Awaited<ReturnType<typeof machineOf>>) => void][])(
    'leaves nothing open of a machine that is %s',
    async (_what, apply) => {
      const machine = await createSimulatedMachine(optionsOf())
      apply(machine)
      await machine.settled()
      await machine.close()
      await vi.waitFor(() => expect(handles()).toEqual([]))
    },
  )
})

/** Sockets, servers and threads that are open; the test runner has none of these kinds. */
function handles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => /TCP|Worker|MessagePort/.test(kind))
}
