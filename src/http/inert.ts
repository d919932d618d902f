/** Text from outside, harmless to look at: the one implementation is words/inert.ts; hono's `html` escapes for HTML. */
export { INERT_CHARS_MAX, inert } from '../words/inert.ts'
