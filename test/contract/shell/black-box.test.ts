/** The black box over SSH: from a simulated machine with a careless workload, and from ones that misbehave. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../../src/adapters/clock.ts'
import { createSshShell } from '../../../src/adapters/ssh/ssh-shell.ts'
import type { BlackBoxSection } from '../../../src/core/black-box.ts'
import { Sensitive } from '../../../src/core/sensitive.ts'
import type { Target } from '../../../src/core/target.ts'
import type { Shell } from '../../../src/ports/shell.ts'
import { closeAll, KEYS, machineOf, USER } from '../../sandbox/machines/fixture.ts'
import { deadPort } from '../probe/raw-server.ts'
import {
  type Answer,
  closeSshMachines,
  HOST_KEYS,
  pinnedKey,
  sshMachine,
  targetAt,
  USER_KEYS,
} from './ssh-machine.ts'

const LIMITS = { connectMs: 3000, commandMs: 3000, deadlineMs: 8000 }
const ABOUT = {
  units: ['agent.service', 'helper.service'],
  containers: ['systemd-agent', 'systemd-helper'],
}
const SECRET = 'hunter2-is-no-shape'
const SHAPED = '123456789:AAE-xGm3_9aZ0123456789abcdefghijklm'

afterEach(async () => {
  await closeAll()
  await closeSshMachines()
})

const shellWith = (privateKey: string): Shell =>
  createSshShell({
    clock: systemClock,
    privateKey: async () => ({ kind: 'key', value: new Sensitive(privateKey) }),
    hostKeys: async () => ({ kind: 'absent' }),
  })

async function carelessMachine() {
  const machine = await machineOf({
    workloads: [
      {
        unit: 'agent.service',
        image: 'localhost/agent:stable',
        memoryMb: 700,
        arguments: ['--password', SECRET],
        environment: { TELEGRAM: SHAPED, NOTE: SECRET },
        health: { intervalMs: 20, retries: 2, failureOutput: `denied: ${SECRET}` },
      },
      { unit: 'helper.service', environment: { NOTE: SECRET } },
    ],
  })
  const target: Target = {
    ...targetAt(machine.sshPort, { user: USER }),
    workloads: ABOUT.units.map((unit, index) => ({
      unit,
      container: ABOUT.containers[index] ?? '',
      secrets: [],
    })),
  }
  const known = { kind: 'known', keys: [machine.hostKey] } as const
  return { machine, target: { ...target, ssh: { ...target.ssh, hostKey: known } } }
}

function textOf(sections: readonly BlackBoxSection[], name: BlackBoxSection['name']): string {
  const section = sections.find((one) => one.name === name)
  return section?.kind === 'text' ? section.text : `unavailable: ${section?.detail ?? 'missing'}`
}

describe('from a machine whose memory was eaten', () => {
  it('come units, containers, memory, pressure and the kernel’s words, and no secret of a careless workload', async () => {
    const { machine, target } = await carelessMachine()
    machine.workload('agent.service').sicken('asleep')
    await vi.waitFor(() => expect(machine.snapshot().workloads[0]?.health).toBe('unhealthy'))
    machine.says(`the token is ${SECRET}`)
    machine.eatMemory('helper.service')
    const sections = await shellWith(KEYS.privateKey).blackBox(target, ABOUT, LIMITS)
    expect(sections.map(({ kind, name }) => `${name} ${kind}`)).toEqual([
      'kernel-oom text',
      'units text',
      'containers text',
      'memory text',
      'pressure text',
    ])
    expect(textOf(sections, 'kernel-oom')).toMatch(
      /^\[ +\d+\.\d+\] agent invoked oom-killer: [\s\S]+\n\[ +\d+\.\d+\] Memory cgroup out of memory: Killed process \d+ \(agent\) [^\n]+\n$/,
    )
    expect(textOf(sections, 'units')).toMatch(
      /^● agent\.service - [\s\S]+Active: active \(running\) since [\s\S]+Main PID: \d+ \(conmon\)[\s\S]+ helper\.service - /,
    )
    expect(textOf(sections, 'containers')).toMatch(
      /^systemd-agent \([0-9a-f]{12}\) of localhost\/agent:stable\n {2}running, [^\n]+\n {2}health unhealthy, failing streak \d+\n[\s\S]+memory limit 700 MiB/,
    )
    expect(textOf(sections, 'memory')).toMatch(/^MemTotal: +\d+ kB\n[\s\S]+\nMem: [ \d]+\nSwap: [ \d]+\n$/)
    expect(textOf(sections, 'pressure')).toMatch(/^cpu {4}some avg10=[\s\S]+\nmemory some avg10=/)
    const all = JSON.stringify(sections)
    expect(all).not.toContain(SECRET)
    expect(all).not.toContain(SHAPED)
    expect(all).not.toContain('hunter2')
  })

  it('a container that died shows how its unit ended, without the words it was started with', async () => {
    const { machine, target } = await carelessMachine()
    machine.workload('agent.service').die('for-good')
    await vi.waitFor(() => expect(machine.snapshot().workloads[0]?.active).toBe('failed'))
    const sections = await shellWith(KEYS.privateKey).blackBox(target, ABOUT, LIMITS)
    expect(textOf(sections, 'units')).toMatch(
      /^× agent\.service[\s\S]+Process: 1201 ExecStart \(code=exited, status=137\)/,
    )
    expect(textOf(sections, 'containers')).toContain('systemd-agent: no such container\n')
    expect(JSON.stringify(sections)).not.toContain('hunter2')
  })

  it('a wedged Podman costs its own section only', async () => {
    const { machine, target } = await carelessMachine()
    machine.impose({ podman: 'wedged' })
    const sections = await shellWith(KEYS.privateKey).blackBox(target, ABOUT, { ...LIMITS, commandMs: 2000 })
    expect(sections.map(({ kind, name }) => `${name} ${kind}`)).toEqual([
      'kernel-oom text',
      'units text',
      'containers unavailable',
      'memory text',
      'pressure text',
    ])
    expect(textOf(sections, 'containers')).toBe('unavailable: it hung, and was ended')
  })
})

describe('from a machine that misbehaves', () => {
  const target = (port: number): Target =>
    targetAt(port, { hostKey: { kind: 'pinned', ...pinnedKey(HOST_KEYS.public) } })
  const all = (detail: string) =>
    ['kernel-oom', 'units', 'containers', 'memory', 'pressure'].map((name) => ({
      kind: 'unavailable',
      name,
      detail,
    }))

  it('without a login no section is there, and each says why', async () => {
    const sections = await shellWith(USER_KEYS.private).blackBox(target(await deadPort()), ABOUT, LIMITS)
    expect(sections).toEqual(all('no login (refused): nothing listens on the port'))
  })

  it.each<[string, Answer, string]>([
    ['the gate lets nothing through', { code: 77 }, 'the gate refused the command'],
    [
      'a tool is missing',
      { code: 126, stderr: 'sudo: a password is required' },
      'exit code 126: sudo: a password is required',
    ],
    ['what comes can’t be read', { stdout: 'hunter2\n' }, 'nothing that can be read came'],
    [
      'its own words hold a secret',
      { code: 1, stderr: `bad token=${SECRET}` },
      'exit code 1: bad token=[redacted]',
    ],
  ])('%s: each section says so', async (_what, answer, detail) => {
    const machine = await sshMachine({ answers: { timeout: answer } })
    const sections = await shellWith(USER_KEYS.private).blackBox(target(machine.port), ABOUT, LIMITS)
    const readable = detail.startsWith('nothing')
    const expected = all(detail).map((section) =>
      readable && section.name === 'kernel-oom'
        ? { kind: 'text', name: 'kernel-oom', text: 'no line about memory, a hang or a panic\n', cut: false }
        : section,
    )
    expect(sections).toEqual(expected)
  })

  it('one that answers nothing is left at the deadline, with what the others said', async () => {
    const machine = await sshMachine({
      answers: {
        'nightguard-memory': { stdout: 'MemFree:     1 kB\n' },
        timeout: () => undefined,
      },
    })
    const before = performance.now()
    const limits = { connectMs: 1000, commandMs: 5000, deadlineMs: 1200 }
    const sections = await shellWith(USER_KEYS.private).blackBox(target(machine.port), ABOUT, limits)
    expect(performance.now() - before).toBeLessThan(2500)
    expect(sections).toEqual(
      all('no answer in time').map((section) =>
        section.name === 'memory'
          ? { kind: 'text', name: 'memory', text: 'MemFree:     1 kB\n', cut: false }
          : section,
      ),
    )
    await vi.waitFor(() => expect(machine.connections()).toBe(0))
  })

  it('nothing is asked about workloads where none is configured', async () => {
    const machine = await sshMachine({ answers: { timeout: { code: 1 } } })
    const about = { units: [], containers: [] }
    const sections = await shellWith(USER_KEYS.private).blackBox(target(machine.port), about, LIMITS)
    expect(sections.filter(({ name }) => name === 'units' || name === 'containers')).toEqual([
      { kind: 'unavailable', name: 'units', detail: 'no workload is configured' },
      { kind: 'unavailable', name: 'containers', detail: 'no workload is configured' },
    ])
    expect(machine.asked).toHaveLength(3)
  })
})
