/**
 * Programs of the benchmarks in processes of their own, so that one's work is not counted as another's.
 * A parent asks by name, a child answers; what is asked is between the two.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const askSchema = z.object({ id: z.number(), name: z.string(), input: z.unknown().optional() })
const answerSchema = z.object({ id: z.number(), value: z.unknown().optional() })

/** In the child: what it answers, by the question's name. A failing answer ends the child, loudly. */
export type Answers = Readonly<Record<string, (input: unknown) => unknown>>

export function answerParent(answers: Answers): void {
  process.on('message', async (message) => {
    const { id, name, input } = askSchema.parse(message)
    const answer = answers[name]
    if (answer === undefined) throw new Error(`Nobody answers ${name}`)
    process.send?.({ id, value: await answer(input) })
  })
  // Nothing must outlive the run, however it ended.
  process.once('disconnect', () => process.exit(0))
}

export type Child = {
  ask<Schema extends z.ZodType>(name: string, input: unknown, schema: Schema): Promise<z.infer<Schema>>
  end(): Promise<void>
}

/** `script` lies in this directory; `stdoutPath` is a file that what it prints is appended to. */
export function startChild(
  script: string,
  options: {
    readonly stdoutPath?: string
    readonly preload?: string
    readonly env?: Readonly<Record<string, string>>
  } = {},
): Child {
  const { stdoutPath, preload, env = {} } = options
  const words = [...(preload === undefined ? [] : ['--import', pathOf(preload)]), pathOf(script)]
  const stdout = stdoutPath === undefined ? undefined : openSync(stdoutPath, 'a')
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout ?? 'ignore', 'inherit', 'ipc'],
  })
  if (stdout !== undefined) closeSync(stdout)
  return childOf(child, script)
}

function childOf(child: ChildProcess, script: string): Child {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let asked = 0
  const exited = once(child, 'exit')
  child.on('message', (message) => {
    const { id, value } = answerSchema.parse(message)
    waiting.get(id)?.resolve(value)
    waiting.delete(id)
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) {
      reject(new Error(`${script} ended (${signal ?? code}) before it answered; its words stand above`))
    }
    waiting.clear()
  })
  return {
    async ask(name, input, schema) {
      const id = asked
      asked += 1
      const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
      child.send({ id, name, input })
      return schema.parse(await answer)
    },
    async end() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url))
}
