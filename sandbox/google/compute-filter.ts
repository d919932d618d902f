/**
 * The part of Compute's list filters (AIP-160) that is used here: `field=value`, `!=`, quoted or not, each
 * alone or in parentheses, joined by AND or a space. Anything else is refused, as the real API does.
 */
export type Filter = (fields: Readonly<Record<string, unknown>>) => boolean

const TERM = /^\s*(?:AND\s+)?(\()?\s*([A-Za-z][\w.]*)\s*(!=|=)\s*(?:"([^"]*)"|([^\s()"=!]+))\s*(\))?/

/** Undefined when the text is no filter that is understood. */
export function parseFilter(text: string): Filter | undefined {
  const terms: Filter[] = []
  for (let rest = text.trim(); rest !== ''; ) {
    const match = TERM.exec(rest)
    if (match === null) return undefined
    const [whole, open, field = '', operator, quoted, bare, close] = match
    if ((open === undefined) !== (close === undefined)) return undefined
    const value = quoted ?? bare ?? ''
    terms.push((fields) => (String(fields[field] ?? '') === value) === (operator === '='))
    rest = rest.slice(whole.length).trim()
  }
  return (fields) => terms.every((term) => term(fields))
}
