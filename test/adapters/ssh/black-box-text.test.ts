/** What is kept of real tools' words; their samples are of systemd 257, Podman 5.4, procps 4.0 and Linux 6.12. */
import { describe, expect, it } from 'vitest'
import {
  containersText,
  kernelText,
  memoryText,
  pressureText,
  unitsText,
} from '../../../src/adapters/ssh/black-box-text.ts'

const ID = 'a'.repeat(64)

describe('units', () => {
  it('show how they are, without command lines, logs or the workload’s own words', () => {
    const status = `● agent.service - The agent
     Loaded: loaded (/etc/containers/systemd/agent.container; generated)
    Drop-In: /etc/systemd/system/agent.service.d
             └─limits.conf
     Active: activating (auto-restart) (Result: exit-code) since Sat 2026-01-03 10:00:00 UTC; 4s ago
 Invocation: 0123456789abcdef0123456789abcdef
TriggeredBy: ● agent.timer
       Docs: https://example.com/?token=hunter2
    Process: 1201 ExecStart=/usr/bin/podman run --env KEY=hunter2 x (y) (code=exited, status=125)
    Process: 1202 ExecStop=/usr/bin/podman stop hunter2 (code=killed, signal=KILL)
   Main PID: 1201 (code=exited, status=125)
     Status: "my password is hunter2"
      Tasks: 4 (limit: 1110)
     Memory: 512.3M (peak: 611.9M swap: 92.1M)
        CPU: 3min 12.480s
     CGroup: /system.slice/agent.service
             ├─libpod-payload-${ID}
             │ └─1287 /app/agent --password hunter2
             └─1285 /usr/bin/conmon -c ${ID}

Jan 03 10:00:00 bot systemd-agent[1287]: hunter2

* bot.service - Bot
     Loaded: loaded (/etc/containers/systemd/bot.container; generated)
   Main PID: 99 (conmon)
`
    expect(unitsText(status)).toBe(`● agent.service - The agent
     Loaded: loaded (/etc/containers/systemd/agent.container; generated)
     Active: activating (auto-restart) (Result: exit-code) since Sat 2026-01-03 10:00:00 UTC; 4s ago
 Invocation: 0123456789abcdef0123456789abcdef
TriggeredBy: ● agent.timer
    Process: 1201 ExecStart (code=exited, status=125)
    Process: 1202 ExecStop (code=killed, signal=KILL)
   Main PID: 1201 (code=exited, status=125)
      Tasks: 4 (limit: 1110)
     Memory: 512.3M (peak: 611.9M swap: 92.1M)
        CPU: 3min 12.480s
* bot.service - Bot
     Loaded: loaded (/etc/containers/systemd/bot.container; generated)
   Main PID: 99 (conmon)
`)
  })

  it.each(['', 'hunter2\n', '     Status: "hunter2"\n'])('%j tells nothing', (stdout) => {
    expect(unitsText(stdout)).toBeUndefined()
  })
})

const CONTAINER = {
  name: 'systemd-agent',
  id: ID,
  image: 'localhost/agent:stable',
  status: 'running',
  running: true,
  oomKilled: false,
  exitCode: 0,
  error: '',
  startedAt: '2026-01-03T10:00:00.000481516Z',
  finishedAt: '0001-01-01T00:00:00Z',
  health: 'unhealthy',
  failingStreak: 7,
  restarts: 2,
  memoryBytes: 734003200,
  memorySwapBytes: 2831155200,
  memoryReservationBytes: 0,
}

describe('containers', () => {
  it('show their allow-listed fields; whatever else is printed is not read', () => {
    const dead = {
      ...CONTAINER,
      name: 'bot',
      status: 'exited',
      running: false,
      oomKilled: true,
      exitCode: 137,
      error: 'crun: two\nlines',
      finishedAt: '2026-01-03T10:05:00Z',
      health: null,
      failingStreak: null,
      Env: ['KEY=hunter2'],
    }
    const created = {
      ...dead,
      name: 'new',
      startedAt: CONTAINER.finishedAt,
      finishedAt: CONTAINER.finishedAt,
    }
    const fresh = { ...created, status: 'created', exitCode: 0, error: '', oomKilled: false, memoryBytes: 0 }
    const stdout = [CONTAINER, dead, fresh].map((one) => `${JSON.stringify(one)}\n`).join('')
    expect(containersText(stdout, ['systemd-agent', 'bot', 'new', 'gone'])).toBe(
      `systemd-agent (aaaaaaaaaaaa) of localhost/agent:stable
  running, killed for memory: no, restarts: 2
  health unhealthy, failing streak 7
  started 2026-01-03T10:00:00.000481516Z
  memory limit 700 MiB, with swap 2700 MiB, reservation none
bot (aaaaaaaaaaaa) of localhost/agent:stable
  exited, exit code 137, killed for memory: yes, restarts: 2
  no health check
  started 2026-01-03T10:00:00.000481516Z, finished 2026-01-03T10:05:00Z
  memory limit 700 MiB, with swap 2700 MiB, reservation none
  error: crun: two lines
new (aaaaaaaaaaaa) of localhost/agent:stable
  created, exit code 0, killed for memory: no, restarts: 2
  no health check
  started never, finished never
  memory limit none, with swap 2700 MiB, reservation none
gone: no such container
`,
    )
  })

  it('that are not there at all are an answer', () => {
    expect(containersText('', ['systemd-agent'])).toBe('systemd-agent: no such container\n')
  })

  it.each(['hunter2\n', '[]\n', `${JSON.stringify({ ...CONTAINER, id: 'hunter2' })}\n`])(
    'are unreadable in %j',
    (stdout) => {
      expect(containersText(stdout, ['systemd-agent'])).toBeUndefined()
    },
  )
})

it('memory is the kernel’s figures that tell of trouble, and free’s table', () => {
  const stdout = `MemTotal:         999424 kB
MemAvailable:      12345 kB
VmallocTotal:   34359738367 kB
HugePages_Total:       0
Committed_AS:    2345678 kB
hunter2

               total        used        free      shared  buff/cache   available
Mem:             976         901          12           4          62          12
Swap:           2047        1990          57
Evil:            hunter2
`
  expect(memoryText(stdout)).toBe(`MemTotal:         999424 kB
MemAvailable:      12345 kB
Committed_AS:    2345678 kB
               total        used        free      shared  buff/cache   available
Mem:             976         901          12           4          62          12
Swap:           2047        1990          57
`)
})

it('pressure is PSI’s lines, by what is stalled', () => {
  const stdout = `/proc/pressure/cpu:some avg10=0.10 avg60=0.05 avg300=0.01 total=123
/proc/pressure/memory:full avg10=91.20 avg60=80.00 avg300=12.00 total=456
/proc/pressure/memory:hunter2
/etc/shadow:some avg10=0.10 avg60=0.05 avg300=0.01 total=123
`
  expect(pressureText(stdout)).toBe(`cpu    some avg10=0.10 avg60=0.05 avg300=0.01 total=123
memory full avg10=91.20 avg60=80.00 avg300=12.00 total=456
`)
})

describe('the kernel’s log', () => {
  it('is what it says about memory, hangs and panics', () => {
    const stdout = `[    0.000000] Linux version 6.12
[   12.000000] Out of memory: Killed process 1287 (agent)
[   13.000000] agent[1287]: password=hunter2, Out of memory
`
    expect(kernelText(stdout)).toBe('[   12.000000] Out of memory: Killed process 1287 (agent)\n')
  })

  it.each([
    ['[    0.000000] Linux version 6.12\n', 'no line about memory, a hang or a panic\n'],
    ['', undefined],
  ])('of %j is %j', (stdout, text) => {
    expect(kernelText(stdout)).toBe(text)
  })
})
