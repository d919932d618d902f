/** `npm run drill:all [FAULT…]`: every fault in a fresh sandbox, measured, as a table; exits 1 when an outcome did not come. */
import { DRILLED, DRILLS, type Drilled, drill } from './drills.ts'

const args = process.argv.slice(2)
const verbose = args.includes('--verbose')
const names = args.filter((word) => word !== '--verbose')
const known = DRILLS.map(({ fault }) => fault as string)
const unknown = names.find((name) => !known.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`No fault ${unknown}; known: ${known.join(', ')}\n`)
  process.exit(2)
}

const wanted = DRILLS.filter(({ fault }) => names.length === 0 || names.includes(fault))
const tell = verbose ? (line: string) => process.stderr.write(`    ${line}\n`) : () => undefined
const rows: Drilled[] = []
process.stdout.write(
  `${wanted.length} drills on ${DRILLED}, each in a fresh sandbox (tick 2 s, boot 3 s)\n\n`,
)
process.stdout.write(line('fault', 'expected', 'seconds', 'found'))
for (const one of wanted) {
  const row = await drill(one, tell)
  rows.push(row)
  process.stdout.write(line(row.fault, row.expected, row.seconds?.toFixed(1) ?? 'MISSED', row.found))
}
const missed = rows.filter(({ seconds }) => seconds === undefined)
process.stdout.write(`\n${rows.length - missed.length} of ${rows.length} outcomes as expected\n`)
process.exit(missed.length === 0 ? 0 : 1)

function line(fault: string, expected: string, seconds: string, found: string): string {
  return `${fault.padEnd(28)} ${expected.padEnd(28)} ${seconds.padStart(7)}  ${found}\n`
}
