/**
 * The black box over an open connection: five commands side by side, each with its own end, so that a wedged Podman
 * costs only its own section. What is kept of each answer is black-box-text.ts's; secrets in it, redact.ts's.
 */
import {
  describeContainers,
  kernelLog,
  memoryFigures,
  pressureFigures,
  statusOfUnits,
} from '../../commands/black-box.ts'
import { type Command, commandLine } from '../../commands/command.ts'
import { EXIT_TIMED_OUT } from '../../commands/podman.ts'
import type { BlackBoxSection } from '../../core/black-box.ts'
import { plainTail } from '../../core/plain-text.ts'
import { redactSections } from '../../core/redact.ts'
import { containersText, kernelText, memoryText, pressureText, unitsText } from './black-box-text.ts'
import type { CommandResult, SshConnection } from './ssh-connection.ts'
import { describeResult } from './ssh-result.ts'

export type About = { readonly units: readonly string[]; readonly containers: readonly string[] }

type ShellSectionName = Exclude<BlackBoxSection['name'], 'serial-console'>
export const SHELL_SECTIONS: readonly ShellSectionName[] = [
  'kernel-oom',
  'units',
  'containers',
  'memory',
  'pressure',
]

type Question = {
  readonly name: ShellSectionName
  /** Absent: there is nothing to ask about. */
  readonly command?: Command
  /** Exit codes that come with an answer. */
  readonly answers: readonly number[]
  /** `undefined`: there is nothing in it. */
  readonly toText: (stdout: string) => string | undefined
}

export async function askForBlackBox(
  connection: SshConnection,
  { about, user, commandMs }: { about: About; user: string; commandMs: number },
): Promise<readonly BlackBoxSection[]> {
  const questions = questionsOf(about, { timeoutSeconds: Math.max(1, Math.floor(commandMs / 1000) - 1) })
  const sections = await Promise.all(
    questions.map(async (question): Promise<BlackBoxSection> => {
      const { name, command } = question
      if (command === undefined) return { kind: 'unavailable', name, detail: 'no workload is configured' }
      const result = await connection.run(commandLine(command, user), { timeoutMs: commandMs })
      return sectionOf(question, result)
    }),
  )
  return redactSections(sections)
}

/** All of them, for the same reason. */
export function noSections(detail: string): readonly BlackBoxSection[] {
  return redactSections(SHELL_SECTIONS.map((name) => ({ kind: 'unavailable', name, detail })))
}

function questionsOf(
  { units, containers }: About,
  bound: { readonly timeoutSeconds: number },
): readonly Question[] {
  return [
    { name: 'kernel-oom', command: kernelLog(bound), answers: [0], toText: kernelText },
    {
      name: 'units',
      ...(units.length > 0 ? { command: statusOfUnits(units, bound) } : {}),
      answers: [0],
      toText: unitsText,
    },
    {
      name: 'containers',
      ...(containers.length > 0 ? { command: describeContainers(containers, bound) } : {}),
      answers: [0, 125],
      toText: (stdout) => containersText(stdout, containers),
    },
    { name: 'memory', command: memoryFigures(bound), answers: [0, 127], toText: memoryText },
    { name: 'pressure', command: pressureFigures(bound), answers: [0, 2], toText: pressureText },
  ]
}

function sectionOf({ name, answers, toText }: Question, result: CommandResult): BlackBoxSection {
  const unavailable = (detail: string): BlackBoxSection => ({ kind: 'unavailable', name, detail })
  if (result.kind !== 'exited') return unavailable(describeResult(result))
  if (EXIT_TIMED_OUT.some((code) => code === result.code)) return unavailable('it hung, and was ended')
  if (!answers.includes(result.code)) return unavailable(describeResult(result))
  const text = toText(result.stdout)
  if (text !== undefined) return { kind: 'text', name, text, cut: false }
  const complaint = plainTail(result.stderr, 200)
  return unavailable(complaint === '' ? 'nothing that can be read came' : complaint)
}
