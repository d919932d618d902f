/**
 * The end of a VM's serial console for the black box: read from the cloud's side, so it is there also when the VM
 * is frozen. Whose words a line is, is core/console-lines.ts's to say; secrets in it, redact.ts's.
 */
import type { BlackBoxSection } from '../../core/black-box.ts'
import { machineLines } from '../../core/console-lines.ts'
import { redactSections, redactText } from '../../core/redact.ts'
import { type ComputeCall, nameOf } from './compute-clients.ts'
import { readSerial } from './compute-look.ts'

const NAME = 'serial-console'
/** A workload's words may be most of a console: so many times as much is read as is kept. */
const READ_TIMES = 4
/** The API gives no more. */
const READ_BYTES_MAX = 1_048_576

export async function serialTailOf(
  call: ComputeCall,
  { bytesMax }: { readonly bytesMax: number },
): Promise<BlackBoxSection> {
  const askedBytes = Math.max(1, Math.min(READ_BYTES_MAX, bytesMax * READ_TIMES))
  const read = await readSerial(call, -askedBytes)
  if (read.kind === 'failed')
    return noSerialTail(`reading the serial console of ${nameOf(call.target)}: ${read.failure.detail}`)
  const { contents } = read.value
  const isTorn = Buffer.byteLength(contents) >= askedBytes
  const { lines, leftOut } = machineLines(redactText(isTorn ? withoutFirstLine(contents) : contents))
  if (lines.length === 0 && leftOut === 0) return noSerialTail('the serial console is empty')
  const text = [...lines, ...(leftOut === 0 ? [] : [leftOutLine(leftOut)]), ''].join('\n')
  const section = { kind: 'text', name: NAME, text, cut: isTorn || leftOut > 0 } as const
  return redactSections([section], { bytesMax })[0] ?? section
}

export function noSerialTail(detail: string): BlackBoxSection {
  return { kind: 'unavailable', name: NAME, detail }
}

/** It begins anywhere, maybe within a secret. */
function withoutFirstLine(text: string): string {
  const end = text.indexOf('\n')
  return end < 0 ? '' : text.slice(end + 1)
}

function leftOutLine(count: number): string {
  return `… ${count} ${count === 1 ? 'line' : 'lines'} of other programs left out`
}
