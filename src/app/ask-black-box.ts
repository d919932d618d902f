/**
 * The query `black-box`: the machine over SSH and its serial console from the cloud's side, side by side. What each
 * can't give is told in its place; nothing here ever fails the action that the box is kept for.
 */
import {
  BLACK_BOX_BYTES_MAX,
  BLACK_BOX_SECTIONS,
  type BlackBoxEvidence,
  type BlackBoxSection,
} from '../core/black-box.ts'
import { troubleLines } from '../core/console-lines.ts'
import { plainText } from '../core/plain-text.ts'
import type { Policy } from '../core/policy.ts'
import type { Query } from '../core/query.ts'
import { redactSections } from '../core/redact.ts'
import type { Target } from '../core/target.ts'
import type { ShellLimits } from '../ports/shell.ts'
import type { Ports } from './ports.ts'

type BlackBoxQuery = Extract<Query, { kind: 'black-box' }>
type Asking = { readonly target: Target; readonly policy: Policy; readonly ports: Ports }

/** From the last answer to the end of the asking. */
const SLACK_MS = 100

/** Within `deadlineMs`: each port bounds its call by it. All sections, in the order of `BLACK_BOX_SECTIONS`. */
export async function askBlackBox(
  query: BlackBoxQuery,
  { target, policy, ports }: Asking,
): Promise<BlackBoxEvidence> {
  const at = ports.clock.now()
  const timeoutMs = Math.max(1, query.deadlineMs - SLACK_MS)
  const { workloads } = target
  const about = {
    units: workloads.map(({ unit }) => unit),
    containers: workloads.map(({ container }) => container),
  }
  const [inside, outside] = await Promise.allSettled([
    (async () =>
      query.overSsh ? ports.shell.blackBox(target, about, shellLimits(policy, timeoutMs)) : undefined)(),
    (async () => ports.virtualMachine.serialTail(target, { bytesMax: BLACK_BOX_BYTES_MAX }, { timeoutMs }))(),
  ])
  const heard = [
    ...(inside.status === 'fulfilled' ? (inside.value ?? []) : []),
    ...(outside.status === 'fulfilled' ? [outside.value] : []),
  ]
  const sections = BLACK_BOX_SECTIONS.map(
    (name): BlackBoxSection =>
      heard.find((section) => section.name === name) ?? {
        kind: 'unavailable',
        name,
        detail: whyMissing(name === 'serial-console' ? outside : inside),
      },
  )
  return { at, sections: redactSections(withTroubleOfConsole(sections)) }
}

/** Of the time for all, the way to a shell gets less than half, so that something is left to ask. */
function shellLimits({ ssh }: Policy, deadlineMs: number): ShellLimits {
  return {
    connectMs: Math.min(ssh.connectMs, Math.ceil(deadlineMs * 0.45)),
    commandMs: Math.min(ssh.commandMs, Math.ceil(deadlineMs * 0.5)),
    deadlineMs,
  }
}

function whyMissing(end: PromiseSettledResult<unknown>): string {
  if (end.status === 'fulfilled') return 'not asked: SSH does not work'
  const { reason } = end
  return `a bug: ${plainText(reason instanceof Error ? reason.message : String(reason), 200)}`
}

/** Without SSH the kernel's lines are picked from what it printed on the console. */
function withTroubleOfConsole(sections: readonly BlackBoxSection[]): readonly BlackBoxSection[] {
  const console = sections.find(({ name }) => name === 'serial-console')
  const lines = console?.kind === 'text' ? troubleLines(console.text) : []
  return sections.map((section) => {
    if (section.name !== 'kernel-oom' || section.kind === 'text' || lines.length === 0) return section
    const text = `from the serial console:\n${lines.join('\n')}\n`
    return { kind: 'text', name: section.name, text, cut: false }
  })
}
