/** Names that must be unique, or the same again: the core makes none up. */
export type Ids = {
  /** A new name for one run of the loop: who takes a lease. */
  owner(): string
  /** The UUIDv5 of an action's id: the same action is the same request, whoever sends it. */
  requestId(actionId: string): string
}
