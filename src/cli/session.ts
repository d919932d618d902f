/** One run of a verb: asks the service, shows the answer to a person or hands its JSON on, and gives the exit code. */
import { type Answer, type Call, type Client, createClient } from './client.ts'
import { inert, inertJson, toned } from './terminal.ts'

/** 0: done and healthy. 1: unhealthy, refused or failed. 2: the command line was wrong. */
export type ExitCode = 0 | 1 | 2

export type Globals = { readonly url: string; readonly json: boolean }

/** How a verb shows its answer, and whether it is a good one. */
export type Show<Value> = (value: Value) => { readonly text: string; readonly good: boolean }

export async function run<Value>(globals: Globals, call: Call<Value>, show: Show<Value>): Promise<ExitCode> {
  const client: Client = createClient(globals.url)
  const answer = await client.call(call)
  if (answer.kind === 'problem') return showProblem(answer, globals)
  const { text, good } = show(answer.value)
  print(globals.json ? inertJson(answer.json).trimEnd() : text)
  return good ? 0 : 1
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function complain(text: string, mend?: string): void {
  process.stderr.write(`${inert(text)}\n`)
  if (mend !== undefined) process.stderr.write(`→ ${inert(mend)}\n`)
}

function showProblem(
  { status, problem, json }: Extract<Answer<unknown>, { kind: 'problem' }>,
  globals: Globals,
): ExitCode {
  if (globals.json && json !== '') {
    print(inertJson(json).trimEnd())
  } else {
    const subject = problem.title === '' ? `The service answered with status ${status}` : problem.title
    complain(problem.detail === '' ? subject : `${subject}: ${problem.detail}`)
    for (const { field, message } of problem.errors) complain(`  ${field}: ${message}`)
    if (problem.mend !== undefined) complain(`→ ${problem.mend}`)
  }
  return status === 400 ? 2 : 1
}

export function heading(text: string): string {
  return toned(text, 'strong')
}
