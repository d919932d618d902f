/** Telling times: inside, times are epoch milliseconds; whatever leaves for people or programs has ISO 8601 in UTC. */

type TimeName = 'at' | 'since' | 'until' | `${string}At`
type ToldTime<Value> = Value extends number ? string : Told<Value>

/** The same shape with every time (`at`, `since`, `until`, `…At`) as text. */
export type Told<Value> = Value extends readonly (infer Item)[]
  ? readonly Told<Item>[]
  : Value extends object
    ? { [Name in keyof Value]: Name extends TimeName ? ToldTime<Value[Name]> : Told<Value[Name]> }
    : Value

const TIME_NAME = /^(at|since|until)$|At$/

/** Only for documents of our own, whose shape is known: plain data, a few levels deep. */
export function told<Value>(value: Value): Told<Value> {
  return tellValue(value) as Told<Value>
}

function tellValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tellValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const isTime = typeof member === 'number' && TIME_NAME.test(name)
      return [name, isTime ? new Date(member).toISOString() : tellValue(member)]
    }),
  )
}
