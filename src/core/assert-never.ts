/** Ends every `switch` over a union: adding a case without handling it fails the type check. */
export function assertNever(value: never): never {
  throw new Error(`A case is not handled: ${JSON.stringify(value)}`)
}
