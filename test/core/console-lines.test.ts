import { describe, expect, it } from 'vitest'
import { machineLines, troubleLines } from '../../src/core/console-lines.ts'

describe('on a serial console a line stays', () => {
  it.each([
    '[    0.000000] Linux version 6.12.48+deb13-cloud-amd64 (debian-kernel@lists.debian.org)',
    '[    0.000000][    T0] Command line: BOOT_IMAGE=/boot/vmlinuz ro console=ttyS0',
    '[  123.456789] Out of memory: Killed process 1287 (agent) total-vm:1893240kB',
    '[ 1991.458365] [  10814]     0 10814  8535619  6088219        6     0 55193600  0  0 agent',
    '[  123.456789] agent[1287]: segfault at 0 ip 00007f0e5c0 sp 00007ffd error 4 in libc.so.6',
    '[  123.456789] systemd[1]: Started agent.service - Agent.',
    '[  123.456789] systemd-journald[231]: Under memory pressure, flushing caches.',
    'systemd[1]: Freezing execution.',
    '[  OK  ] Started ssh.service - OpenBSD Secure Shell server.',
    '[FAILED] Failed to start agent.service.',
    '[ ***  ] A start job is running for agent.service (12s / 1min 30s)',
    '         Starting agent.service...',
    'Kernel panic - not syncing: System is deadlocked on memory',
    '---[ end Kernel panic - not syncing: System is deadlocked on memory ]---',
    'CPU: 0 UID: 0 PID: 1 Comm: systemd Not tainted 6.12.48+deb13-cloud-amd64',
    'RIP: 0010:native_safe_halt+0xb/0x10',
    'RAX: 0000000000000000 RBX: 0000000000000001',
    ' ? do_exit+0x1a/0x9b0',
    'SeaBIOS (version 1.8.2-google)',
    'BdsDxe: starting Boot0001 "UEFI Google PersistentDisk"',
    'Welcome to GRUB!',
    "error: file `/boot/grub/x86_64-efi/normal.mod' not found.",
    'ALERT!  UUID=0d2b4b3e-3f43-4f0e-9d0c-7f2f1f0b9a11 does not exist.  Dropping to a shell!',
    'You are in emergency mode. After logging in, type "journalctl -xb" to view',
    'Debian GNU/Linux 13 bot ttyS0',
  ])('%s', (line) => {
    expect(machineLines(line)).toEqual({ lines: [line], leftOut: 0 })
  })
})

describe('on a serial console a line is left out', () => {
  it.each([
    '[  123.456789] agent[1287]: my password is hunter2',
    '[  123.456789] systemd-agent[1287]: Quadlet calls its container so',
    '[  123.456789] my app[12]: hunter2',
    '[  123.456789] conmon[12]: hunter2',
    '[  123.456789] audit: type=1327 audit(1.2:3): proctitle=2F6170702F6167656E74',
    '[  123.456789] kubelet[1]: [  123.456789] Out of memory: forged',
    'agent[1287]: without a stamp',
    'hunter2',
    '  indented hunter2',
    'error: the password is hunter2',
    'Starting the agent with hunter2',
    '[ OK ] hunter2',
    '[123.4] hunter2',
    '<U+202E>[  123.456789] hidden',
  ])('%s', (line) => {
    expect(machineLines(line)).toEqual({ lines: [], leftOut: 1 })
  })

  it('blank ones are not counted, and a prompt in front of the kernel’s words goes', () => {
    expect(machineLines('\n\n   \nbot login: [   12.000000] sd 0:0:1:0: timing out command\n')).toEqual({
      lines: ['[   12.000000] sd 0:0:1:0: timing out command'],
      leftOut: 0,
    })
  })
})

describe('of the kernel’s words', () => {
  it.each([
    '[  123.456789] agent invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
    '[  123.456789] Memory cgroup out of memory: Killed process 1287 (agent)',
    '[  123.456789] oom_reaper: reaped process 1287 (agent), now anon-rss:0kB',
    '[ 1991.458365] [  pid  ]   uid  tgid total_vm      rss oom_score_adj name',
    '[ 1991.458365] [  10814]     0 10814  8535619  6088219  6088213  agent',
    '[  242.000000] INFO: task agent:1287 blocked for more than 120 seconds.',
    '[  242.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [agent:1287]',
    '[  242.000000] rcu: INFO: rcu_preempt self-detected stall on CPU',
    '[  242.000000] kswapd0: page allocation stalls for 10004ms, order:0',
    '[  242.000000] Kernel panic - not syncing: System is deadlocked on memory',
    '[  242.000000] EXT4-fs (sda1): Remounting filesystem read-only',
    '[  242.000000] blk_update_request: I/O error, dev sda, sector 0',
  ])('%s is trouble', (line) => {
    expect(troubleLines(`[    1.000000] fine\n${line}\n`)).toEqual([line])
  })

  it.each([
    '[  123.456789] EXT4-fs (sda1): mounted filesystem with ordered data mode.',
    '[  123.456789] agent[12]: Out of memory, says a program',
    '[  123.456789] systemd[1]: agent.service: A process of this unit has been killed by the OOM killer.',
    'Out of memory: without a stamp',
    '[  123.456789] bot agent[12]: Out of memory, says a program to the journal',
  ])('%s is none', (line) => {
    expect(troubleLines(line)).toEqual([])
  })

  it('the journal’s form is read as the ring’s', () => {
    expect(troubleLines('[  123.456789] bot kernel: Out of memory: Killed process 1 (a)')).toEqual([
      '[  123.456789] Out of memory: Killed process 1 (a)',
    ])
  })
})
