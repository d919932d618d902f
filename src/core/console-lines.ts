/**
 * Whose words a line of a serial console or kernel log is, by its form: the kernel's, systemd's and the boot
 * loader's are told apart from what other programs had journald forward. Their secrets are redact.ts's work.
 */

/** printk's time stamp, with the caller's id where the kernel prints it. */
const STAMP = /^\[ {0,8}\d{1,8}\.\d{6}\](?:\[ *[TC]\d+\])? /
/** `name[pid]: `, as journald writes what it forwards (systemd's journald-console.c); the name may hold blanks. */
const TAG = /^(.{1,80}?)\[\d{1,10}\]: /
/** By their whole names: Quadlet calls a container `systemd-agent`, and its words are tagged so. */
const SYSTEMD = new Set(['systemd', 'systemd-journald', 'systemd-oomd', 'systemd-shutdown', 'systemd-udevd'])
/** The kernel's own, though it begins as a tag. */
const SEGFAULT = /^segfault at [0-9a-f]+ ip /
/** Audit records carry command lines, in hex. */
const AUDIT = /^audit[:(]/

const STATUS = /^\[(?: {2}OK {2}|FAILED|DEPEND| TIME |SKIP {2}| INFO | WARN |[ *]{6})\] /
const UNSTAMPED: readonly RegExp[] = [
  /^ {9}(?:Starting|Stopping|Mounting|Unmounting|Activating|Deactivating) .*(?:\.\.\.|…)$/,
  /^(?:Kernel panic - |---\[ |Call Trace:|Rebooting in \d+ seconds|Modules linked in:|Hardware name: )/,
  /^(?:CPU: \d+ |RIP: |[A-Z][A-Z0-9]{1,2}: [0-9a-f]{16}\b|Code: [0-9a-f]{2} )/,
  /^ ?(?:\? )?[\w.]{1,100}\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}/,
  /^(?:SeaBIOS |Booting |BdsDxe: |UEFI: |Welcome to GRUB|GRUB |Loading (?:Linux|initial ramdisk)|Machine UUID )/,
  /^(?:CPUs found: |Total RAM Size = |drive 0x|Sending Seabios boot VM event|Boot device: )/,
  /^error: (?:no such (?:device|partition|disk)|file `|unknown filesystem|you need to load)/,
  /^(?:Begin: |Gave up waiting|ALERT! |Dropping to |You are in (?:emergency|rescue) mode)/,
  /^[\w./() -]{1,60} ttyS\d$/,
]
/** A prompt stays in front of whatever the kernel prints next. */
const PROMPT = /^\S{1,64} login: (?=\[)/

/** A line of the kernel, without its stamp; `undefined` for any other. */
function kernelWords(line: string): string | undefined {
  const stamp = STAMP.exec(line)
  if (stamp === null) return undefined
  const words = line.slice(stamp[0].length)
  const tag = TAG.exec(words)
  if (AUDIT.test(words)) return undefined
  return tag === null || SEGFAULT.test(words.slice(tag[0].length)) ? words : undefined
}

function isSystemd(line: string): boolean {
  const stamp = STAMP.exec(line)
  const name = TAG.exec(stamp === null ? line : line.slice(stamp[0].length))?.[1]
  return name !== undefined && SYSTEMD.has(name)
}

export type MachineLines = {
  readonly lines: readonly string[]
  /** Lines of other programs. */
  readonly leftOut: number
}

/**
 * The lines of kernel, systemd and boot loader, without blank ones. `text` has passed `redactText`: colours would hide
 * the forms. What it can't know: a program that writes to `/dev/console` or `/dev/kmsg` in one of these very forms.
 */
export function machineLines(text: string): MachineLines {
  const all = text.split('\n').flatMap((line) => {
    const words = line.replace(PROMPT, '').trimEnd()
    return words.trim() === '' ? [] : [words]
  })
  const lines = all.filter(
    (line) =>
      kernelWords(line) !== undefined ||
      isSystemd(line) ||
      STATUS.test(line) ||
      UNSTAMPED.some((form) => form.test(line)),
  )
  return { lines, leftOut: all.length - lines.length }
}

const TROUBLE =
  /out of memory|\boom\b|oom[-_](?:kill|reap)|killed process|hung_task|blocked for more than \d+ seconds|panic|\bOops\b|\bBUG:|soft lockup|hard lockup|stall|page allocation|general protection|segfault at|Call Trace|I\/O error|EXT4-fs error|read-only|^Mem-Info|^Tasks state|^\[ *pid *\]|^\[ *\d+\] +\d+ +\d+ +\d+ /i

/** The kernel's lines about memory, hangs, panics and a failing disk, with the table of tasks of each OOM kill. */
export function troubleLines(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const plain = line.replace(PROMPT, '').replace(JOURNAL, '$1')
    const words = kernelWords(plain)
    return words !== undefined && TROUBLE.test(words) ? [plain.trimEnd()] : []
  })
}

/** `journalctl --output=short-monotonic` puts host and tag between stamp and words. */
const JOURNAL = /^(\[ {0,8}\d{1,8}\.\d{6}\] )[\w.-]{1,64} kernel: /
