/** The story in plain lines: what the machines do, and what the guard makes of it. Only what is news is told. */
import type { TargetReport } from '../src/core/report.ts'
import type { Journal } from '../src/ports/journal.ts'

/** Takes the place of the JSON log in the sandbox's terminal. */
export function createStoryJournal(tell: (line: string) => void): Journal {
  const lastWords = new Map<string, string>()
  return {
    write({ severity, message, fields }) {
      const reports = fields['targets']
      if (!Array.isArray(reports)) {
        if (severity !== 'DEBUG') tell(`guard: ${message}`)
        return
      }
      for (const report of reports as readonly Partial<TargetReport>[])
        tellTarget(report, { lastWords, tell })
    },
  }
}

function tellTarget(
  report: Partial<TargetReport>,
  { lastWords, tell }: { lastWords: Map<string, string>; tell: (line: string) => void },
): void {
  const { id = '?', verdict, cause, reason, phase = 'watching', actions = [], trouble } = report
  for (const { rung, result, detail } of actions) {
    const what = rung === 'human' ? 'calls a person' : `${rung}: ${result}`
    tell(`guard ${id}: ${what}${detail === undefined ? '' : ` (${detail})`}`)
  }
  const words = `${cause ?? verdict} · ${phase}`
  if (lastWords.get(id) !== words || trouble !== undefined) {
    const why = trouble ?? reason
    tell(`guard ${id}: ${words}${why === undefined || verdict === 'healthy' ? '' : ` — ${why}`}`)
  }
  lastWords.set(id, words)
}
