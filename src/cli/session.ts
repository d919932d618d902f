/** One run of a verb: asks the service, shows the answer to a person or hands its JSON on, and gives the exit code. */
import { say } from '../words/say.ts'
import { type Answer, type Call, createClient, type TextCall } from './client.ts'
import { type Language, translated } from './language.ts'
import { inert, inertJson, inertLines } from './terminal.ts'

/** 0: done and healthy. 1: unhealthy, refused or failed. 2: the command line was wrong. */
export type ExitCode = 0 | 1 | 2

export type Globals = { readonly url: string; readonly json: boolean }

/** What every verb is made with. */
export type Verbs = { readonly language: Language; readonly finish: (code: ExitCode) => void }

/** One run: what was asked for, and in which language it is answered. */
export type Session = Globals & { readonly language: Language }

/** How a verb shows its answer, and whether it is a good one. */
export type Show<Value> = (value: Value) => { readonly text: string; readonly good: boolean }

export async function run<Value>(session: Session, call: Call<Value>, show: Show<Value>): Promise<ExitCode> {
  const answer = await createClient(session.url).call(call)
  if (answer.kind === 'problem') return showProblem(answer, session)
  const { text, good } = show(answer.value)
  print(session.json ? inertJson(answer.json).trimEnd() : text)
  return good ? 0 : 1
}

/** Two answers that are shown as one; `--json` hands on the first. */
export async function runBoth<One, Other>(
  session: Session,
  calls: readonly [Call<One>, Call<Other>],
  show: (one: One, other: Other) => string,
): Promise<ExitCode> {
  const [first, second] = calls
  if (session.json) return run(session, first, () => ({ text: '', good: true }))
  const client = createClient(session.url)
  const [one, other] = await Promise.all([client.call(first), client.call(second)])
  if (one.kind === 'problem') return showProblem(one, session)
  if (other.kind === 'problem') return showProblem(other, session)
  print(show(one.value, other.value))
  return 0
}

/** A text that the service has made is printed as it is, but inert. */
export async function runText(session: Session, call: TextCall): Promise<ExitCode> {
  const answer = await createClient(session.url).text(call)
  if (answer.kind === 'problem') return showProblem(answer, session)
  print(inertLines(answer.value).trimEnd())
  return 0
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
  { json: wantsJson, language }: Session,
): ExitCode {
  if (wantsJson && json !== '') {
    print(inertJson(json).trimEnd())
  } else {
    const { title, detail, errors, mend } = problem
    const subject =
      title === ''
        ? say(language, 'The service answered with status {status}', { status })
        : translated(title, language)
    complain(detail === '' ? subject : `${subject}: ${translated(detail, language)}`)
    for (const { field, message } of errors) complain(`  ${field}: ${translated(message, language)}`)
    if (mend !== undefined) complain(`→ ${translated(mend, language)}`)
  }
  return status === 400 ? 2 : 1
}
