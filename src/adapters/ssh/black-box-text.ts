/**
 * What commands for the black box print → what is kept of it: lines and fields that are named here, so that neither
 * command lines nor environments or logs get in by a new version of a tool. Each gives `undefined` for none.
 */
import { z } from 'zod'
import { PRESSURE_FILES } from '../../commands/black-box.ts'
import { troubleLines } from '../../core/console-lines.ts'
import { redactText } from '../../core/redact.ts'
import { parseJsonText } from '../../schemas/json-text.ts'

const LINES_MAX = 2000

function linesOf(text: string): readonly string[] {
  return text.split('\n', LINES_MAX).map((line) => line.trimEnd())
}

function joined(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${lines.join('\n')}\n`
}

/** A kernel that has nothing to tell is an answer as well; a log without a line is none. */
export function kernelText(stdout: string): string | undefined {
  if (stdout.trim() === '') return undefined
  return joined(troubleLines(redactText(stdout))) ?? 'no line about memory, a hang or a panic\n'
}

/** systemd's bullets, `*` in a locale without them. */
const UNIT_HEAD = /^[●○◌×↻*] [\w:.@\\-]+(?: - .*)?$/
/** No `CGroup` (it lists command lines) and no `Status` (the workload's own words). */
const UNIT_LABELS = new Set([
  'Loaded',
  'Active',
  'Until',
  'Duration',
  'Trigger',
  'Triggers',
  'TriggeredBy',
  'Invocation',
  'Condition',
  'Tasks',
  'Memory',
  'IO',
  'IP',
  'CPU',
])
const LABELLED = /^ {0,16}([A-Z][A-Za-z ]{1,15}): (.{1,300})$/
const MAIN_PID = /^\d{1,10} \([^()]{1,60}\)$/
const PROCESS = /^(\d{1,10} Exec[A-Za-z]{1,20})=.*\((code=[a-z]+(?:, (?:status|signal)=[\w/-]+)?)\)$/

/** `systemctl status` without command lines: a process shows as its id, its kind and how it ended. */
export function unitsText(stdout: string): string | undefined {
  return joined(
    linesOf(stdout).flatMap((line) => {
      if (UNIT_HEAD.test(line)) return [line]
      const [, label = '', value = ''] = LABELLED.exec(line) ?? []
      const kept = unitValue(label, value)
      return kept === undefined ? [] : [`${`${label}:`.padStart(12)} ${kept}`]
    }),
  )
}

function unitValue(label: string, value: string): string | undefined {
  if (label === 'Main PID') return MAIN_PID.test(value) ? value : undefined
  if (label !== 'Process') return UNIT_LABELS.has(label) ? value : undefined
  const [, process, end] = PROCESS.exec(value) ?? []
  return process === undefined ? undefined : `${process} (${end ?? ''})`
}

const text = z.string().transform((value) => value.replace(/\s+/g, ' ').slice(0, 300))
const bytes = z.number().int()
const containerSchema = z.object({
  name: text,
  id: z.string().regex(/^[0-9a-f]{12,64}$/),
  image: text,
  status: text,
  running: z.boolean(),
  oomKilled: z.boolean(),
  exitCode: z.number().int(),
  error: text,
  startedAt: text,
  finishedAt: text,
  health: text.nullable(),
  failingStreak: z.number().int().nullable(),
  restarts: z.number().int(),
  memoryBytes: bytes,
  memorySwapBytes: bytes,
  memoryReservationBytes: bytes,
})
type Container = z.infer<typeof containerSchema>

/** A line of CONTAINER_TEMPLATE a container; of the others in `names` it says that they are not there. */
export function containersText(stdout: string, names: readonly string[]): string | undefined {
  const containers = linesOf(stdout).flatMap((line) => {
    const parsed = parseJsonText(line)
    const container = containerSchema.safeParse(parsed.kind === 'json' ? parsed.value : undefined)
    return container.success ? [container.data] : []
  })
  if (containers.length === 0 && stdout.trim() !== '') return undefined
  const missing = names.filter((name) => !containers.some((container) => container.name === name))
  return joined([
    ...containers.flatMap(containerLines),
    ...missing.map((name) => `${name}: no such container`),
  ])
}

function containerLines(container: Container): readonly string[] {
  const { name, id, image, status, running, oomKilled, exitCode, error, health } = container
  const limits = [
    `memory limit ${mebibytes(container.memoryBytes)}`,
    `with swap ${mebibytes(container.memorySwapBytes)}`,
    `reservation ${mebibytes(container.memoryReservationBytes)}`,
  ]
  return [
    `${name} (${id.slice(0, 12)}) of ${image}`,
    `  ${status}${running ? '' : `, exit code ${exitCode}`}, killed for memory: ${oomKilled ? 'yes' : 'no'}, restarts: ${container.restarts}`,
    ...(health === null || health === ''
      ? ['  no health check']
      : [`  health ${health}, failing streak ${container.failingStreak ?? 0}`]),
    `  started ${moment(container.startedAt)}${running ? '' : `, finished ${moment(container.finishedAt)}`}`,
    `  ${limits.join(', ')}`,
    ...(error === '' ? [] : [`  error: ${error}`]),
  ]
}

/** Go's zero time stands for none. */
function moment(time: string): string {
  return time.startsWith('0001-01-01') ? 'never' : time
}

function mebibytes(value: number): string {
  return value <= 0 ? 'none' : `${Math.round(value / 1_048_576)} MiB`
}

const MEMORY =
  /^(?:Mem(?:Total|Free|Available)|Buffers|Cached|Swap(?:Cached|Total|Free)|Active|Inactive|Dirty|Writeback|AnonPages|Shmem|Slab|SUnreclaim|KernelStack|PageTables|CommitLimit|Committed_AS): +\d+ kB$/
const FREE = /^(?: +total +used +free[ a-z/]*|(?:Mem|Swap):(?: +\d+){1,6})$/

export function memoryText(stdout: string): string | undefined {
  return joined(linesOf(stdout).filter((line) => MEMORY.test(line) || FREE.test(line)))
}

const PRESSURE = /^(?:some|full) avg10=\d+\.\d+ avg60=\d+\.\d+ avg300=\d+\.\d+ total=\d+$/

export function pressureText(stdout: string): string | undefined {
  return joined(
    linesOf(stdout).flatMap((line) => {
      const file = PRESSURE_FILES.find((path) => line.startsWith(`${path}:`))
      if (file === undefined) return []
      const figures = line.slice(file.length + 1)
      return PRESSURE.test(figures) ? [`${file.slice('/proc/pressure/'.length).padEnd(6)} ${figures}`] : []
    }),
  )
}
