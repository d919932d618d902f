/** The results of commands in words, and those of orders as action results. */
import { EXIT_BUSY, EXIT_FENCED, EXIT_GATE_REFUSED, EXIT_NOT_RECORDED } from '../../commands/machine.ts'
import { EXIT_TIMED_OUT } from '../../commands/podman.ts'
import type { ActionResult } from '../../core/action.ts'
import { assertNever } from '../../core/assert-never.ts'
import { plainTail } from '../../core/plain-text.ts'
import type { CommandResult } from './ssh-connection.ts'

const COMPLAINT_MAX = 300

/** What became of a command, with the end of what it complained about. */
export function describeResult(result: CommandResult): string {
  switch (result.kind) {
    case 'exited': {
      if (result.code === EXIT_GATE_REFUSED) return 'the gate refused the command'
      const complaint = plainTail(result.stderr, COMPLAINT_MAX)
      return complaint === '' ? `exit code ${result.code}` : `exit code ${result.code}: ${complaint}`
    }
    case 'ended':
      return result.detail
    case 'timed-out':
      return 'no answer in time'
    case 'flooded':
      return 'it said more than 256 KiB'
    case 'lost':
      return 'the connection was lost'
    case 'not-sent':
      return 'not sent, the connection had ended'
    case 'refused':
      return `the machine runs no command: ${result.detail}`
    default:
      return assertNever(result)
  }
}

/**
 * A fenced order's result. Once the order was sent, only an exit code proves that it failed: all else is
 * `unknown`, for the machine may have carried it out.
 */
export function orderResult(result: CommandResult): ActionResult {
  const detail = describeResult(result)
  switch (result.kind) {
    case 'exited':
      return exitResult(result.code, detail)
    case 'ended':
    case 'timed-out':
    case 'flooded':
    case 'lost':
      return { kind: 'unknown', detail }
    case 'not-sent':
    case 'refused':
      return { kind: 'failed', detail }
    default:
      return assertNever(result)
  }
}

function exitResult(code: number, detail: string): ActionResult {
  if (code === 0) return { kind: 'done' }
  if (code === EXIT_FENCED) return { kind: 'skipped', detail: 'the machine has seen a newer order' }
  if (code === EXIT_BUSY)
    return { kind: 'skipped', detail: 'another order is being carried out on the machine' }
  if (code === EXIT_NOT_RECORDED)
    return { kind: 'failed', detail: `the machine could not record it: ${detail}` }
  if (EXIT_TIMED_OUT.some((each) => each === code)) return { kind: 'unknown', detail: 'podman hung' }
  return { kind: 'failed', detail }
}

/** A reboot takes the connection down: that it went is the order's success. */
export function rebootResult(result: CommandResult): ActionResult {
  if (result.kind === 'lost') return { kind: 'done', detail: 'the connection went down with the machine' }
  return orderResult(result)
}
