/** The console of a simulated machine that panics, through the API; and how reading it fails. */
import { afterEach, describe, expect, it } from 'vitest'
import { troubleLines } from '../../../src/core/console-lines.ts'
import { closeAll, machineOf } from '../../sandbox/machines/fixture.ts'
import { type ComputeStage, openComputeStage } from './compute-stage.ts'

const SECRET = 'hunter2-is-no-shape'
const TAIL = { bytesMax: 65_536 }
const LIMITS = { timeoutMs: 10_000 }

let stages: ComputeStage[] = []
async function open(options: Parameters<typeof openComputeStage>[0] = {}): Promise<ComputeStage> {
  const stage = await openComputeStage(options)
  stages.push(stage)
  return stage
}
afterEach(async () => {
  await Promise.all(stages.map((stage) => stage.close()))
  stages = []
  await closeAll()
})

async function tailOf(stage: ComputeStage, limits = LIMITS) {
  const section = await stage.virtualMachine.serialTail(stage.target, TAIL, limits)
  return section.kind === 'text' ? section : { ...section, text: '' }
}

describe('the console of a machine that panicked', () => {
  it('tells of its end, and nothing of what its workload said', async () => {
    const machine = await machineOf({ name: 'nightguard' })
    const stage = await open({ machines: [machine], externalAddresses: {} })
    machine.says(`the password is ${SECRET}`)
    machine.says(`[   12.000000] ${SECRET} plays the kernel`)
    machine.freeze('panicked')
    const section = await tailOf(stage)
    const lines = section.text.split('\n')
    expect(lines[0]).toBe('SeaBIOS (version 1.8.2-google)')
    expect(lines).toContain('[  OK  ] Reached target multi-user.target - Multi-User System.')
    expect(lines).toContainEqual(
      expect.stringMatching(/^\[ +\d+\.\d{6}\] Kernel panic - not syncing: System is/),
    )
    expect(lines.at(-2)).toBe('… 2 lines of other programs left out')
    expect(section.text).not.toContain('hunter2')
    // The cgroup's id is no secret where the kernel puts it.
    expect(section.text).not.toContain('[redacted]')
    expect(troubleLines(section.text).map((line) => line.replace(/^\[ *[\d.]+\] /, '').slice(0, 20))).toEqual(
      [
        'kswapd0: page alloca',
        'oom-kill:constraint=',
        'Out of memory: Kille',
        'Kernel panic - not s',
        '---[ end Kernel pani',
      ],
    )
  })
})

describe('a console that is longer than what is read', () => {
  it('begins with a whole line: the first one may be the end of a secret', async () => {
    const stage = await open()
    const line = `[    1.000000] ${'words '.repeat(20)}\n`
    stage.machine.print(line.repeat(4000))
    const { text, ...section } = await tailOf(stage)
    expect(section).toEqual({ kind: 'text', name: 'serial-console', cut: true })
    expect(new Set(text.trimEnd().split('\n'))).toEqual(new Set([line.trimEnd()]))
  })

  it('without any line break is nothing', async () => {
    const stage = await open()
    stage.machine.clearConsole()
    stage.machine.print('x'.repeat(300_000))
    expect(await tailOf(stage)).toMatchObject({ kind: 'unavailable', detail: 'the serial console is empty' })
  })
})

describe('a console that can’t be read', () => {
  it('is unavailable in the words of the API', async () => {
    const stage = await open()
    const message = "Required 'compute.instances.getSerialPortOutput' permission"
    stage.emulator.failNext({ kind: 'status', status: 403, message }, { times: 10 })
    expect(await stage.virtualMachine.serialTail(stage.target, TAIL, LIMITS)).toEqual({
      kind: 'unavailable',
      name: 'serial-console',
      detail: `reading the serial console of nightguard (us-west1-b): HTTP 403: ${message}`,
    })
  })

  it('ends at its time-out', async () => {
    const stage = await open()
    await tailOf(stage)
    stage.emulator.failNext({ kind: 'hang' }, { times: 10 })
    const before = performance.now()
    expect(await stage.virtualMachine.serialTail(stage.target, TAIL, { timeoutMs: 200 })).toMatchObject({
      kind: 'unavailable',
      detail: 'reading the serial console of nightguard (us-west1-b): no answer within 200 ms',
    })
    expect(performance.now() - before).toBeLessThan(1500)
  })
})
