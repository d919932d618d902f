/** The serial console: what firmware, kernel and systemd print, bounded as Compute keeps it. */

/** Compute's getSerialPortOutput gives the last megabyte. */
export const SERIAL_MAX_BYTES = 1_048_576

const RING_LINES_MAX = 500

const KERNEL =
  'Linux version 6.12.48+deb13-cloud-amd64 (debian-kernel@lists.debian.org) ' +
  '(x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0, GNU ld (GNU Binutils for Debian) 2.44) ' +
  '#1 SMP PREEMPT_DYNAMIC Debian 6.12.48-1 (2025-09-20)'

export type SerialConsole = {
  text(): string
  /** One line as it is. */
  print(line: string): void
  /** One line of the kernel's log; `uptimeMs` becomes its time stamp. */
  kernel(uptimeMs: number, line: string): void
  /** One line of a program, as journald forwards it to the console: `tag` is `name[pid]`. */
  program(uptimeMs: number, said: { readonly tag: string; readonly text: string }): void
  /** The kernel's ring buffer: its own lines since it began to boot. */
  kernelLog(): string
  /** The ring buffer is lost with the memory. */
  boot(): void
}

export function createSerialConsole(): SerialConsole {
  let text = ''
  let ring: readonly string[] = []
  const stamped = (uptimeMs: number, line: string): string =>
    `[${(uptimeMs / 1_000).toFixed(6).padStart(12)}] ${line}`
  function print(line: string): void {
    text += `${line}\r\n`
    // All that is printed here is ASCII: characters are bytes.
    if (text.length > SERIAL_MAX_BYTES) text = text.slice(text.length - SERIAL_MAX_BYTES)
  }
  return {
    text: () => text,
    print,
    kernel(uptimeMs, line) {
      print(stamped(uptimeMs, line))
      // What systemd writes to /dev/kmsg is not of the kernel's own facility.
      if (!line.startsWith('systemd[')) ring = [...ring, stamped(uptimeMs, line)].slice(-RING_LINES_MAX)
    },
    program: (uptimeMs, { tag, text: said }) => print(stamped(uptimeMs, `${tag}: ${said}`)),
    kernelLog: () => ring.map((line) => `${line}\n`).join(''),
    boot() {
      ring = []
    },
  }
}

export function printFirmware(serial: SerialConsole): void {
  serial.boot()
  serial.print('SeaBIOS (version 1.8.2-google)')
  serial.print('Booting from Hard Disk 0...')
  serial.kernel(0, KERNEL)
  serial.kernel(0, 'Command line: BOOT_IMAGE=/boot/vmlinuz-6.12.48+deb13-cloud-amd64 ro console=ttyS0,115200')
  serial.kernel(0, 'Memory: 967184K/1048036K available')
}

export function printUserland(
  serial: SerialConsole,
  { uptimeMs, hostname }: { uptimeMs: number; hostname: string },
): void {
  serial.kernel(uptimeMs, 'EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.')
  serial.kernel(uptimeMs, 'systemd[1]: systemd 257.8-1~deb13u2 running in system mode')
  serial.kernel(uptimeMs, `systemd[1]: Hostname set to <${hostname}>.`)
}

export function printLogin(serial: SerialConsole, hostname: string): void {
  serial.print('[  OK  ] Started ssh.service - OpenBSD Secure Shell server.')
  serial.print('[  OK  ] Reached target multi-user.target - Multi-User System.')
  serial.print('')
  serial.print(`Debian GNU/Linux 13 ${hostname} ttyS0`)
}

export function printOutOfMemory(
  serial: SerialConsole,
  { uptimeMs, container }: { uptimeMs: number; container: string },
): void {
  const scope = `/machine.slice/libpod-${container}.scope/container`
  serial.kernel(uptimeMs, 'kswapd0: page allocation stalls for 10004ms, order:0')
  serial.kernel(
    uptimeMs,
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,task_memcg=${scope},task=agent,pid=1287,uid=0`,
  )
  serial.kernel(
    uptimeMs,
    'Out of memory: Killed process 1287 (agent) total-vm:1893240kB, anon-rss:712004kB, file-rss:128kB',
  )
}

/** The kernel ends a container that has used up its own limit. */
export function printContainerOutOfMemory(
  serial: SerialConsole,
  { uptimeMs, container, pid }: { uptimeMs: number; container: string; pid: number },
): void {
  const scope = `/machine.slice/libpod-${container}.scope`
  serial.kernel(uptimeMs, 'agent invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0')
  serial.kernel(uptimeMs, 'Tasks state (memory values in pages):')
  serial.kernel(uptimeMs, '[  pid  ]   uid  tgid total_vm      rss oom_score_adj name')
  serial.kernel(uptimeMs, `[${String(pid).padStart(7)}]     0 ${pid}   473310   178001             0 agent`)
  serial.kernel(
    uptimeMs,
    `oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=${scope},task_memcg=${scope}/container,task=agent,pid=${pid},uid=0`,
  )
  serial.kernel(
    uptimeMs,
    `Memory cgroup out of memory: Killed process ${pid} (agent) total-vm:1893240kB, anon-rss:712004kB`,
  )
}

export function printPanic(serial: SerialConsole, uptimeMs: number): void {
  serial.kernel(uptimeMs, 'Kernel panic - not syncing: System is deadlocked on memory')
  serial.kernel(uptimeMs, 'CPU: 0 UID: 0 PID: 1 Comm: systemd Not tainted 6.12.48+deb13-cloud-amd64')
  serial.kernel(uptimeMs, '---[ end Kernel panic - not syncing: System is deadlocked on memory ]---')
}
