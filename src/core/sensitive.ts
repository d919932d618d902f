/**
 * A value that must never be seen: it prints, serialises and inspects as `[redacted]`.
 * Only adapters may call `reveal()`; a test reads the source and fails elsewhere.
 */
export class Sensitive {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]'
  }
}
