/** Why the service lets an account not in, and what that account lacks. */
import { parseJsonText } from '../schemas/json-text.ts'
import { problemAnswer } from './answers.ts'
import { Failure } from './failure.ts'
import { type Language, translated } from './language.ts'

export const PROBLEM_TYPE = 'application/problem+json'
const PROBLEM_BYTES_MAX = 64 * 1024

export type Problem = { readonly status: number; readonly detail: string }

/** Undefined when it is none of Night Guard's. */
export async function problemIn(answer: Response): Promise<Problem | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > PROBLEM_BYTES_MAX) break
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  if (answer.headers.get('content-type') !== PROBLEM_TYPE) return undefined
  const parsed = parseJsonText(Buffer.concat(chunks).toString())
  const problem = problemAnswer.safeParse(parsed.kind === 'json' ? parsed.value : undefined)
  return problem.success ? { status: answer.status, detail: problem.data.detail } : undefined
}

/** Without a problem it was not Night Guard that answered, but Cloud Run before it. */
export function turnedAway(options: {
  readonly problem?: Problem
  /** The e-mail in the token that was sent; absent when none was. */
  readonly account?: string
  readonly language: Language
}): Failure {
  const { problem, account, language } = options
  if (account === undefined) {
    return new Failure(
      { text: 'The service wants to know who you are' },
      { mend: { text: 'Set NIGHTGUARD_TOKEN to an ID token, and run nightguard open again' } },
    )
  }
  if (problem === undefined) return byCloudRun(account)
  if (problem.status === 403) return withoutRole(account, problem.detail)
  const detail = translated(problem.detail, language)
  return new Failure(
    { text: 'The service does not accept the ID token of {account}: {detail}', values: { account, detail } },
    {
      mend: {
        text: "Log in anew by gcloud auth login, then try again. A token of your own gcloud account needs 32555940559.apps.googleusercontent.com in the service's auth.audience",
      },
    },
  )
}

function byCloudRun(account: string): Failure {
  return new Failure(
    { text: 'Cloud Run turns {account} away', values: { account } },
    {
      mend: {
        text: 'Give {account} the role Cloud Run Invoker (roles/run.invoker) on the service, or log in as somebody who has it: gcloud auth login. Then try again',
        values: { account },
      },
    },
  )
}

const ROLES_NEEDED =
  /needs: ((?:viewer|operator|scheduler|pusher)(?: or (?:viewer|operator|scheduler|pusher))*)$/

function withoutRole(account: string, detail: string): Failure {
  const role = ROLES_NEEDED.exec(detail)?.[1] ?? 'viewer'
  return new Failure(
    { text: '{account} lacks the role {role}', values: { account, role } },
    {
      mend: {
        text: "Have {account} listed in the auth section of the service's configuration, under viewers to look or under operators to act; or log in as somebody who is: gcloud auth login. Then try again",
        values: { account },
      },
    },
  )
}
