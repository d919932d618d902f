/**
 * Finds the Node that the project brings along, and runs scripts under it. Plain JavaScript without dependencies:
 * it must work on whatever Node (18 or newer) the machine has. Installing is with-runtime.mjs's work.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'

/** Runs TypeScript by stripping types, and has `node:sqlite`. */
const MAJOR_MIN = 24

/** The path of a Node that can run the project, or undefined when none is there. */
export function findRuntime(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const brought = [join(root, 'node_modules', 'node', 'bin', name), join(root, 'node_modules', '.bin', name)]
  const found = brought.find((path) => existsSync(path))
  if (found !== undefined) return found
  return Number(process.versions.node.split('.')[0]) >= MAJOR_MIN ? process.execPath : undefined
}

/** Runs a program on this terminal, hands signals on, and resolves with its exit code. */
export function runForwarding(program, words, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: 'inherit', ...options })
    const forward = (signal) => {
      // Ctrl-C reaches the whole foreground group: sent on as well, it would count as a second, impatient one.
      if (signal !== 'SIGTERM' && process.stdin.isTTY) return
      child.kill(signal)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const forget = () => {
      for (const signal of signals) process.off(signal, forward)
    }
    child.once('error', (error) => {
      forget()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      forget()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}
