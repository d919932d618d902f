/** JSON text from outside, parsed without throwing. What the value means is the other schemas' work. */

export type JsonText = { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'not-json' }

export function parseJsonText(text: string): JsonText {
  try {
    return { kind: 'json', value: JSON.parse(text) as unknown }
  } catch {
    return { kind: 'not-json' }
  }
}
