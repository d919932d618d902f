/** A look around the machine on an open connection: what is asked, and what the answers are evidence of. */
import { type Command, commandLine } from '../../commands/command.ts'
import { askInside, EXIT_GATE_REFUSED, facts } from '../../commands/machine.ts'
import {
  EXIT_TIMED_OUT,
  inspectContainers,
  inspectSecrets,
  LABEL_SOURCE,
  LABEL_VERSION,
} from '../../commands/podman.ts'
import { showUnits } from '../../commands/systemd.ts'
import type { InsideEvidence, PresentSecrets, UnitEvidence, WorkloadsEvidence } from '../../core/evidence.ts'
import { meetsExpectation } from '../../core/health-expectation.ts'
import { plainTail } from '../../core/plain-text.ts'
import type { ShellQuestions } from '../../core/query.ts'
import type { Target } from '../../core/target.ts'
import type { ShellLook } from '../../ports/shell.ts'
import { parseFacts } from '../../schemas/facts.ts'
import { parseJsonText } from '../../schemas/json-text.ts'
import { parseContainers, parsePresentSecrets } from '../../schemas/podman.ts'
import { parseShownUnits } from '../../schemas/systemd.ts'
import type { CommandResult, SshConnection } from './ssh-connection.ts'
import { describeResult } from './ssh-result.ts'

/** What a look found; `ssh` is absent when the login proved good, else what it turned out to be worth. */
export type Findings = Omit<ShellLook, 'ssh'> & {
  readonly ssh: { readonly kind: ShellLook['ssh']['kind']; readonly detail?: string }
}

type Answers = {
  readonly facts: CommandResult
  readonly units: CommandResult | undefined
  readonly containers: CommandResult | undefined
  readonly inside: CommandResult | undefined
  readonly secrets: CommandResult | undefined
}

/** All commands run side by side; each may take `commandMs`. */
export async function lookAround(
  connection: SshConnection,
  { target, questions, commandMs }: { target: Target; questions: ShellQuestions; commandMs: number },
): Promise<Findings> {
  const run = (command: Command) =>
    connection.run(commandLine(command, target.ssh.user), { timeoutMs: commandMs })
  const timeoutSeconds = secondsWithin(commandMs)
  const { workloads } = target
  const about = questions.workloads && workloads.length > 0
  const [factsAnswer, units, containers, inside, secrets] = await Promise.all([
    run(facts()),
    about ? run(showUnits(workloads.map(({ unit }) => unit))) : undefined,
    about
      ? run(
          inspectContainers(
            workloads.map(({ container }) => container),
            { timeoutSeconds },
          ),
        )
      : undefined,
    questions.inside ? run(askInside(target.health.url, { timeoutSeconds })) : undefined,
    questions.secrets.length > 0 ? run(inspectSecrets(questions.secrets, { timeoutSeconds })) : undefined,
  ])
  return findings({ facts: factsAnswer, units, containers, inside, secrets }, target, questions)
}

/** For a bound on the VM: it ends there, its kill a second later, before we stop waiting here. */
function secondsWithin(commandMs: number): number {
  return Math.max(1, Math.floor(commandMs / 1000) - 2)
}

function findings(answers: Answers, target: Target, questions: ShellQuestions): Findings {
  const { facts: about } = answers
  if (about.kind === 'refused' || exitCode(about) === EXIT_GATE_REFUSED)
    return { ssh: { kind: 'gate-refused', detail: describeResult(about) } }
  if (Object.values(answers).every(noAnswer)) {
    // Who logs in and gets no word out of any command knows no more than who got no banner.
    return {
      ssh: {
        kind: 'banner-timeout',
        detail: `the login worked, but no command did: ${describeResult(about)}`,
      },
    }
  }
  const read = readFacts(about)
  return {
    ssh: { kind: 'ok', ...('detail' in read ? read : {}) },
    ...('facts' in read ? read : {}),
    ...(questions.workloads ? { workloads: readWorkloads(answers, target) } : {}),
    ...(answers.inside ? { inside: readInside(answers.inside, target) } : {}),
    ...(questions.secrets.length > 0
      ? { presentSecrets: readSecrets(answers.secrets, questions.secrets) }
      : {}),
  }
}

function exitCode(result: CommandResult | undefined): number | undefined {
  return result?.kind === 'exited' ? result.code : undefined
}

function noAnswer(result: CommandResult | undefined): boolean {
  return result === undefined || ['timed-out', 'lost', 'not-sent'].includes(result.kind)
}

function readFacts(result: CommandResult): Pick<ShellLook, 'facts'> | { readonly detail: string } {
  if (exitCode(result) !== 0) return { detail: `no facts: ${describeResult(result)}` }
  const read = parseFacts(result.kind === 'exited' ? result.stdout : '')
  return read.kind === 'ok' ? { facts: read.facts } : { detail: read.detail }
}

/** Podman hangs when its own bound, or ours, ended it; systemd may have answered all the same. */
function readWorkloads({ units, containers }: Answers, target: Target): WorkloadsEvidence {
  if (units === undefined || containers === undefined) return { kind: 'ok', units: [] }
  const shown = readUnits(units, target)
  if (isWedged(containers)) {
    const detail = `podman hangs: ${describeResult(containers)}`
    return { kind: 'wedged', detail, units: shown.kind === 'ok' ? shown.units : [] }
  }
  if (shown.kind === 'unreadable') return shown
  // 125 is Podman's when a container is missing, which is an answer as well.
  const code = exitCode(containers)
  if (containers.kind !== 'exited' || (code !== 0 && code !== 125))
    return { kind: 'unreadable', detail: `podman: ${describeResult(containers)}` }
  const inspected = parseContainers(containers.stdout)
  if (inspected.kind === 'unreadable')
    return { kind: 'unreadable', detail: withComplaint(inspected.detail, containers) }
  return { kind: 'ok', units: shown.units.map(withContainer(target, inspected.containers)) }
}

function readUnits(result: CommandResult, target: Target) {
  if (result.kind !== 'exited' || result.code !== 0)
    return { kind: 'unreadable' as const, detail: `systemctl: ${describeResult(result)}` }
  return parseShownUnits(
    result.stdout,
    target.workloads.map(({ unit }) => unit),
  )
}

function withContainer(
  { workloads }: Target,
  containers: ReadonlyMap<string, NonNullable<UnitEvidence['container']>>,
): (unit: UnitEvidence) => UnitEvidence {
  return (unit) => {
    const name = workloads.find((workload) => workload.unit === unit.unit)?.container
    const container = name === undefined ? undefined : containers.get(name)
    return container === undefined ? unit : { ...unit, container }
  }
}

function isWedged(result: CommandResult): boolean {
  if (result.kind === 'timed-out') return true
  return EXIT_TIMED_OUT.some((code) => code === exitCode(result))
}

/** curl's own trouble (usage, certificates file) and a missing curl say nothing about the health URL. */
const CURL_TELLS_NOTHING = new Set([2, 77, 126, 127])

function readInside(result: CommandResult, target: Target): InsideEvidence {
  if (result.kind !== 'exited' || CURL_TELLS_NOTHING.has(result.code))
    return { kind: 'unknown', detail: `curl: ${describeResult(result)}` }
  if (result.code !== 0) return { kind: 'fails', detail: `curl: ${describeResult(result)}` }
  const split = result.stdout.lastIndexOf('\n')
  const status = /^\d{3}$/.exec(result.stdout.slice(split + 1).trim())
  if (split < 0 || status === null) return { kind: 'unknown', detail: 'curl gave no status code' }
  const parsed = parseJsonText(result.stdout.slice(0, split))
  const json = parsed.kind === 'json' ? parsed.value : undefined
  const expectation = meetsExpectation(target.health.expect, { status: Number(status[0]), json })
  return expectation.kind === 'met' ? { kind: 'ok' } : { kind: 'fails', detail: expectation.detail }
}

function readSecrets(result: CommandResult | undefined, names: readonly string[]): PresentSecrets {
  const code = exitCode(result)
  if (result?.kind !== 'exited' || (code !== 0 && code !== 125))
    return { kind: 'unreadable', detail: `podman: ${result ? describeResult(result) : 'not asked'}` }
  const labels = { source: LABEL_SOURCE, version: LABEL_VERSION }
  const present = parsePresentSecrets(result.stdout, { names, labels })
  if (present.kind === 'ok') return present
  return { kind: 'unreadable', detail: withComplaint(present.detail, result) }
}

function withComplaint(detail: string, { stderr }: { readonly stderr: string }): string {
  const complaint = plainTail(stderr, 200)
  return complaint === '' ? detail : `${detail}: ${complaint}`
}
