/** Whether two documents of our own say the same: plain data, inner members in the order in which the core builds them. */
export function same(one: object | undefined, other: object | undefined): boolean {
  if (one === other) return true
  if (one === undefined || other === undefined) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => sameMember(memberOf(one, name), memberOf(other, name)))
}

function memberOf(document: object, name: string): unknown {
  return (document as Record<string, unknown>)[name]
}

/** What was not touched is the same object: long lists cost nothing. */
function sameMember(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
